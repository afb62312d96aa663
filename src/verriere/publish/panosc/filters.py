"""LoopBack's filters, read into questions: bounded, so that no filter takes long or much, whatever it says."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from verriere.catalogue.federated import And, Leaf, Node, Or, Related
from verriere.catalogue.federated.tree import PATTERNS, Value
from verriere.catalogue.fold import slug, words
from verriere.nexus import times, units
from verriere.publish.panosc.errors import invalid
from verriere.publish.panosc.model import MODELS, Kind, Model
from verriere.publish.panosc.names import ours

LONGEST = 20_000
"""Characters of a filter."""
DEEPEST = 12
MOST_CONDITIONS = 200
MOST_VALUES = 500
LONGEST_TEXT = 300
MOST_WILDCARDS = 6
DEFAULT_LIMIT = 100
LARGEST_LIMIT = 1_000
FURTHEST = 1_000_000

_OPERATORS = frozenset({"eq", "neq", "lt", "lte", "gt", "gte", "between", "inq", "nin", *PATTERNS})


@dataclass(frozen=True, slots=True)
class Include:
    """What is to come along, and which of it.

    Parameters
    ----------
    units, names
        In which unit, and under which name, parameters were asked for: they are told in these.
    """

    relation: str
    filter: "Filter"
    units: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    @property
    def related(self) -> Related:
        """What it asks of the thing that it comes along with."""
        return Related(self.relation, self.filter.where, tuple(each.related for each in self.filter.include))


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter, read.

    Parameters
    ----------
    fields
        Names of properties to show; None for all.
    words
        Of ``query``, folded.
    """

    where: Node | None = None
    include: tuple[Include, ...] = ()
    fields: frozenset[str] | None = None
    order: tuple[tuple[str, bool], ...] = ()
    skip: int = 0
    limit: int = DEFAULT_LIMIT
    words: tuple[str, ...] = ()


def read_filter(name: str, pairs: Sequence[tuple[str, str]]) -> Filter:
    """The filter of a request for things of a model: ``filter={...}`` or ``filter[where][title]=...``.

    Raises
    ------
    ApiError
        It cannot be read, or asks for too much.
    """
    return _Reader().filter(name, _document("filter", pairs))


def read_where(name: str, pairs: Sequence[tuple[str, str]]) -> Node | None:
    """The conditions of a request to count; raises as `read_filter` does."""
    return _Reader().where(MODELS[name], _document("where", pairs))


def _document(parameter: str, pairs: Sequence[tuple[str, str]]) -> Any:
    """What a query says, as one JSON value; None where it says nothing."""
    if sum(len(name) + len(value) for name, value in pairs) > LONGEST:
        raise invalid(f"a filter has {LONGEST} characters at most")
    texts = [value for name, value in pairs if name == parameter and value.strip()]
    if len(texts) > 1:
        raise invalid(f"{parameter} is given {len(texts)} times")
    if texts:
        try:
            return json.loads(texts[0], parse_constant=_refuse, parse_int=_whole)
        except (ValueError, RecursionError) as error:
            raise invalid(f"{parameter} is no JSON") from error
    return _bracketed(parameter, pairs)


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 16 else float(digits)


