"""The tables of others' vocabularies, and how they are found in."""

import tomllib
from importlib.resources import files

import pytest

from verriere.publish import vocabularies


def test_every_unit_that_files_may_have_has_its_row() -> None:
    table = tomllib.loads(files("verriere.nexus").joinpath("tables/units.toml").read_text(encoding="utf-8"))
    known = {row["unit"] for row in vocabularies.rows("units.csv")}
    assert {row["name"] for row in table["unit"]} - known == set()


@pytest.mark.parametrize(
    ("written", "ucum", "qudt"),
    [("KeV", "keV", "KiloEV"), ("1/A", "Ao-1", "PER-ANGSTROM"), ("degC", "Cel", "DEG_C"), ("um", "um", "MicroM")],
)
def test_a_unit_is_found_however_it_is_written(written: str, ucum: str, qudt: str) -> None:
    assert vocabularies.unit(written) == vocabularies.UnitCodes(ucum, vocabularies.QUDT + qudt)


def test_an_ampere_is_an_angstrom_where_a_length_is_meant() -> None:
    assert vocabularies.unit("A", dimension="m").ucum == "Ao"
    assert vocabularies.unit("A").ucum == "A"


def test_a_unit_that_nobody_knows_has_no_code() -> None:
    assert vocabularies.unit("furlong") == vocabularies.UnitCodes()
    assert vocabularies.unit("") == vocabularies.UnitCodes()


def test_a_licence_that_the_table_lacks_is_where_spdx_describes_it() -> None:
    assert vocabularies.licence("CC-BY-4.0").url == "https://creativecommons.org/licenses/by/4.0/"
    assert vocabularies.licence("Zlib").url == "https://spdx.org/licenses/Zlib.html"
