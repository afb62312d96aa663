"""The full-text index, in SQLite's words (FTS5) and in PostgreSQL's (tsvector).

Both hold the same four lists of words (`verriere.catalogue.derive.Texts`). A search names the lists it may look into:
columns in FTS5, first letters in a tsvector.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Connection,
    Float,
    FromClause,
    Integer,
    Select,
    TableClause,
    column,
    delete,
    exists,
    func,
    literal,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from verriere.catalogue.bulk import insert_rows
from verriere.catalogue.derive import Texts
from verriere.catalogue.fold import GAP
from verriere.catalogue.place import Place
from verriere.catalogue.tables import Instant, String
from verriere.policy import Access

TITLE = "title"
_LISTS = ("title", "citation", "metadata", "data")
_MARKS = dict(zip(_LISTS, "tcmd", strict=True))
_LAST_POSITION = 16_383
"""The largest position a tsvector can hold."""


@dataclass(frozen=True, slots=True)
class Words:
    """Words in a row; the last one may be the beginning of a word. ``title``: in titles only."""

    words: tuple[str, ...]
    prefix: bool = False
    title: bool = False


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part."""

    parts: tuple["Match", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Some part."""

    parts: tuple["Match", ...]


Match = Words | AllOf | AnyOf


def lists(access: Access, *, title: bool = False) -> tuple[str, ...]:
    """The lists that a viewer with ``access`` may look into; a file's name may stand for a title that is withheld."""
    if title:
        return ("title", "data") if access >= Access.DATA else ("title",)
    if access >= Access.DATA:
        return _LISTS
    return _LISTS[:3] if access is Access.METADATA else _LISTS[:2]


@dataclass(frozen=True, slots=True)
class Document:
    """The words of a dataset, and its place: state, visit, shelf and moment."""

    key: int
    place: tuple[object, ...]
    texts: Texts


class FullText(Protocol):
    """What the two databases do differently.

    Attributes
    ----------
    place
        Where a document's dataset stands: beside the words, since its row in the table of datasets is a longer way.
    at_once
        Whether words can be asked for in any condition; else they drive, and each level has a query of its own.
    """

    place: Place
    at_once: bool

    def documents(self) -> FromClause:
        """Every document and its place."""

    def matches(self, match: Match, access: Access) -> ColumnElement[bool]:
        """Condition on `documents`."""

    def keys(self, match: Match, access: Access) -> Select[tuple[int]]:
        """The keys of the datasets that match."""

    def holds(self, match: Match, access: Access, key: ColumnElement[int]) -> ColumnElement[bool]:
        """The same of one dataset, as a condition on any table with its key: looked up, not searched."""

    def rank(self, match: Match, access: Access) -> ColumnElement[float]:
        """The smaller, the better."""

    def replace(self, connection: Connection, documents: Sequence[Document], *, new: bool) -> None:
        """Put the words of datasets, in the place of those that are there unless all are new."""

    def tally(self, connection: Connection, query: Select[Any], column: ColumnElement[int]) -> Counter[int]:
        """How many rows of a query have each value of a column."""


def _placed() -> list[ColumnClause[Any]]:
    return [
        column("dataset_key", Integer),
        column("state", String),
        column("visit_id", String),
        column("shelf", Integer),
        column("moment", Instant),
    ]


def _place(of: TableClause) -> Place:
    return Place(of.c.dataset_key, of.c.state, of.c.visit_id, of.c.shelf, of.c.moment)


class SqliteText:
    """FTS5. It holds nothing but words; places are in a narrow table beside it."""

    _words = table("dataset_text", column("rowid", Integer), column("dataset_text"))
    _lists = table("dataset_text", column("rowid", Integer), *map(column, _LISTS))
    _places = table("dataset_place", *_placed())
    place = _place(_places)
    at_once = False

    def documents(self) -> FromClause:
        """A join that can only begin at the words."""
        return self._words.join(self._places, self._places.c.dataset_key == self._words.c.rowid + 0)

    def matches(self, match: Match, access: Access) -> ColumnElement[bool]:
        """``dataset_text MATCH '...'``."""
        return self._words.c.dataset_text.op("MATCH", is_comparison=True)(self._expression(match, access))

    def keys(self, match: Match, access: Access) -> Select[tuple[int]]:
        """From the words alone."""
        return select(self._words.c.rowid).where(self.matches(match, access))

    def holds(self, match: Match, access: Access, key: ColumnElement[int]) -> ColumnElement[bool]:
        """The index is opened again for each dataset: 30 microseconds."""
        return exists().where(self.matches(match, access), self._words.c.rowid == key)

    def rank(self, match: Match, access: Access) -> ColumnElement[float]:
        """Okapi BM25; a word in a title weighs four times as much."""
        del match, access
        return func.bm25(text("dataset_text"), 4.0, 1.0, 1.0, 1.0, type_=Float)

    def replace(self, connection: Connection, documents: Sequence[Document], *, new: bool) -> None:
        """Delete and insert."""
        if not new:
            keys = [(each.key,) for each in documents]
            connection.exec_driver_sql("DELETE FROM dataset_text WHERE rowid = ?", keys)
            connection.exec_driver_sql("DELETE FROM dataset_place WHERE dataset_key = ?", keys)
        insert_rows(connection, self._places, ((each.key, *each.place) for each in documents))
        insert_rows(connection, self._lists, (_row(each.key, each.texts) for each in documents))

    def tally(self, connection: Connection, query: Select[Any], column: ColumnElement[int]) -> Counter[int]:
        """As one long text: SQLite sorts what it groups, which takes three times as long."""
        listed = connection.scalar(query.add_columns(func.group_concat(column)))
        return Counter({int(value): number for value, number in Counter((listed or "").split(",")).items() if value})

    def _expression(self, match: Match, access: Access) -> str:
        if isinstance(match, Words):
            star = "*" if match.prefix else ""
            columns = " ".join(lists(access, title=match.title))
            return f'{{{columns}}} : "{" ".join(match.words)}"{star}'
        operator = " AND " if isinstance(match, AllOf) else " OR "
        return "(" + operator.join(self._expression(part, access) for part in match.parts) + ")"


class PostgresText:
    """A tsvector that we write ourselves, so that both databases cut words at the same places.

    Each word begins with the letter of its list. Weights would say the same, but the index does not know them, and
    every document with the word would have to be read.
    """

    _table = table("dataset_text", *_placed(), column("document", TSVECTOR))
    place = _place(_table)
    at_once = True

    def documents(self) -> FromClause:
        """One table."""
        return self._table

    def matches(self, match: Match, access: Access) -> ColumnElement[bool]:
        """``document @@ '...'::tsquery``."""
        return self._table.c.document.op("@@", is_comparison=True)(self._query(match, access))

    def keys(self, match: Match, access: Access) -> Select[tuple[int]]:
        """From the same table."""
        return select(self._table.c.dataset_key).where(self.matches(match, access))

    def holds(self, match: Match, access: Access, key: ColumnElement[int]) -> ColumnElement[bool]:
        """By the table's own key."""
        return exists().where(self.matches(match, access), self._table.c.dataset_key == key)

    def rank(self, match: Match, access: Access) -> ColumnElement[float]:
        """``ts_rank``; a word in a title weighs four times as much."""
        weights = literal("{0.25, 0.25, 0.25, 1.0}").op("::")(text("real[]"))
        return -func.ts_rank(weights, self._table.c.document, self._query(match, access), type_=Float)

    def replace(self, connection: Connection, documents: Sequence[Document], *, new: bool) -> None:
        """Delete and insert."""
        if not new:
            connection.execute(delete(self._table).where(self.place.key.in_([each.key for each in documents])))
        insert_rows(connection, self._table, ((each.key, *each.place, _tsvector(each.texts)) for each in documents))

    def tally(self, connection: Connection, query: Select[Any], column: ColumnElement[int]) -> Counter[int]:
        """``GROUP BY``."""
        grouped = query.add_columns(column, func.count()).group_by(column)
        return Counter({row[0]: row[1] for row in connection.execute(grouped)})

    def _query(self, match: Match, access: Access) -> ColumnElement[object]:
        return literal(self._expression(match, access)).cast(TSQUERY)

    def _expression(self, match: Match, access: Access) -> str:
        if isinstance(match, Words):
            star = ":*" if match.prefix else ""
            marks = [_MARKS[name] for name in lists(access, title=match.title)]
            return (
                "(" + " | ".join(" <-> ".join(f"'{mark}{word}'" for word in match.words) + star for mark in marks) + ")"
            )
        operator = " & " if isinstance(match, AllOf) else " | "
        return "(" + operator.join(self._expression(part, access) for part in match.parts) + ")"


def _row(key: int, texts: Texts) -> tuple[object, ...]:
    return key, " ".join(texts.title), " ".join(texts.citation), " ".join(texts.metadata), " ".join(texts.data)


def _tsvector(texts: Texts) -> str:
    places: dict[str, list[str]] = {}
    position = 0
    for name in _LISTS:
        mark, weight = _MARKS[name], "A" if name == TITLE else ""
        for word in getattr(texts, name):
            position = min(position + 1, _LAST_POSITION)
            if word != GAP:
                places.setdefault(mark + word, []).append(f"{position}{weight}")
        position += 1
    # A lexeme keeps no more than 256 positions.
    return " ".join(f"'{word}':{','.join(found[:256])}" for word, found in places.items())


def full_text(dialect: str) -> FullText:
    """What the database of this dialect does."""
    return SqliteText() if dialect == "sqlite" else PostgresText()
