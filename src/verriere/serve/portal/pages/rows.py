"""Rows that several pages show: facts, hits, parameters, files, findings, and pages of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Generic, TypeVar

from verriere.catalogue import Hit
from verriere.model import Basis, Datafile, Finding, Parameter, State, Technique
from verriere.serve.caller import Caller
from verriere.serve.language import Words
from verriere.serve.portal import sentences
from verriere.serve.portal.sentences import Status
from verriere.techniques import panet
from verriere.wording import describe

LONGEST = 300
"""Characters of a value that a page shows."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a fact, and where it was read."""

    text: str
    url: str = ""
    source: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A term and its values."""

    term: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class HitRow:
    """A dataset in a list."""

    id: str
    title: str
    status: Status
    instrument: str
    techniques: tuple[str, ...]
    day: str
    day_iso: str
    opens: str


@dataclass(frozen=True, slots=True)
class ParameterRow:
    """A parameter as it is shown; ``range`` is said of a series."""

    name: str
    value: str
    unit: str
    range: str
    source: str
    inferred: bool
    personal: bool


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file; ``url`` is empty for those who may know of it but not have it."""

    path: str
    role: str
    size: str
    sha256: str
    url: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A finding in words."""

    severity: str
    severity_label: str
    text: str
    fix: str
    where: str
    file: str


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the pages before and after are; empty where there is none."""

    words: str = ""
    previous: str = ""
    next: str = ""


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """The first rows of something, and where all of them are."""

    title: str
    rows: tuple[Row, ...]
    url: str
    more: str


def cut(text: str) -> str:
    """Text short enough for a page."""
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def title(words: Words, dataset_id: str, said: str) -> str:
    """What to call a dataset; one whose title is the name of a file is told to others by its identifier alone."""
    return words.gettext("Dataset %(id)s", id=dataset_id) if said == dataset_id else cut(said)


def hit_row(caller: Caller, hit: Hit) -> HitRow:
    """A dataset in a list, in the page's language."""
    opens = hit.opens_at if hit.state is State.EMBARGOED else None
    return HitRow(
        id=hit.id,
        title=title(caller.words, hit.id, hit.title),
        status=sentences.status(caller.words, hit.state),
        instrument=hit.instrument,
        techniques=tuple(technique_label(term.iri, term.label, caller.words) for term in hit.techniques),
        day=caller.words.day(hit.start) if hit.start else "",
        day_iso=hit.start.isoformat() if hit.start else "",
        opens=caller.words.gettext("opens on %(day)s", day=caller.words.day(opens)) if opens else "",
    )


def technique_label(iri: str, written: str, words: Words) -> str:
    """The name of a PaNET term in the page's language; what was written where the term is unknown."""
    return panet.label(iri, words.language) if panet.term(iri) else written or iri


def unique_techniques(found: Sequence[Technique]) -> tuple[Technique, ...]:
    """One for each term; what is stated goes before what is inferred."""
    by_iri: dict[str, Technique] = {}
    for technique in sorted(found, key=lambda one: one.basis is Basis.INFERRED):
        by_iri.setdefault(technique.iri, technique)
    return tuple(by_iri.values())


def parameter_row(words: Words, parameter: Parameter) -> ParameterRow:
    """A parameter in the page's language: numbers to six digits, a series as its mean and range."""
    _ = words.gettext
    said_range = ""
    if parameter.value is None and parameter.minimum is not None and parameter.maximum is not None:
        mean = parameter.mean if parameter.mean is not None else parameter.minimum
        value = words.number(mean)
        said_range = _(
            "mean of %(count)s values from %(minimum)s to %(maximum)s",
            count=words.number(parameter.count),
            minimum=words.number(parameter.minimum),
            maximum=words.number(parameter.maximum),
        )
    elif isinstance(parameter.value, str):
        value = cut(parameter.value)
    else:
        value = "—" if parameter.value is None else words.number(parameter.value)
    return ParameterRow(
        name=cut(parameter.name),
        value=value,
        unit=cut(parameter.unit or ""),
        range=said_range,
        source=cut(parameter.source),
        inferred=parameter.basis is Basis.INFERRED,
        personal=parameter.personal,
    )


def file_row(caller: Caller, dataset_id: str, file: Datafile) -> FileRow:
    """A file that may be downloaded."""
    return FileRow(
        path=file.path,
        role=sentences.file_role(caller.words, file.role),
        size=caller.words.size(file.size),
        sha256=file.sha256,
        url=caller.urls.file(dataset_id, file.path),
    )


def finding_row(words: Words, found: Finding) -> FindingRow:
    """A finding in the page's language."""
    said = describe(found, words.language)
    return FindingRow(
        severity=found.severity.value,
        severity_label=sentences.severity(words, found.severity),
        text=cut(said.text),
        fix=cut(said.fix),
        where=cut(found.where),
        file=cut(found.file),
    )


def pager(words: Words, number: int, *, size: int, total: int, url: Callable[[int], str]) -> Pager:
    """Links to the pages around page ``number``, counted from 1."""
    last = max(1, ceil(total / size))
    return Pager(
        words=words.gettext("Page %(number)s of %(last)s", number=words.number(number), last=words.number(last)),
        previous=url(number - 1) if number > 1 else "",
        next=url(number + 1) if number < last else "",
    )
