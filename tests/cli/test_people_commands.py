"""Accounts and proposals."""

import json
import stat
from pathlib import Path

from verriere.simulate.visit import SimulatedVisit
from verriere.testing.command import Run


def test_a_generated_password_is_shown_once_and_never_kept_as_it_is(verriere: Run, facility: Path) -> None:
    added = verriere(
        "user", "add", "jdoe", "--email", "Jane.Doe@example.org", "--generate", "--facility", facility, "--json"
    )
    assert added.code == 0
    password = added.json["password"]
    assert len(password) >= 24
    for file in facility.rglob("*"):
        if file.is_file():
            assert password.encode() not in file.read_bytes()
    listed = verriere("user", "list", "--facility", facility, "--json").json
    assert [(each["username"], each["email"]) for each in listed] == [("jdoe", "jane.doe@example.org")]


def test_a_password_comes_from_standard_input_and_a_short_one_is_refused(verriere: Run, facility: Path) -> None:
    words = ("user", "add", "jdoe", "--email", "jd@example.org", "--password-stdin", "--facility", facility)
    assert verriere(*words, stdin="short\n").code == 2
    assert verriere(*words, stdin="long enough, surely\n").code == 0


def test_without_a_terminal_nobody_is_asked_for_a_password(verriere: Run, facility: Path) -> None:
    told = verriere("user", "add", "jdoe", "--email", "jd@example.org", "--facility", facility)
    assert told.code == 2
    assert "--password-stdin" in told.err


def test_accounts_in_the_archive_are_for_their_owner_only(verriere: Run, facility: Path) -> None:
    verriere("user", "add", "jdoe", "--email", "jd@example.org", "--generate", "--facility", facility)
    kept = list((facility / "archive").rglob("accounts.json"))
    assert len(kept) == 1
    assert stat.S_IMODE(kept[0].stat().st_mode) == 0o600


def test_proposals_are_taken_once_and_then_stay_as_they_are(
    verriere: Run, facility: Path, beamlines: SimulatedVisit
) -> None:
    words = ("proposal", "import", beamlines.proposals, "--facility", facility, "--json")
    foreseen = verriere(*words, "--dry-run").json
    assert foreseen["made"] is False
    assert verriere("proposal", "list", "--facility", facility, "--json").json == []
    first = verriere(*words).json
    assert first["changes"] == foreseen["changes"]
    assert {change["change"] for change in first["changes"]} == {"new"}
    assert {change["change"] for change in verriere(*words).json["changes"]} == {"same"}


def test_a_changed_visit_is_brought_up_to_date_and_nothing_is_removed(
    verriere: Run, facility: Path, beamlines: SimulatedVisit, tmp_path: Path
) -> None:
    verriere("proposal", "import", beamlines.proposals, "--facility", facility)
    said = json.loads(beamlines.proposals.read_text(encoding="utf-8"))
    proposal = said["proposals"][0]
    visit = {**proposal["visits"][0], "proposal_id": proposal["id"], "end": "2031-01-01T00:00:00+01:00"}
    (tmp_path / "later.json").write_text(json.dumps({"visits": [visit]}), encoding="utf-8")
    changed = verriere("proposal", "import", tmp_path / "later.json", "--facility", facility, "--json").json
    assert changed["changes"] == [{"kind": "visit", "id": visit["id"], "change": "changed"}]
    shown = verriere("proposal", "show", visit["proposal_id"], "--facility", facility, "--json").json
    assert [v["end"] for v in shown["visits"] if v["id"] == visit["id"]] == ["2031-01-01T00:00:00+01:00"]
    assert len(verriere("proposal", "list", "--facility", facility, "--json").json) == len(said["proposals"])


def test_a_visit_of_a_proposal_that_nobody_knows_is_refused_and_nothing_is_taken(
    verriere: Run, facility: Path, tmp_path: Path
) -> None:
    visit = {"id": "V", "proposal_id": "none", "instrument_id": "SWING", "start": "2025-01-01", "end": "2025-01-02"}
    (tmp_path / "visits.json").write_text(json.dumps({"visits": [visit]}), encoding="utf-8")
    told = verriere("proposal", "import", tmp_path / "visits.json", "--facility", facility)
    assert told.code == 2
    assert "visit:V is of proposal 'none'" in told.err
    assert verriere("history", "--facility", facility, "--json").json == []


def test_a_table_names_its_instruments_only_where_that_is_wanted_and_a_visit_ends_on_its_last_day(
    verriere: Run, facility: Path, tmp_path: Path
) -> None:
    (tmp_path / "office.csv").write_text(
        "proposal,proposal_title,visit,instrument,start,end\n20250123,Order,20250123-1,SWING,2025-03-01,2025-03-02\n",
        encoding="utf-8",
    )
    words = ("proposal", "import", tmp_path / "office.csv", "--facility", facility)
    refused = verriere(*words)
    assert (refused.code, "--create-instruments" in refused.err) == (2, True)
    assert verriere(*words, "--create-instruments").code == 0
    shown = verriere("proposal", "show", "20250123", "--facility", facility).out
    assert "2025-03-01" in shown
    assert "2025-03-02" in shown
    assert "2025-03-03" not in shown


def test_an_unknown_proposal_is_exit_code_3(verriere: Run, facility: Path) -> None:
    assert verriere("proposal", "show", "none", "--facility", facility).code == 3
