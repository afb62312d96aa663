"""The facts of a dataset's page: what it is, who may have it, what is in it, how to cite it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from verriere.catalogue import Entry
from verriere.model import (
    Basis,
    Capture,
    Dataset,
    Finding,
    Instrument,
    Proposal,
    Reading,
    Sample,
    Severity,
    State,
    Visit,
)
from verriere.nexus import times
from verriere.policy import Access
from verriere.policy.usage import NOTHING, Counts
from verriere.serve.caller import Caller
from verriere.serve.conversions import is_convertible
from verriere.serve.portal import sentences
from verriere.serve.portal.pages.completeness import CompletenessPart
from verriere.serve.portal.pages.rows import (
    Fact,
    FileRow,
    FindingRow,
    ParameterRow,
    Part,
    Value,
    cut,
    file_row,
    finding_row,
    parameter_row,
    technique_label,
    title,
    unique_techniques,
)
from verriere.serve.portal.published import Published
from verriere.serve.portal.sentences import Link, Status
from verriere.settings import Settings

SHOWN_PARAMETERS = 40
SHOWN_FILES = 25
SHOWN_FINDINGS = 12
SHOWN_EVENTS = 20
SHOWN_SCANS = 20


@dataclass(frozen=True, slots=True)
class Known:
    """All that is known of a dataset for this caller: already disclosed, never more.

    Parameters
    ----------
    dataset
        As `verriere.policy.disclose` left it.
    opens_at
        When its embargo ends; None where it has none.
    """

    dataset: Dataset
    access: Access
    visit: Visit | None
    proposal: Proposal | None
    instrument: Instrument | None
    sample: Sample | None
    opens_at: datetime | None
    usage: Mapping[str, Counts]
    history: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class TechniqueRow:
    """A technique with its PaNET term, and whether a reader of the file concluded it."""

    label: str
    iri: str
    inferred: bool
    source: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A plot, in daylight and in the dark, and where its values are."""

    light: str
    dark: str
    alt: str
    caption: str
    width: int
    height: int
    page: str
    csv: str


@dataclass(frozen=True, slots=True)
class Offer:
    """Where the bytes of a dataset are had, and how many."""

    url: str
    label: str
    size: str
    is_file: bool


@dataclass(frozen=True, slots=True)
class EventRow:
    """Something that happened to the dataset."""

    moment: str
    iso: str
    text: str


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """What ``dataset.html`` shows."""

    title: str
    crumbs: tuple[Link, ...]
    status: Status
    access_sentence: str
    access_note: str
    embargo_url: str
    login_url: str
    licence: Link | None
    offer: Offer | None
    converted: str
    citation: str
    figure: Figure | None
    no_figure: str
    facts: tuple[Fact, ...]
    techniques: tuple[TechniqueRow, ...]
    files: Part[FileRow]
    parameters: Part[ParameterRow]
    findings: Part[FindingRow]
    completeness: CompletenessPart | None
    uses: tuple[str, ...]
    history: tuple[EventRow, ...]
    published: Published | None
    publishing: str = ""


def dataset_page(
    caller: Caller,
    known: Known,
    settings: Settings,
    figure: Figure | str,
    *,
    completeness: CompletenessPart | None,
    published: Published | None = None,
) -> DatasetPage:
    """The page of a dataset for one caller; ``figure`` is its plot, or why there is none."""
    dataset, words = known.dataset, caller.words
    return DatasetPage(
        title=title(words, dataset.id, dataset.title),
        crumbs=crumbs(caller, known),
        status=sentences.status(words, dataset.state),
        access_sentence=sentences.access_sentence(words, dataset.state, known.opens_at, dataset.opened_at),
        access_note=_access_note(caller, known),
        embargo_url=_embargo_url(caller, known),
        login_url=caller.urls.login(caller.here) if not caller.account and known.access < Access.DATA else "",
        licence=_licence(dataset, settings),
        offer=_offer(caller, dataset),
        converted=caller.urls.converted(dataset.id) if dataset.files and is_convertible(dataset) else "",
        citation=citation(caller, known, settings),
        figure=figure if isinstance(figure, Figure) else None,
        no_figure=figure if isinstance(figure, str) else "",
        facts=tuple(_facts(caller, known)),
        techniques=_techniques(caller, dataset),
        files=_files(caller, dataset),
        parameters=_parameters(caller, dataset),
        findings=_findings(caller, dataset),
        completeness=completeness,
        uses=tuple(_uses(caller, known.usage)),
        history=_history(caller, known.history),
        published=published,
    )


def crumbs(caller: Caller, known: Known) -> tuple[Link, ...]:
    """The way down to a dataset: data, instrument, visit."""
    links = [Link(caller.words.gettext("Data"), caller.urls.search())]
    if known.instrument:
        links.append(Link(known.instrument.name, caller.urls.instrument(known.instrument.id)))
    if known.visit:
        visit = caller.words.gettext("Visit %(id)s", id=known.visit.id)
        links.append(Link(visit, caller.urls.visit(known.visit.id)))
    return tuple(links)


