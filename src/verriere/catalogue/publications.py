"""Publications: their records, and how they follow what they stand for.

Nothing is ever deleted. Each change moves ``changed_at``, which harvesters ask for, and puts the DOI in the outbox, in
the transaction of whatever changed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, insert, not_, or_, select

from verriere.catalogue import outbox
from verriere.catalogue.codec import decode, encode
from verriere.catalogue.hanging import TOLD_OF, around
from verriere.catalogue.history import Event
from verriere.catalogue.tables import dataset, publication
from verriere.errors import InputInvalid, NotFound
from verriere.model import PidKind, PidState, Publication, State

_CHUNK = 500
_TICK = timedelta(microseconds=1)


def get(connection: Connection, doi: str) -> Publication:
    """The record of a DOI.

    Raises
    ------
    NotFound
        It is none of ours.
    """
    record = connection.scalar(select(publication.c.record).where(publication.c.doi == doi.lower()))
    if record is None:
        raise NotFound(f"no publication {doi}")
    return decode(Publication, record)


def where(connection: Connection, *conditions: ColumnElement[bool]) -> Iterator[Publication]:
    """The records for which conditions on the table `publication` hold, by the time of their last change."""
    query = select(publication.c.changed_at, publication.c.doi, publication.c.record).where(*conditions)
    query = query.order_by(publication.c.changed_at, publication.c.doi).limit(_CHUNK)
    rows = connection.execute(query).all()
    while rows:
        for row in rows:
            yield decode(Publication, row.record)
        last = rows[-1]
        later = or_(
            publication.c.changed_at > last.changed_at,
            and_(publication.c.changed_at == last.changed_at, publication.c.doi > last.doi),
        )
        rows = connection.execute(query.where(later)).all()


def put(connection: Connection, found: Sequence[Publication], event: str, now: datetime) -> list[Event]:
    """Enter publications, or what was decided of them; what is the same already is left alone.

    When a DOI was made and first published stays, and what its registrar has confirmed is for `confirm` to say. What is
    published about their neighbours tells of them, and changes too.

    Raises
    ------
    InputInvalid
        One of the DOIs stands for another thing, or was withdrawn, or would be a draft again.
    """
    there = _some(connection, [each.doi for each in found])
    changed = []
    for each in found:
        known = there.get(each.doi)
        if known is None:
            changed.append(replace(each, changed_at=now))
            continue
        decided = _decided(known, each)
        if decided != known:
            changed.append(replace(decided, changed_at=_after(known, now)))
    if not changed:
        return []
    _write(connection, changed)
    outbox.enqueue(connection, [each.doi for each in changed], now)
    events = [_event(each, event) for each in changed]
    met = {each.doi for each in changed}
    for kind in PidKind:
        # A draft is known to nobody: no page tells of it.
        subjects = sorted({each.subject_id for each in changed if each.kind is kind and each.published_at is not None})
        events += _touch(connection, str(kind), subjects, now, met)
    return events


def _decided(known: Publication, new: Publication) -> Publication:
    """The record of a DOI that is there, with what was decided of it."""
    if (known.kind, known.subject_id, known.version) != (new.kind, new.subject_id, new.version):
        raise InputInvalid(f"{known.doi} stands for {known.kind} {known.subject_id}", hint="a DOI is never used again")
    if known.is_withdrawn and new.wanted is not known.wanted:
        raise InputInvalid(f"{known.doi} was withdrawn: {known.reason}", hint="what was withdrawn stays so")
    if known.published_at is not None and new.wanted is PidState.DRAFT:
        raise InputInvalid(f"{known.doi} is published", hint="withdraw it, with a reason: verriere withdraw")
    return replace(
        known,
        wanted=new.wanted,
        published_at=known.published_at or new.published_at,
        withdrawn_at=known.withdrawn_at or new.withdrawn_at,
        reason=known.reason or new.reason,
    )


def follow(connection: Connection, events: Sequence[Event], now: datetime) -> list[Event]:
    """Let publications follow what has happened to records: what is published about them is another from ``now`` on.

    Parameters
    ----------
    events
        Of records of the catalogue, as they go into the history.
    """
    subjects: dict[str, list[str]] = {}
    for each in events:
        kind, _, identifier = each.subject.partition(":")
        if kind in TOLD_OF:
            subjects.setdefault(kind, []).append(identifier)
    followed = _new_versions(connection, subjects.get("dataset", ()), now)
    met = {each.subject.partition(":")[2] for each in followed}
    for kind, identifiers in sorted(subjects.items()):
        followed += _touch(connection, kind, identifiers, now, met)
    return followed


def confirm(connection: Connection, told: Sequence[tuple[Publication, PidState]], now: datetime) -> list[Event]:
    """Note what a registrar has confirmed; what has changed since it was told waits on.

    Parameters
    ----------
    told
        The record as it was when it was told, and the state that the DOI is in with the registrar.
    """
    there = _some(connection, [each.doi for each, _ in told])
    confirmed = [
        replace(there[each.doi], state=state, confirmed_at=each.changed_at) for each, state in told if each.doi in there
    ]
    changed = [each for each in confirmed if each != there[each.doi]]
    _write(connection, changed)
    outbox.remove(connection, [each.doi for each in confirmed if not each.is_waiting])
    outbox.enqueue(connection, [each.doi for each in confirmed if each.is_waiting], now)
    return [_event(each, "confirmed") for each in changed]


def restore(connection: Connection, found: Sequence[Publication]) -> None:
    """Put back what the archive holds; what the registrar had not confirmed waits again."""
    _write(connection, found)
    outbox.restore(connection, found)


def without_doi(
    connection: Connection, kind: PidKind, of: ColumnElement[str], *conditions: ColumnElement[bool]
) -> list[str]:
    """The subjects of a kind that have no DOI, and never had one.

    Parameters
    ----------
    of
        The column of the subjects' table that holds their identifiers.
    """
    has_one = exists().where(publication.c.kind == kind.value, publication.c.subject_id == of)
    return list(connection.scalars(select(of).where(not_(has_one), *conditions).order_by(of)))


def _new_versions(connection: Connection, identifiers: Sequence[str], now: datetime) -> list[Event]:
    """Give each new version of the data of a published dataset its own DOI, under that of all its versions."""
    living = dataset.c.state.in_((State.EMBARGOED.value, State.OPEN.value))
    query = select(dataset.c.id, dataset.c.version).where(living)
    present: dict[str, int] = {}
    for start in range(0, len(identifiers), _CHUNK):
        part = identifiers[start : start + _CHUNK]
        present |= {row.id: row.version for row in connection.execute(query.where(dataset.c.id.in_(part)))}
    made = []
    for concept, last in _concepts(connection, sorted(present)):
        version = present[concept.subject_id]
        if version > last and concept.withdrawn_at is None:
            made.append(
                Publication(
                    doi=version_doi(concept.doi, version),
                    kind=PidKind.DATASET,
                    subject_id=concept.subject_id,
                    created_at=now,
                    changed_at=now,
                    version=version,
                    concept=concept.doi,
                    wanted=concept.wanted,
                    registrar=concept.registrar,
                    published_at=now if concept.is_public else None,
                )
            )
    _write(connection, made)
    outbox.enqueue(connection, [each.doi for each in made], now)
    return [_event(each, "published" if each.is_public else "reserved") for each in made]


def version_doi(concept: str, version: int) -> str:
    """The DOI of one version of what a concept DOI stands for."""
    return f"{concept}.v{version}"


def _concepts(connection: Connection, identifiers: Sequence[str]) -> Iterator[tuple[Publication, int]]:
    """The concept DOIs of datasets, each with the last of its versions that has a DOI."""
    versions = publication.alias()
    last = select(func.max(versions.c.version)).where(versions.c.concept == publication.c.doi).scalar_subquery()
    query = select(publication.c.record, last.label("last")).where(
        publication.c.kind == PidKind.DATASET.value, publication.c.version.is_(None)
    )
    for start in range(0, len(identifiers), _CHUNK):
        part = identifiers[start : start + _CHUNK]
        for row in connection.execute(query.where(publication.c.subject_id.in_(part))):
            yield decode(Publication, row.record), row.last or 0


def _touch(connection: Connection, kind: str, identifiers: Sequence[str], now: datetime, met: set[str]) -> list[Event]:
    """Move the datestamp of what the world knows of these subjects and their neighbours, each once."""
    events: list[Event] = []
    for start in range(0, len(identifiers), _CHUNK):
        near = around(kind, identifiers[start : start + _CHUNK])
        known = [each for each in where(connection, _PUBLIC, near) if each.doi not in met]
        changed = [replace(each, changed_at=_after(each, now)) for each in known]
        met |= {each.doi for each in changed}
        _write(connection, changed)
        outbox.enqueue(connection, [each.doi for each in changed], now)
        events += [_event(each, "changed") for each in changed]
    return events


def _after(known: Publication, now: datetime) -> datetime:
    """Now, and in any case later than the change before: a registrar that confirmed that one has not seen this."""
    return max(now, known.changed_at + _TICK)


def _some(connection: Connection, dois: Sequence[str]) -> dict[str, Publication]:
    found: dict[str, Publication] = {}
    for start in range(0, len(dois), _CHUNK):
        query = select(publication.c.record).where(publication.c.doi.in_(dois[start : start + _CHUNK]))
        found |= {each.doi: each for each in (decode(Publication, record) for record in connection.scalars(query))}
    return found


def _write(connection: Connection, found: Sequence[Publication]) -> None:
    for start in range(0, len(found), _CHUNK):
        part = found[start : start + _CHUNK]
        connection.execute(delete(publication).where(publication.c.doi.in_([each.doi for each in part])))
        connection.execute(insert(publication), [_row(each) for each in part])


def _row(each: Publication) -> dict[str, object]:
    plain = ("doi", "subject_id", "version", "concept", "registrar")
    moments = ("created_at", "published_at", "withdrawn_at", "changed_at")
    words = {"kind": each.kind.value, "wanted": each.wanted.value, "state": each.state.value}
    return {**words, **{name: getattr(each, name) for name in (*plain, *moments)}, "record": encode(each)}


def _event(each: Publication, event: str) -> Event:
    details = {
        "of": f"{each.kind}:{each.subject_id}",
        "version": str(each.version or ""),
        "wanted": each.wanted.value,
        "state": each.state.value,
    }
    if each.reason:
        details["reason"] = each.reason
    return Event(f"publication:{each.doi}", event, details)


_PUBLIC = publication.c.wanted == PidState.FINDABLE.value
