"""A question, as a tree; and whether a thing at hand is an answer to it.

Texts are compared as people read them, without case and accents, except by ``like``.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from verriere.catalogue.fold import fold

Value = str | float | bool | datetime | None
Operand = Value | tuple[Value, ...]

SAME = 1e-6
"""Two numbers are the same when they differ by less, relatively: one of them was converted."""


@dataclass(frozen=True, slots=True)
class And:
    """All of the parts; of no part: everything."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some of the parts."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Leaf:
    """A condition on one property.

    Parameters
    ----------
    operator
        ``eq``, ``neq``, ``lt``, ``lte``, ``gt``, ``gte``, ``between``, ``inq``, ``nin``, or one of `PATTERNS`.
    operand
        Of the property's type; several for ``between``, ``inq`` and ``nin``.
    """

    name: str
    operator: str
    operand: Operand


Node = And | Or | Leaf


@dataclass(frozen=True, slots=True)
class Related:
    """That there is something related that answers a question; for techniques, that all of them together do."""

    relation: str
    where: Node | None = None
    related: tuple["Related", ...] = ()

    @property
    def asks(self) -> bool:
        """Whether it leaves anything out: what is only to be shown does not."""
        return self.where is not None or any(each.asks for each in self.related)


PATTERNS = {
    "like": (True, False),
    "nlike": (True, True),
    "ilike": (False, False),
    "nilike": (False, True),
}
"""Operators with a pattern: whether case matters, and whether it must not be there. No regular expressions: somebody
would send one that never ends."""


def matches(node: Node | None, value_of: Callable[[str], Operand]) -> bool:
    """Whether a thing is an answer.

    Parameters
    ----------
    value_of
        The thing's properties.
    """
    match node:
        case None:
            return True
        case And(parts):
            return all(matches(part, value_of) for part in parts)
        case Or(parts):
            return any(matches(part, value_of) for part in parts)
        case Leaf():
            return holds(node, value_of(node.name))


def holds(leaf: Leaf, value: Operand) -> bool:  # noqa: PLR0911 - one for each kind of operator
    """Whether a condition holds for a value, or for one of several."""
    if isinstance(value, tuple):
        negative = leaf.operator in {"neq", "nin", "nlike", "nilike"}
        return (all if negative else any)(holds(leaf, each) for each in value)
    match leaf.operator:
        case "eq":
            return _same(value, leaf.operand)
        case "neq":
            return not _same(value, leaf.operand)
        case "inq" | "nin":
            options = leaf.operand if isinstance(leaf.operand, tuple) else (leaf.operand,)
            return any(_same(value, each) for each in options) == (leaf.operator == "inq")
        case operator if operator in PATTERNS:
            exact, negative = PATTERNS[operator]
            found = isinstance(value, str) and pattern(str(leaf.operand), exact=exact).search(
                value if exact else fold(value)
            )
            return bool(found) != negative
        case "between" if isinstance(leaf.operand, tuple):
            low, high = leaf.operand
            return _compare(value, low, ">=") and _compare(value, high, "<=")
        case operator:
            return _compare(value, leaf.operand, _SIGNS[operator])


def pattern(text: str, *, exact: bool) -> "re.Pattern[str]":
    """What a text with ``%`` (anything) and ``_`` (one character) in it finds, anywhere in a value."""
    signs = {"%": ".*", "_": "."}
    said = text if exact else fold(text)
    return re.compile("".join(signs.get(sign, re.escape(sign)) for sign in said.strip("%")), re.DOTALL)


_SIGNS: Mapping[str, str] = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}


def _same(value: Operand, other: Operand) -> bool:
    if isinstance(value, str) and isinstance(other, str):
        return fold(value) == fold(other)
    if _is_number(value) and _is_number(other):
        return math.isclose(value, other, rel_tol=SAME)  # type: ignore[arg-type]
    return type(value) is type(other) and value == other


def _is_number(value: Operand) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _compare(value: Operand, other: Operand, sign: str) -> bool:
    if isinstance(value, str) and isinstance(other, str):
        left, right = fold(value), fold(other)
        return _ordered(left, right, sign)
    if _is_number(value) and _is_number(other):
        return _ordered(value, other, sign)
    if isinstance(value, datetime) and isinstance(other, datetime):
        return _ordered(value, other, sign)
    return False


def _ordered(left: Any, right: Any, sign: str) -> bool:
    less, same = bool(left < right), bool(left == right)
    return {"<": less, "<=": less or same, ">": not less and not same, ">=": not less}[sign]
