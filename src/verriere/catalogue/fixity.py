"""Which objects of the archive were read again, when, and how they were."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, or_, select, update

from verriere.catalogue.bulk import insert_rows
from verriere.catalogue.tables import Instant, fixity
from verriere.model import Finding, Severity

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Kept:
    """An object of the archive, as it was when it was last read.

    Parameters
    ----------
    entered_at
        Since when it is looked after.
    verified_at
        None where it was not read again yet.
    findings
        What was wrong, or was mended.
    """

    object_id: str
    entered_at: datetime
    verified_at: datetime | None
    due_at: datetime
    whole: bool
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How far the reading is.

    Parameters
    ----------
    late
        Objects whose last reading, or entering, is longer ago than was promised.
    oldest
        The longest ago that an object was read or entered.
    """

    objects: int
    read: int
    damaged: int
    late: int
    oldest: datetime | None


def enter(connection: Connection, found: Iterable[tuple[str, datetime]], now: datetime) -> int:
    """Look after objects from now on, each first read at its moment; those that are known stay. How many are new."""
    wanted = dict(found)
    names, new = sorted(wanted), set(wanted)
    for start in range(0, len(names), _CHUNK):
        part = names[start : start + _CHUNK]
        new -= set(connection.scalars(select(fixity.c.object_id).where(fixity.c.object_id.in_(part))))
    insert_rows(connection, fixity, ([name, now, None, wanted[name], True, "[]"] for name in sorted(new)))
    return len(new)


def due(connection: Connection, now: datetime, since: datetime, most: int) -> list[Kept]:
    """The objects to read, the most urgent first.

    Parameters
    ----------
    since
        What was read before is due whatever was planned: the days may have become fewer.
    """
    of = fixity.c
    late = or_(of.due_at <= now, func.coalesce(of.verified_at, of.entered_at) <= since)
    query = select(fixity).where(late).order_by(of.due_at, of.object_id).limit(most)
    return [_kept(row) for row in connection.execute(query)]


def get(connection: Connection, object_id: str) -> Kept | None:
    """An object, None where it is not looked after yet."""
    row = connection.execute(select(fixity).where(fixity.c.object_id == object_id)).first()
    return None if row is None else _kept(row)


def put(connection: Connection, kept: Kept) -> None:
    """How an object was."""
    values = {
        "entered_at": kept.entered_at,
        "verified_at": kept.verified_at,
        "due_at": kept.due_at,
        "whole": kept.whole,
        "findings": json.dumps([asdict(each) for each in kept.findings], ensure_ascii=False),
    }
    known = connection.execute(update(fixity).where(fixity.c.object_id == kept.object_id).values(values)).rowcount
    if not known:
        connection.execute(insert(fixity).values(object_id=kept.object_id, **values))


def damaged(connection: Connection) -> list[Kept]:
    """The objects that are not whole."""
    query = select(fixity).where(~fixity.c.whole).order_by(fixity.c.object_id)
    return [_kept(row) for row in connection.execute(query)]


def coverage(connection: Connection, since: datetime) -> Coverage:
    """How far the reading is; what was last read before ``since`` is late."""
    of = fixity.c
    last = func.coalesce(of.verified_at, of.entered_at)
    longest = func.min(last, type_=Instant())
    count, read, oldest = connection.execute(select(func.count(), func.count(of.verified_at), longest)).one()
    late = connection.scalar(select(func.count()).where(last <= since))
    bad = connection.scalar(select(func.count()).where(~of.whole))
    return Coverage(count, read, bad or 0, late or 0, oldest)


def _kept(row: Row[tuple[object, ...]]) -> Kept:
    facts = dict(row._mapping)
    found: Sequence[dict[str, Any]] = json.loads(facts["findings"])
    findings = tuple(Finding(**{**each, "severity": Severity(each["severity"])}) for each in found)
    return Kept(**{**facts, "findings": findings})