def _bracketed(parameter: str, pairs: Sequence[tuple[str, str]]) -> Any:
    """``where[size][gt]=5`` as ``{"size": {"gt": "5"}}``; names that count from 0 make a list."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if not name.startswith(f"{parameter}[") or not name.endswith("]"):
            continue
        path = name[len(parameter) + 1 : -1].split("][")
        if len(path) > 2 * DEEPEST:
            raise invalid(f"{parameter} goes too deep")
        place = found
        for step in path[:-1]:
            place = place.setdefault(step, {})
            if not isinstance(place, dict):
                raise invalid(f"{parameter} says two things at {step[:60]!r}")
        place[path[-1]] = value
    return _listed(found) or None


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {name: _listed(part) for name, part in value.items()}
    if inner and list(inner) == [str(number) for number in range(len(inner))]:
        return list(inner.values())
    return inner


class _Reader:
    """Reads one filter, and counts what is in it."""

    def __init__(self) -> None:
        self._conditions = 0

    def filter(self, name: str, document: Any, depth: int = 0) -> Filter:
        """A filter of a model."""
        if document is None:
            return Filter()
        if not isinstance(document, dict):
            raise invalid("a filter is a JSON object")
        if depth > DEEPEST:
            raise invalid("the filter goes too deep")
        model = MODELS[name]
        return Filter(
            where=self.where(model, document.get("where"), name=name),
            include=tuple(self._include(name, document.get("include"), depth)),
            fields=_fields(model, document.get("fields")),
            order=tuple(_order(model, document.get("order"))),
            skip=_number("skip", document.get("skip", document.get("offset")), 0, FURTHEST),
            limit=_number("limit", document.get("limit"), LARGEST_LIMIT if depth else DEFAULT_LIMIT, LARGEST_LIMIT)
            or LARGEST_LIMIT,
            words=_words(document.get("query")),
        )

    def where(self, model: Model, document: Any, *, name: str = "") -> Node | None:
        """Conditions on a model."""
        if document is None or document == {}:
            return None
        node = self._node(model, document, 0)
        return _in_base(node) if name == "Parameter" else node

    def _include(self, name: str, document: Any, depth: int) -> Iterator[Include]:
        for relation, scope in _relations(document):
            known = MODELS[name].relations.get(relation)
            if known is None:
                raise invalid(f'Relation "{relation[:60]}" is not defined for {name} model')
            self._count()
            read = self.filter(known.model, scope, depth + 1)
            said = (scope or {}).get("where") if known.model == "Parameter" else None
            yield Include(relation, read, tuple(_said(said, "unit")), tuple(_said(said, "name")))

    def _node(self, model: Model, document: Any, depth: int) -> Node:
        if not isinstance(document, dict):
            raise invalid("where is a JSON object")
        if depth > DEEPEST:
            raise invalid("where goes too deep")
        parts: list[Node] = []
        for key, value in document.items():
            if key in {"and", "or"}:
                if not isinstance(value, list):
                    raise invalid(f"{key} takes a list")
                inner = tuple(self._node(model, each, depth + 1) for each in value)
                parts.append(And(inner) if key == "and" else Or(inner))
            elif key == "text":
                parts.append(self._text(model, value))
            else:
                parts += self._leaves(model, key, value)
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _text(self, model: Model, value: Any) -> Node:
        if not model.texts:
            raise invalid("text is not defined for this model")
        leaves = tuple(leaf for name in model.texts for leaf in self._leaves(model, name, {"ilike": value}))
        return leaves[0] if len(leaves) == 1 else Or(leaves)

    def _leaves(self, model: Model, name: str, value: Any) -> Iterator[Leaf]:
        kind = model.properties.get(name)
        if kind is None:
            raise invalid(f"there is no property {name[:60]!r} here; there are {', '.join(model.properties)} and text")
        conditions = value.items() if isinstance(value, dict) else [("eq", value)]
        for operator, operand in conditions:
            self._count()
            if operator == "options":  # of a regular expression; the pattern's own case rules hold
                continue
            if operator not in _OPERATORS:
                raise invalid(f"{operator[:60]!r} is no operator here; those are {', '.join(sorted(_OPERATORS))}")
            yield Leaf(name, operator, _operand(kind, name, operator, operand))

    def _count(self) -> None:
        self._conditions += 1
        if self._conditions > MOST_CONDITIONS:
            raise invalid(f"a filter has {MOST_CONDITIONS} conditions at most")


def _operand(kind: Kind, name: str, operator: str, operand: Any) -> Any:
    if operator in PATTERNS:
        return _pattern(kind, name, operand)
    if operator in {"between", "inq", "nin"}:
        if not isinstance(operand, list) or len(operand) > MOST_VALUES or (operator == "between" and len(operand) != 2):
            raise invalid(f"{operator} takes a list: of two values for between, of {MOST_VALUES} at most")
        values = tuple(_value(kind, name, each) for each in operand)
        if operator == "between" and len({type(each) for each in values}) > 1:
            raise invalid(f"between takes two values of one kind: {name}")
        return values
    if isinstance(operand, list):
        raise invalid(f"{operator} takes one value: {name}")
    return _value(kind, name, operand)


def _pattern(kind: Kind, name: str, operand: Any) -> str:
    if not isinstance(operand, str) or kind in {Kind.NUMBER, Kind.DATE, Kind.FLAG}:
        raise invalid(f"only texts are compared with a pattern: {name}")
    _require_text(operand)
    if operand.count("%") + operand.count("_") > MOST_WILDCARDS and kind is not Kind.NAME:
        raise invalid(f"a pattern has {MOST_WILDCARDS} wildcards at most")
    if kind in {Kind.WORDS, Kind.MEASURED}:
        return "%".join(" ".join(words(part)) for part in operand.split("%"))
    return "%".join(slug(part) for part in operand.split("%")) if kind is Kind.NAME else operand


def _value(kind: Kind, name: str, value: Any) -> Value:
    if value is None:
        return None
    try:
        return _READERS[kind](value)
    except (TypeError, ValueError, OverflowError) as error:
        raise invalid(f"{name} has no such values: {str(value)[:60]!r}") from error


def _flag(value: Any) -> bool:
    if value in (True, False):
        return bool(value)
    return {"true": True, "false": False}[value] if value in {"true", "false"} else _no(value)


def _finite(value: Any) -> float:
    number = float(value)
    return number if math.isfinite(number) and not isinstance(value, bool) else _no(value)


def _date(value: Any) -> datetime:
    moment = times.parse(value[:LONGEST_TEXT]) if isinstance(value, str) else None
    if moment is None:
        return _no(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _plain(value: Any) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return _no(value)
    _require_text(str(value))
    return str(value)


def _by_words(value: Any) -> str:
    return " ".join(words(_plain(value)))


def _measured(value: Any) -> float | str:
    return _by_words(value) if isinstance(value, str) else _finite(value)


def _no(value: Any) -> NoReturn:
    raise ValueError(value)


_READERS: Mapping[Kind, Callable[[Any], Value]] = {
    Kind.TEXT: _plain,
    Kind.UNIT: _plain,
    Kind.WORDS: _by_words,
    Kind.NAME: lambda value: ours(slug(_plain(value))),
    Kind.MEASURED: _measured,
    Kind.NUMBER: _finite,
    Kind.DATE: _date,
    Kind.FLAG: _flag,
}


def _require_text(text: str) -> None:
    if len(text) > LONGEST_TEXT or "\0" in text or any("\ud800" <= sign <= "\udfff" for sign in text):
        raise invalid(f"a text has {LONGEST_TEXT} characters at most, and none that cannot be written")


def _in_base(node: Node | None, unit: str = "") -> Node | None:
    """Numbers in base units, as the unit beside them says.

    Without a unit a number is meant in the base unit: that is how a parameter is told that was asked for without one.
    """
    match node:
        case And(parts):
            beside = next(
                (p.operand for p in parts if isinstance(p, Leaf) and (p.name, p.operator) == ("unit", "eq")), unit
            )
            return And(tuple(part for each in parts if (part := _in_base(each, str(beside or ""))) is not None))
        case Or(parts):
            return Or(tuple(part for each in parts if (part := _in_base(each, unit)) is not None))
        case Leaf(name="unit", operand=tuple(texts)):
            return Leaf("unit", node.operator, tuple(_base_unit(str(text)) for text in texts))
        case Leaf(name="unit", operator="eq" | "neq", operand=str(text)):
            return Leaf("unit", node.operator, _base_unit(text))
        case Leaf(name="value", operand=operand) if unit:
            several = operand if isinstance(operand, tuple) else (operand,)
            values = tuple(_converted(each, unit) for each in several)
            return Leaf("value", node.operator, values if isinstance(operand, tuple) else values[0])
        case _:
            return node


def _base_unit(text: str) -> str:
    found = units.find(text)
    return text if found is None else found.base or ""


def _converted(value: Value, unit: str) -> Value:
    if not isinstance(value, float):
        return value
    base = units.base(value, value, unit)
    return value if base is None else base.minimum


def _said(where: Any, name: str) -> Iterator[str]:
    """What conditions say of ``unit`` or ``name``, wherever they do; they have been read before."""
    if isinstance(where, dict):
        for key, value in where.items():
            if key == name:
                values = value if not isinstance(value, dict) else next(iter(value.values()), "")
                yield from (
                    each for each in (values if isinstance(values, list) else [values]) if isinstance(each, str)
                )
            else:
                yield from _said(value, name)
    elif isinstance(where, list):
        for each in where:
            yield from _said(each, name)


def _relations(document: Any) -> Iterator[tuple[str, Any]]:
    """The relations that an include names, in each of LoopBack's ways to say it."""
    match document:
        case None:
            return
        case str():
            yield document, None
        case {"relation": str(relation)}:
            yield relation, document.get("scope")
        case dict():
            yield from ((relation, {"include": inner} if inner else None) for relation, inner in document.items())
        case list():
            for each in document:
                if isinstance(each, list):
                    raise invalid("include takes names and objects")
                yield from _relations(each)
        case _:
            raise invalid("include takes a name, an object, or a list of them")


