"""Data management plans and volumes on the command line."""

import json
from pathlib import Path
from xml.etree import ElementTree

from verriere.simulate.visit import SimulatedVisit
from verriere.testing.command import Run

PROPOSALS = {
    "instruments": [{"id": "SWING", "name": "SWING", "techniques": ["SAXS"]}],
    "proposals": [
        {
            "id": "20250123",
            "title": "Silver behenate",
            "members": [{"name": "Doe, Jane", "email": "jd@example.org", "role": "principal-investigator"}],
            "visits": [{"id": "20250123-1", "instrument_id": "SWING", "start": "2025-03-01", "end": "2025-03-02"}],
        }
    ],
}


def furnish(verriere: Run, facility: Path, tmp_path: Path) -> None:
    file = tmp_path / "proposals.json"
    file.write_text(json.dumps(PROPOSALS))
    assert verriere("proposal", "import", file, "--facility", facility).code == 0


def test_a_proposal_that_is_imported_has_its_plan(verriere: Run, facility: Path, tmp_path: Path) -> None:
    furnish(verriere, facility, tmp_path)
    (plan,) = verriere("dmp", "list", "--facility", facility, "--json").json
    assert (plan["id"], plan["title"], plan["template"]) == ("20250123", "Silver behenate", "core@1 scattering@1")
    shown = verriere("dmp", "show", "20250123", "--facility", facility, "--language", "fr")
    assert "béhénate" not in shown.out
    assert "Combien de mois après une visite" in shown.out
    (line,) = verriere("dmp", "compare", "20250123", "--facility", facility, "--json").json
    assert (line["technique"]["label"], line["marks"]) == ("small angle x-ray scattering", ["late"])
    assert "small angle x-ray scattering" in verriere("dmp", "compare", "20250123", "--facility", facility).out
    assert verriere("dmp", "make", "--facility", facility).out == "0 plans made\n"


def test_a_plan_goes_in_and_comes_out_as_it_was(verriere: Run, facility: Path, shared: Path, tmp_path: Path) -> None:
    came = shared / "standards/madmp/examples/JSON/ex9-dmp-long.json"
    assert verriere("dmp", "import", came, "--dry-run", "--facility", facility, "--json").json["id"] is None
    taken = verriere("dmp", "import", came, "--facility", facility, "--json").json
    out = tmp_path / "out.json"
    assert verriere("dmp", "export", taken["id"], "-o", out, "--facility", facility).code == 0
    assert json.loads(out.read_text()) == json.loads(came.read_text())
    assert json.loads(verriere("dmp", "export", taken["id"], "-o", "-", "--facility", facility).out)
    told = verriere("dmp", "export", taken["id"], "-o", out, "--as", "opidor", "--facility", facility)
    assert json.loads(out.read_text())["meta"]["title"]
    assert "left out, opidor has no place for it: /dmp/contributor" in told.err
    assert verriere("dmp", "export", taken["id"], "-o", out, "--as", "dsw", "--facility", facility).code == 0
    assert verriere("dmp", "show", taken["id"], "--facility", facility).code == 0


def test_what_is_wrong_with_a_plan_is_said_with_its_pointer(verriere: Run, facility: Path, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text('{"dmp": {"title": 5}}')
    told = verriere("dmp", "import", file, "--facility", facility)
    assert told.code == 0
    assert "error: /dmp/title is 5" in told.out
    assert "plan m" in told.out
    file.write_text('{"dmp": {"title": }}')
    refused = verriere("dmp", "import", file, "--facility", facility)
    assert refused.code == 2
    assert "line 1, column 19" in refused.err
    assert verriere("dmp", "show", "nothing", "--facility", facility).code == 3


def test_the_plans_of_a_user_office_say_what_each_beamline_does(
    verriere: Run, facility: Path, beamlines: SimulatedVisit
) -> None:
    verriere("proposal", "import", beamlines.proposals, "--facility", facility)
    assert len(verriere("dmp", "list", "--facility", facility, "--json").json) == 3


def test_volumes_are_shown_with_what_the_scientists_expect(verriere: Run, facility: Path, tmp_path: Path) -> None:
    furnish(verriere, facility, tmp_path)
    table = tmp_path / "survey.csv"
    table.write_text("beamline,detector,rate,duty\nSWING,EIGER 4M,1 GB/s,10 %\n")
    words = ("volumes", "--survey", table, "--year", "2026", "--facility", facility)
    assert verriere(*words, "--dry-run", "--json").json["rows"] == []
    assert verriere(*words).code == 0
    out, picture = tmp_path / "volumes.csv", tmp_path / "volumes.svg"
    told = verriere("volumes", "--csv", out, "--svg", picture, "--facility", facility, "--json").json
    (row,) = told["rows"]
    assert (row["instrument_id"], row["year"], row["recorded"], row["surveyed"]) == (
        "SWING",
        2026,
        0,
        1_800_000 * 10**9,
    )
    assert out.read_text().splitlines()[1] == "SWING,2026,0,0,,1800000000000000"
    assert ElementTree.fromstring(picture.read_text()).tag.endswith("svg")
    assert "1.8 PB" in verriere("volumes", "--facility", facility).out
    health = {check["name"]: check for check in verriere("doctor", "--facility", facility, "--json").json}
    assert "growth" in health
    table.write_text("beamline,detector,rate,duty\nNOWHERE,EIGER 4M,1 GB/s,10 %\n")
    refused = verriere(*words)
    assert (refused.code, "line 2: nobody knows the beamline 'NOWHERE'" in refused.err) == (2, True)
