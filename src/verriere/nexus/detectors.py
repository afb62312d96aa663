"""The detectors that a file names."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from verriere.model import Reading
from verriere.nexus import reading, units
from verriere.nexus.fields import unit_of
from verriere.nexus.places import Places
from verriere.nexus.text import is_missing, tidy
from verriere.nexus.walk import Node

_PLACES = (
    "NXentry/NXinstrument/NXdetector",
    "NXentry/NXsubentry/NXinstrument/NXdetector",
    "NXentry/NXdetector",
    "NXinstrument/NXdetector",
    "NXentry/NXinstrument/NXcollection/NXdetector",
    "NXentry/NXinstrument/NXdetector_group/NXdetector",
)
_SAYS = ("name", "local_name", "description", "model", "detector_name")
_OF_A_TANGO_DEVICE = re.compile(r"[a-z]+\d*-[a-z]+-[a-z]\d*.*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    reading: Reading
    is_stated: bool
    sees: bool


def find_detectors(places: Places) -> tuple[Reading, ...]:
    """Each detector once, by the name it has, else its description or model, else the name of its group.

    Files call counters, clocks and amplifiers NXdetector too: where something in the file sees images or spectra, those
    are left out unless they have a name.
    """
    found: list[_Found] = []
    for path in _PLACES:
        for group in places.groups(path):
            one = _one(group)
            if one is not None:
                found.append(one)
    if any(item.sees for item in found):
        found = [item for item in found if item.sees or item.is_stated]
    readings = {item.reading.value.casefold(): item.reading for item in reversed(found)}
    if not readings:
        for place in places.of_field("detector"):
            text = place.text()
            if not is_missing(text) and len(text) <= 100:
                return (Reading(text, place.source),)
    return tuple(reversed(readings.values()))[:100]


def _one(group: Node) -> _Found | None:
    sees = _sees(group)
    for name in _SAYS:
        node = group.child(name)
        text = tidy(reading.text(node)) if node is not None and node.is_text else ""
        if text and not is_missing(text) and len(text) <= 80 and not _generic().fullmatch(text):
            assert node is not None
            return _Found(Reading(text, node.path), name != "description" or sees, sees)
    attribute = tidy(group.text_of("name") or group.text_of("local_name"))
    if attribute and not is_missing(attribute) and len(attribute) <= 80 and not _generic().fullmatch(attribute):
        return _Found(Reading(attribute, f"{group.path}@name"), is_stated=sees, sees=sees)
    if _generic().fullmatch(group.name) or (
        _OF_A_TANGO_DEVICE.fullmatch(group.name) and not _known().search(group.name)
    ):
        return None
    if not sees and not _counts(group):
        return None
    return _Found(Reading(group.name, group.path), is_stated=False, sees=sees)


def _counts(group: Node) -> bool:
    """Whether a group has data that may be counts: what has the unit of a position, an energy or a time is none."""
    data = group.child("data") or group.child("counts")
    if data is None or _positions().fullmatch(group.name):
        return False
    unit = units.find(unit_of(data) or "")
    return unit is None or unit.base not in {"m", "deg", "eV", "s", "K"}


def _sees(group: Node) -> bool:
    """Whether a detector sees images or spectra: its data, its pixels or its name say so."""
    if _known().search(group.name) or group.child("x_pixel_size") is not None or group.child("image_key") is not None:
        return True
    data = group.child("data") or group.child("counts")
    if data is not None and (data.kind == "broken" or (data.shape is not None and data.ndim >= 2)):
        return True
    return any(
        _known().search(tidy(reading.text(group.child(name))))
        for name in ("name", "description", "type", "model", "detector_type")
    )


@cache
def _known() -> re.Pattern[str]:
    words = _table()["words"]
    return re.compile("|".join(re.escape(word) for word in words), re.IGNORECASE)


@cache
def _generic() -> re.Pattern[str]:
    return re.compile(_table()["generic"], re.IGNORECASE)


@cache
def _positions() -> re.Pattern[str]:
    return re.compile(_table()["positions"], re.IGNORECASE)


@cache
def _table() -> dict[str, str]:
    return tomllib.loads(files("verriere.nexus").joinpath("tables/detectors.toml").read_text(encoding="utf-8"))
