"""Running a question: the datasets that answer, in order, and how well each does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, literal, select

from verriere.catalogue.federated.compile import Compiler, Ids, published
from verriere.catalogue.federated.tree import Node, Related
from verriere.catalogue.fulltext import AnyOf, FullText, Words
from verriere.catalogue.tables import dataset, publication
from verriere.model import State
from verriere.policy import Access, AccessRules

NEUTRAL = 0.5
"""The score of what was not asked for by words."""
_MOST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of datasets.

    Parameters
    ----------
    words
        To score by, folded; what holds none of them is no answer.
    order
        Names of properties, each with whether it descends.
    """

    where: Node | None = None
    related: tuple[Related, ...] = ()
    words: tuple[str, ...] = ()
    order: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A dataset that answers: what everybody may know of it.

    Parameters
    ----------
    size
        In bytes; None where only the citation is shown.
    score
        Between 0 and 1, neither of them included; the higher, the better it answers.
    """

    id: str
    doi: str | None
    title: str
    is_public: bool
    created_at: datetime
    size: int | None
    instrument_id: str | None
    proposal_id: str | None
    techniques: tuple[str, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Summary:
    """What the datasets of a document say of it: whether all, and whether some are open, and when."""

    is_public: bool
    some_public: bool
    start: datetime
    end: datetime
    opens_at: datetime | None


@dataclass(frozen=True, slots=True)
class Finder:
    """Asks one database, for everybody."""

    connection: Connection
    rules: AccessRules
    text: FullText
    ids: dict[str, Ids] = field(default_factory=dict)

    def find(self, question: Question, *, skip: int, limit: int) -> list[Found]:
        """The datasets from the ``skip``th on that answer."""
        score = self._score(question.words)
        query = self._answers(question, *self._columns, score.label("score"))
        order = [column.desc() if descends else column for column, descends in self._order(question, score)]
        rows = self.connection.execute(query.order_by(*order).limit(limit).offset(skip)).all()
        return self._found(rows)

    def count(self, question: Question) -> int:
        """How many datasets answer."""
        return self.connection.scalar(self._answers(question, func.count())) or 0

    def one(self, identifier: str) -> Found | None:
        """The dataset of an identifier or a DOI."""
        by_doi = published().where(publication.c.doi == identifier.lower())
        query = select(*self._columns, literal(NEUTRAL).label("score")).where(
            self._there, (dataset.c.id == identifier) | dataset.c.id.in_(by_doi)
        )
        return next(iter(self._found(self.connection.execute(query.limit(1)).all())), None)

    def groups(self, column: ColumnElement[Any], question: Question) -> dict[str, Summary]:
        """What answers, by document or by instrument."""
        public = case((self._compiler.level(Access.DATA), 1), else_=0)
        facts = (
            func.min(public).label("public"),
            func.max(public).label("some"),
            func.min(dataset.c.moment).label("first"),
            func.max(dataset.c.moment).label("last"),
            func.max(dataset.c.opens_at).label("opens"),
        )
        query = self._answers(question, column.label("of"), *facts).where(column.is_not(None)).group_by(column)
        return {
            row.of: Summary(bool(row.public), bool(row.some), row.first, row.last, row.opens)
            for row in self.connection.execute(query)
        }

    @property
    def _compiler(self) -> Compiler:
        return Compiler(self.connection, self.rules, self.text, self.ids)

    @property
    def _there(self) -> ColumnElement[bool]:
        """What everybody may know of and is not withdrawn."""
        return and_(self._compiler.level(Access.CITATION), dataset.c.state != State.WITHDRAWN.value)

    @property
    def _columns(self) -> tuple[ColumnElement[Any], ...]:
        compiler = self._compiler
        of = dataset.c
        return (
            of.id,
            case((compiler.level(Access.DATA), of.title), else_=of.public_title).label("title"),
            case((compiler.level(Access.DATA), 1), else_=0).label("public"),
            of.moment,
            case((compiler.level(Access.METADATA), of.size)).label("size"),
            of.instrument_id,
            of.proposal_id,
            of.techniques,
        )

    def _answers(self, question: Question, *columns: ColumnElement[Any]) -> Select[Any]:
        compiler = self._compiler
        conditions = [self._there, compiler.where(question.where)]
        # Techniques are there or not, whatever else is asked of them: what is only to be shown asks nothing.
        conditions += [compiler.related(each) for each in question.related if each.asks]
        if question.words:
            conditions.append(compiler.found(AnyOf(tuple(Words((word,)) for word in question.words[:_MOST_WORDS]))))
        return select(*columns).select_from(dataset).where(and_(*conditions))

    def _score(self, words: Sequence[str]) -> ColumnElement[Any]:
        """How many of the words are there; one in the title counts in full, one elsewhere for half."""
        few = words[:_MOST_WORDS]
        if not few:
            return literal(NEUTRAL)
        compiler = self._compiler
        title = sum(case((compiler.found(Words((word,), title=True)), 1.0), else_=0.0) for word in few)
        anywhere = sum(case((compiler.found(Words((word,))), 1.0), else_=0.0) for word in few)
        return literal(0.01) + (title + anywhere) * (0.49 / len(few))

    def _order(self, question: Question, score: ColumnElement[Any]) -> list[tuple[ColumnElement[Any], bool]]:
        columns: Mapping[str, ColumnElement[Any]] = dict(
            zip(
                ("pid", "title", "isPublic", "creationDate", "size", "instrumentId", "documentId"),
                self._columns,
                strict=False,
            )
        )
        order = [(columns[name], descends) for name, descends in question.order]
        if question.words and not order:
            order.append((score, True))
        # The last one is unique, so that ties never change places.
        return [*order, (dataset.c.moment, True), (dataset.c.key, True)]

    def _found(self, rows: Sequence[Any]) -> list[Found]:
        dois = self._dois([row.id for row in rows])
        return [
            Found(
                id=row.id,
                doi=dois.get(row.id),
                title=row.title,
                is_public=bool(row.public),
                created_at=row.moment,
                size=row.size,
                instrument_id=row.instrument_id,
                proposal_id=row.proposal_id,
                techniques=tuple(row.techniques.split()),
                score=float(row.score),
            )
            for row in rows
        ]

    def _dois(self, identifiers: Sequence[str]) -> dict[str, str]:
        """The DOI of each dataset that stands for all its versions."""
        query = published().add_columns(publication.c.doi)
        query = query.where(publication.c.subject_id.in_(identifiers), publication.c.version.is_(None))
        return {row.subject_id: row.doi for row in self.connection.execute(query)}
