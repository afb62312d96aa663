"""A query as a tree, its normal form, and the text of a tree."""

import dataclasses
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Comparison(StrEnum):
    """How a number is compared."""

    EQUAL = "="
    LESS = "<"
    AT_MOST = "<="
    GREATER = ">"
    AT_LEAST = ">="


@dataclass(frozen=True, slots=True)
class Text:
    """Words in a row, folded; the last may be the beginning of a word. ``field``: where, empty for anywhere."""

    words: tuple[str, ...]
    prefix: bool = False
    field: str = ""
    position: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Exact:
    """A field whose value is one of a list or an identifier, as written."""

    field: str
    value: str
    position: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Number:
    """A parameter against a number; an empty unit is the field's usual one."""

    field: str
    comparison: Comparison
    value: float
    unit: str = ""
    position: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Range:
    """A parameter between two numbers, both included."""

    field: str
    low: float
    high: float
    unit: str = ""
    position: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Moment:
    """``after`` (from the beginning of that year, month or day on) or ``before`` it."""

    field: str
    day: date
    position: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Years:
    """Years from ``first`` to ``last``, both included."""

    first: int
    last: int
    position: int = dataclasses.field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """What does not match."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class And:
    """What matches every part; everything where there is none."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """What matches some part."""

    parts: tuple["Node", ...]


Leaf = Text | Exact | Number | Range | Moment | Years
Node = Leaf | Not | And | Or


def normal(node: Node) -> Node:
    """The one form of all ways to write the same: flat, without repetition, in the order of the text."""
    match node:
        case Not(part):
            inner = normal(part)
            return inner.part if isinstance(inner, Not) else Not(inner)
        case And(parts) | Or(parts):
            kind = type(node)
            flat: dict[str, Node] = {}
            for part in map(normal, parts):
                for each in part.parts if isinstance(part, kind) else (part,):
                    flat[write(each)] = each
            ordered = tuple(flat[text] for text in sorted(flat))
            return ordered[0] if len(ordered) == 1 else kind(ordered)
        case _:
            return node


def write(node: Node) -> str:  # noqa: PLR0911 - one form for each kind of node
    """Text that parses to ``node`` again."""
    match node:
        case And(parts):
            return " ".join(f"({write(part)})" if isinstance(part, And | Or) else write(part) for part in parts)
        case Or(parts):
            return " or ".join(f"({write(part)})" if isinstance(part, And | Or) else write(part) for part in parts)
        case Not(part):
            return f"-({write(part)})" if isinstance(part, And | Or | Not) else f"-{write(part)}"
        case Text(words, prefix, name):
            quoted = f'"{" ".join(words)}"' if len(words) > 1 or words[0] == "or" else words[0]
            return (f"{name}:" if name else "") + quoted + ("*" if prefix else "")
        case Exact(name, value):
            return f"{name}:{quote(value)}"
        case Number(name, comparison, value, unit):
            return f"{name}:{'' if comparison is Comparison.EQUAL else comparison.value}{_measured(value, unit)}"
        case Range(name, low, high, unit):
            high_text = _measured(high, unit)
            if high_text.startswith('"'):
                return f'{name}:"{_plain(low)}..{high_text[1:]}'
            return f"{name}:{_plain(low)}..{high_text}"
        case Moment(name, day):
            return f"{name}:{day.isoformat()}"
        case Years(first, last):
            return f"year:{first}" if first == last else f"year:{first}..{last}"


def quote(value: str) -> str:
    """A value as it is written in a query: in quotes where it would not be one word."""
    if value and not any(c.isspace() or c in '"()*:' for c in value):
        return value
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _plain(value: float) -> str:
    return repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _measured(value: float, unit: str) -> str:
    number = _plain(value)
    if not unit or (not unit[0].isdigit() and unit[0] not in ".+-" and quote(unit) == unit):
        return number + unit
    return quote(f"{number} {unit}")
