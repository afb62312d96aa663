"""From tree to SQL, for one level of access.

The same query asks different things of different datasets: of an embargoed one that shows only its citation, a
parameter or a sample's name finds nothing, just as if it had none. So a tree is compiled once for each level that the
viewer has anywhere, and `sees_through` says for which trees that makes no difference.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from sqlalchemy import Column, ColumnElement, and_, false, not_, or_, select, true

from verriere.catalogue.fulltext import AllOf, AnyOf, FullText, Match, Words
from verriere.catalogue.place import OF_DATASET, Place
from verriere.catalogue.query.fields import HAS, PHYSICAL
from verriere.catalogue.query.tree import (
    And,
    Comparison,
    Exact,
    Leaf,
    Moment,
    Node,
    Not,
    Number,
    Or,
    Range,
    Text,
    Years,
)
from verriere.catalogue.query.units import in_base
from verriere.catalogue.tables import dataset, dataset_parameter, person_name, shelf
from verriere.policy import Access

_NEAR = 1e-3
"""Two numbers are the same when they differ by less than a thousandth: 12.0002 keV is 12 keV."""


@dataclass(frozen=True, slots=True)
class Names:
    """What the names of a query stand for; asked before the search, of small tables.

    Parameters
    ----------
    instruments
        Folded names of the instruments that a text means, each as shelves have it.
    techniques
        The sets of techniques, as shelves have them, in which there is one that a text means, or a narrower one.
    """

    instruments: Callable[[Text], Collection[str]]
    techniques: Callable[[Text], Collection[str]]


@dataclass(frozen=True, slots=True)
class Compiler:
    """Makes conditions for viewers with one level of access, on ``place`` and, for the rest, the table of datasets."""

    access: Access
    text: FullText
    names: Names
    zone: tzinfo
    place: Place = OF_DATASET

    def condition(self, node: Node) -> ColumnElement[bool]:
        """The condition that ``node`` stands for."""
        if node == EVERYTHING:
            return true()
        if is_of_shelves(node):
            return self.place.shelf.in_(select(shelf.c.id).where(self.of_shelves(node)))
        match node:
            case And(parts):
                # What shelves can tell is asked of them together.
                told = And(tuple(part for part in parts if is_of_shelves(part)))
                return and_(self.condition(told), *(self.condition(part) for part in parts if not is_of_shelves(part)))
            case Or(parts):
                return or_(false(), *(self.condition(part) for part in parts))
            case Not(part):
                return not_(self.condition(part))
            case _:
                return self._leaf(node)

    def of_shelves(self, node: Node) -> ColumnElement[bool]:  # noqa: PLR0911 - one for each kind of node
        """The condition on the table of shelves that a node stands for of which `is_of_shelves` holds."""
        match node:
            case And(parts):
                return and_(true(), *map(self.of_shelves, parts))
            case Or(parts):
                return or_(false(), *map(self.of_shelves, parts))
            case Not(part):
                return not_(self.of_shelves(part))
            case Text(field="beamline"):
                return shelf.c.instrument_folded.in_(sorted(self.names.instruments(node)))
            case Text():
                return shelf.c.techniques.in_(sorted(self.names.techniques(node)))
            case Years(first, last):
                return and_(shelf.c.year.is_not(None), shelf.c.year.between(first, last))
            case Exact("status", value):
                return shelf.c.state == value
            case _:
                return shelf.c.techniques != ""

    def _leaf(self, leaf: Leaf) -> ColumnElement[bool]:  # noqa: PLR0911 - one condition for each kind of leaf
        match leaf:
            case Text(field=""):
                return self._found(Words(leaf.words, leaf.prefix))
            case Text(field="title"):
                return self._found(Words(leaf.words, leaf.prefix, title=True))
            case Text(field="person"):
                visits = select(person_name.c.visit_id).where(person_name.c.folded.like(_like(leaf)))
                return and_(self.place.visit_id.is_not(None), self.place.visit_id.in_(visits))
            case Moment(field, day):
                # A day from either end of the calendar, where no zone leads past it.
                within = min(max(day, date.min + timedelta(days=1)), date.max - timedelta(days=1))
                moment = datetime.combine(within, time(), self.zone)
                return self.place.moment >= moment if field == "after" else self.place.moment < moment
            case Exact("visit", value):
                return and_(self.place.visit_id.is_not(None), self.place.visit_id == value)
            case Exact("id", value):
                return dataset.c.id == value
            case Exact("proposal", value):
                return and_(dataset.c.proposal_id.is_not(None), dataset.c.proposal_id == value)
            case Exact(field, value):
                return self._has(value)
            case Text() | Number() | Range():
                return self._hidden(leaf)
            case Years():
                return self.condition(leaf)

    def _hidden(self, leaf: Text | Number | Range) -> ColumnElement[bool]:
        """A sample or a parameter: nothing where only the citation is shown."""
        if self.access < Access.METADATA:
            return false()
        if isinstance(leaf, Text):
            anywhere = self._found(Words(leaf.words, leaf.prefix))
            if leaf.field == "sample":
                return and_(dataset.c.sample_folded.like(_like(leaf)), anywhere)
            named = dataset_parameter.c.folded.like(_like(leaf))
            return and_(self._parameter(leaf.field, named), anywhere)
        if leaf.field in {"energy", "wavelength"}:
            return _overlaps(leaf, dataset.c[f"{leaf.field}_low"], dataset.c[f"{leaf.field}_high"])
        return self._parameter(leaf.field, _measured(leaf))

    def _parameter(self, name: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
        keys = select(dataset_parameter.c.dataset_key).where(dataset_parameter.c.name == name, condition)
        return self.place.key.in_(keys)

    def _has(self, what: str) -> ColumnElement[bool]:
        column = dataset.c[HAS[what]]
        if self.access < Access.METADATA:
            return false()
        if what == "plot":
            return column.is_(True) if self.access >= Access.DATA else false()
        return column != ("" if what == "sample" else 0)

    def _found(self, match: Match) -> ColumnElement[bool]:
        return self.place.key.in_(self.text.keys(match, self.access))


def split(node: Node) -> tuple[Match | None, Node]:
    """The words that every hit must hold, and the rest: what the full-text index drives, and what then filters."""
    parts = node.parts if isinstance(node, And) else (node,)
    found = [(part, _match(part)) for part in parts]
    texts = [match for _, match in found if match is not None]
    rest = tuple(part for part, match in found if match is None)
    if not texts:
        return None, node
    return (texts[0] if len(texts) == 1 else AllOf(tuple(texts))), And(rest)


EVERYTHING = And(())
"""What every dataset answers."""


def is_of_shelves(node: Node) -> bool:
    """Whether a query asks only what the shelf tells that a dataset stands on."""
    return _asks_only(node, _is_of_shelves)


def is_of_places(node: Node) -> bool:
    """Whether a query asks only what `verriere.catalogue.place.Place` and shelves tell, of everyone the same."""
    return _asks_only(node, lambda leaf: _is_of_shelves(leaf) or _is_of_places(leaf))


def sees_through(node: Node) -> bool:
    """Whether a query asks the same of every dataset, whatever the viewer may see of it."""
    return _asks_only(
        node,
        lambda leaf: _is_of_shelves(leaf) or _is_of_places(leaf) or (isinstance(leaf, Exact) and leaf.field != "has"),
    )


def _asks_only(node: Node, asked: Callable[[Leaf], bool]) -> bool:
    match node:
        case And(parts) | Or(parts):
            return all(_asks_only(part, asked) for part in parts)
        case Not(part):
            return _asks_only(part, asked)
        case _:
            return asked(node)


def _is_of_shelves(leaf: Leaf) -> bool:
    match leaf:
        case Text(field=field):
            return field in {"beamline", "technique"}
        case Exact(field, value):
            return field == "status" or (field == "has" and value == "technique")
        case _:
            return isinstance(leaf, Years)


def _is_of_places(leaf: Leaf) -> bool:
    match leaf:
        case Text(field=field):
            return field == "person"
        case Exact(field, _):
            return field == "visit"
        case _:
            return isinstance(leaf, Moment)


def _match(node: Node) -> Match | None:
    """A subtree of words alone, as one question to the full-text index."""
    match node:
        case Text(words, prefix, field) if field in {"", "title"}:
            return Words(words, prefix, title=field == "title")
        case And(parts) | Or(parts) if parts:
            inner = [_match(part) for part in parts]
            found = tuple(each for each in inner if each is not None)
            if len(found) < len(inner):
                return None
            return AllOf(found) if isinstance(node, And) else AnyOf(found)
        case _:
            return None


def _like(leaf: Text) -> str:
    """Whole words in a row inside a text that `verriere.catalogue.fold.spaced` made; words hold no wildcard."""
    return f"% {' '.join(leaf.words)}{'' if leaf.prefix else ' '}%"


def _measured(leaf: Number | Range) -> ColumnElement[bool]:
    columns = dataset_parameter.c
    unit = _bounds(leaf)[2]
    overlaps = _overlaps(leaf, columns.minimum, columns.maximum)
    return and_(columns.unit == unit, overlaps) if unit else overlaps


def _overlaps(leaf: Number | Range, least: Column[float], most: Column[float]) -> ColumnElement[bool]:
    """A series matches when some of its values may: its range and the one asked for overlap."""
    low, high, _ = _bounds(leaf)
    # Never NULL, which would be lost both here and where the condition is negated.
    conditions: list[ColumnElement[bool]] = [least.is_not(None)]
    if low is not None:
        conditions.append(most > low[0] if low[1] else most >= low[0])
    if high is not None:
        conditions.append(least < high[0] if high[1] else least <= high[0])
    return and_(*conditions)


_Bound = tuple[float, bool] | None
"""A value, and whether it is itself left out."""


def _bounds(leaf: Number | Range) -> tuple[_Bound, _Bound, str]:
    unit = leaf.unit or PHYSICAL.get(leaf.field, "")
    if isinstance(leaf, Range):
        (first, base), (last, _) = (in_base(value, unit, leaf.field) for value in (leaf.low, leaf.high))
        return (min(first, last), False), (max(first, last), False), base
    value, base = in_base(leaf.value, unit, leaf.field)
    match leaf.comparison:
        case Comparison.EQUAL:
            near = abs(value) * _NEAR
            return (value - near, False), (value + near, False), base
        case Comparison.LESS:
            return None, (value, True), base
        case Comparison.AT_MOST:
            return None, (value, False), base
        case Comparison.GREATER:
            return (value, True), None, base
        case Comparison.AT_LEAST:
            return (value, False), None, base
