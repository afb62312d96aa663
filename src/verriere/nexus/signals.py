"""What can be plotted in a file, and which of it stands for the whole.

Legacy files mark many datasets ``signal=1`` and new ones leave ``default`` pointing at what is absent, so that the
default plot is computed: what the chain of ``default`` names, if its shape is known; else the first group of data that
can be read; else detectors; else, without NeXus, the largest array of numbers.
"""

import re
from collections.abc import Iterator

from verriere.model import Signal
from verriere.nexus.axes import axes_of
from verriere.nexus.places import Places
from verriere.nexus.reading import is_readable
from verriere.nexus.text import is_missing, tidy
from verriere.nexus.walk import Node, Tree

_MOST = 200
_NOT_A_SIGNAL = re.compile(
    r".*(error|errors|_err|dev|uncertaint(y|ies)|mask|flatfield|_indices|timestamps?|_set|weights?)|actuator.*|trajectory.*"
    r"|integration_times?|.*pixel_size|.*time|time(sec|_\d+)?|.*index",
    re.IGNORECASE,
)
_USUAL = frozenset({"data", "counts", "I", "signal", "intensity"})
_ORDER = {"image": 0, "rgb-image": 0, "vertex": 1, "spectrum": 1, "scaler": 2, "scalar": 2}
_UNCERTAINTIES = ("uncertainties", "uncertainty", "uncertainity", "errors")


def find_signals(places: Places) -> tuple[Signal, ...]:
    """Everything that can be plotted, the default first.

    A signal whose values are not in the file (a broken link) is listed with ``readable=False`` if its shape is known.
    """
    tree = places.tree
    found: dict[int, Signal] = {}
    chosen = _declared(tree)
    for signal in ([chosen] if chosen is not None else []) + sorted(_all(places), key=lambda item: not item.readable):
        node = tree.get(signal.path)
        if node is not None and len(found) < _MOST:
            found.setdefault(id(node.target or node), signal)
    return tuple(found.values())


def signal_of(group: Node) -> Signal | None:
    """The first signal of a group of data; None where it has none."""
    return next(_of_group(group), None)


def default_of(entry: Node) -> Signal | None:
    """The default plot of one entry: what ``default`` leads to, else its first group of data that can be read."""
    declared = _follow_default(entry)
    if declared is not None:
        return declared
    signals = [signal for group in _data_groups(entry) for signal in _of_group(group)]
    return next((signal for signal in signals if signal.readable), signals[0] if signals else None)


def _declared(tree: Tree) -> Signal | None:
    if "default" in tree.root.attrs:
        found = _follow_default(tree.root)
        if found is not None:
            return found
    for entry in tree.root.children.values():
        if entry.role == "NXentry" and "default" in entry.attrs:
            found = _follow_default(entry)
            if found is not None:
                return found
    return None


def _follow_default(node: Node) -> Signal | None:
    for _ in range(8):
        name = node.text_of("default")
        target = node.tree.get(name, node) if name else None
        if target is None or target is node:
            return signal_of(node) if node.is_group and node.parent is not None else None
        if target.is_dataset:
            return _signal(target.parent or node, target)
        node = target
    return None


def _all(places: Places) -> list[Signal]:
    found = list(_in_groups(places))
    if not found and not any(node.role == "NXentry" and node.nx_class for node in places.tree.nodes):
        found = list(_largest(places.tree))
    return found


def _in_groups(places: Places) -> Iterator[Signal]:
    for group in _data_groups(places.tree.root):
        yield from _of_group(group)
    for path in (
        "NXentry/NXinstrument/NXdetector",
        "NXentry/NXsubentry/NXinstrument/NXdetector",
        "NXentry/NXdetector",
        "NXentry/NXmonitor",
    ):
        for group in places.groups(path):
            if group.role == "NXmonitor" and any(places.groups("NXentry/NXdata")):
                continue
            yield from _of_group(group)
    exchange = places.tree.get("/exchange")
    if exchange is not None:
        yield from _of_group(exchange)


def _data_groups(top: Node) -> Iterator[Node]:
    """Groups of data inside a group, shallow before deep: of the class NXdata, or with a ``signal``."""
    waiting = [top]
    seen: set[int] = set()
    while waiting:
        deeper: list[Node] = []
        for node in waiting:
            if id(node.children) in seen:
                continue
            seen.add(id(node.children))
            if node.role == "NXdata" or ("signal" in node.attrs and node.role not in {"NXdetector", "NXmonitor"}):
                yield node
            deeper += [child for child in node.children.values() if child.is_group]
        waiting = deeper