def citation(caller: Caller, known: Known, settings: Settings) -> str:
    """Creators (Year): Title. Version. Publisher. Address: the order that DataCite recommends."""
    dataset = known.dataset
    names = team_names(known.visit, known.proposal)
    when = (dataset.opened_at or known.opens_at) if dataset.state in (State.OPEN, State.EMBARGOED) else None
    year = (when or dataset.ingested_at).astimezone(settings.facility.zone).year
    version = caller.words.gettext("Version %(number)s", number=dataset.version)
    publisher = settings.facility.publisher or settings.facility.name
    creators = "; ".join(names) or publisher
    address = caller.origin + caller.urls.landing(dataset.id)
    called = title(caller.words, dataset.id, dataset.title).rstrip(".")
    return f"{creators} ({year}): {called}. {version}. {publisher}. {address}"


def team_names(visit: Visit | None, proposal: Proposal | None) -> tuple[str, ...]:
    """The names under which the team publishes, each once, principal investigator first."""
    members = (*(proposal.members if proposal else ()), *(visit.members if visit else ()))
    return tuple(dict.fromkeys(member.person.name for member in members))


def _embargo_url(caller: Caller, known: Known) -> str:
    """Where a team asks for a longer embargo or for its end; empty for others, and where there is none."""
    if known.access is not Access.TEAM or known.dataset.state is not State.EMBARGOED:
        return ""
    return caller.urls.embargo(f"dataset:{known.dataset.id}")


def _access_note(caller: Caller, known: Known) -> str:
    _ = caller.words.gettext
    if known.dataset.state is State.EMBARGOED and known.access is Access.CITATION:
        return _("Until then others see this citation; the team sees everything.")
    if known.dataset.state is State.EMBARGOED and known.access is Access.METADATA:
        return _("Until then the data is for the team alone.")
    if known.dataset.state is State.OPEN and known.access < Access.DATA:
        return _("An account is needed to download it.")
    if known.dataset.state is State.EMBARGOED and known.access is Access.TEAM:
        return _("You see it because you belong to its team, or look after the data.")
    return ""


def _licence(dataset: Dataset, settings: Settings) -> Link | None:
    name = settings.embargo.licence
    if dataset.state is not State.OPEN:
        return None
    return Link(name, sentences.LICENCES.get(name, f"https://spdx.org/licenses/{name}.html"))


def _offer(caller: Caller, dataset: Dataset) -> Offer | None:
    """One file is a download; of several, none is the dataset, and the way leads to their list."""
    if not dataset.files:
        return None
    size = caller.words.size(dataset.size)
    if len(dataset.files) > 1:
        return Offer("#files", _files(caller, dataset).title, size, is_file=False)
    url = caller.urls.file(dataset.id, dataset.files[0].path)
    return Offer(url, caller.words.gettext("Download"), size, is_file=True)


def _facts(caller: Caller, known: Known) -> Iterable[Fact]:
    capture = known.dataset.capture or Capture(format="other")
    yield from _where_and_who(caller, known, capture)
    yield from _what(caller, known, capture)
    yield from _record(caller, known.dataset)


def _where_and_who(caller: Caller, known: Known, capture: Capture) -> Iterable[Fact]:
    urls, _ = caller.urls, caller.words.gettext
    if known.instrument:
        yield Fact(_("Beamline"), (Value(known.instrument.name, urls.instrument(known.instrument.id)),))
    else:
        yield from _reading(_("Beamline"), capture.instrument)
    yield from _reading(_("Facility"), capture.facility)
    if names := team_names(known.visit, known.proposal):
        yield Fact(_("Team"), tuple(Value(name) for name in names))
    if known.visit:
        yield Fact(_("Visit"), (Value(known.visit.id, urls.visit(known.visit.id)),))
    if known.proposal:
        yield Fact(_("Proposal"), (Value(known.proposal.id, urls.proposal(known.proposal.id)),))
    if capture.users:
        people = tuple(Value(cut(user.name), source=cut(user.source)) for user in capture.users)
        yield Fact(_("People named in the file (team only)"), people)


def _what(caller: Caller, known: Known, capture: Capture) -> Iterable[Fact]:
    words, _ = caller.words, caller.words.gettext
    yield from _time(caller, _("Begin"), capture.start_time)
    yield from _time(caller, _("End"), capture.end_time)
    if known.sample:
        described = ", ".join(part for part in (known.sample.formula, known.sample.description) if part)
        called = f"{known.sample.name} ({described})" if described else known.sample.name
        yield Fact(_("Sample"), (Value(called, caller.urls.sample(known.sample.id)),))
    else:
        yield from _reading(_("Sample"), capture.sample)
    if known.access is Access.TEAM and known.visit:
        yield Fact(
            _("Sample (for the team)"), (Value(_("say what was measured"), caller.urls.measured(known.dataset.id)),)
        )
    for term, parameter in ((_("Energy"), capture.energy), (_("Wavelength"), capture.wavelength)):
        if parameter is not None:
            row = parameter_row(words, parameter)
            yield Fact(term, (Value(f"{row.value} {row.unit}".strip(), source=row.source, inferred=row.inferred),))
    for term, readings in ((_("Detectors"), capture.detectors), (_("Identifiers"), capture.identifiers)):
        if readings:
            yield Fact(term, tuple(_value(reading) for reading in readings))
    if len(capture.scans) > 1:
        scans = capture.scans[:SHOWN_SCANS]
        titles = tuple(Value(cut(one.title or one.definition or one.path), source=cut(one.path)) for one in scans)
        yield Fact(_("Scans in the file"), titles)


