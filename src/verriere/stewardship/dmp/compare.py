"""Planned versus actual: what a plan expected, beside what was recorded."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from verriere.catalogue.volumes import VisitVolume
from verriere.model import Expected
from verriere.stewardship.dmp import answers
from verriere.stewardship.dmp.facts import Facts, iris
from verriere.stewardship.dmp.standard import Json, is_date
from verriere.techniques import panet

TOLERANCE = 0.1
"""A tenth more or less than planned is as planned."""


class Mark(StrEnum):
    """What is to be said about a line."""

    AS_PLANNED = "as-planned"
    MORE = "more"
    LESS = "less"
    UNPLANNED = "unplanned"
    NOTHING_YET = "nothing-yet"
    LATE = "late"
    OTHER_FORMAT = "other-format"
    SIZE_UNKNOWN = "size-unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """One technique, as planned and as recorded.

    Parameters
    ----------
    technique
        IRI of a PaNET term; "" where nobody knows.
    instruments
        Where it was planned or recorded.
    planned, recorded
        Bytes; None where no size was planned.
    until
        ISO date by which it was to be recorded.
    first, last
        ISO dates between which it was.
    """

    technique: str
    instruments: tuple[str, ...]
    planned: int | None
    until: str | None
    planned_formats: tuple[str, ...]
    recorded: int
    datasets: int
    first: str | None
    last: str | None
    formats: tuple[str, ...]
    marks: tuple[Mark, ...]


def compare(facts: Facts) -> tuple[Line, ...]:
    """What was planned beside what was recorded, and last what nobody had planned."""
    return lines(expectations(facts), facts.recorded, facts.now.date(), _formats(facts))


def expectations(facts: Facts) -> tuple[Expected, ...]:
    """What a plan expects: as pre-filled and as the team answered, or as its own document says it."""
    if facts.plan.document:
        return of_document(answers.document_of(facts.plan))
    return answers.expected(facts.plan)


def lines(
    planned: Sequence[Expected],
    recorded: Sequence[VisitVolume],
    today: date,
    formats: dict[str, tuple[str, ...]] | None = None,
) -> tuple[Line, ...]:
    """One line for each technique that was planned, and one for each other that was recorded.

    Parameters
    ----------
    formats
        Media types that were recorded, by IRI of the technique.
    """
    seen = formats or {}
    by_plan = defaultdict[str, list[Expected]](list)
    for each in planned:
        by_plan[each.technique].append(each)
    actual = defaultdict[str, list[VisitVolume]](list)
    for volume in recorded:
        # A sum is counted once: with what was planned, if anything of it was, else under its first technique.
        measured = iris(volume)
        fitting = next((iri for iri in by_plan if any(_fits(one, iri) for one in measured)), None)
        actual[fitting if fitting is not None else measured[0] if measured else ""].append(volume)
    rest = [iri for iri in actual if iri not in by_plan]
    return tuple(
        _line(iri, by_plan.get(iri, []), actual.get(iri, []), today, seen.get(iri, ())) for iri in [*by_plan, *rest]
    )


def of_document(document: dict[str, Json]) -> tuple[Expected, ...]:
    """What the datasets of a maDMP expect; a technique is found by the keywords, the title and the type."""
    plan = _object(document.get("dmp"))
    ends = [_object(each).get("end") for each in _list(plan.get("project"))]
    end = next((text for text in ends if isinstance(text, str) and is_date(text)), None)
    found = []
    for dataset in map(_object, _list(plan.get("dataset"))):
        parts = [_object(each) for each in _list(dataset.get("distribution"))]
        sizes = [size for each in parts if isinstance(size := each.get("byte_size"), int) and size >= 0]
        formats = dict.fromkeys(text for each in parts for text in _list(each.get("format")) if isinstance(text, str))
        issued = dataset.get("issued")
        until = issued if isinstance(issued, str) and is_date(issued) else end
        found.append(Expected(_technique(dataset), None, sum(sizes) if sizes else None, tuple(formats), until))
    return tuple(found)


def _line(
    technique: str, planned: Sequence[Expected], actual: Sequence[VisitVolume], today: date, formats: tuple[str, ...]
) -> Line:
    sizes = [each.size for each in planned if each.size is not None]
    size = sum(sizes) if sizes else None
    total = sum(each.size for each in actual)
    until = max((each.until for each in planned if each.until), default=None)
    last = max((each.last.date().isoformat() for each in actual), default=None)
    wanted = tuple(dict.fromkeys(kind for each in planned for kind in each.formats))
    marks = list[Mark]()
    if not planned:
        marks.append(Mark.UNPLANNED)
    elif not actual:
        marks.append(Mark.LATE if until and today.isoformat() > until else Mark.NOTHING_YET)
    else:
        over = until is not None and today.isoformat() > until
        marks.append(_size_mark(size, total, over=over))
        if until and last and last > until:
            marks.append(Mark.LATE)
        if wanted and formats and not set(formats) <= set(wanted):
            marks.append(Mark.OTHER_FORMAT)
    places = [*(each.instrument_id for each in planned), *(each.instrument_id for each in actual)]
    return Line(
        technique=technique,
        instruments=tuple(dict.fromkeys(place for place in places if place)),
        planned=size,
        until=until,
        planned_formats=wanted,
        recorded=total,
        datasets=sum(each.datasets for each in actual),
        first=min((each.first.date().isoformat() for each in actual), default=None),
        last=last,
        formats=formats,
        marks=tuple(marks),
    )


def _size_mark(planned: int | None, recorded: int, *, over: bool) -> Mark:
    if planned is None:
        return Mark.SIZE_UNKNOWN
    if recorded > planned * (1 + TOLERANCE):
        return Mark.MORE
    # What is less than planned may still come, until the day it was to be there.
    return Mark.LESS if over and recorded < planned * (1 - TOLERANCE) else Mark.AS_PLANNED


def _fits(measured: str, planned: str) -> bool:
    return bool(planned) and (measured in panet.narrower(planned) or planned in panet.narrower(measured))


def _formats(facts: Facts) -> dict[str, tuple[str, ...]]:
    wanted = [each.technique for each in expectations(facts)]
    found = defaultdict[str, dict[str, None]](dict)
    for dataset in facts.datasets:
        every = [term.iri for _, capture in dataset.captures for term in capture.techniques]
        measured = panet.without_broader(every)
        planned = next((iri for iri in wanted if any(_fits(one, iri) for one in measured)), None)
        key = planned if planned is not None else measured[0] if measured else ""
        found[key] |= dict.fromkeys(file.media_type for file in dataset.files if file.role == "data")
    return {iri: tuple(kinds) for iri, kinds in found.items()}


def _technique(dataset: dict[str, Any]) -> str:
    texts = [text for text in _list(dataset.get("keyword")) if isinstance(text, str)]
    texts += [text for key in ("title", "type", "description") if isinstance(text := dataset.get(key), str)]
    for text in texts:
        if known := panet.by_name(text):
            return known[0]
    for text in texts:
        words = text.split()
        for length in (4, 3, 2, 1):
            for start in range(len(words) - length + 1):
                if known := panet.by_name(" ".join(words[start : start + length]).strip(".,;:()")):
                    return known[0]
    return ""


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []
