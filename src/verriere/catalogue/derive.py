"""What the search tables hold of one dataset, derived from its record and its surroundings: a pure function.

Words are sorted by who may find a dataset with them. The policy's own redaction says which: what `disclose` leaves at
`Access.CITATION` goes to the columns that everyone searches, and so on. Nothing personal is left below `Access.TEAM`,
so nothing personal is ever searched.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from math import isfinite

from verriere.catalogue.fold import document, fold, slug, spaced, storable
from verriere.model import Capture, Dataset, Instrument, Parameter, Proposal, Sample, Severity, State, Visit
from verriere.nexus import times, units
from verriere.policy import EmbargoRules, disclosures, ends_at
from verriere.techniques.probe import uses_photons

_MOST_PARAMETERS = 2_000
_LONGEST_VALUE = 200
_CODE = re.compile(r"[\w.\-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a dataset hangs on; None where it is not known."""

    visit: Visit | None = None
    proposal: Proposal | None = None
    instrument: Instrument | None = None
    sample: Sample | None = None

    @property
    def names(self) -> list[str]:
        """The names under which the team publishes."""
        members = (*(self.proposal.members if self.proposal else ()), *(self.visit.members if self.visit else ()))
        return sorted({member.person.name for member in members})


@dataclass(frozen=True, slots=True)
class Texts:
    """Folded words, by who may find the dataset with them: everyone for the first two, then `Access` by `Access`."""

    title: list[str]
    citation: list[str]
    metadata: list[str]
    data: list[str]


Number = tuple[str, str, float | None, float | None, str]
"""A parameter as it is searched: name, unit, a range in base units or no numbers, a folded text."""

Shelf = tuple[str, str, str, int | None, str]
"""State, instrument, the same folded, year, techniques."""


@dataclass(frozen=True, slots=True)
class Derived:
    """The rows of the search tables for one dataset, but for its key and the number of its shelf.

    Parameters
    ----------
    row
        Of the table of datasets.
    shelf
        What its shelf says.
    """

    row: dict[str, object]
    shelf: Shelf
    techniques: dict[str, tuple[str, str]]
    parameters: frozenset[Number]
    texts: Texts


def derive(dataset: Dataset, around: Surroundings, embargo: EmbargoRules) -> Derived:
    """The search rows of ``dataset``."""
    citation, full, data = disclosures(dataset)
    title = storable(data.title)
    capture = dataset.capture
    start = _instant(capture, embargo.zone)
    visit = around.visit
    when = start or (visit.start if visit else None)
    instrument = storable(around.instrument.name if around.instrument else _value(capture, "instrument"))
    sample = around.sample.name if around.sample else _value(full.capture, "sample")
    techniques = {
        code(term.iri): (storable(term.iri), storable(term.label))
        for _, each in citation.captures
        for term in each.techniques
    }
    findings = [found.severity for found in dataset.findings]
    findings += [found.severity for _, each in dataset.captures for found in each.findings]
    ends = None
    if visit is not None and dataset.state in {State.EMBARGOED, State.OPEN}:
        ends = ends_at(visit, embargo, dataset.decisions)
    parameters = frozenset(number for _, number in numbers(full))
    together = " ".join(sorted(techniques))
    year = when.astimezone(embargo.zone).year if when else None
    row: dict[str, object] = {
        "id": dataset.id,
        "version": dataset.version,
        "revision": dataset.revision,
        "source": storable(dataset.source),
        "visit_id": dataset.visit_id,
        "proposal_id": visit.proposal_id if visit else None,
        "sample_id": dataset.sample_id,
        "instrument_id": dataset.instrument_id,
        "state": dataset.state.value,
        "title": title,
        "public_title": storable(citation.title),
        "title_order": fold(title)[:_LONGEST_VALUE],
        "instrument": instrument,
        "sample_folded": spaced(sample)[:_LONGEST_VALUE],
        "techniques": together,
        **_spectrum(parameters, [capture for _, capture in full.captures]),
        "start_at": start,
        "moment": when or dataset.ingested_at,
        "year": year,
        "opens_at": ends,
        "opened_at": dataset.opened_at,
        "fingerprint": dataset.fingerprint,
        "size": dataset.size,
        "files": len(dataset.files),
        "findings": sum(severity is not Severity.INFO for severity in findings),
        "errors": sum(severity is Severity.ERROR for severity in findings),
        "plotted": any(each.signal is not None and each.signal.readable for _, each in dataset.captures),
    }
    texts = Texts(
        title=document([citation.title]),
        citation=document(_citation_texts(citation, around, instrument)),
        metadata=document(_metadata_texts(full, around)),
        data=document([*([] if full.title == title else [title]), *(f.path for f in dataset.files)]),
    )
    shelf = (dataset.state.value, instrument, spaced(instrument), year, together)
    return Derived(row, shelf, techniques, parameters, texts)


def code(iri: str) -> str:
    """The last part of a term's IRI: ``PaNET01188``."""
    return "".join(_CODE.findall(iri.rstrip("/").rsplit("/", 1)[-1].rsplit("#", 1)[-1]))


