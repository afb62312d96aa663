"""What anyone may know of a dataset."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from verriere.model import (
    ANONYMOUS,
    Dataset,
    Instrument,
    PidKind,
    PidState,
    Proposal,
    Publication,
    Sample,
    State,
    Visit,
)
from verriere.nexus import times
from verriere.policy import Access, disclose
from verriere.publish.citing.desk import version_of
from verriere.publish.describe import measured, people
from verriere.publish.describe.saying import Sayer, both
from verriere.publish.describe.scene import Scene
from verriere.publish.landing import Landing, Openness, PublicFile, Rights, Term, Text, Tie
from verriere.wording import LANGUAGES


@dataclass(frozen=True, slots=True)
class _Around:
    """A dataset as it is disclosed to anyone, and what it hangs on.

    Parameters
    ----------
    whole
        Its whole record: for what is counted, never for what is named.
    is_current
        Whether the data have no newer version.
    """

    dataset: Dataset
    whole: Dataset
    is_current: bool
    access: Access
    visit: Visit | None
    proposal: Proposal | None
    instrument: Instrument | None
    sample: Sample | None
    opens: datetime | None

    @property
    def instrument_name(self) -> str:
        capture = self.dataset.capture
        said = capture.instrument.value if capture and capture.instrument else ""
        return self.instrument.name if self.instrument else said


def dataset(scene: Scene, identifier: str, publication: Publication | None) -> Landing:
    """A dataset, at the level that someone without an account has."""
    around = _around(scene, identifier, publication.version if publication else None)
    found, visit, proposal = around.dataset, around.visit, around.proposal
    captures = [capture for _, capture in found.captures]
    members = (*(proposal.members if proposal else ()), *(visit.members if visit else ()))
    rights = _rights(scene, around)
    collected = _collected(scene, around)
    techniques = measured.techniques(captures)
    inside = around.access >= Access.METADATA
    whole = around.whole if inside else None
    return Landing(
        kind=PidKind.DATASET,
        identifier=identifier,
        doi="",
        is_registered=False,
        url=scene.addresses.thing(PidKind.DATASET, identifier),
        titles=_titles(found),
        creators=people.creators(members, scene.publisher),
        publisher=scene.publisher,
        year=(rights.opens_on or scene.day(found.ingested_at)).year,
        rights=rights,
        created_at=found.ingested_at,
        updated_at=max(found.ingested_at, found.opened_at or found.ingested_at),
        published_at=found.ingested_at,
        version=str(found.version),
        language=proposal.language if proposal else "",
        descriptions=_descriptions(scene, around, techniques, collected, whole),
        contributors=people.contributors(members, scene.publisher),
        collected=collected,
        techniques=techniques,
        keywords=_keywords(around),
        measured=measured.measured(captures) if inside else (),
        files=tuple(_files(scene, around)),
        file_count=len(whole.files) if whole else None,
        size=whole.size if whole else None,
        download=_download(scene, around) if inside else "",
        media_types=tuple(dict.fromkeys(file.media_type for file in whole.files)) if whole else (),
        conforms_to=measured.standards(captures),
        funding=proposal.funding if proposal else (),
        related=found.related,
        ties=(*_ties(scene, around), *_versions(scene, identifier, publication)),
        concept_doi=(publication.concept or "") if publication else "",
        picture=_picture(scene, around),
    )


def _around(scene: Scene, identifier: str, version: int | None) -> _Around:
    catalogue = scene.holdings.catalogue
    found, access = catalogue.shown(identifier, ANONYMOUS)
    whole = catalogue.dataset(identifier)
    is_current = version in (None, whole.version)
    if not is_current and version is not None:
        # The data are those of then; who may see them, and what they belong to, is said today.
        then = version_of(scene.holdings, identifier, version)
        whole = replace(whole, version=version, revision=then.revision, files=then.files, captures=then.captures)
        found = disclose(whole, access)
    visit = catalogue.visit(found.visit_id) if found.visit_id else None
    return _Around(
        dataset=found,
        whole=whole,
        is_current=is_current,
        access=access,
        visit=visit,
        proposal=catalogue.proposal(visit.proposal_id) if visit else None,
        instrument=catalogue.instrument(found.instrument_id) if found.instrument_id else None,
        sample=catalogue.sample(found.sample_id) if found.sample_id else None,
        opens=catalogue.opens_at(identifier),
    )


def _rights(scene: Scene, around: _Around) -> Rights:
    found = around.dataset
    if found.state is State.EMBARGOED:
        openness = Openness.EMBARGOED
    elif found.state is State.WITHDRAWN:
        openness = Openness.METADATA_ONLY
    else:
        openness = Openness.OPEN if around.access >= Access.DATA else Openness.RESTRICTED
    opens = around.opens if found.state is State.EMBARGOED else (found.opened_at or around.opens)
    return scene.rights(openness, opens=opens, begin=around.visit.start if around.visit else None)


def _titles(found: Dataset) -> tuple[Text, ...]:
    """What it is called; one that is called after its files is told by its identifier."""
    if found.title == found.id:
        return tuple(Text(Sayer(language).say("untitled", id=found.id), language) for language in LANGUAGES)
    return (Text(found.title),)


def _collected(scene: Scene, around: _Around) -> tuple[datetime | None, datetime | None]:
    zone = scene.holdings.settings.facility.zone
    moments = []
    for _, capture in around.dataset.captures:
        for reading in (capture.start_time, capture.end_time):
            moment = times.parse(reading.value) if reading is not None else None
            if moment is not None:
                moments.append(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    return (min(moments), max(moments)) if moments else (None, None)


def _descriptions(
    scene: Scene,
    around: _Around,
    techniques: tuple[Term, ...],
    collected: tuple[datetime | None, datetime | None],
    whole: Dataset | None,
) -> tuple[Text, ...]:
    """Sentences from the facts; the proposal's abstract joins them once the data are open."""
    found, visit, proposal = around.dataset, around.visit, around.proposal
    begin, end = (scene.day(one).isoformat() if one else "" for one in collected)

    def made(sayer: Sayer) -> Iterator[str]:
        clauses = [
            sayer.say("dataset", instrument=around.instrument_name, facility=scene.name),
            sayer.say("by", technique=", ".join(_label(term, sayer.language) for term in techniques)),
            sayer.say("on", begin=begin) if begin == end else sayer.say("between", begin=begin, end=end),
            sayer.say("in_visit", visit=visit.id if visit else "", proposal=proposal.title if proposal else ""),
        ]
        yield " ".join(filter(None, clauses)) + "." if any(clauses) else ""
        yield sayer.say("sample", sample=_sample_name(around))
        yield sayer.say("files", files=len(whole.files), size=whole.size) if whole else ""
        if found.state is State.EMBARGOED:
            day = scene.day(around.opens).isoformat() if around.opens else ""
            yield sayer.say("embargoed", day=day) or sayer.say("embargoed_without_day")
        elif found.state is State.OPEN and around.access < Access.DATA:
            yield sayer.say("restricted", facility=scene.name)

    abstract = proposal.abstract if proposal and found.state is State.OPEN else ""
    return (*both(made), *((Text(abstract, proposal.language),) if proposal and abstract else ()))


