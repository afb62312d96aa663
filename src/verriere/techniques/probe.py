"""With what a file was measured: X-rays, neutrons, something else, or not told."""

import re
from collections.abc import Iterable
from typing import Literal

from verriere.model import Capture
from verriere.nexus import reading, units
from verriere.nexus.walk import Node, Tree
from verriere.techniques import panet
from verriere.techniques.rules import rules

Probe = Literal["xray", "neutron", "other", "any"]

_NAMES = re.compile(r"probe|radiation|.*source_?probe|.*radiation_type", re.IGNORECASE)


def probe_of(tree: Tree, entry: Node, capture: Capture) -> Probe:
    """The probe of an entry: what its sources say, else the file's, else the machine, the energy, the facility.

    A source that is no probe of ours (the laser of a pump) does not speak for an entry that has another one too.
    """
    for top in dict.fromkeys((entry, tree.root)):
        said = [_of_text(text) for text in _texts(top)]
        for probe in ("neutron", "xray", "other"):
            if probe in said:
                return probe
    return _of_machine(tree) or _of_energy(capture) or _of_facility(capture)


def uses_photons(captures: Iterable[Capture]) -> bool:
    """Whether what was recorded says that it was measured with photons: by technique, else by facility or energy.

    False where it says of something else too, or nothing: a wavelength alone may be a neutron's.
    """
    probes = {_of_record(capture) for capture in captures}
    return "xray" in probes and probes <= {"xray", "any"}


def _of_record(capture: Capture) -> Probe:
    """The probe of a capture, once it has techniques; ``xray`` also stands for photons of less energy."""
    broader = {term for one in capture.techniques for term in panet.broader(one.iri)}
    for probe, terms in _PROBE_TERMS.items():
        if broader & terms:
            return probe
    told = _of_facility(capture)
    return told if told != "any" else _of_energy(capture) or "any"


_PROBE_TERMS: dict[Probe, frozenset[str]] = {
    "other": frozenset({panet.PREFIX + "PaNET00102", panet.PREFIX + "PaNET00107"}),  # muons, positrons
    "neutron": frozenset({panet.PREFIX + "PaNET00101"}),
    "xray": frozenset({panet.PREFIX + "PaNET00100"}),  # photons
}


def _of_machine(tree: Tree) -> Probe | None:
    """A moderator makes neutrons; an undulator and a storage ring's current make X-rays."""
    machines = rules().machines
    for node in tree.nodes:
        if node.is_group and machines["neutron"].fullmatch(node.nx_class):
            return "neutron"
    for node in tree.nodes:
        if node.is_group and machines["xray"].fullmatch(node.nx_class):
            return "xray"
        of_source = node.parent is not None and node.parent.role == "NXsource" and node.name in {"current", "energy"}
        of_ring = of_source or machines["ring"].fullmatch(node.name)
        if node.is_number and of_ring and machines["ring_units"].fullmatch(node.text_of("units")):
            return "xray"
    return None


def _texts(top: Node) -> list[str]:
    found = []
    prefix = top.path.rstrip("/") + "/"
    for node in top.tree.nodes:
        if not node.path.startswith(prefix):
            continue
        is_type = node.name == "type" and node.parent is not None and node.parent.role == "NXsource"
        if node.is_text and node.size == 1 and (is_type or _NAMES.fullmatch(node.name)):
            found.append(reading.text(node))
    return found


def _of_text(text: str) -> Probe:
    for probe, pattern in rules().probes.items():
        if pattern.search(text):
            return probe  # type: ignore[return-value]
    return "any"


def _of_energy(capture: Capture) -> Probe | None:
    """Photons of more than 1 keV are X-rays; no neutron for scattering has a thousandth of that."""
    energy = capture.energy
    if energy is None or energy.unit is None or not isinstance(energy.value, int | float):
        return None
    try:
        return "xray" if 1 < units.convert(float(energy.value), energy.unit, "keV") < 1000 else None
    except (ValueError, KeyError, ArithmeticError):
        return None


def _of_facility(capture: Capture) -> Probe:
    if capture.facility is not None:
        for probe, pattern in rules().facilities.items():
            if pattern.search(capture.facility.value):
                return probe  # type: ignore[return-value]
    return "any"
