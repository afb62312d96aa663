"""Searching: hits in order, an exact count, facets; none of which betrays what the viewer may not know of.

Words drive: a branch begins at the full-text index, one for each level of access, and joins the table of datasets.
Without words there is one branch, on the covering indexes of that table.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Float,
    Select,
    asc,
    case,
    column,
    desc,
    literal,
    select,
    union_all,
)

from verriere.catalogue import facets as facet_counts
from verriere.catalogue.branch import Branch, branches
from verriere.catalogue.facets import Facet, Term
from verriere.catalogue.fulltext import FullText
from verriere.catalogue.query import Node, normal, parse, write
from verriere.catalogue.query.tree import And, Or, quote
from verriere.catalogue.tables import dataset
from verriere.errors import InputInvalid
from verriere.model import State, Viewer
from verriere.policy import Access, AccessRules, EmbargoRules

Sort = Literal["relevance", "newest", "oldest", "title", "size"]
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest", "title", "size")
_LARGEST_PAGE = 500
_MOST_RANKED = 1_000
"""With more hits the words tell little apart, and ranking would take longer than finding: the newest come first."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A dataset in a list: only what this viewer may know of it.

    Parameters
    ----------
    start
        Of the measurement, in UTC; None where no file says it.
    opens_at
        When the embargo ends or ended, in UTC; None in quarantine and for proprietary research.
    size, files
        Bytes and number of files; None where only the citation is shown.
    """

    id: str
    title: str
    instrument: str
    techniques: tuple[Term, ...]
    start: datetime | None
    state: State
    opens_at: datetime | None
    access: Access
    visit_id: str | None
    proposal_id: str | None
    size: int | None
    files: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the hits of a search.

    Parameters
    ----------
    total
        Of all pages, exact.
    page, pages
        Counted from 1; an empty result has no page.
    query
        The normal form of what was asked.
    facets
        By name (``beamline``, ``technique``, ``year``, ``status``); empty unless asked for.
    """

    total: int
    hits: tuple[Hit, ...]
    page: int
    pages: int
    query: str
    facets: Mapping[str, tuple[Facet, ...]] = field(default_factory=dict)

    @property
    def next(self) -> int | None:
        """Number of the next page, if there is one."""
        return self.page + 1 if self.page < self.pages else None


