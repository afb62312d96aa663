"""The full-text index, in SQLite's words (FTS5) and in PostgreSQL's (tsvector).

Both hold the same four lists of words (`verriere.catalogue.derive.Texts`). A search names the lists it may look into:
columns in FTS5, weights A to D in a tsvector.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Integer,
    TableClause,
    column,
    delete,
    func,
    literal,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR

from verriere.catalogue.bulk import insert_rows
from verriere.catalogue.derive import Texts
from verriere.catalogue.fold import GAP
from verriere.policy import Access

TITLE = "title"
_LISTS = ("title", "citation", "metadata", "data")
_WEIGHTS = dict(zip(_LISTS, "ABCD", strict=True))
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


class FullText(Protocol):
    """What the two databases do differently."""

    table: TableClause
    key: ColumnElement[int]
    materialised: bool

    def matches(self, match: Match, access: Access) -> ColumnElement[bool]:
        """Condition on `table`."""

    def rank(self, match: Match, access: Access) -> ColumnElement[float]:
        """The smaller, the better."""

    def replace(self, connection: Connection, rows: Sequence[tuple[int, Texts]], *, new: bool) -> None:
        """Put the words of datasets, in the place of those that are there unless all are new."""


class SqliteText:
    """FTS5."""

    table = table("dataset_text", column("rowid", Integer), column("dataset_text"))
    key: ColumnElement[int] = table.c.rowid
    materialised = True

    def matches(self, match: Match, access: Access) -> ColumnElement[bool]:
        """``dataset_text MATCH '...'``."""
        return self.table.c.dataset_text.op("MATCH", is_comparison=True)(self._expression(match, access))

    def rank(self, match: Match, access: Access) -> ColumnElement[float]:
        """Okapi BM25; a word in a title weighs four times as much."""
        del match, access
        return func.bm25(text("dataset_text"), 4.0, 1.0, 1.0, 1.0, type_=Float)

    def replace(self, connection: Connection, rows: Sequence[tuple[int, Texts]], *, new: bool) -> None:
        """Delete and insert."""
        if not new:
            connection.exec_driver_sql("DELETE FROM dataset_text WHERE rowid = ?", [(key,) for key, _ in rows])
        connection.exec_driver_sql(
            "INSERT INTO dataset_text (rowid, title, citation, metadata, data) VALUES (?, ?, ?, ?, ?)",
            [(key, *(" ".join(getattr(texts, name)) for name in _LISTS)) for key, texts in rows],
        )

    def _expression(self, match: Match, access: Access) -> str:
        if isinstance(match, Words):
            star = "*" if match.prefix else ""
            columns = " ".join(lists(access, title=match.title))
            return f'{{{columns}}} : "{" ".join(match.words)}"{star}'
        operator = " AND " if isinstance(match, AllOf) else " OR "
        return "(" + operator.join(self._expression(part, access) for part in match.parts) + ")"


class PostgresText:
    """A tsvector that we write ourselves, so that both databases cut words at the same places."""

    table = table("dataset_text", column("dataset_key", Integer), column("document", TSVECTOR))
    key: ColumnElement[int] = table.c.dataset_key
    materialised = False

    def matches(self, match: Match, access: Access) -> ColumnElement[bool]:
        """``document @@ '...'::tsquery``."""
        return self.table.c.document.op("@@", is_comparison=True)(self._query(match, access))

    def rank(self, match: Match, access: Access) -> ColumnElement[float]:
        """``ts_rank``; a word in a title weighs four times as much."""
        weights = literal("{0.25, 0.25, 0.25, 1.0}").op("::")(text("real[]"))
        return -func.ts_rank(weights, self.table.c.document, self._query(match, access), type_=Float)

    def replace(self, connection: Connection, rows: Sequence[tuple[int, Texts]], *, new: bool) -> None:
        """Delete and insert."""
        if not new:
            connection.execute(delete(self.table).where(self.key.in_([key for key, _ in rows])))
        documents = ((key, _tsvector({name: getattr(texts, name) for name in _LISTS})) for key, texts in rows)
        insert_rows(connection, self.table, ("dataset_key", "document"), documents)

    def _query(self, match: Match, access: Access) -> ColumnElement[object]:
        return literal(self._expression(match, access)).cast(TSQUERY)

    def _expression(self, match: Match, access: Access) -> str:
        if isinstance(match, Words):
            where = lists(access, title=match.title)
            weights = "" if where == _LISTS else "".join(_WEIGHTS[name] for name in where)
            *first, last = [f"'{word}'" for word in match.words]
            tail = ("*" if match.prefix else "") + weights
            parts = [*(f"{word}:{weights}" if weights else word for word in first), f"{last}:{tail}" if tail else last]
            return "(" + " <-> ".join(parts) + ")"
        operator = " & " if isinstance(match, AllOf) else " | "
        return "(" + operator.join(self._expression(part, access) for part in match.parts) + ")"


def _tsvector(texts: Mapping[str, Iterable[str]]) -> str:
    places: dict[str, list[str]] = {}
    position = 0
    for name in _LISTS:
        for word in texts[name]:
            position = min(position + 1, _LAST_POSITION)
            if word != GAP:
                places.setdefault(word, []).append(f"{position}{_WEIGHTS[name]}")
        position += 1
    # A lexeme keeps no more than 256 positions.
    return " ".join(f"'{word}':{','.join(found[:256])}" for word, found in places.items())


def full_text(dialect: str) -> FullText:
    """What the database of this dialect does."""
    return SqliteText() if dialect == "sqlite" else PostgresText()
