"""The fields of a catalogue entry: title, times, instrument, facility, sample, identifiers, energy, wavelength.

Each value carries where it was read. A field that a file fills with a placeholder is missing.
"""

import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from verriere.model import BaseRange, Basis, Parameter, Reading
from verriere.nexus import reading, times, units
from verriere.nexus.places import Place, Places
from verriere.nexus.text import is_missing, tidy
from verriere.nexus.walk import Node

_GENERIC_INSTRUMENT = re.compile(
    r"(sas|nx)?instrument[_-]?\d*|instr|beam[- ]?line|.*_instrument|instrument_.*", re.IGNORECASE
)
_OTHER_SOURCE = re.compile(r"pump|laser|electron", re.IGNORECASE)
_OTHER_BEAM = re.compile(r"pump|laser|ring|electron|machine", re.IGNORECASE)
_NOT_A_FACILITY = re.compile(
    r".*(undulator|wiggler|bending|magnet|laser|tube|anode|lamp|x-ray source|moderator|target|filament).*"
    r"|.*neutron source|source|synchrotron|unknown.*",
    re.IGNORECASE,
)
_NOT_A_PROPOSAL = frozenset(
    {"setup", "test", "tests", "testing", "0", "-1", "commissioning", "alignment", "none", "inhouse", "in-house"}
)
_PRESCRIBED_TITLES = re.compile(
    r"(tomography|absorption|fluorescence|xrf|diffraction)?_?(raw|processed)_(projections|data|frames)", re.IGNORECASE
)
_MOST_ENERGY = 1e8  # eV: what is above is the energy of a storage ring


@dataclass(frozen=True, slots=True)
class Quantity:
    """How a quantity of the probe is known: the unit of its dimension and how to tell it from others."""

    name: str
    base: str
    most: float


ENERGY = Quantity("energy", "eV", _MOST_ENERGY)
WAVELENGTH = Quantity("wavelength", "m", 1e-6)


def title(places: Places) -> Reading | None:
    """Title of the first entry that has one."""
    for place in places.of_field("title"):
        text = place.text()
        if not is_missing(text) and not _PRESCRIBED_TITLES.fullmatch(text):
            return Reading(text[:1000], place.source)
    return None


def time(places: Places, field: str) -> Reading | None:
    """Start or end, as ISO 8601; what cannot be read as a time is reported and left out."""
    for place in places.of_field(field):
        text = place.text()
        if is_missing(text):
            continue
        moment = times.parse(text)
        if moment is None and (seconds := _number(text)) is not None:
            moment = times.from_epoch(seconds)
        if moment is None:
            places.tree.note("time-unreadable", place.source, written=text[:80])
            continue
        value = times.iso(moment)
        if len(text) <= 10:
            value = value[:10]  # a day is not midnight
        return Reading(value, place.source, raw=text[:80] if text != value else None)
    return None


def instrument(places: Places) -> Reading | None:
    """Name of the beamline or instrument, or of its group where that is a name."""
    for place in places.of_field("instrument"):
        text = place.text()
        if not is_missing(text) and not _GENERIC_INSTRUMENT.fullmatch(text) and len(text) <= 200:
            return Reading(text, place.source)
    return None


def facility(places: Places, instrument_name: Reading | None) -> Reading | None:
    """Name of the facility: that of the source, unless it is a kind of source; else one named with the instrument."""
    fallback: Reading | None = None
    for place in places.of_field("facility"):
        text = place.text()
        if is_missing(text) or _is_other_source(place):
            continue
        named = _known_facility(text)
        if named:
            is_source_too = _NOT_A_FACILITY.fullmatch(text)
            return Reading(named, place.source, raw=text) if is_source_too else Reading(text, place.source)
        if fallback is None and not _NOT_A_FACILITY.fullmatch(text) and len(text) <= 100:
            fallback = Reading(text, place.source)
    if fallback is None and instrument_name is not None:
        named = _known_facility(instrument_name.value)
        if named:
            return Reading(named, instrument_name.source, raw=instrument_name.value)
    return fallback or _house(places)


def _house(places: Places) -> Reading | None:
    """The facility whose way of writing this is, where no other writes so."""
    for dialect in places.dialects:
        for path in dialect.house_if:
            for place in places.at(path):
                return Reading(dialect.house, place.source, basis=Basis.INFERRED)
    return None


def sample(places: Places) -> Reading | None:
    """Name of the sample."""
    for place in places.of_field("sample"):
        text = place.text()
        if not is_missing(text) and len(text) <= 500:
            return Reading(text, place.source)
    return None


def experiment_identifier(places: Places) -> Reading | None:
    """Identifier of the proposal or the visit; what beamlines write when there is none is left out."""
    for place in places.of_field("experiment_identifier"):
        text = place.text()
        if not is_missing(text) and text.casefold() not in _NOT_A_PROPOSAL and len(text) <= 200:
            return Reading(text, place.source)
    return None


def quantity(places: Places, wanted: Quantity) -> Parameter | None:
    """Energy or wavelength of the probe; of what has a unit before what has none.

    Beams of pumps and lasers, and the energy of a storage ring, are something else.
    """
    fallback: Parameter | None = None
    for place in places.of_field(wanted.name):
        found = None if _OTHER_BEAM.search(_below(place)) else measured(place, wanted)
        if found is None:
            continue
        if found.base is not None and found.base.unit == wanted.base and 0 < found.base.maximum <= wanted.most:
            return found
        if fallback is None and found.base is None:
            fallback = found
    if fallback is not None and fallback.unit is None:
        places.tree.note("unit-missing", fallback.source, field=wanted.name)
    return fallback