def _citation_texts(dataset: Dataset, around: Surroundings, instrument: str) -> Iterator[str]:
    yield instrument
    if around.instrument:
        yield from (around.instrument.id, *around.instrument.aliases)
    yield from around.names
    for _, capture in dataset.captures:
        yield from (term.label for term in capture.techniques)
        if capture.facility:
            yield capture.facility.value
    if around.visit:
        yield from (around.visit.id, around.visit.proposal_id)


def _metadata_texts(dataset: Dataset, around: Surroundings) -> Iterator[str]:
    if around.sample:
        yield from (around.sample.name, around.sample.formula, around.sample.description)
    for told in dataset.told:
        if isinstance(told.value, str):
            yield told.value[:_LONGEST_VALUE]
    for _, capture in dataset.captures:
        readings = (capture.title, capture.sample, capture.experiment_identifier)
        yield from (reading.value for reading in readings if reading)
        yield from (reading.value for reading in (*capture.detectors, *capture.identifiers))
        yield from (scan.title for scan in capture.scans if scan.title)
        for parameter in capture.parameters:
            yield parameter.name
            if isinstance(parameter.value, str):
                yield parameter.value[:_LONGEST_VALUE]


def numbers(dataset: Dataset) -> Iterator[tuple[Parameter, Number]]:
    """The parameters of a dataset that can be searched for, each as it is searched."""
    left = _MOST_PARAMETERS
    if dataset.completeness is not None:
        score = float(dataset.completeness)
        yield Parameter("completeness", "", score), ("completeness", "", score, score, "")
    for told in dataset.told:
        yield from ((told, number) for number in _number(slug(told.name), told))
    for _, capture in dataset.captures:
        for name, parameter in (("energy", capture.energy), ("wavelength", capture.wavelength)):
            if parameter:
                yield from ((parameter, number) for number in _number(name, parameter))
        for parameter in capture.parameters[:left]:
            yield from ((parameter, number) for number in _number(slug(parameter.name), parameter))
        left = max(0, left - len(capture.parameters))


def _number(name: str, parameter: Parameter) -> Iterator[Number]:
    if isinstance(parameter.value, str):
        yield name, "", None, None, spaced(parameter.value)[:_LONGEST_VALUE]
        return
    if parameter.base is not None:
        unit, low, high = parameter.base.unit, parameter.base.minimum, parameter.base.maximum
    else:
        one = parameter.value
        first, last = (one, one) if one is not None else (parameter.minimum, parameter.maximum)
        if first is None or last is None:
            return
        unit, low, high = storable(parameter.unit or ""), first, last
    if isfinite(low) and isfinite(high):
        yield name, unit, low, high, ""


def _spectrum(parameters: Iterable[Number], captures: Sequence[Capture]) -> dict[str, float | None]:
    """Energies [eV] and wavelengths [m]; of photons, the one is the other's where only that was recorded."""
    energy = _extent(parameters, "energy", "eV")
    wavelength = _extent(parameters, "wavelength", "m")
    if (energy is None) != (wavelength is None) and uses_photons(captures):
        energy = energy or _converted((capture.wavelength for capture in captures), "m", units.photon_energy)
        wavelength = wavelength or _converted((capture.energy for capture in captures), "eV", units.photon_wavelength)
    (first, last), (shortest, longest) = energy or (None, None), wavelength or (None, None)
    return {"energy_low": first, "energy_high": last, "wavelength_low": shortest, "wavelength_high": longest}


def _extent(parameters: Iterable[Number], name: str, unit: str) -> tuple[float, float] | None:
    """From the smallest to the largest value of a parameter that is in its base unit."""
    of = [each for each in parameters if each[0] == name and each[1] == unit]
    lows = [low for _, _, low, _, _ in of if low is not None]
    highs = [high for _, _, _, high, _ in of if high is not None]
    return (min(lows), max(highs)) if lows and highs else None


def _converted(
    parameters: Iterable[Parameter | None], unit: str, convert: Callable[[float], float]
) -> tuple[float, float] | None:
    """What the values of the probe are in the other quantity, from the smallest to the largest."""
    bases = [each.base for each in parameters if each is not None and each.base is not None]
    ends = [end for base in bases if base.unit == unit for end in (base.minimum, base.maximum)]
    values = [convert(end) for end in ends if end > 0 and isfinite(end)]
    return (min(values), max(values)) if values else None


def _value(capture: Capture | None, field: str) -> str:
    reading = getattr(capture, field, None)
    return reading.value if reading is not None else ""


def _instant(capture: Capture | None, zone: tzinfo) -> datetime | None:
    """When the measurement began; a time written without a zone is the facility's."""
    if capture is None or capture.start_time is None:
        return None
    written = times.parse(capture.start_time.value)
    if written is None:
        return None
    try:
        return (written if written.tzinfo else written.replace(tzinfo=zone)).astimezone(UTC)
    except OverflowError:  # the first and the last day of the calendar
        return None
