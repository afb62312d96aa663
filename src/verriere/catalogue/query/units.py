"""What the search language asks of units; `verriere.nexus.units` knows them."""

from verriere.nexus import units

_DIMENSIONS = {"wavelength": "m"}
"""Base unit of a field, where a unit's name alone is ambiguous: ``A`` of a wavelength is an ångström."""


def is_unit(text: str) -> bool:
    """Whether this is the name of a unit that can be converted."""
    found = units.find(text)
    return found is not None and bool(found.base)


def in_base(value: float, unit: str, field: str) -> tuple[float, str]:
    """A value in the base unit of its dimension, and that unit."""
    found = units.base(value, value, unit, dimension=_DIMENSIONS.get(field, ""))
    return (found.minimum, found.unit) if found is not None else (value, "")