def _of_group(group: Node) -> Iterator[Signal]:
    names = _signal_names(group)
    if names is None:
        nodes = _by_structure(group)
    else:
        nodes = [child for name in names if (child := group.child(name)) is not None]
    for node in nodes:
        signal = _signal(group, node)
        if signal is not None:
            yield signal


def _signal_names(group: Node) -> list[str] | None:
    """What ``signal`` of the group and ``signal=1`` of its datasets name; None where nothing does."""
    value = group.attrs.get("signal")
    more = group.attrs.get("auxiliary_signals", [])
    named = [str(item) for item in (value if isinstance(value, list) else [value]) if isinstance(item, str) and item]
    if named:
        return named + [str(item) for item in (more if isinstance(more, list) else [more])]
    marked = [
        child for child in group.children.values() if child.is_dataset and str(child.attrs.get("signal", "")).strip()
    ]
    if not marked:
        return None
    return [child.name for child in sorted(marked, key=_rank)]


def _by_structure(group: Node) -> list[Node]:
    data = group.child("data")
    if data is not None and data.kind == "broken":
        return []  # it is the signal, and it is not here: what lies beside it is not
    axes = group.text_of("axes").split(":")
    nodes = [
        child
        for child in group.children.values()
        if child.is_dataset
        and child.is_number
        and child.size > 0
        and "axis" not in child.attrs
        and child.name not in axes
        and may_be_signal(child)
    ]
    if group.role in {"NXdetector", "NXmonitor"}:
        nodes = [child for child in nodes if child.name in {"data", "counts", "value", "image"} or child.ndim >= 2]
    elif any(child.ndim >= 1 for child in nodes):
        nodes = [child for child in nodes if child.ndim >= 1 or child.attrs.get("interpretation")]
    usual = [child for child in nodes if child.name in _USUAL] if group.role == "NXdata" else []
    return sorted(usual or nodes, key=_rank)[:_MOST]


def may_be_signal(node: Node) -> bool:
    """Whether the name of a dataset is not that of an axis, a mask or an uncertainty."""
    return not _NOT_A_SIGNAL.fullmatch(node.name)


def _rank(node: Node) -> tuple[int, int, int, int, int]:
    """Images before spectra before scalars, ``signal=1`` before 2; then more dimensions; the usual names; size."""
    said = re.findall(r"\d+", node.text_of("signal"))
    kind = _ORDER.get(
        node.text_of("interpretation").casefold(), 2 if node.text_of("interpretation") else 3 - min(node.ndim, 3)
    )
    usual = node.name in _USUAL
    is_axis = int(not may_be_signal(node) or "axis" in node.attrs)
    return is_axis, int(said[0]) if said else 1, kind, -int(usual), -node.size


def _signal(group: Node, node: Node) -> Signal | None:
    """A signal, if it is an array of numbers; a scan of one point is one too."""
    if node.kind != "dataset" or not node.shape or not node.is_number or node.size == 0:
        return None
    readable = is_readable(node)
    uncertainties = _uncertainties(group, node)
    label = next(
        (text for key in ("alias", "long_name", "label") if not is_missing(text := tidy(node.text_of(key)))), ""
    )
    return Signal(
        path=node.path,
        shape=node.shape,
        dtype=node.dtype,
        readable=readable,
        label=label[:200] or node.name,
        unit=node.text_of("units") or node.text_of("unit") or None,
        axes=axes_of(group, node),
        uncertainties=uncertainties.path if uncertainties is not None else None,
        interpretation=node.text_of("interpretation"),
    )


def _uncertainties(group: Node, node: Node) -> Node | None:
    names = [node.text_of(key) for key in _UNCERTAINTIES]
    names += [group.text_of(f"{node.name}_{key}") for key in _UNCERTAINTIES]
    names += [f"{node.name}_errors", f"{node.name}_error", f"{node.name}dev", f"d{node.name}", "errors"]
    for name in names:
        child = group.child(name) if name else None
        if child is not None and child.is_number and child.shape == node.shape:
            return child
    return None


def _largest(tree: Tree) -> Iterator[Signal]:
    """Without NeXus: arrays of numbers, the most dimensions first, then the most values."""
    nodes = [node for node in tree.nodes if node.is_dataset and node.is_number and node.size > 1]
    nodes.sort(key=lambda node: (not may_be_signal(node), -min(node.ndim, 3), -node.size))
    for node in nodes[:_MOST]:
        signal = _signal(node.parent or tree.root, node)
        if signal is not None:
            yield signal
