"""From tree to SQL, for what everybody may know: what an embargoed dataset does not show finds nothing.

A condition on the table of datasets speaks of what each of them shows: the title that is public, a size only where
metadata are, a parameter only where parameters are.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, false, func, literal, not_, null, or_, select, true

from verriere.catalogue.federated.tree import PATTERNS, SAME, And, Leaf, Node, Or, Related, holds
from verriere.catalogue.fold import fold, slug, spaced
from verriere.catalogue.fold import words as words_of
from verriere.catalogue.fulltext import AllOf, AnyOf, FullText, Match, Words
from verriere.catalogue.tables import Instant, dataset, dataset_parameter, publication, shelf, technique
from verriere.catalogue.visibility import levels, visible
from verriere.errors import InputInvalid
from verriere.model import ANONYMOUS, PidKind, PidState
from verriere.policy import Access, AccessRules
from verriere.techniques import panet

Ids = Callable[[Related], Collection[str]]
"""Identifiers of the things that answer a question about them: instruments, documents, samples."""
_MOST_IDS = 5_000
FOLDED = 200


@dataclass(frozen=True, slots=True)
class Compiler:
    """Makes conditions on the table of datasets.

    Parameters
    ----------
    ids
        By relation, for those whose things are asked apart.
    """

    connection: Connection
    rules: AccessRules
    text: FullText
    ids: dict[str, Ids]

    @property
    def dialect(self) -> str:
        """Of the database."""
        return self.connection.dialect.name

    def level(self, at_least: Access) -> ColumnElement[bool]:
        """The datasets that show so much to everybody."""
        return visible(ANONYMOUS, self.rules, at_least=at_least)

    def where(self, node: Node | None) -> ColumnElement[bool]:
        """The condition that a question about datasets stands for."""
        match node:
            case None:
                return true()
            case And(parts):
                return and_(true(), *(self.where(part) for part in parts))
            case Or(parts):
                return or_(false(), *(self.where(part) for part in parts))
            case Leaf():
                return self._leaf(node)

    def related(self, asked: Related) -> ColumnElement[bool]:
        """That there is something related which answers."""
        match asked.relation:
            case "parameters":
                keys = select(dataset_parameter.c.dataset_key).where(_parameter(asked.where, self.dialect))
                return and_(self.level(Access.METADATA), dataset.c.key.in_(keys))
            case "techniques":
                shelves = select(shelf.c.id).where(shelf.c.techniques.in_(self._together(asked.where)))
                return dataset.c.shelf.in_(shelves)
            case "samples":
                return and_(self.level(Access.METADATA), dataset.c.sample_folded != "", self._sample(asked.where))
            case "files":
                return and_(self.level(Access.DATA), dataset.c.files > 0, self._file(asked.where))
            case "instrument":
                return dataset.c.instrument_id.in_(self._known(asked))
            case _:  # document, documents
                return dataset.c.proposal_id.in_(self._known(asked))

    def found(self, match: Match) -> ColumnElement[bool]:
        """The datasets in which words are found, each where it may be searched."""
        return or_(
            false(),
            *(
                and_(level, dataset.c.key.in_(self.text.keys(match, access)))
                for access, level in levels(ANONYMOUS, self.rules).items()
            ),
        )

    def _known(self, asked: Related) -> list[str]:
        found = sorted(self.ids[asked.relation](asked))
        if len(found) > _MOST_IDS:
            raise InputInvalid(f"more than {_MOST_IDS} {asked.relation} answer", hint="ask for fewer of them")
        return found

    def _leaf(self, leaf: Leaf) -> ColumnElement[bool]:  # noqa: PLR0911 - one for each property
        match leaf.name:
            case "pid":
                return self._identifier(leaf)
            case "title":
                return self._title(leaf)
            case "isPublic":
                flag = case((self.level(Access.DATA), 1), else_=0)
                return _numeric(leaf, flag)
            case "size":
                return _numeric(leaf, case((self.level(Access.METADATA), dataset.c.size), else_=null()))
            case "creationDate":
                return _moment(leaf)
            case "documentId":
                return _exact(leaf, dataset.c.proposal_id, self.dialect)
            case _:  # instrumentId
                return _exact(leaf, dataset.c.instrument_id, self.dialect)

    def _identifier(self, leaf: Leaf) -> ColumnElement[bool]:
        negative = leaf.operator in {"neq", "nin"}
        if leaf.operator in {"eq", "neq", "inq", "nin"}:
            wanted = [str(each) for each in _several(leaf)]
            named = or_(
                dataset.c.id.in_(wanted),
                dataset.c.id.in_(published().where(publication.c.doi.in_(map(str.lower, wanted)))),
            )
            return not_(named) if negative else named
        return _exact(leaf, dataset.c.id, self.dialect)

    def _title(self, leaf: Leaf) -> ColumnElement[bool]:
        """A title that is withheld finds nothing: what stands in its place is the identifier."""
        shown = case((self.level(Access.DATA), dataset.c.title), else_=dataset.c.public_title)
        whole = or_(self.level(Access.DATA), dataset.c.title == dataset.c.public_title)
        # The folded title is cut; a longer one is compared as well as the database can.
        folded = case(
            (and_(whole, func.length(dataset.c.title) <= FOLDED), dataset.c.title_order), else_=func.lower(shown)
        )
        return _text(leaf, shown, folded, self.dialect)

    def _together(self, node: Node | None) -> list[str]:
        """The combinations of techniques that answer as a whole, narrower terms counted in."""
        known = {
            row.code: row
            for row in self.connection.execute(select(technique.c.code, technique.c.iri, technique.c.label))
        }
        wanted: dict[Leaf, frozenset[str]] = {}

        def answers(part: Node | None, codes: frozenset[str]) -> bool:
            match part:
                case None:
                    return bool(codes)
                case And(parts):
                    return all(answers(each, codes) for each in parts)
                case Or(parts):
                    return any(answers(each, codes) for each in parts)
                case Leaf():
                    if part not in wanted:
                        wanted[part] = meant(part, known.values())
                    return bool(wanted[part] & codes) != is_negative(part)

        together = self.connection.scalars(select(shelf.c.techniques).distinct()).all()
        return [each for each in together if each and answers(node, frozenset(each.split()))]

    def _sample(self, node: Node | None) -> ColumnElement[bool]:
        match node:
            case None:
                return true()
            case And(parts):
                return and_(true(), *(self._sample(part) for part in parts))
            case Or(parts):
                return or_(false(), *(self._sample(part) for part in parts))
            case Leaf(name="name"):
                return _words(node, dataset.c.sample_folded)
            case Leaf(name="pid"):
                return _exact(node, func.coalesce(dataset.c.sample_id, ""), self.dialect)
            case Leaf():
                return func.coalesce(dataset.c.sample_id, "").in_(self._known(Related("samples", node)))

    def _file(self, node: Node | None) -> ColumnElement[bool]:
        """At least the datasets whose files answer: by their words. Who asks looks at the files themselves."""
        match node:
            case And(parts):
                return and_(true(), *(self._file(part) for part in parts))
            case Or(parts):
                return or_(false(), *(self._file(part) for part in parts))
            case Leaf(name="name" | "path", operator="eq" | "like" | "ilike", operand=str(text)) if words_of(text):
                inner = words_of(text.replace("%", " "))
                return self.found(AllOf(tuple(Words((word,), prefix=True) for word in inner))) if inner else true()
            case Leaf(name="name" | "path", operator="inq", operand=tuple(texts)):
                each = [AllOf(tuple(Words((word,)) for word in words_of(str(text)))) for text in texts]
                return (
                    self.found(AnyOf(tuple(one for one in each if one.parts)))
                    if all(one.parts for one in each) and each
                    else true()
                )
            case _:
                return true()


def published() -> Any:
    """Identifiers of the datasets that have a DOI which the world may know."""
    return select(publication.c.subject_id).where(
        publication.c.kind == PidKind.DATASET.value, publication.c.wanted == PidState.FINDABLE.value
    )


def meant(leaf: Leaf, known: Iterable[Any]) -> frozenset[str]:
    """The codes of the techniques that a condition means, and of what is a kind of them."""
    operators = {"eq", "neq", "inq", "nin"}
    found: set[str] = set()
    if leaf.operator in operators:
        for value in map(str, _several(leaf)):
            iris = panet.by_name(value) if leaf.name == "name" else ((term.iri,) if (term := panet.term(value)) else ())
            found |= {iri.removeprefix(panet.PREFIX) for each in iris for iri in panet.narrower(each)}
            found |= {row.code for row in known if fold(value) in {fold(row.label), fold(row.iri)}}
        return frozenset(found)
    positive = Leaf(leaf.name, {"nlike": "like", "nilike": "ilike"}.get(leaf.operator, leaf.operator), leaf.operand)
    return frozenset(row.code for row in known if holds(positive, row.label if leaf.name == "name" else row.iri))


def is_negative(leaf: Leaf) -> bool:
    """Whether a condition says what must not be."""
    return leaf.operator in {"neq", "nin", "nlike", "nilike"}


def _several(leaf: Leaf) -> tuple[Any, ...]:
    return leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,)


def _parameter(node: Node | None, dialect: str) -> ColumnElement[bool]:  # noqa: PLR0911 - one for each kind of node
    columns = dataset_parameter.c
    match node:
        case None:
            return true()
        case And(parts):
            return and_(true(), *(_parameter(part, dialect) for part in parts))
        case Or(parts):
            return or_(false(), *(_parameter(part, dialect) for part in parts))
        case Leaf(name="name"):
            return _exact(Leaf("name", node.operator, _slugs(node.operand)), columns.name, dialect)
        case Leaf(name="unit"):
            return _exact(node, columns.unit, dialect)
        case Leaf(name="value"):
            texts = [each for each in _several(node) if isinstance(each, str)]
            if texts:
                return and_(columns.minimum.is_(None), _words(node, columns.folded))
            return _range(node)
        case Leaf():
            return false()


def _slugs(operand: Any) -> Any:
    if isinstance(operand, tuple):
        return tuple(slug(str(each)) for each in operand)
    return "%".join(slug(part) for part in str(operand).split("%"))


def _range(leaf: Leaf) -> ColumnElement[bool]:  # noqa: PLR0911 - one for each operator
    """A series answers when some of its values may."""
    low, high = dataset_parameter.c.minimum, dataset_parameter.c.maximum
    there = low.is_not(None)
    match leaf.operator:
        case "eq" | "neq" | "inq" | "nin":
            hits = [
                and_(low <= value + abs(value) * SAME, high >= value - abs(value) * SAME) for value in _several(leaf)
            ]
            near = or_(false(), *hits)
            return and_(there, not_(near) if is_negative(leaf) else near)
        case "between":
            first, last = sorted(_several(leaf))
            return and_(there, low <= last, high >= first)
        case "lt":
            return and_(there, low < leaf.operand)
        case "lte":
            return and_(there, low <= leaf.operand)
        case "gt":
            return and_(there, high > leaf.operand)
        case "gte":
            return and_(there, high >= leaf.operand)
        case _:
            return false()


def _numeric(leaf: Leaf, column: ColumnElement[Any]) -> ColumnElement[bool]:
    values = tuple(int(each) if isinstance(each, bool) else each for each in _several(leaf))
    return _compared(leaf, column, values)


def _moment(leaf: Leaf) -> ColumnElement[bool]:
    values = tuple(literal(each, Instant) if isinstance(each, datetime) else each for each in _several(leaf))
    return _compared(leaf, dataset.c.moment, values)


def _compared(leaf: Leaf, column: ColumnElement[Any], values: tuple[Any, ...]) -> ColumnElement[bool]:
    """A comparison that is false, and not NULL, where there is no value; and true where that must not be the one."""
    some = [each for each in values if each is not None]
    with_none = len(some) < len(values)
    match leaf.operator:
        case "eq" | "inq" | "neq" | "nin":
            hit = or_(column.in_(some), column.is_(None)) if with_none else and_(column.is_not(None), column.in_(some))
            return not_(hit) if is_negative(leaf) else hit
        case "between" if len(some) == 2:
            return and_(column.is_not(None), column >= some[0], column <= some[1])
        case "lt" | "lte" | "gt" | "gte" if len(some) == 1:
            sides = {"lt": column < some[0], "lte": column <= some[0], "gt": column > some[0], "gte": column >= some[0]}
            return and_(column.is_not(None), sides[leaf.operator])
        case _:
            return false()


def _exact(leaf: Leaf, column: ColumnElement[Any], dialect: str) -> ColumnElement[bool]:
    """Identifiers: as written."""
    if leaf.operator in PATTERNS:
        return _text(leaf, column, func.lower(column), dialect)
    return _compared(leaf, column, _several(leaf))


def _text(leaf: Leaf, column: ColumnElement[Any], folded: ColumnElement[Any], dialect: str) -> ColumnElement[bool]:
    if leaf.operator in PATTERNS:
        exact, negative = PATTERNS[leaf.operator]
        said = str(leaf.operand)
        hit = _like(column, said, dialect) if exact else folded.like(_pattern(fold(said)), escape="\\")
        hit = and_(column.is_not(None), hit)
        return not_(hit) if negative else hit
    values = tuple(None if each is None else fold(str(each)) for each in _several(leaf))
    return _compared(leaf, folded, values)


def _like(column: ColumnElement[Any], said: str, dialect: str) -> ColumnElement[bool]:
    """With regard to case, which SQLite's LIKE has not."""
    if dialect != "sqlite":
        return column.like(_pattern(said), escape="\\")
    signs = {"%": "*", "_": "?", "*": "[*]", "?": "[?]", "[": "[[]"}
    glob = "".join(signs.get(sign, sign) for sign in said.strip("%"))
    return column.op("GLOB", is_comparison=True)(f"*{glob}*")


def _pattern(said: str) -> str:
    escaped = said.strip("%").replace("\\", "\\\\")
    return f"%{escaped}%"


def _words(leaf: Leaf, column: ColumnElement[Any]) -> ColumnElement[bool]:
    """On a text that was cut into words: with a space before and after each."""
    if leaf.operator in PATTERNS:
        _, negative = PATTERNS[leaf.operator]
        parts = [" ".join(words_of(part)) for part in str(leaf.operand).split("%")]
        hit = column.like("%" + "%".join(part for part in parts if part) + "%")
        return not_(hit) if negative else hit
    return _compared(leaf, column, tuple(spaced(str(each)) for each in _several(leaf)))