def complete(
    places: Places, energy: Parameter | None, wavelength: Parameter | None
) -> tuple[Parameter | None, Parameter | None]:
    """Energy and wavelength, the one computed from the other where a file has one and says what the probe is."""
    of = {
        "photon": (units.photon_energy, units.photon_wavelength),
        "neutron": (units.neutron_energy, units.neutron_wavelength),
    }
    ways = of.get(probe(places))
    if ways is None:
        return energy, wavelength
    if energy is None or (energy.unit is None and wavelength is not None and wavelength.base is not None):
        energy = _computed(wavelength, ENERGY, ways[0], "eV")
    elif wavelength is None:
        wavelength = _computed(energy, WAVELENGTH, ways[1], "Å")
    return energy, wavelength


def probe(places: Places) -> str:
    """``photon``, ``neutron``, or "" where nothing says which."""
    for place in places.of_field("probe"):
        text = place.text()
        if not _is_other_source(place):
            for name, pattern in _PROBES:
                if pattern.search(text):
                    return name
    return next((dialect.probe for dialect in places.dialects if dialect.probe), "")


_PROBES = (
    ("", re.compile(r"electron (gun|source|microscope)|\bmuon|\bprotons?\b|\bions?\b", re.IGNORECASE)),
    ("neutron", re.compile(r"neutron|reactor|spallation", re.IGNORECASE)),
    ("photon", re.compile(r"x[- ]?ray|synchrotron|photon|free[- ]electron|ultraviolet", re.IGNORECASE)),
)


def _computed(known: Parameter | None, wanted: Quantity, way: Callable[[float], float], unit: str) -> Parameter | None:
    if known is None or known.value is None or known.base is None:
        return None
    base = way(known.base.minimum)
    value = units.convert(base, wanted.base, unit)
    return Parameter(wanted.name, known.source, value, unit, BaseRange(wanted.base, base, base), basis=Basis.INFERRED)


def measured(place: Place, wanted: Quantity) -> Parameter | None:
    """A number with its unit at a place, positive; a series that does not change is its one value."""
    unit = unit_of(place.node) if not place.attribute else None
    value: float | None
    minimum = mean = maximum = None
    count = 1
    if place.attribute or place.node.is_text or place.node.size == 1:
        value = _number(place.text())
        ends = (value, value)
    else:
        spread = reading.spread(place.node) if place.node.is_number else None
        if spread is None:
            return None
        ends = (spread.minimum, spread.maximum)
        value, count = None, spread.count
        if spread.maximum - spread.minimum <= 1e-6 * abs(spread.maximum):
            value, count = spread.mean, 1
        else:
            minimum, mean, maximum = spread.minimum, spread.mean, spread.maximum
    if ends[0] is None or ends[1] is None or ends[1] <= 0:
        return None
    base: BaseRange | None = units.base(ends[0], ends[1], unit, dimension=wanted.base) if unit else None
    return Parameter(wanted.name, place.source, value, unit, base, minimum, mean, maximum, count)


def unit_of(node: Node) -> str | None:
    """Unit of a dataset as written: its attribute, or the dataset beside it that has the unit (``energy_EGU``)."""
    for key in ("units", "unit", "Units"):
        text = tidy(node.text_of(key))
        if text and not is_missing(text):
            return text
    if node.parent is not None and not node.attrs.get("units"):
        for ending in ("_EGU", "_units", "_unit"):
            text = tidy(reading.text(node.parent.child(node.name + ending)))
            if text and not is_missing(text):
                return text
    return None


def identifiers(places: Places) -> tuple[Reading, ...]:
    """Other identifiers: of the run, the entry, the collection, and DOIs."""
    found: dict[str, Reading] = {}
    for place in places.of_field("identifier"):
        text = place.text()
        if not is_missing(text) and len(text) <= 300:
            found.setdefault(place.source, Reading(text, place.source))
    return tuple(found.values())[:100]


def _below(place: Place) -> str:
    """The part of a path that tells whose beam it is."""
    parts = place.node.path.split("/")
    return "/".join(parts[2:])


def _is_other_source(place: Place) -> bool:
    group = place.node if place.attribute and place.node.is_group else place.node.parent
    if group is None or group.role != "NXsource":
        return False
    probe = tidy(reading.text(group.child("probe"))).casefold()
    return bool(_OTHER_SOURCE.search(group.name)) or probe in {
        "visible light",
        "nir",
        "infrared",
        "ultraviolet",
        "laser",
    }


def _known_facility(text: str) -> str:
    found = _facilities().findall(text)
    return str(found[-1]) if found else ""


@cache
def _facilities() -> re.Pattern[str]:
    table = tomllib.loads(files("verriere.nexus").joinpath("tables/facilities.toml").read_text(encoding="utf-8"))
    words = sorted(table["words"], key=len, reverse=True)
    return re.compile(r"(?<![\w])(" + "|".join(re.escape(word) for word in words) + r")(?![\w])")


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None
