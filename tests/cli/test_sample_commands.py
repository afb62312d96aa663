"""Samples on the command line."""

from pathlib import Path

import pytest

from verriere.facility import Facility
from verriere.testing.command import Run
from verriere.testing.facilities import furnish


@pytest.fixture
def furnished(facility: Path) -> Path:
    with Facility.open(facility) as opened:
        furnish(opened)
    return facility


def test_a_dry_run_names_each_bad_row_and_the_whole_table_is_taken_or_nothing(
    verriere: Run, furnished: Path, tmp_path: Path
) -> None:
    bad, good = tmp_path / "bad.csv", tmp_path / "good.csv"
    good.write_text("proposal,name,parent\n20260415,Core,\n20260415,Slice,Core\n", encoding="utf-8")
    bad.write_text(good.read_text("utf-8") + "2026,Grain,\n20260415,,\n", encoding="utf-8")
    words = ("--facility", furnished, "sample")
    told = verriere(*words, "import", bad, "--dry-run")
    assert told.code == 2
    assert "did you mean 20269031?" in told.out
    assert "2 rows cannot be taken" in told.err
    assert [each["line"] for each in verriere(*words, "import", bad, "--json").json["troubles"]] == [4, 5]
    assert [each["id"] for each in verriere(*words, "list", "--proposal", "20260415", "--json").json] == ["20260415-1"]
    assert verriere(*words, "import", good).code == 0
    shown = verriere(*words, "show", "20260415-S1", "--json").json
    assert (shown["sample"]["name"], shown["pieces"]) == ("Core", ["20260415-S2"])
    assert verriere(*words, "show", "20260415-S2", "--json").json["cut_from"] == ["20260415-S1"]
    assert "Slice" in verriere(*words, "show", "20260415-S1").out
    assert verriere(*words, "measured", "ds-embargoed", "20260415-S2").code == 0
    assert verriere(*words, "show", "20260415-S2", "--json").json["datasets"] == ["ds-embargoed"]
    verriere("--facility", furnished, "relate", "sample:20260415-S2", "IsReferencedBy", "10.1107/S1600577518002278")
    found = verriere(*words, "list", "--work", "10.1107/s1600577518002278", "--json").json
    assert [each["id"] for each in found] == ["20260415-S2"]


def test_what_is_kept_of_a_person_is_shown_written_for_the_owner_alone_and_erased(
    verriere: Run, furnished: Path, tmp_path: Path
) -> None:
    words = ("--facility", furnished, "person")
    shown = verriere(*words, "show", "Daniel@lab.example", "--json").json
    assert ("proposal:20260415", "team") in {(each["where"], each["purpose"]) for each in shown}
    copy = tmp_path / "daniel.json"
    assert verriere(*words, "export", "daniel@lab.example", "-o", copy).code == 0
    assert copy.stat().st_mode & 0o777 == 0o600
    assert verriere(*words, "export", "daniel@lab.example", "-o", copy).code == 2
    refused = verriere(*words, "erase", "claire@lab.example", "--reason", "their request")
    assert refused.code == 4
    erase = (*words, "erase", "daniel@lab.example", "--reason", "their request", "--json")
    assert verriere(*erase, "--dry-run").json["made"] is False
    assert verriere(*erase).json["records"] == ["proposal:20260415"]
    assert verriere(*erase).code == 3
