"""Every number with a unit, series as their least, mean and largest value, and the texts worth searching."""

import tomllib
from collections import Counter
from collections.abc import Collection
from functools import cache
from importlib.resources import files
from typing import Any

from verriere.model import Parameter
from verriere.nexus import reading, units
from verriere.nexus.fields import unit_of
from verriere.nexus.text import is_missing, tidy
from verriere.nexus.walk import Node, Tree

_MOST = 5000
_LONGEST_TEXT = 500
_LENGTHS = frozenset({"wavelength", "lambda", "incident_wavelength", "unit_cell", "d_spacing", "dspacing", "lattice"})


def find_parameters(tree: Tree, personal: Collection[str]) -> tuple[Parameter, ...]:
    """Parameters in the order of the file; units that nobody knows are reported once each."""
    found: list[Parameter] = []
    unknown: Counter[str] = Counter()
    where: dict[str, str] = {}
    private = frozenset(personal)
    for node in tree.nodes:
        if node.kind != "dataset" or node.target is not None:
            continue
        if len(found) >= _MOST or tree.is_late:
            tree.note("too-many-parameters", node.path, limit=len(found))
            break
        unit = unit_of(node) if "units" in node.attrs or "unit" in node.attrs else None
        if node.is_text and unit is None:
            parameter = _text(node, node.path in private)
        elif unit is None:
            continue
        else:
            parameter = _with_unit(node, unit, node.path in private)
            if units.find(unit, dimension=_dimension(node)) is None:
                unknown[unit] += 1
                where.setdefault(unit, node.path)
        if parameter is not None:
            found.append(parameter)
    for unit, count in unknown.items():
        tree.note("unit-unknown", where[unit], unit=unit[:40], count=count)
    return tuple(found)


def _with_unit(node: Node, unit: str, is_personal: bool) -> Parameter | None:
    name, dimension = name_of(node), _dimension(node)
    if node.size == 1:
        value = reading.number(node) if node.is_number else _float(reading.text(node))
        if value is None:
            return None
        return Parameter(
            name,
            node.path,
            float(value),
            unit,
            units.base(value, value, unit, dimension=dimension),
            personal=is_personal,
        )
    if not node.is_number or node.ndim != 1:
        return None
    spread = reading.spread(node)
    if spread is None:
        return None
    base = units.base(spread.minimum, spread.maximum, unit, dimension=dimension)
    return Parameter(
        name,
        node.path,
        None,
        unit,
        base,
        spread.minimum,
        spread.mean,
        spread.maximum,
        spread.count,
        personal=is_personal,
    )


def _text(node: Node, is_personal: bool) -> Parameter | None:
    table = _table()["texts"]
    role = node.parent.role if node.parent is not None else ""
    if node.size != 1 or node.name not in table["names"] or role not in table["classes"]:
        return None
    text = tidy(reading.text(node))
    if is_missing(text):
        return None
    return Parameter(name_of(node), node.path, text[:_LONGEST_TEXT], personal=is_personal)


def name_of(node: Node) -> str:
    """Short name of a parameter: that of the dataset, with its group's where the name alone says little."""
    parent = node.parent
    if parent is None or parent.parent is None:
        return node.name
    table = _table()
    known = table["names"].get(f"{parent.role} {node.name}")
    if known is not None:
        return str(known)
    if node.name in table["values"]["names"]:
        return parent.name
    prefix = table["prefix"].get(parent.role)
    if prefix is not None:
        return node.name if node.name.startswith(prefix) else f"{prefix}_{node.name}"
    if parent.role in {
        "NXentry",
        "NXsubentry",
        "NXdata",
        "NXcollection",
        "NXnote",
        "NXinstrument",
    } or node.name.startswith(parent.name):
        return node.name
    return f"{parent.name}_{node.name}"


def _dimension(node: Node) -> str:
    return "m" if node.name.casefold() in _LENGTHS else ""


def _float(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads(files("verriere.nexus").joinpath("tables/parameters.toml").read_text(encoding="utf-8"))
