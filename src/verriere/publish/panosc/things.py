"""The specification's objects, made of what everybody may know."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from verriere.catalogue.derive import numbers
from verriere.catalogue.federated.find import Found, Summary
from verriere.catalogue.federated.tree import Operand
from verriere.catalogue.fold import slug, words
from verriere.model import Dataset, Instrument, Member, Parameter, Proposal, Sample
from verriere.nexus import units
from verriere.publish.panosc.judge import Number
from verriere.publish.panosc.model import MODELS, Kind
from verriere.publish.panosc.names import ours


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of the model.

    Parameters
    ----------
    values
        Its properties, as they are shown; None where nobody knows.
    compared
        What conditions compare, where that is not what is shown.
    of
        What it was made of.
    """

    model: str
    values: Mapping[str, Any]
    compared: Mapping[str, Operand] = field(default_factory=dict)
    of: Any = None

    def value_of(self, name: str) -> Operand:
        """What a condition compares."""
        if name in self.compared:
            return self.compared[name]
        value = self.values.get(name)
        if MODELS[self.model].properties[name] is Kind.WORDS and isinstance(value, str):
            return " ".join(words(value))
        return tuple(value) if isinstance(value, list) else value


def dataset(found: Found) -> Thing:
    """A dataset."""
    values = {
        "pid": found.doi or found.id,
        "title": found.title,
        "isPublic": found.is_public,
        "creationDate": found.created_at,
        "size": found.size,
        "documentId": found.proposal_id,
        "instrumentId": found.instrument_id,
    }
    return Thing("Dataset", values, of=found)


def document(proposal: Proposal, summary: Summary, licence: str) -> Thing:
    """A proposal. Its abstract is for the team until something of it is open."""
    values = {
        "pid": proposal.id,
        "isPublic": summary.is_public,
        "type": "proposal",
        "title": proposal.title,
        "summary": (proposal.abstract or None) if summary.some_public else None,
        "doi": None,
        "startDate": summary.start,
        "endDate": summary.end,
        "releaseDate": summary.opens_at,
        "license": licence,
        "keywords": [],
    }
    return Thing("Document", values, of=proposal)


def instrument(one: Instrument, facility: str, doi: str | None) -> Thing:
    """An instrument."""
    return Thing("Instrument", {"pid": doi or one.id, "name": one.name, "facility": facility}, of=one)


def member(proposal: Proposal, number: int, one: Member) -> Thing:
    """Somebody of a team: what a citation tells of them, and no address."""
    person = one.person
    values = {
        "id": f"{proposal.id}.{number}",
        "role": one.role.value.replace("-", " "),
        "documentId": proposal.id,
        "personId": _person_id(one),
        "affiliationId": slug(person.affiliation) if person.affiliation else None,
    }
    return Thing("Member", values, of=one)


def person(one: Member) -> Thing:
    """A human being."""
    family, _, given = (part.strip() for part in one.person.name.partition(","))
    values = {
        "id": _person_id(one),
        "fullName": f"{given} {family}".strip(),
        "orcid": one.person.orcid,
        "researcherId": None,
        "firstName": given or None,
        "lastName": family if given else None,
    }
    return Thing("Person", values, of=one)


def affiliation(one: Member) -> Thing | None:
    """Where somebody works."""
    name = one.person.affiliation
    if not name:
        return None
    return Thing("Affiliation", {"id": slug(name), "name": name, "address": None, "city": None, "country": None})


def technique(iri: str, label: str, *, is_panet: bool) -> Thing:
    """A technique."""
    return Thing("Technique", {"pid": iri, "name": label, "panetId": iri if is_panet else None})


def sample(shown: Dataset, known: Sample | None) -> Thing | None:
    """What was measured: as the user office knows it, or as a file names it."""
    if known is not None:
        return Thing("Sample", {"pid": known.id, "name": known.name, "description": known.description or None})
    read = shown.capture.sample if shown.capture else None
    if read is None or not words(read.value):
        return None
    return Thing("Sample", {"pid": f"{shown.id}.sample", "name": read.value, "description": None})


def files(shown: Dataset) -> Iterator[Thing]:
    """The files of a dataset."""
    for number, each in enumerate(shown.files):
        values = {
            "id": f"{shown.id}.{number}",
            "name": each.path.rsplit("/", 1)[-1],
            "path": each.path,
            "size": each.size,
            "datasetId": shown.id,
        }
        yield Thing("File", values)


def parameters(shown: Dataset, asked_units: Sequence[str], asked_names: Sequence[str]) -> Iterator[Thing]:
    """The parameters of a dataset, each once.

    In the unit and under the name that were asked for; in base units where none was.
    """
    named = {ours(slug(name)): name for name in asked_names}
    met: set[Number] = set()
    for written, searched in numbers(shown):
        number = Number(*searched)
        if number in met:
            continue
        met.add(number)
        unit, values = _in_unit(written, number, asked_units)
        told = {
            "id": f"{shown.id}.{len(met)}",
            "name": named.get(number.name, number.name),
            **values,
            "unit": unit,
            "datasetId": shown.id,
        }
        compared: dict[str, Operand] = {"name": number.name, "unit": number.unit, "value": number.folded.strip()}
        yield Thing("Parameter", told, compared, of=number)


def _in_unit(written: Parameter, number: Number, asked: Sequence[str]) -> tuple[str, dict[str, Any]]:
    if number.minimum is None or number.maximum is None:
        return written.unit or "", {"value": written.value}
    unit = next((text for text in asked if (known := units.find(text)) and known.base == number.unit), number.unit)
    low, high = (_told(each, number.unit, unit) for each in (number.minimum, number.maximum))
    if number.minimum == number.maximum:
        return unit, {"value": low}
    mean = written.mean if written.mean is not None else (number.minimum + number.maximum) / 2
    if written.mean is not None and written.base is not None:
        base = units.base(mean, mean, written.unit or "")
        mean = base.minimum if base is not None else (number.minimum + number.maximum) / 2
    return unit, {"value": _told(mean, number.unit, unit), "minimum": low, "maximum": high}


def _told(value: float, base: str, unit: str) -> float:
    converted = value if unit == base else units.convert(value, base, unit)
    return float(f"{converted:.12g}")  # twelve digits are there, the rest is of the conversion


def _person_id(one: Member) -> str:
    return (one.person.orcid or "").rsplit("/", 1)[-1] or slug(one.person.name)


def told(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value
