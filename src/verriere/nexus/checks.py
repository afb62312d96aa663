"""What does not fit together in a file, said so that its beamline can mend it."""

import re
from datetime import datetime, timedelta

from verriere.model import Basis, Capture, Reading, Signal
from verriere.nexus import fields, reading, times, units
from verriere.nexus.places import Places
from verriere.nexus.signals import may_be_signal, signal_of
from verriere.nexus.text import is_missing
from verriere.nexus.walk import Node, Tree

_STAMPS = re.compile(r".*(timestamps?|epoch).*", re.IGNORECASE)
_SLACK = timedelta(minutes=10)
_FULL_SCALES = frozenset(2.0**bits - 1 for bits in (8, 10, 12, 14, 16, 20, 24, 31, 32))
_IMPORTANT = ("title", "sample", "instrument", "experiment_identifier", "start_time")
_MOST = 10


def check(places: Places, found: Capture) -> None:
    """Add findings about what was captured to the tree."""
    tree = places.tree
    _structure(places, found)
    _placeholders(places, found)
    _times(tree, found)
    _offset(tree, found)
    _energy(places, found)
    for signal in found.signals[:_MOST]:
        if signal.uncertainties is not None and _constant(tree.get(signal.uncertainties)) == 0:
            tree.note("uncertainties-all-zero", signal.uncertainties, signal=signal.path)
    plotted = {signal.path for signal in found.signals}
    for node in _frames(tree, found):
        _values(node, is_plotted=node.path in plotted)
    if found.signal is not None:
        _axes(tree, found.signal)
    _default(tree, found)
    _depends_on(tree)


def _structure(places: Places, found: Capture) -> None:
    tree = places.tree
    if found.format == "nexus":
        return
    if any(node.nx_class.startswith("SAS") for node in tree.nodes):
        tree.note("classes-of-a-draft", next(node.path for node in tree.nodes if node.nx_class.startswith("SAS")))
    elif tree.path.suffix.casefold() in {".nxs", ".nx", ".nx5"}:
        tree.note("not-nexus-inside", "/")
    elif found.format == "hdf5":
        tree.note("not-nexus", "/")


def _placeholders(places: Places, found: Capture) -> None:
    """Fields that a template left open, each; and how many texts of a template the file holds in all."""
    for name in _IMPORTANT:
        if getattr(found, name) is None:
            for place in places.of_field(name):
                text = place.text()
                if text and not place.is_name and is_missing(text):
                    places.tree.note("placeholder", place.source, written=text[:60], field=name)
                    break
    open_ones = [
        f"{node.path}@{key}"
        for node in places.tree.nodes
        for key, value in node.attrs.items()
        if isinstance(value, str) and value.startswith("{") and len(value) > 2 and is_missing(value)
    ]
    if open_ones:
        places.tree.note("template-not-filled", "/", count=len(open_ones), first=open_ones[0])


def _times(tree: Tree, found: Capture) -> None:
    start, end = _moment(found.start_time), _moment(found.end_time)
    if start is None or found.start_time is None:
        return
    if (
        end is not None
        and found.end_time is not None
        and (start.tzinfo is None) == (end.tzinfo is None)
        and end < start
    ):
        tree.note("times-in-wrong-order", found.end_time.source, start=found.start_time.value, end=found.end_time.value)
    if start.tzinfo is None:
        tree.note("time-without-zone", found.start_time.source, written=found.start_time.value)


def _offset(tree: Tree, found: Capture) -> None:
    """Unix times have no zone: where they tell the same wall clock at another offset, the offset is wrong."""
    start = _moment(found.start_time)
    if start is None or found.start_time is None or start.tzinfo is None:
        return
    end = _moment(found.end_time)
    if end is None or end.tzinfo is None or end < start:
        end = start + timedelta(hours=1)
    for node in tree.nodes:
        if not (
            node.is_number and node.type is not None and node.ndim <= 1 and node.size and _STAMPS.fullmatch(node.name)
        ):
            continue
        spread = reading.spread(node)
        stamp = None if spread is None else times.from_epoch(spread.minimum)
        if stamp is None or start - _SLACK <= stamp <= end + _SLACK:
            continue
        shift = timedelta(minutes=30) * round((stamp - start) / timedelta(minutes=30))
        if shift and abs(shift) <= timedelta(hours=14) and start - _SLACK <= stamp - shift <= end + _SLACK:
            offset = start.utcoffset()
            assert offset is not None
            tree.note(
                "offset-disagrees",
                found.start_time.source,
                written=found.start_time.value,
                stamp=times.iso(stamp),
                stamps=node.path,
                offset=_sign(offset - shift),
            )
            return


