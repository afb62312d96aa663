"""The axes of a signal, from all the ways in which NeXus has named them since 2004."""

import re
from collections.abc import Iterator

from verriere.model import Axis
from verriere.nexus.walk import Node

_NAMES = re.compile(r"[:,;\s]+")


def axes_of(group: Node, signal: Node) -> tuple[Axis, ...]:
    """One axis for each dimension of a signal; () where nothing is known of any.

    In this order: the names in ``axes`` (of the group or the signal) or ``I_axes``, each at the dimension that
    ``<name>_indices`` gives it or where it stands, if its length fits; datasets marked ``axis=1``; Qx and Qy of a map.
    An axis fits with as many values as the dimension has, or with one more (edges of bins). A name whose dataset does
    not fit keeps its label and loses its path.
    """
    shape = signal.shape or ()
    found: list[Axis | None] = [None] * len(shape)
    names = _named(group, signal)
    for place, name in enumerate(names):
        _put(found, group, signal, name, place if len(names) == len(shape) else None)
    if not any(names):
        for name, place in _marked(group):
            _put(found, group, signal, name, place)
    _put_others(found, group, signal)
    if len(shape) >= 2 and not any(axis and axis.path for axis in found):
        for place, name in ((-1, "Qx"), (-2, "Qy")):
            grid = group.child(name)
            if grid is not None and grid.shape == shape:
                found[place] = _axis(grid)
    if not any(found):
        return ()
    return tuple(axis or Axis("") for axis in found)


def _named(group: Node, signal: Node) -> list[str]:
    for owner, key in ((group, "axes"), (signal, "axes"), (group, f"{signal.name}_axes"), (group, "I_axes")):
        value = owner.attrs.get(key)
        if isinstance(value, str) and value.strip():
            whole = value.strip().strip("[]")
            return [whole] if group.child(whole) else [name.strip("\"' ") for name in _NAMES.split(whole)]
        if isinstance(value, list):
            return [str(name) for name in value]
    return []


def _marked(group: Node) -> Iterator[tuple[str, int]]:
    """Datasets with ``axis=1`` (the first dimension) and so on; the one with ``primary=1`` first."""
    marked = [child for child in group.children.values() if child.is_dataset and "axis" in child.attrs]
    for child in sorted(marked, key=lambda item: str(item.attrs.get("primary", "2"))):
        for part in re.findall(r"\d+", child.text_of("axis")):
            yield child.name, max(0, int(part) - 1)


def _put(found: list[Axis | None], group: Node, signal: Node, name: str, place: int | None) -> None:
    if name in {"", "."} or name == signal.name:
        return
    shape = signal.shape or ()
    node = group.child(name)
    if node is None or node.kind != "dataset" or node.shape is None:
        if place is not None and place < len(found) and found[place] is None:
            found[place] = Axis(name)
        return
    wanted = _indices(group, name)
    for start in dict.fromkeys([*wanted[:1], *([] if place is None else [place]), *range(len(shape))]):
        if start < len(shape) and found[start] is None and _fits(node.shape, shape, start, wanted):
            found[start] = _axis(node)
            return
    if place is not None and place < len(found) and found[place] is None:
        found[place] = Axis(_label(node), node.text_of("units") or None)


def _put_others(found: list[Axis | None], group: Node, signal: Node) -> None:
    """Where the axis that is named cannot be read: another one that ``<name>_indices`` puts at that dimension."""
    names = [key.removesuffix("_indices") for key in group.attrs if key.endswith("_indices")]
    for place, axis in enumerate(found):
        if axis is None or axis.path or not names:
            continue
        for name in sorted(names, key=lambda item: not (axis.label.startswith(item) or item.startswith(axis.label))):
            node = group.child(name)
            if (
                node is not None
                and node.shape == (signal.shape or ())[place : place + 1]
                and _indices(group, name) == [place]
            ):
                found[place] = _axis(node)
                break


def _indices(group: Node, name: str) -> list[int]:
    value = group.attrs.get(f"{name}_indices", [])
    parts = value if isinstance(value, list) else re.findall(r"\d+", str(value))
    return [int(part) for part in parts if str(part).isdigit()]


def _fits(values: tuple[int, ...], shape: tuple[int, ...], start: int, wanted: list[int]) -> bool:
    if len(values) == 1:
        return values[0] in {shape[start], shape[start] + 1}
    spanned = tuple(shape[index] for index in wanted if index < len(shape))
    return values in (shape, spanned, shape[start : start + len(values)])


def _axis(node: Node) -> Axis:
    return Axis(_label(node), node.text_of("units") or node.text_of("unit") or None, node.path)


def _label(node: Node) -> str:
    return node.text_of("long_name") or node.text_of("label" if len(node.text_of("label")) > 1 else "") or node.name
