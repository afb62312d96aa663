"""Whether a parameter answers: the same as `verriere.catalogue.federated.compile` says in SQL."""

from typing import NamedTuple

from verriere.catalogue.federated.tree import PATTERNS, SAME, And, Leaf, Node, Operand, Or, holds


class Number(NamedTuple):
    """A parameter as it is searched: a range in base units, or a folded text."""

    name: str
    unit: str
    minimum: float | None
    maximum: float | None
    folded: str


def measured(node: Node | None, number: Number) -> bool:  # noqa: PLR0911 - one for each kind of node
    """Whether conditions hold for a parameter as it is searched: in base units, its text cut into words."""
    match node:
        case None:
            return True
        case And(parts):
            return all(measured(part, number) for part in parts)
        case Or(parts):
            return any(measured(part, number) for part in parts)
        case Leaf(name="name"):
            return holds(node, number.name)
        case Leaf(name="unit"):
            return holds(node, number.unit)
        case Leaf():
            several = node.operand if isinstance(node.operand, tuple) else (node.operand,)
            if any(isinstance(each, str) for each in several):
                return number.minimum is None and holds(node, number.folded.strip())
            return _within(node, several, number)


def _within(leaf: Leaf, operands: tuple[Operand, ...], number: Number) -> bool:
    low, high = number.minimum, number.maximum
    values = [float(each) for each in operands if isinstance(each, int | float)]
    if low is None or high is None or leaf.operator in PATTERNS or len(values) < len(operands):
        return False
    match leaf.operator:
        case "eq" | "inq" | "neq" | "nin":
            near = any(low <= each + abs(each) * SAME and high >= each - abs(each) * SAME for each in values)
            return near == (leaf.operator in {"eq", "inq"})
        case "between":
            return low <= max(values) and high >= min(values)
        case "lt" | "lte":
            return low < values[0] or (leaf.operator == "lte" and low == values[0])
        case _:
            return high > values[0] or (leaf.operator == "gte" and high == values[0])
