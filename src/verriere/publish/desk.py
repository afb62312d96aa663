"""Publishing and withdrawing: what a person decides, or the facility's settings for them.

A decision is entered in the catalogue together with what is to be told to the registrar; telling is for `queue`.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from verriere.archive import Receipt
from verriere.archive.sidecar import encode
from verriere.catalogue.publications import version_doi
from verriere.errors import InputInvalid, NotPublishable
from verriere.ingest.holdings import Holdings
from verriere.model import Dataset, PidKind, PidState, Publication, State
from verriere.publish.allowed import require_publishable
from verriere.publish.naming import doi_of

OFFLINE = "offline"
_BATCH = 500


def publish(holdings: Holdings, kind: PidKind, subject_id: str, *, by: str) -> Publication:
    """Give a thing a DOI that the world may know; one that has it already keeps it.

    Returns
    -------
    Publication
        Of a dataset, that of the present version.

    Raises
    ------
    NotFound
        There is no such thing.
    NotPublishable
        It is not for everyone to know, or was withdrawn; the message says why.
    """
    require_publishable(holdings, kind, subject_id)
    for gone in _present(holdings, kind, subject_id)[-1:]:
        if gone.is_withdrawn:
            said = f"{gone.doi} was withdrawn: {gone.reason}"
            raise NotPublishable(said, reason="withdrawn", hint="what was withdrawn stays so")
    return _decide(holdings, kind, [subject_id], PidState.FINDABLE, by)[-1]


def publish_many(holdings: Holdings, kind: PidKind, subject_ids: Sequence[str], *, by: str) -> int:
    """Publish things that may be published, and have no DOI or a draft; returns how many they are."""
    for start in range(0, len(subject_ids), _BATCH):
        _decide(holdings, kind, subject_ids[start : start + _BATCH], PidState.FINDABLE, by)
    return len(subject_ids)


def reserve(holdings: Holdings, kind: PidKind, subject_ids: Sequence[str], *, by: str) -> int:
    """Set DOIs aside as drafts for things that have none; returns how many."""
    for start in range(0, len(subject_ids), _BATCH):
        _decide(holdings, kind, subject_ids[start : start + _BATCH], PidState.DRAFT, by)
    return len(subject_ids)


def withdraw(holdings: Holdings, doi: str, reason: str, *, by: str) -> tuple[Publication, ...]:
    """Leave a tombstone: the DOI goes on resolving, to a page with the citation and the reason.

    A dataset whose last version is withdrawn is withdrawn itself: nobody outside its team has its bytes any more.

    Returns
    -------
    tuple of Publication
        All that was withdrawn: with the DOI of a dataset, those of its versions.

    Raises
    ------
    NotFound
        It is none of ours.
    InputInvalid
        No reason is given, it was never published, or was withdrawn before.
    """
    catalogue, now = holdings.catalogue, holdings.now()
    publication = catalogue.publication(doi)
    if not (reason := " ".join(reason.split())):
        raise InputInvalid("a withdrawal needs a reason", hint="it is shown on the page that is left: --reason TEXT")
    if publication.is_withdrawn:
        raise InputInvalid(f"{publication.doi} was withdrawn already: {publication.reason}")
    if publication.published_at is None:
        raise InputInvalid(f"{publication.doi} is a draft that nobody knows", hint="there is nothing to withdraw")
    known = catalogue.publications(publication.kind, publication.subject_id)
    living = [each for each in known if not each.is_withdrawn]
    versions = [each for each in living if each.version is not None]
    gone = [publication] if publication in versions and len(versions) > 1 else living
    decided = [_buried(each, reason, now) for each in gone]
    if publication.kind is PidKind.DATASET and gone is living:
        _withdraw_dataset(holdings, publication.subject_id, decided, reason, by)
    else:
        catalogue.put_publications(decided, now=now, by=by, event="withdrawn")
    holdings.journal()
    return tuple(catalogue.publication(each.doi) for each in decided)


def _decide(
    holdings: Holdings, kind: PidKind, subject_ids: Sequence[str], wanted: PidState, by: str
) -> list[Publication]:
    """Put the records of things in that state; what is there already, and further, stays."""
    catalogue, now = holdings.catalogue, holdings.now()
    changed: list[Publication] = []
    present: list[str] = []
    for subject_id in subject_ids:
        known = _present(holdings, kind, subject_id)
        if not known:
            known = _new(holdings, kind, subject_id, now)
            changed += [
                _buried(old, f"replaced by {known[-1].doi}", now) for old in _outdone(holdings, kind, subject_id)
            ]
        if wanted is PidState.FINDABLE:
            known = [
                each if each.is_withdrawn else replace(each, wanted=wanted, published_at=each.published_at or now)
                for each in known
            ]
        changed += known
        present.append(known[-1].doi)
    catalogue.put_publications(
        changed, now=now, by=by, event="published" if wanted is PidState.FINDABLE else "reserved"
    )
    holdings.journal()
    return [catalogue.publication(doi) for doi in present]


def _present(holdings: Holdings, kind: PidKind, subject_id: str) -> list[Publication]:
    """The DOIs that a thing has and keeps, the one it is known by last.

    One that the world knows is kept whatever the settings say now; one that was kept here alone only for as long as
    there is nobody better to keep it.
    """
    known = holdings.catalogue.publications(kind, subject_id)
    offline = holdings.settings.publish.registrar == OFFLINE
    kept = [each for each in known if each.registrar != OFFLINE] or (known if offline else [])
    return sorted(kept, key=lambda each: (each.version or 0, each.created_at))


def _outdone(holdings: Holdings, kind: PidKind, subject_id: str) -> list[Publication]:
    return [each for each in holdings.catalogue.publications(kind, subject_id) if not each.is_withdrawn]


def _new(holdings: Holdings, kind: PidKind, subject_id: str, now: datetime) -> list[Publication]:
    chosen = holdings.settings.publish
    doi = doi_of(chosen.prefix, kind, subject_id)
    first = Publication(doi, kind, subject_id, now, now, registrar=chosen.registrar)
    if kind is not PidKind.DATASET:
        return [first]
    version = holdings.catalogue.dataset(subject_id).version
    return [first, replace(first, doi=version_doi(doi, version), version=version, concept=doi)]


def _buried(each: Publication, reason: str, now: datetime) -> Publication:
    return replace(each, wanted=PidState.REGISTERED, withdrawn_at=now, reason=reason)


def _withdraw_dataset(
    holdings: Holdings, dataset_id: str, decided: Sequence[Publication], reason: str, by: str
) -> None:
    found, now = holdings.catalogue.dataset(dataset_id), holdings.now()

    def record(receipt: Receipt) -> bytes:
        return encode(_withdrawn(found, receipt.revision))

    # The archive first, as always: withdrawn again after a power cut, it writes the same record.
    revision = holdings.archive.put_sidecar(dataset_id, record, f"withdrawn: {reason}", created=now)
    changed = _withdrawn(found, revision)
    holdings.catalogue.transition([changed], event="withdrawn", now=now, by=by, decided=decided)


def _withdrawn(dataset: Dataset, revision: int) -> Dataset:
    return replace(dataset, state=State.WITHDRAWN, revision=revision)