def _fields(model: Model, document: Any) -> frozenset[str] | None:
    known = frozenset(model.properties)
    if document is None or document == {}:
        return None
    if isinstance(document, str):
        document = [document]
    if isinstance(document, dict):
        shown = {name for name, flag in document.items() if flag in (True, "true")}
        return frozenset(shown) & known if shown else known - document.keys()
    if not isinstance(document, list) or not all(isinstance(each, str) for each in document):
        raise invalid("fields takes names, or an object of names with true or false")
    return frozenset(document) & known


def _order(model: Model, document: Any) -> Iterator[tuple[str, bool]]:
    orders = [document] if isinstance(document, str) else document or []
    if not isinstance(orders, list) or len(orders) > len(model.properties):
        raise invalid("order takes a property with ASC or DESC, or a list of them")
    for each in orders:
        name, _, direction = str(each).strip().partition(" ")
        if name not in model.properties or direction.strip().upper() not in {"", "ASC", "DESC"}:
            raise invalid(f"things cannot be put in the order {str(each)[:60]!r}")
        yield name, direction.strip().upper() == "DESC"


def _number(name: str, value: Any, otherwise: int, most: int) -> int:
    if value is None:
        return otherwise
    text = str(value)
    if isinstance(value, bool) or not text.isdecimal() or not text.isascii() or len(text) > 9 or int(text) > FURTHEST:
        raise invalid(f"{name} is a whole number from 0 on")
    return min(int(text), most)


def _words(query: Any) -> tuple[str, ...]:
    if query is None:
        return ()
    if not isinstance(query, str):
        raise invalid("query is a text")
    return tuple(dict.fromkeys(words(query[:LONGEST_TEXT])))
