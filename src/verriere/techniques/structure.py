"""Techniques that nobody stated, concluded from the structure of a file. Where it does not tell, nothing is guessed."""

from collections.abc import Iterator

import numpy as np

from verriere.nexus import reading
from verriere.nexus.places import Places
from verriere.nexus.walk import Node, NotReadable
from verriere.techniques.rules import rules

Found = tuple[str, Node]
"""A technique by its short name, and the place that tells it."""

CHANNELS = frozenset({512, 1000, 1024, 2000, 2048, 4000, 4095, 4096, 8192, 16384})
"""Channels of the analysers that sort fluorescence photons by energy."""
MOST = 200_000
"""Values read of one axis."""


def infer(places: Places) -> Iterator[Found]:
    """What the structure tells, the surest first."""
    yield from _tomography(places)
    yield from _data_exchange(places)
    yield from _scattering_classes(places)
    yield from _chopper(places)
    yield from _electrons(places)
    absorption = list(_absorption(places))
    yield from absorption
    if not absorption:
        yield from _fluorescence(places)


def _tomography(places: Places) -> Iterator[Found]:
    """Keys that sort images into projections, flats and darks, over a rotation where there is one."""
    series = [node for node in _datasets(places) if node.is_number and node.shape and node.size >= 4]
    stacks = [node for node in series if len(node.shape or ()) == 3]
    keys = [node for node in series if node.name == "image_key" and _sorts_images(node)]
    for node in sorted(keys, key=lambda key: not any(stack.parent is key.parent for stack in stacks)):
        angles = [
            spread
            for other in series
            if other.size == node.size
            and rules().structure["rotation"].fullmatch(other.name)
            and (spread := _spread(other)) is not None
        ]
        if any((stack.shape or ())[0] == node.size for stack in stacks) and (not angles or max(angles) > 80):
            yield "tomography", node
            return


def _datasets(places: Places) -> Iterator[Node]:
    """Every dataset under every name, those of linked files of the same dataset too."""
    for node in places.tree.nodes:
        yield from (child for child in node.children.values() if child.is_dataset)


def _sorts_images(node: Node) -> bool:
    """Whether values are keys of NXtomo: 0 a projection, 1 a flat, 2 a dark, 3 to be ignored."""
    values = _values(node)
    return values is not None and {0.0} < set(values.tolist()) <= {-1.0, 0.0, 1.0, 2.0, 3.0}


def _data_exchange(places: Places) -> Iterator[Found]:
    """Projections beside flats or darks in /exchange."""
    exchange = places.tree.get("/exchange")
    data = exchange.child("data") if exchange is not None else None
    if exchange is None or data is None or data.shape is None or len(data.shape) != 3:
        return
    if any(exchange.child(name) is not None for name in ("data_white", "data_dark")):
        yield "tomography", data


def _scattering_classes(places: Places) -> Iterator[Found]:
    """Intensity over q in a group of a class of canSAS, or with its attribute ``I_axes``."""
    for node in places.tree.nodes:
        says = "SASdata" in {node.nx_class, node.text_of("canSAS_class")} or "Q" in node.text_of("I_axes").split(",")
        names = node.children.keys()
        if node.is_group and says and "I" in names and names & {"Q", "Qx", "Qdev"}:
            yield "small angle scattering", node
            return


def _chopper(places: Places) -> Iterator[Found]:
    """A Fermi chopper picks the energy of neutrons for spectroscopy, and for nothing else."""
    for node in places.tree.nodes:
        if node.nx_class.casefold() == "nxfermi_chopper":
            yield "inelastic neutron spectroscopy", node
            return


def _electrons(places: Places) -> Iterator[Found]:
    """An analyser of electrons: angles beside energies make it ARPES."""
    for node in places.tree.nodes:
        if node.nx_class.casefold() != "nxelectronanalyser":
            continue
        signals = [group for group in places.tree.nodes if group.role == "NXdata" and group.nx_class]
        names = {name.casefold() for group in signals for name in group.children}
        if any("energ" in name for name in names) and any(
            name.startswith(("angle", "angular", "kx", "k_")) for name in names
        ):
            yield "ARPES", node
            return


def _absorption(places: Places) -> Iterator[Found]:
    """A scan of the photon energy, hundreds of eV of it, with counters before and after the sample."""
    for group in places.tree.nodes:
        if not group.is_group or not 3 <= len(group.children) <= 500:
            continue
        series = {
            name: child
            for name, child in group.children.items()
            if child.is_number and child.ndim == 1 and child.size >= 30
        }
        kinds = rules().structure
        for name, node in series.items():
            if not kinds["energy"].fullmatch(name):
                continue
            beside = [other for other, child in series.items() if child.size == node.size and other != name]
            before = any(kinds["incident"].fullmatch(other) for other in beside)
            after = any(kinds["transmitted"].fullmatch(other) for other in beside)
            if before and after and _is_energy_scan(node):
                yield "XAS", node
                return


def _is_energy_scan(node: Node) -> bool:
    """Whether it rises or falls all along, over 100 eV to 3 keV, above 100 eV."""
    values = _values(node)
    if values is None or not np.isfinite(values).all():
        return False
    unit = (node.text_of("units") or node.text_of("unit")).casefold()
    in_ev = values * 1000 if unit == "kev" or (not unit and values.max() < 150) else values
    steps = np.diff(in_ev)
    span = float(np.ptp(in_ev))
    return bool(in_ev.min() > 100 and 100 <= span <= 3000 and ((steps > 0).mean() > 0.95 or (steps < 0).mean() > 0.95))


def _fluorescence(places: Places) -> Iterator[Found]:
    """A spectrum at each point of a scan, by the electronics that record fluorescence."""
    kinds = rules().structure
    for node in places.tree.nodes:
        shape = node.shape or ()
        if not node.is_number or len(shape) < 2 or shape[-1] not in CHANNELS or node.size <= shape[-1]:
            continue
        above = [part for part in node.path.split("/") if part]
        if any(kinds["fluorescence"].fullmatch(part) for part in above[1:]) and not any(
            kinds["not_fluorescence"].fullmatch(part) for part in above
        ):
            yield "x-ray fluorescence", node
            return


def _values(node: Node) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]] | None":
    """All values of a short series; None where they cannot be read."""
    if node.size > MOST:
        return None
    try:
        return reading.read(node).astype(np.float64).ravel()
    except NotReadable:
        return None


def _spread(node: Node) -> float | None:
    """How far a series of angles reaches; None where it cannot be read."""
    values = _values(node)
    if values is None or not np.isfinite(values).any():
        return None
    return float(np.nanmax(values) - np.nanmin(values))
