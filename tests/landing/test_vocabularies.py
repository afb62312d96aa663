"""The tables of others' vocabularies, how they are found in, and how they are compared with newer ones."""

import json
import shutil
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
from tools import vocabularies as comparing

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


def test_a_newer_list_of_licences_gives_its_names_and_tells_what_it_has_given_up(tmp_path: Path) -> None:
    table = tmp_path / "licences.csv"
    shutil.copy(comparing.TABLES / "licences.csv", table)
    ours = vocabularies.rows("licences.csv")
    newer = [{"licenseId": row["spdx"], "name": row["name"], "isDeprecatedLicenseId": False} for row in ours]
    newer[0] |= {"name": "Another name", "isDeprecatedLicenseId": True}
    source = tmp_path / "licenses.json"
    source.write_text(json.dumps({"licenses": newer[:-1]}), encoding="utf-8")
    assert comparing.licences(source, table) == [ours[0]["spdx"], ours[-1]["spdx"]]
    text = table.read_text(encoding="utf-8")
    assert "Another name" in text
    assert text.startswith("#")


def test_units_that_qudt_lacks_are_told(tmp_path: Path) -> None:
    source = tmp_path / "units.ttl"
    known = [row["qudt"] for row in vocabularies.rows("units.csv") if row["qudt"] not in ("", "EV", "KiloEV")]
    lines = [f"unit:{name} a qudt:Unit ." for name in known] + ["unit:EV a qudt:Unit ; qudt:deprecated true ."]
    prefixes = "@prefix unit: <http://qudt.org/vocab/unit/> .\n@prefix qudt: <http://qudt.org/schema/qudt/> .\n"
    source.write_text(prefixes + "\n".join(lines), encoding="utf-8")
    assert list(comparing.units(source)) == ["eV: QUDT has given up EV", "keV: QUDT has no KiloEV"]
