"""What happened, in the order it happened: append-only and hash-chained.

Each entry holds the hash of the one before it, and its own over everything in it. Whoever changes or removes an entry
behind the database's guards breaks the chain from there on; whoever cuts off the end is found by the copy in the
archive's journal.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from itertools import zip_longest
from typing import Self

from sqlalchemy import Connection, Row, select

from verriere.catalogue.bulk import insert_rows
from verriere.catalogue.tables import history
from verriere.errors import HistoryBroken

_BEGINNING = "0" * 64
_LINE = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_TEXT = json.JSONEncoder(ensure_ascii=False, sort_keys=True)
_CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that is about to be entered in the history.

    Parameters
    ----------
    subject
        Kind and identifier of what it happened to: ``dataset:9f3k``, ``visit:20240017``.
    event
        ``registered``, ``opened``, ``assigned`` and so on.
    """

    subject: str
    event: str
    details: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the history.

    Parameters
    ----------
    number
        From 1 on, without gaps.
    by
        Username of the person, or the part of the program: ``ingest``, ``clock``.
    previous, hash
        SHA-256, hexadecimal, of the entry before (zeros for the first) and of this one.
    """

    number: int
    at: datetime
    subject: str
    event: str
    by: str
    details: Mapping[str, str]
    previous: str
    hash: str

    @classmethod
    def after(cls, last: Self | None, event: Event, at: datetime, by: str) -> Self:
        """The entry that follows ``last``."""
        number = last.number + 1 if last else 1
        previous = last.hash if last else _BEGINNING
        bare = cls(number, at.astimezone(UTC), event.subject, event.event, by, dict(event.details), previous, "")
        return replace(bare, hash=bare.digest())

    def digest(self) -> str:
        """SHA-256 of the entry's canonical JSON without its own hash; it covers the previous one."""
        return sha256(self._json(without="hash").encode()).hexdigest()

    def line(self) -> str:
        """The entry as a line of the archive's journal."""
        return self._json()

    @classmethod
    def of_line(cls, line: str) -> Self:
        """The entry that `line` wrote.

        Raises
        ------
        HistoryBroken
            The line is not an entry.
        """
        try:
            facts = json.loads(line)
            return cls(**{**facts, "at": datetime.fromisoformat(facts["at"])})
        except (ValueError, TypeError, KeyError) as error:
            raise HistoryBroken(f"not an entry of the history: {line[:80]!r}", hint=_HINT) from error

    def _json(self, without: str = "") -> str:
        facts = {name: getattr(self, name) for name in _FIELDS if name != without}
        facts["at"] = self.at.astimezone(UTC).isoformat(timespec="microseconds")
        return _LINE.encode(facts)


_FIELDS = ("number", "at", "subject", "event", "by", "details", "previous", "hash")
_HINT = "compare with the journal in the archive and with backups: someone wrote to the database or the journal"


def append(connection: Connection, events: Sequence[Event], at: datetime, by: str) -> list[Entry]:
    """Enter events at the end of the history, in a transaction that writes."""
    last = _last(connection)
    entries = []
    for event in events:
        last = Entry.after(last, event, at, by)
        entries.append(last)
    _insert(connection, entries)
    return entries


def entries(connection: Connection, *, subject: str | None = None, after: int = 0) -> Iterator[Entry]:
    """The history in order, of one subject or all, from entry ``after + 1`` on."""
    query = select(history).order_by(history.c.number).limit(_CHUNK)
    if subject is not None:
        query = query.where(history.c.subject == subject)
    while rows := connection.execute(query.where(history.c.number > after)).all():
        yield from map(of_row, rows)
        after = rows[-1].number


def last_number(connection: Connection) -> int:
    """Number of the last entry; 0 where nothing happened yet."""
    last = _last(connection)
    return last.number if last else 0


def restore(connection: Connection, lines: Iterable[str]) -> None:
    """Put back the history that the archive's journal holds; entries that are there already must be the same.

    Raises
    ------
    HistoryBroken
        A line is not an entry, the journal's own chain does not hold, or it is another history.
    """
    journal = [Entry.of_line(line) for line in lines]
    check(journal)
    there = list(entries(connection))
    for ours, theirs in zip(there, journal, strict=False):
        if ours.hash != theirs.hash:
            raise HistoryBroken(f"the journal differs from the history at entry {ours.number}", hint=_HINT)
    _insert(connection, journal[len(there) :])


def subjects(lines: Iterable[str]) -> list[str]:
    """What each line of a journal is about, in their order."""
    return [Entry.of_line(line).subject for line in lines]


def named(lines: Iterable[str], kind: str) -> list[str]:
    """Identifiers of the subjects of a kind that a journal is about."""
    subjects_ = (subject.partition(":") for subject in subjects(lines))
    return [identifier for word, _, identifier in subjects_ if word == kind]


def check(found: Iterable[Entry], journal: Iterable[str] = ()) -> int:
    """Whether the chain holds, and the journal, which may be shorter or longer by what was not written yet, agrees.

    Returns
    -------
    int
        How many entries were looked at.

    Raises
    ------
    HistoryBroken
        Names the first entry that is not as it was written.
    """
    count, previous = 0, _BEGINNING
    for entry, line in zip_longest(found, journal):
        if entry is None:
            raise HistoryBroken(f"the history ends at entry {count}, the archive's journal goes on", hint=_HINT)
        count += 1
        if entry.number != count or entry.previous != previous or entry.digest() != entry.hash:
            raise HistoryBroken(f"entry {count} of the history was changed, or one before it was removed", hint=_HINT)
        if line is not None and Entry.of_line(line) != entry:
            raise HistoryBroken(f"entry {count} of the history is not the one in the archive's journal", hint=_HINT)
        previous = entry.hash
    return count


def _last(connection: Connection) -> Entry | None:
    row = connection.execute(select(history).order_by(history.c.number.desc()).limit(1)).first()
    return of_row(row) if row is not None else None


def of_row(row: Row[tuple[object, ...]]) -> Entry:
    """The entry that a row of the table holds."""
    facts = dict(row._mapping)
    return Entry(**{**facts, "details": json.loads(facts["details"])})


def _insert(connection: Connection, new: Sequence[Entry]) -> None:
    insert_rows(connection, history, ([_value(entry, column.name) for column in history.columns] for entry in new))


def _value(entry: Entry, name: str) -> object:
    return _TEXT.encode(entry.details) if name == "details" else getattr(entry, name)
