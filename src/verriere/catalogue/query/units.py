"""What the search language asks of units; `verriere.nexus.units` knows them."""

from verriere.catalogue.query.fields import PHYSICAL
from verriere.nexus import units

_DIMENSIONS = {"wavelength": "m"}
"""Base unit of a field, where a unit's name alone is ambiguous: ``A`` of a wavelength is an ångström."""


def is_unit(text: str) -> bool:
    """Whether this is the name of a unit that can be converted."""
    found = units.find(text)
    return found is not None and bool(found.base)


def measures(unit: str, field: str) -> bool:
    """Whether a field that is always a number can be written in this unit: energy in keV, not in keV²."""
    usual = PHYSICAL.get(field)
    return not usual or _base(unit, field) == _base(usual, field)


def nearest(text: str, field: str) -> str:
    """The unit of a field that was probably meant; "" where none is like it."""
    return units.nearest(text, measures=_base(PHYSICAL[field], field) if field in PHYSICAL else "")


def _base(unit: str, field: str) -> str:
    found = units.find(unit, dimension=_DIMENSIONS.get(field, ""))
    return found.base if found is not None else ""


def in_base(value: float, unit: str, field: str) -> tuple[float, str]:
    """A value in the base unit of its dimension, and that unit."""
    found = units.base(value, value, unit, dimension=_DIMENSIONS.get(field, ""))
    return (found.minimum, found.unit) if found is not None else (value, "")