def _record(caller: Caller, dataset: Dataset) -> Iterable[Fact]:
    words, _ = caller.words, caller.words.gettext
    if dataset.files:
        yield Fact(_("Size"), (Value(words.size(dataset.size)),))
    yield Fact(_("Recorded in the catalogue"), (Value(words.moment(dataset.ingested_at)),))
    yield Fact(_("Identifier"), (Value(dataset.id),))


def _value(reading: Reading) -> Value:
    return Value(cut(reading.value), source=cut(reading.source), inferred=reading.basis is Basis.INFERRED)


def _reading(term: str, reading: Reading | None) -> Iterable[Fact]:
    if reading is not None:
        yield Fact(term, (_value(reading),))


def _time(caller: Caller, term: str, reading: Reading | None) -> Iterable[Fact]:
    if reading is None:
        return
    written = times.parse(reading.value)
    if written is None:
        yield Fact(term, (_value(reading),))
        return
    zoned = written if written.tzinfo else written.replace(tzinfo=caller.words.zone)
    yield Fact(term, (Value(caller.words.moment(zoned), source=cut(reading.source)),))


def _techniques(caller: Caller, dataset: Dataset) -> tuple[TechniqueRow, ...]:
    found = [technique for _, capture in dataset.captures for technique in capture.techniques]
    return tuple(
        TechniqueRow(
            label=technique_label(one.iri, one.label, caller.words),
            iri=one.iri,
            inferred=one.basis is Basis.INFERRED,
            source=cut(one.source),
        )
        for one in unique_techniques(found)
    )


def _files(caller: Caller, dataset: Dataset) -> Part[FileRow]:
    words, number = caller.words, len(dataset.files)
    return Part(
        title=words.ngettext("%(num)s file", "%(num)s files", number),
        rows=tuple(file_row(caller, dataset.id, file) for file in dataset.files[:SHOWN_FILES]),
        url=caller.urls.listing(dataset.id, "files"),
        more=words.gettext("All files") if number > SHOWN_FILES else "",
    )


def _parameters(caller: Caller, dataset: Dataset) -> Part[ParameterRow]:
    words = caller.words
    number = len(dataset.told) + sum(len(capture.parameters) for _, capture in dataset.captures)
    of_files = (parameter for _, capture in dataset.captures for parameter in capture.parameters)
    first = chain(dataset.told, of_files)
    return Part(
        title=words.ngettext("%(num)s parameter", "%(num)s parameters", number),
        rows=tuple(parameter_row(words, one) for one, _ in zip(first, range(SHOWN_PARAMETERS), strict=False)),
        url=caller.urls.listing(dataset.id, "parameters"),
        more=words.gettext("All parameters") if number > SHOWN_PARAMETERS else "",
    )


def _findings(caller: Caller, dataset: Dataset) -> Part[FindingRow]:
    words = caller.words
    found = all_findings(dataset)
    return Part(
        title=words.ngettext("%(num)s finding", "%(num)s findings", len(found)),
        rows=tuple(finding_row(words, one) for one in found[:SHOWN_FINDINGS]),
        url=caller.urls.listing(dataset.id, "findings"),
        more=words.gettext("All findings") if len(found) > SHOWN_FINDINGS else "",
    )


def all_findings(dataset: Dataset) -> list[Finding]:
    """Findings of all files, the gravest first."""
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}
    found = [*dataset.findings, *(one for _, capture in dataset.captures for one in capture.findings)]
    return sorted(found, key=lambda one: order[one.severity])


def _uses(caller: Caller, usage: Mapping[str, Counts]) -> Iterator[str]:
    """How often it was looked at and downloaded, by as many people or programs in as many hours."""
    ngettext = caller.words.ngettext
    total = sum(usage.values(), NOTHING)
    if not total.unique_investigations:
        return
    looks, downloads = total.unique_investigations, total.unique_requests
    yield ngettext("Looked at %(num)s time", "Looked at %(num)s times", looks)
    if downloads:
        yield ngettext("Downloaded %(num)s time", "Downloaded %(num)s times", downloads)
    programs = usage.get("machine", NOTHING).unique_investigations
    if programs:
        yield ngettext("%(num)s of these by a program", "%(num)s of these by programs", programs)


def _history(caller: Caller, entries: Iterable[Entry]) -> tuple[EventRow, ...]:
    words = caller.words
    return tuple(
        EventRow(words.moment(entry.at), entry.at.isoformat(), sentences.event(words, entry.event)) for entry in entries
    )
