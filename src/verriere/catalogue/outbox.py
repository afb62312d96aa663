"""The outbox: of which DOIs the registrar does not know the present yet.

A row is written in the transaction of the change that it stands for, so none is lost and none is there in vain. It
says that a DOI waits, not what is to be sent: that is made of what is known when it is sent, so that many changes are
one message, and a message that comes late never says what was true before.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from verriere.catalogue.codec import decode
from verriere.catalogue.tables import doi_change, publication
from verriere.model import Publication

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Waiting:
    """A DOI that waits to be told to its registrar.

    Parameters
    ----------
    since
        Of the oldest change that waits.
    attempts
        How often it was tried in vain, the last time with ``trouble``.
    next_at
        When it is tried again.
    """

    publication: Publication
    since: datetime
    attempts: int
    next_at: datetime
    trouble: str


def enqueue(connection: Connection, dois: Collection[str], now: datetime) -> None:
    """Let DOIs wait; one that waits already is tried again at once, and waits since when it did."""
    wanted = sorted(dois)
    for start in range(0, len(wanted), _CHUNK):
        part = wanted[start : start + _CHUNK]
        there = set(connection.scalars(select(doi_change.c.doi).where(doi_change.c.doi.in_(part))))
        if there:
            connection.execute(update(doi_change).where(doi_change.c.doi.in_(there)).values(next_at=now, attempts=0))
        rows = [
            {"doi": doi, "since": now, "attempts": 0, "next_at": now, "trouble": ""} for doi in part if doi not in there
        ]
        if rows:
            connection.execute(insert(doi_change), rows)


def remove(connection: Connection, dois: Collection[str]) -> None:
    """What was told waits no longer."""
    connection.execute(delete(doi_change).where(doi_change.c.doi.in_(dois)))


def postpone(connection: Connection, doi: str, trouble: str, next_at: datetime) -> None:
    """Note that it could not be told, and when it is tried again."""
    row = {"attempts": doi_change.c.attempts + 1, "trouble": trouble, "next_at": next_at}
    connection.execute(update(doi_change).where(doi_change.c.doi == doi).values(row))


def waiting(connection: Connection, *, due: datetime | None = None, limit: int | None = None) -> list[Waiting]:
    """What waits, the longest first; with ``due`` what is to be tried by then."""
    query = (
        select(publication.c.record, doi_change)
        .join_from(doi_change, publication, publication.c.doi == doi_change.c.doi)
        .order_by(doi_change.c.since, doi_change.c.doi)
    )
    if due is not None:
        query = query.where(doi_change.c.next_at <= due)
    return [
        Waiting(decode(Publication, row.record), row.since, row.attempts, row.next_at, row.trouble)
        for row in connection.execute(query.limit(limit))
    ]


def restore(connection: Connection, publications: Sequence[Publication]) -> None:
    """Let wait what the registrar had not confirmed when the records were written."""
    rows = [
        {"doi": each.doi, "since": each.changed_at, "attempts": 0, "next_at": each.changed_at, "trouble": ""}
        for each in publications
        if each.is_waiting
    ]
    if rows:
        connection.execute(insert(doi_change), rows)