def _label(term: Term, language: str) -> str:
    return next((text.text for text in term.other_labels if text.language == language), term.label.text)


def _sample_name(around: _Around) -> str:
    capture = around.dataset.capture
    said = capture.sample.value if capture and capture.sample else ""
    return around.sample.name if around.sample else said


def _keywords(around: _Around) -> tuple[Text, ...]:
    capture = around.dataset.capture
    detectors = [reading.value for reading in capture.detectors] if capture else []
    words = (around.instrument_name, _sample_name(around), *detectors)
    return tuple(dict.fromkeys(Text(word) for word in words if word))


def _files(scene: Scene, around: _Around) -> Iterator[PublicFile]:
    """The files that are disclosed: none, below the level of the bytes."""
    found = around.dataset
    for file in found.files:
        yield PublicFile(
            file.path,
            scene.addresses.file(found.id, file.path, 0 if around.is_current else found.version),
            file.size,
            file.media_type,
            file.sha256,
            file.modified_at,
        )


def _download(scene: Scene, around: _Around) -> str:
    """Where all files are had together, now or from the day they open."""
    if around.dataset.state not in (State.OPEN, State.EMBARGOED) or not around.whole.files:
        return ""
    return scene.addresses.download(around.dataset.id, 0 if around.is_current else around.dataset.version)


def _ties(scene: Scene, around: _Around) -> Iterator[Tie]:
    if around.visit and around.proposal:
        yield scene.tie("IsPartOf", PidKind.VISIT, around.visit.id, around.proposal.title)
        yield scene.proposal_tie(around.proposal.id, around.proposal.title)
    if around.instrument:
        yield scene.tie("IsCollectedBy", PidKind.INSTRUMENT, around.instrument.id, around.instrument.name)
    if around.sample:
        yield scene.tie("IsDerivedFrom", PidKind.SAMPLE, around.sample.id, around.sample.name)
    collections = scene.holdings.catalogue.collections(dataset_id=around.dataset.id)
    yield from scene.ties("IsPartOf", PidKind.COLLECTION, [(one.id, one.title) for one in collections])


def _versions(scene: Scene, identifier: str, publication: Publication | None) -> Iterator[Tie]:
    """The versions of what all versions are known by; of one version, the one before it and the one after it."""
    if publication is None:
        return
    every = scene.holdings.catalogue.publications(PidKind.DATASET, identifier)
    others = [one for one in every if one.version is not None and one.wanted is not PidState.DRAFT]
    if publication.version is None:
        yield from (scene.version_tie("HasVersion", one) for one in sorted(others, key=_number))
        return
    before = [one for one in others if _number(one) < publication.version]
    after = [one for one in others if _number(one) > publication.version]
    if before:
        yield scene.version_tie("IsNewVersionOf", max(before, key=_number))
    if after:
        yield scene.version_tie("IsPreviousVersionOf", min(after, key=_number))


def _number(publication: Publication) -> int:
    return publication.version or 0


def _picture(scene: Scene, around: _Around) -> str:
    found = around.dataset
    if around.access < Access.DATA or not around.is_current or not (found.capture and found.capture.signal):
        return ""
    return scene.addresses.picture(found.id, found.version)
