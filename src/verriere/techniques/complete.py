"""How complete a record is: a score, and a finding for each thing that is missing or cannot be.

The score is half for what every record needs and half for what its technique needs. Each half is the weight of the
fields that are there, divided by the weight of those that are asked for (required 5, recommended 2, optional 1). Of
several techniques the one that is described best counts, and a technique without a profile asks for nothing more: then
the first half is the whole. Without a technique, the second half is not earned. So to add anything to a record never
lowers its score, which a test holds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from verriere.errors import InputInvalid
from verriere.model import Capture, Dataset, Finding, Parameter
from verriere.nexus import units
from verriere.techniques import panet
from verriere.techniques.profile import Field, Profile, Profiles, shipped
from verriere.wording import finding, table

PARTS = (
    "title", "start_time", "end_time", "instrument", "facility", "sample", "experiment_identifier", "energy",
    "wavelength", "detectors", "technique", "users", "signal", "axes", "uncertainties", "identifiers",
)  # fmt: skip
"""What the field of a profile can name of a capture."""
NO_PLACES = frozenset({"hdf5", "data-exchange"})
"""Formats in which fields have no place to stand."""
_CODES = ("missing-", "profile-")
_HALF = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """A field with the profile that asks for it, and whether the record says it.

    Parameters
    ----------
    found
        The parameter that says it, where one does.
    is_given
        Whether it is said, and can be so.
    is_wrong
        Whether it is said and cannot be so.
    """

    field: Field
    profile: Profile
    is_given: bool
    found: Parameter | None = None
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Completeness:
    """How complete a record is: 0 to 100, and every field that is asked for, the most important first.

    Parameters
    ----------
    has_places
        Whether the format has places for fields: of one that has none, nothing is asked in findings.
    """

    score: int
    asked: tuple[Asked, ...]
    has_places: bool = True

    @property
    def missing(self) -> tuple[Asked, ...]:
        """What is asked for and not given."""
        return tuple(each for each in self.asked if not each.is_given)


def assess(
    capture: Capture | None, told: Sequence[Parameter] = (), profiles: Profiles | None = None, *, sample: bool = False
) -> Completeness | None:
    """How complete a capture is, with what people told besides.

    Parameters
    ----------
    told
        What people filled in, named as the fields of the profiles.
    sample
        Whether the sample is known from the proposal.

    Returns
    -------
    Completeness or None
        None where nothing is asked: of a file that says nothing of itself (images that a master links to, positions,
        flats), or that nobody can read.
    """
    known = profiles or shipped()
    if capture is None or not _speaks(capture):
        return None
    general = [_asked(field, known.record, capture, told, sample=sample) for field in _of_kind(known.record, capture)]
    wanted = known.wanted([technique.iri for technique in capture.techniques])
    special = {
        profile.id: [_asked(field, profile, capture, told, sample=sample) for field in _of_kind(profile, capture)]
        for profile in wanted
    }
    every: dict[str, Asked] = {}
    for each in (*general, *(each for fields in special.values() for each in fields)):
        every.setdefault(each.field.name, each)
    order = sorted(every.values(), key=lambda each: -each.field.weight)
    return Completeness(_score(capture, known, general, special), tuple(order), capture.format not in NO_PLACES)


def _score(capture: Capture, known: Profiles, general: Sequence[Asked], special: Mapping[str, Sequence[Asked]]) -> int:
    first = _share(general)
    if not capture.techniques:
        return int(_HALF * first + 1e-9)
    halves = [_share(fields) for fields in special.values()]
    if any(known.of(technique.iri) is None for technique in capture.techniques):
        halves.append(first)
    return int(_HALF * first + _HALF * max(halves) + 1e-9)


def _share(asked: Sequence[Asked]) -> float:
    whole = sum(each.field.weight for each in asked)
    return sum(each.field.weight for each in asked if each.is_given) / whole if whole else 1.0


def _speaks(capture: Capture) -> bool:
    says = (capture.title, capture.start_time, capture.instrument, capture.sample, capture.experiment_identifier)
    return capture.format != "other" and (any(says) or bool(capture.techniques))


def _of_kind(profile: Profile, capture: Capture) -> Iterator[Field]:
    return (field for field in profile.fields if capture.kind in field.kinds)


def _asked(field: Field, profile: Profile, capture: Capture, told: Sequence[Parameter], *, sample: bool) -> Asked:
    """Whether a record gives a field: from what people told, from the capture, or from a parameter that fits."""
    given = any(_has(capture, part) for part in field.capture) or (field.name == "sample" and sample)
    candidates = [parameter for parameter in told if parameter.name == field.name]
    candidates += [p for p in capture.parameters if any(fnmatchcase(p.name, name) for name in field.parameters)]
    good = next((parameter for parameter in candidates if _can_be(field, parameter)), None)
    wrong = next(iter(candidates), None) if good is None and not given else None
    return Asked(field, profile, given or good is not None, good or wrong, wrong is not None)


def _has(capture: Capture, part: str) -> bool:
    if part == "technique":
        return bool(capture.techniques)
    if part == "uncertainties":
        return any(signal.uncertainties is not None for signal in capture.signals)
    if part == "axes":
        return any(axis.path for signal in capture.signals for axis in signal.axes)
    if part == "detectors":  # one without a name is described by what is said of it
        return bool(capture.detectors) or any("detector" in parameter.source for parameter in capture.parameters)
    return bool(getattr(capture, part))


def _can_be(field: Field, parameter: Parameter) -> bool:
    """Whether a value is of the kind, the dimension and the range that the field asks for."""
    if field.choices:
        value = parameter.value
        return isinstance(value, str) and value.casefold() in {choice.casefold() for choice in field.choices}
    if not field.is_number or isinstance(parameter.value, str):
        return True
    return any(
        _within(field, value, parameter.unit)
        for value in (parameter.value, parameter.minimum, parameter.maximum)
        if isinstance(value, int | float)
    ) or (parameter.value is None and parameter.minimum is None)


def _within(field: Field, value: float, unit: str | None) -> bool:
    if field.unit and unit:
        try:
            value = units.convert(value, unit, field.unit)
        except InputInvalid:
            return _has_no_unit(unit)
    low = -float("inf") if field.minimum is None else field.minimum
    high = float("inf") if field.maximum is None else field.maximum
    return low <= value <= high


def _has_no_unit(unit: str) -> bool:
    """A unit that nobody knows is another finding, and does not make the value wrong."""
    return units.parse_unit(unit) is None


def findings(found: Completeness | None, *, file: str = "") -> tuple[Finding, ...]:
    """One finding for each field that is required and missing, and for each that cannot be so.

    Of what is recommended only that makes a finding which has a sentence of its own: the rest is in the score, and in
    the list beside it.
    """
    return tuple(_findings(found.asked if found is not None and found.has_places else (), file))


def _findings(asked: Iterable[Asked], file: str) -> Iterator[Finding]:
    for each in asked:
        field = each.field
        own = f"missing-{field.name}"
        code = own if own in table() and field.need != "optional" else "missing-required"
        if each.is_given or (code != own and field.need != "required" and not each.is_wrong):
            continue
        facts = {
            "field": field.name,
            "label_en": field.label["en"],
            "label_fr": field.label["fr"],
            "profile_en": each.profile.label["en"],
            "profile_fr": each.profile.label["fr"],
            "nexus": ", ".join(field.nexus) or "-",
            **_named(each.profile),
        }
        if each.is_wrong and each.found is not None:
            yield finding("profile-range", each.found.source, file=file, **facts, **_range(field, each.found))
            continue
        yield finding(code, field.name, file=file, **facts)


def _named(profile: Profile) -> dict[str, str]:
    """The technique that asks, by the short name that both languages share where there is one."""
    term = panet.term(profile.techniques[0]) if profile.techniques else None
    return {} if term is None else {"technique": term.short or term.label}


def _range(field: Field, parameter: Parameter) -> dict[str, str]:
    ends = ("" if end is None else f"{end:g}" for end in (field.minimum, field.maximum))
    allowed = ", ".join(field.choices) or f"{' .. '.join(ends)} {field.unit}".strip()
    value = parameter.value if parameter.value is not None else f"{parameter.minimum} .. {parameter.maximum}"
    return {"value": f"{value} {parameter.unit or ''}".strip()[:80], "allowed": allowed}


def scored(
    captures: Sequence[tuple[str, Capture]],
    told: Sequence[Parameter] = (),
    profiles: Profiles | None = None,
    *,
    sample: bool = False,
) -> tuple[tuple[tuple[str, Capture], ...], int | None]:
    """Captures with the findings of what they lack, and the score of the first, which speaks for the whole.

    What people told counts for the first. Findings of an earlier look are replaced.
    """
    made = []
    score = None
    for number, (name, capture) in enumerate(captures):
        found = assess(capture, told if number == 0 else (), profiles, sample=sample and number == 0)
        score = found.score if number == 0 and found is not None else score
        others = tuple(each for each in capture.findings if not each.code.startswith(_CODES))
        fresh = others + findings(found, file=name)
        made.append((name, capture if fresh == capture.findings else replace(capture, findings=fresh)))
    return tuple(made), score


def of_dataset(dataset: Dataset, profiles: Profiles | None = None) -> Completeness | None:
    """How complete the record of a dataset is."""
    return assess(dataset.capture, dataset.told, profiles, sample=dataset.sample_id is not None)
