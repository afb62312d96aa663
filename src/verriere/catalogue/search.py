"""Searching: hits in order, an exact count, facets; none of which betrays what the viewer may not know of.

Words drive: a branch begins at the full-text index, one for each level of access. Without words there is one branch, on
the covering indexes of the table of datasets; what only asks for state, beamline, technique or year is counted on
shelves, without looking at datasets.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    Select,
    asc,
    case,
    desc,
    literal,
    select,
    union_all,
)

from verriere.catalogue import facets as facet_counts
from verriere.catalogue.branch import Branch, Parts, Question
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
_REACH = 300
"""Of how many datasets at most it is asked one by one whether they are hits, before all hits are found and sorted."""
_MARGIN = 3
"""How many times as many as would do, were the hits spread evenly."""


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
        question = Question(connection, tree, viewer, self.access, self.text, self.embargo.zone)
        parts = question.parts(apart=sort in {"title", "size"})
        counts: Mapping[str, tuple[Facet, ...]] = {}
        if facets:
            total, counts = facet_counts.facets(connection, self.text, parts)
        else:
            total = facet_counts.count(connection, parts)
        if sort == "relevance" and (total > _MOST_RANKED or question.match is None):
            sort = "newest"
        hits = _hits(question, parts, total, sort, slice((page - 1) * size, page * size))
        return Page(total, hits, page, -(-total // size), write(tree), counts)


def _filters(filters: Mapping[str, str | Collection[str]]) -> Iterator[Node]:
    for name, values in filters.items():
        each = [values] if isinstance(values, str) else sorted(values)
        if each:
            yield Or(tuple(parse(f"{name}:{quote(value)}") for value in each))


def _hits(question: Question, parts: Parts, total: int, sort: Sort, wanted: slice) -> tuple[Hit, ...]:
    """The page in two steps: keys in order, then the rows of these few."""
    if wanted.start >= total:
        return ()
    level_of = _walked(question, total, sort, wanted) or _keys(question.connection, parts.listed, sort, wanted)
    query = select(*_SHOWN).where(dataset.c.key.in_(level_of))
    columns = {row.key: row for row in question.connection.execute(query)}
    codes = {code for row in columns.values() for code in row.techniques.split()}
    terms = facet_counts.terms(question.connection, codes)
    return tuple(_hit(columns[key], access, terms) for key, access in level_of.items())


def _walked(question: Question, total: int, sort: Sort, wanted: slice) -> dict[int, Access]:
    """The keys of the page, where hits are so frequent that it is full after few datasets; else nothing."""
    if sort not in {"newest", "oldest"} or total <= _MOST_RANKED:
        return {}
    reach = _MARGIN * wanted.stop * facet_counts.everything(question.connection) // total
    branch = question.walked(reach, oldest=sort == "oldest") if reach <= _REACH else None
    if branch is None:
        return {}
    found = _keys(question.connection, [branch], sort, wanted)
    # With fewer, later ones may be on the page, too.
    return found if len(found) == min(wanted.stop, total) - wanted.start else {}


def _keys(connection: Connection, found: Sequence[Branch], sort: Sort, wanted: slice) -> dict[int, Access]:
    """Keys of the hits on a page, in order, with the viewer's access to each."""
    parts = [
        branch.query.add_columns(branch.place.key.label("key"), branch.level.label("level"), *_order(branch, sort))
        for branch in found
    ]
    names = [str(column.name) for column in parts[0].selected_columns][2:]
    directions: list[ColumnElement[Any]] = [asc(name) if sort in {"oldest", "title"} else desc(name) for name in names]
    size = wanted.stop - wanted.start
    if len(parts) == 1:
        ordered: Select[Any] | CompoundSelect[Any] = parts[0].order_by(*directions).limit(size).offset(wanted.start)
    else:
        # Each part in order by itself: it can stop early, in the order of an index.
        first = [select(part.order_by(*directions).limit(wanted.stop).subquery()) for part in parts]
        ordered = union_all(*first).order_by(*directions).limit(size).offset(wanted.start)
    return {key: Access(level) for key, level, *_ in connection.execute(ordered)}


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
        case "relevance" if branch.rank is not None:
            yield (-branch.rank).label("by_rank")
    if sort in {"relevance", "newest", "oldest"}:
        yield branch.place.moment.label("by_moment")
    yield branch.place.key.label("by_key")


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
