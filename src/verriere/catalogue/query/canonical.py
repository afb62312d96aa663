"""The one form of all questions that ask the same, as far as a text can tell: what a citation is known by.

Beyond `verriere.catalogue.query.normal` (order, repetition, parentheses), quantities are brought to their base units,
and a technique that is called by one of its names is written by its PaNET code.
"""

from dataclasses import replace

from verriere.catalogue.fold import words
from verriere.catalogue.query.fields import PHYSICAL
from verriere.catalogue.query.tree import And, Node, Not, Number, Or, Range, Text, normal
from verriere.catalogue.query.units import in_base
from verriere.techniques import panet


def canonical(node: Node) -> Node:
    """The canonical form; it finds the same datasets, and is its own canonical form."""
    return normal(_same(node))


def _same(node: Node) -> Node:  # noqa: PLR0911 - one form for each kind of node
    match node:
        case And(parts) | Or(parts):
            return type(node)(tuple(map(_same, parts)))
        case Not(part):
            return Not(_same(part))
        case Number(field=field, value=value):
            value, unit = _based(field, value, node.unit)
            return replace(node, value=value, unit=unit)
        case Range(field=field):
            (first, unit), (last, _) = (_based(field, value, node.unit) for value in (node.low, node.high))
            return replace(node, low=min(first, last), high=max(first, last), unit=unit)
        case Text(field="technique", prefix=False):
            meant = panet.by_name(" ".join(node.words))
            if len(meant) == 1:
                return replace(node, words=tuple(words(next(iter(meant)).removeprefix(panet.PREFIX))))
            return node
        case _:
            return node


def _based(field: str, value: float, unit: str) -> tuple[float, str]:
    """A quantity in its base unit; the last digits, in which two ways of converting differ, are rounded."""
    written = unit or PHYSICAL.get(field, "")
    based, base = in_base(value, written, field)
    return (float(f"{based:.12g}"), base) if base else (value, written)