def _energy(places: Places, found: Capture) -> None:
    energy, wavelength = found.energy, found.wavelength
    if energy is None or wavelength is None or energy.base is None or wavelength.base is None:
        return
    if energy.value is None or wavelength.value is None or Basis.INFERRED in {energy.basis, wavelength.basis}:
        return
    ways = {"photon": [units.photon_energy], "neutron": [units.neutron_energy]}
    possible = [
        way(wavelength.base.minimum)
        for way in ways.get(fields.probe(places), [units.photon_energy, units.neutron_energy])
    ]
    if all(abs(energy.base.minimum / expected - 1) > 2e-3 for expected in possible):
        expected = possible[0]
        places.tree.note(
            "energy-disagrees",
            energy.source,
            energy=f"{energy.value:.6g} {energy.unit}",
            wavelength=f"{wavelength.value:.6g} {wavelength.unit}",
            expected=f"{expected:.6g} eV",
        )


def _frames(tree: Tree, found: Capture) -> list[Node]:
    """What a detector may have seen: signals, and other arrays beside them, small enough to be looked at whole."""
    nodes = [
        node for signal in found.signals[:_MOST] if signal.readable and (node := tree.get(signal.path)) is not None
    ]
    beside = [
        node
        for node in tree.nodes
        if node.is_number
        and node.ndim >= 2
        and node.parent is not None
        and node.parent.role in {"NXdata", "NXdetector"}
        and may_be_signal(node)
    ]
    return list({node.path: node for node in nodes + beside[:_MOST]}.values())


def _values(node: Node, *, is_plotted: bool) -> None:
    """Detectors that saw nothing, and saturated flats."""
    value = _constant(node)
    if value is None:
        return
    if value == 0:
        node.tree.note("data-all-zero", node.path)
    elif value in _FULL_SCALES:
        node.tree.note("data-saturated", node.path, value=f"{value:.0f}")
    elif node.ndim >= 2 and is_plotted:
        node.tree.note("data-constant", node.path, value=f"{value:g}")


def _constant(node: Node | None) -> float | None:
    """The one value that all of a dataset have; None where they differ, or where there are too many to look at."""
    if node is None or node.type is None or node.size < 2 or node.size * node.type.size > node.tree.limits.piece:
        return None
    spread = reading.spread(node)
    return spread.minimum if spread is not None and spread.minimum == spread.maximum else None


def _axes(tree: Tree, signal: Signal) -> None:
    node = tree.get(signal.path)
    if node is None or node.parent is None:
        return
    for place, axis in enumerate(signal.axes):
        named = node.parent.child(axis.label) if axis.label and axis.path is None else None
        if named is not None and named.is_dataset and named.shape is not None:
            tree.note(
                "axis-does-not-fit", named.path, axis=list(named.shape), length=signal.shape[place], signal=signal.path
            )


def _default(tree: Tree, found: Capture) -> None:
    """Where ``default`` leads to nothing that can be shown."""
    if found.signal is not None and not found.signal.readable:
        tree.note("default-not-readable", found.signal.path)
        return
    for group in (tree.root, *tree.root.children.values()):
        name = group.text_of("default") if group.is_group else ""
        target = tree.get(name, group) if name else None
        if name and (target is None or (target.role == "NXdata" and signal_of(target) is None)):
            tree.note("default-leads-nowhere", f"{group.path}@default", target=name)


def _depends_on(tree: Tree) -> None:
    """Transformations that depend on each other in a circle."""
    done: set[str] = set()
    for node in tree.nodes:
        chain: list[str] = []
        step: Node | None = node if "depends_on" in node.attrs else None
        while step is not None and step.path not in done:
            if step.path in chain:
                circle = chain[chain.index(step.path) :]
                tree.note("depends-on-itself", min(circle), circle=" → ".join([*circle, step.path])[:300])
                break
            chain.append(step.path)
            name = step.text_of("depends_on")
            base = step if step.is_group else step.parent
            step = tree.get(name, base) if name not in {"", "."} else None
        done.update(chain)


def _moment(read: Reading | None) -> datetime | None:
    return None if read is None else times.parse(read.value)


def _sign(offset: timedelta) -> str:
    minutes = round(offset / timedelta(minutes=1))
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