@dataclass(frozen=True, slots=True)
class Searcher:
    """Everything a search needs beside a connection and a question."""

    text: FullText
    access: AccessRules
    embargo: EmbargoRules

    def search(
        self,
        connection: Connection,
        text: str,
        viewer: Viewer,
        *,
        sort: Sort = "relevance",
        page: int = 1,
        size: int = 20,
        facets: bool = False,
        filters: Mapping[str, str | Collection[str]] | None = None,
    ) -> Page:
        """One page of the datasets that match.

        Parameters
        ----------
        text
            In the search language (`verriere.catalogue.query`).
        sort
            Without words to be relevant to, or with more than a thousand hits, ``relevance`` is ``newest``. Ties are
            always in the same order.
        filters
            More fields, as ``{"beamline": "SWING"}``; a field with several values matches any of them.

        Raises
        ------
        QueryInvalid
            The text cannot be parsed.
        InputInvalid
            There is no such order, or no such page size.
        """
        if sort not in SORTS:
            raise InputInvalid(f"no order is called {sort}", hint=f"one of: {', '.join(SORTS)}")
        if page < 1 or not 1 <= size <= _LARGEST_PAGE:
            raise InputInvalid("pages count from 1", hint=f"with 1 to {_LARGEST_PAGE} datasets each")
        tree = normal(And((parse(text), *_filters(filters or {}))))
        found = branches(
            connection, tree, viewer, self.access, self.text, self.embargo.zone, apart=sort in {"title", "size"}
        )
        counts: Mapping[str, tuple[Facet, ...]] = {}
        if facets:
            total, counts = facet_counts.facets(connection, found)
        else:
            total = facet_counts.count(connection, found)
        if total > _MOST_RANKED:
            sort = "newest" if sort == "relevance" else sort
            found = [replace(branch, query=branch.dated) for branch in found]
        hits = _hits(connection, found, sort, size, (page - 1) * size) if total else ()
        return Page(total, hits, page, -(-total // size), write(tree), counts)


def _filters(filters: Mapping[str, str | Collection[str]]) -> Iterator[Node]:
    for name, values in filters.items():
        each = [values] if isinstance(values, str) else sorted(values)
        if each:
            yield Or(tuple(parse(f"{name}:{quote(value)}") for value in each))


def _hits(connection: Connection, found: Sequence[Branch], sort: Sort, size: int, skip: int) -> tuple[Hit, ...]:
    """The page in two steps: keys in order from the indexes, then the rows of these few."""
    parts = [
        (branch.ranked if sort == "relevance" and branch.ranked is not None else branch.query).add_columns(
            dataset.c.key, branch.level.label("level"), *_order(branch, sort)
        )
        for branch in found
    ]
    names = [str(column.name) for column in parts[0].selected_columns][2:]
    directions: list[ColumnElement[Any]] = [asc(name) if sort in {"oldest", "title"} else desc(name) for name in names]
    if len(parts) == 1:
        ordered: Select[Any] | CompoundSelect[Any] = parts[0].order_by(*directions).limit(size).offset(skip)
    else:
        # Each part in order by itself: it can stop early, in the order of an index.
        first = [select(part.order_by(*directions).limit(skip + size).subquery()) for part in parts]
        ordered = union_all(*first).order_by(*directions).limit(size).offset(skip)
    level_of = {key: Access(level) for key, level, *_ in connection.execute(ordered)}
    columns = {row.key: row for row in connection.execute(select(*_SHOWN).where(dataset.c.key.in_(level_of)))}
    terms = facet_counts.terms(connection, {code for row in columns.values() for code in row.techniques.split()})
    return tuple(_hit(columns[key], access, terms) for key, access in level_of.items())


def _order(branch: Branch, sort: Sort) -> Iterator[ColumnElement[Any]]:
    """What hits are sorted by, all in the same direction; the last is unique, so that ties never change places."""
    shown = Access.NONE if branch.access is None else branch.access
    match sort:
        case "title":
            # A title that is withheld must not tell its first letter by its place.
            told = case((dataset.c.title == dataset.c.public_title, dataset.c.title_order), else_=dataset.c.id)
            yield (dataset.c.title_order if shown >= Access.DATA else told).label("by_title")
        case "size":
            yield (dataset.c.size if shown >= Access.METADATA else literal(-1)).label("by_size")
        case "relevance" if branch.ranked is not None:
            yield (-column("rank", Float)).label("by_rank")
    if sort in {"relevance", "newest", "oldest"}:
        yield dataset.c.moment.label("by_moment")
    yield dataset.c.key.label("by_key")


def _hit(row: Any, access: Access, terms: Mapping[str, Term]) -> Hit:
    inside = access >= Access.METADATA
    return Hit(
        id=row.id,
        title=row.title if access >= Access.DATA else row.public_title,
        instrument=row.instrument,
        techniques=tuple(terms[code] for code in row.techniques.split()),
        start=row.start_at,
        state=State(row.state),
        opens_at=row.opens_at,
        access=access,
        visit_id=row.visit_id,
        proposal_id=row.proposal_id,
        size=row.size if inside else None,
        files=row.files if inside else None,
    )


_SHOWN = (
    dataset.c.key,
    dataset.c.id,
    dataset.c.title,
    dataset.c.public_title,
    dataset.c.instrument,
    dataset.c.techniques,
    dataset.c.start_at,
    dataset.c.state,
    dataset.c.opens_at,
    dataset.c.visit_id,
    dataset.c.proposal_id,
    dataset.c.size,
    dataset.c.files,
)
