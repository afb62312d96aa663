"""The one place that knows units: how files write them, and what they are in base units.

What files hold is found in a table of our own (``tables/units.toml``): bare pint reads ``cts`` as a mass, ``A`` as an
ampere where an ångström is meant, and ``a.u.`` as time times mass. Only products of units that the table has go to
pint, which is imported when the first one is met.
"""

import math
import re
import tomllib
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

from verriere.errors import InputInvalid
from verriere.model import BaseRange

HC_EV_M = 1.239841984332e-6
"""Energy times wavelength of a photon, in eV m (CODATA 2018, exact)."""

NEUTRON_EV_M2 = 8.180421047e-22
"""Energy of a neutron times the square of its wavelength, in eV m²: h² / 2 m (CODATA 2018)."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: how we write it, the unit of its dimension, and the way there: base = value * factor + offset.

    ``base`` is "" for a unit that has no base (arbitrary units, or none).
    """

    name: str
    base: str
    factor: float = 1.0
    offset: float = 0.0


def parse_unit(text: str, *, dimension: str = "") -> str | None:
    """How we write a unit that a file writes in its own way.

    Parameters
    ----------
    text
        As written: ``KeV``, ``1/A``, ``Å⁻¹``, ``degrees``, ``No unit``.
    dimension
        Base unit of what is expected where the text alone is ambiguous: with ``m``, ``A`` is an ångström.

    Returns
    -------
    str or None
        ``keV``, ``1/Å``, ``deg``; "" where it says that there is no unit; None where nobody knows it.
    """
    unit = find(text, dimension=dimension)
    return None if unit is None else unit.name


def convert(value: float, unit: str, to: str) -> float:
    """A value in another unit of the same dimension.

    Raises
    ------
    InputInvalid
        A unit is unknown, or the two do not measure the same.
    """
    target = find(to)
    source = find(unit, dimension=target.base if target else "")
    if source is None or target is None or source.base != target.base or not source.base:
        raise InputInvalid(
            f"{unit!r} cannot be converted to {to!r}", hint="units of the same kind: keV and eV, Å and nm"
        )
    return (value * source.factor + source.offset - target.offset) / target.factor


def base(minimum: float, maximum: float, unit: str, *, dimension: str = "") -> BaseRange | None:
    """A range in the base unit of its dimension; None where there is no unit or nobody knows it."""
    found = find(unit, dimension=dimension)
    if found is None or not found.base:
        return None
    ends = sorted(value * found.factor + found.offset for value in (minimum, maximum))
    return BaseRange(found.base, ends[0], ends[1])


def nearest(text: str, *, measures: str = "") -> str:
    """The unit whose name is most like ``text``, as we write it; "" where none is like it.

    Parameters
    ----------
    measures
        Base unit of the dimension that it has to be of; any, where empty.
    """
    exact, _ = _table()
    names = {name.casefold(): unit.name for name, unit in exact.items() if unit.base and measures in {"", unit.base}}
    near = get_close_matches(text.casefold(), names, n=1)
    return names[near[0]] if near else ""


def photon_energy(wavelength_m: float) -> float:
    """Energy [eV] of photons of a wavelength [m]."""
    return HC_EV_M / wavelength_m


def photon_wavelength(energy_ev: float) -> float:
    """Wavelength [m] of photons of an energy [eV]."""
    return HC_EV_M / energy_ev


def neutron_energy(wavelength_m: float) -> float:
    """Energy [eV] of neutrons of a wavelength [m]."""
    return NEUTRON_EV_M2 / wavelength_m**2


def neutron_wavelength(energy_ev: float) -> float:
    """Wavelength [m] of neutrons of an energy [eV]."""
    return math.sqrt(NEUTRON_EV_M2 / energy_ev)


@lru_cache(maxsize=4096)
def find(text: str, *, dimension: str = "") -> Unit | None:
    """The unit that a text means; with an empty ``base`` where it says that there is none; None where unknown."""
    written = unicodedata.normalize("NFKC", text).replace("μ", "µ").replace("−", "-").strip().strip('"')
    if len(written) > 2 and (written[0], written[-1]) in {("(", ")"), ("[", "]")}:
        written = written[1:-1].strip()
    exact, folded = _table()
    if not written:
        return Unit("", "")
    if written == "A" and dimension == "m":
        return exact["Å"]
    return exact.get(written) or folded.get(written.casefold()) or _product(written)


@cache
def _table() -> tuple[dict[str, Unit], dict[str, Unit]]:
    exact: dict[str, Unit] = {}
    for row in _rows()["unit"]:
        unit = Unit(row["name"], row["base"], row["factor"], row.get("offset", 0.0))
        for name in [row["name"], *row.get("also", [])]:
            exact[unicodedata.normalize("NFKC", name).replace("μ", "µ")] = unit
    for name in _rows()["without"]["none"]:
        exact[name] = Unit("", "")
    for name in _rows()["without"]["arbitrary"]:
        exact[name] = Unit("arbitrary", "")
    folded = {name.casefold(): unit for name, unit in exact.items() if len(name) > 3}
    return exact, folded


@cache
def _rows() -> dict[str, Any]:
    return tomllib.loads(files("verriere.nexus").joinpath("tables/units.toml").read_text(encoding="utf-8"))


_FACTOR = re.compile(r"\s*([*/·.×]?)\s*(1(?![0-9.])|[A-Za-zµÅ°Ω%]+)\s*(?:(?:\^|\*\*)?\s*[{(]?([+-]?[1-4])[)}]?)?")


def _product(written: str) -> Unit | None:
    """A product of powers of units that the table has: ``mJ/cm^2``, ``cts.s-1``, ``1/Å^2``."""
    names = {unit["name"]: unit.get("pint") for unit in _rows()["unit"]}
    exact, folded = _table()
    terms: list[str] = []
    place = 0
    divides = False
    while place < len(written):
        match = _FACTOR.match(written, place)
        if match is None:
            return None
        sign, name, power = match.groups()
        divides = sign == "/"
        place = match.end()
        if name == "1":
            continue
        unit = (
            (exact["Å"] if name == "A" and "1/" in written else None) or exact.get(name) or folded.get(name.casefold())
        )
        pint_name = names.get(unit.name) if unit is not None else None
        if unit is None or (pint_name is None and unit.base not in {"count", "photon", "pixel"}):
            return None
        terms.append(f"{pint_name or 'count'} ** {(-1 if divides else 1) * int(power or 1)}")
    if not terms or (len(terms) == 1 and terms[0].endswith("** 1")):
        return None
    return _by_pint(written, " * ".join(terms))


def _by_pint(written: str, expression: str) -> Unit:
    quantity = _registry().Quantity(1.0, expression).to_base_units()
    name = f"{quantity.units:~C}".replace("**", "^") or "1"
    return Unit(written, name, float(quantity.magnitude))


@cache
def _registry() -> Any:
    import pint  # noqa: PLC0415 - slow to import, and few files need it

    return pint.UnitRegistry()
