"""Vocabularies of others that are shipped as dated tables: licences of SPDX, units in UCUM and QUDT, DataCite's lists.

The tables say of when they are; ``python -m tools.vocabularies`` compares them with a newer release.
"""

import csv
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from verriere.nexus import units

QUDT = "http://qudt.org/vocab/unit/"
SPDX = "https://spdx.org/licenses/"


@dataclass(frozen=True, slots=True)
class Licence:
    """A licence: its SPDX identifier, its name, and where its text is."""

    spdx: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class UnitCodes:
    """A unit in two vocabularies; "" where one has none."""

    ucum: str = ""
    qudt: str = ""


def licence(spdx: str) -> Licence:
    """The licence of an SPDX identifier; of one that the table does not have, where SPDX describes it."""
    return licences().get(spdx) or Licence(spdx, spdx, f"{SPDX}{spdx}.html")


@cache
def licences() -> dict[str, Licence]:
    """Every licence of the table, by its SPDX identifier."""
    return {row["spdx"]: Licence(row["spdx"], row["name"], row["url"]) for row in rows("licences.csv")}


def unit(written: str, *, dimension: str = "") -> UnitCodes:
    """The codes of a unit as a file writes it, ``KeV`` or ``1/A``; empty where nobody knows it."""
    name = units.parse_unit(written, dimension=dimension)
    return _units().get(name, UnitCodes()) if name else UnitCodes()


@cache
def _units() -> dict[str, UnitCodes]:
    return {row["unit"]: UnitCodes(row["ucum"], QUDT + row["qudt"] if row["qudt"] else "") for row in rows("units.csv")}


@cache
def datacite(name: str) -> frozenset[str]:
    """A list of DataCite's schema: ``resource_types``, ``relations``, ``contributors``."""
    table = tomllib.loads(files(__package__).joinpath("tables/datacite.toml").read_text(encoding="utf-8"))
    return frozenset(table[name].split())


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a table; lines that begin with ``#`` are its comments."""
    text = files(__package__).joinpath("tables", name).read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))
