"""Data go in, are found, and come out whole."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import h5py
import pytest

from verriere.simulate.visit import SimulatedVisit
from verriere.testing.command import Run


@pytest.fixture
def found(verriere: Run, filled: Path) -> list[dict[str, Any]]:
    told = verriere("search", "", "--size", 100, "--facility", filled, "--json")
    hits: list[dict[str, Any]] = told.json["hits"]
    return hits


@pytest.fixture
def dataset(verriere: Run, filled: Path) -> dict[str, Any]:
    """The one with several files."""
    hit = verriere("search", "beamline:PROXIMA-1", "--facility", filled, "--json").json["hits"][0]
    shown: dict[str, Any] = verriere("show", hit["id"], "--facility", filled, "--json").json["dataset"]
    assert len(shown["files"]) == 3
    return shown


def test_every_dataset_of_the_visit_is_found_by_the_operator_whatever_its_state(
    found: list[dict[str, Any]], beamlines: SimulatedVisit
) -> None:
    assert {hit["state"] for hit in found} >= {"embargoed", "proprietary"}
    assert {hit["instrument"] for hit in found} == {"SWING", "ANATOMIX", "PROXIMA-1"}
    assert sum(hit["files"] for hit in found) == len(beamlines.files)


def test_ingesting_again_changes_nothing(verriere: Run, filled: Path, beamlines: SimulatedVisit) -> None:
    before = verriere("history", "--facility", filled, "--json").json
    summary = verriere("ingest", *beamlines.folders.values(), "--facility", filled, "--json")
    assert summary.code == 0
    assert summary.json["datasets"]["created"] == summary.json["datasets"]["updated"] == 0
    assert verriere("history", "--facility", filled, "--json").json == before


def test_a_dry_run_foresees_an_ingest_and_keeps_nothing(
    verriere: Run, facility: Path, beamlines: SimulatedVisit
) -> None:
    told = verriere("ingest", beamlines.files[0], "--dry-run", "--facility", facility, "--json")
    assert (told.code, told.json["dry_run"], told.json["datasets"]["created"]) == (0, True, 1)
    assert verriere("search", "", "--facility", facility, "--json").json["total"] == 0


def test_an_embargo_that_ends_at_midnight_in_paris_ends_on_the_day_that_begins(
    verriere: Run, filled: Path, found: list[dict[str, Any]]
) -> None:
    hit = next(hit for hit in found if hit["state"] == "embargoed")
    opens = datetime.fromisoformat(hit["opens_at"]).astimezone(ZoneInfo("Europe/Paris"))
    assert (opens.hour, opens.minute) == (0, 0)
    for words in (("search", f"id:{hit['id']}"), ("show", hit["id"])):
        assert f"{opens:%Y-%m-%d}" in verriere(*words, "--facility", filled).out


def test_facets_count_what_was_found(verriere: Run, filled: Path, found: list[dict[str, Any]]) -> None:
    facets = verriere("search", "", "--facets", "--facility", filled, "--json").json["facets"]
    counts = {each["label"]: each["count"] for each in facets["beamline"]}
    assert counts == {name: sum(hit["instrument"] == name for hit in found) for name in counts}
    assert set(counts) == {"SWING", "ANATOMIX", "PROXIMA-1"}


def test_a_search_that_cannot_be_parsed_points_at_the_place(verriere: Run, filled: Path) -> None:
    told = verriere("search", "silver energy:>12zz", "--facility", filled)
    assert (told.code, told.out) == (2, "")
    shown, mark, *_ = told.err.splitlines()
    assert shown[mark.index("^") :].startswith("zz")
    assert "code: query-invalid" in told.err


def test_a_search_that_finds_nothing_says_what_nobody_knows_and_what_was_meant(verriere: Run, filled: Path) -> None:
    words = ("--facility", filled, "search", "technique:SAXZ instrment:SWING")
    told = verriere(*words)
    assert "hint: no technique is called 'SAXZ': did you mean technique:SAXS?" in told.out.splitlines()
    assert "try: verriere search 'technique:SAXS instrument:SWING'" in told.out.splitlines()
    assert "aucune technique ne s'appelle « SAXZ » : vouliez-vous dire" in verriere(*words, "--language", "fr").out
    assert verriere(*words, "--json").json["instead"] == "technique:SAXS instrument:SWING"


def test_show_says_where_each_value_was_read(verriere: Run, filled: Path, dataset: dict[str, Any]) -> None:
    told = verriere("show", dataset["id"], "--facility", filled)
    assert told.code == 0
    name, capture = dataset["captures"][0]
    assert f"What {name} says" in told.out
    line = next(line for line in told.out.splitlines() if line.startswith("title  ") and "/" in line)
    assert capture["title"]["source"] in line


def test_an_unknown_dataset_is_exit_code_3(verriere: Run, filled: Path) -> None:
    for words in (("show", "none"), ("download", "none"), ("verify", "none")):
        told = verriere(*words, "--facility", filled)
        assert (told.code, told.out, "code: not-found" in told.err) == (3, "", True), words


def test_a_download_is_whole_and_checked_and_done_once(
    verriere: Run, filled: Path, dataset: dict[str, Any], tmp_path: Path
) -> None:
    words = ("download", dataset["id"], "-o", tmp_path / "out", "--facility", filled, "--json")
    assert [file["done"] for file in verriere(*words).json["files"]] == ["copied"] * 3
    for file in dataset["files"]:
        assert hashlib.sha256((tmp_path / "out" / file["path"]).read_bytes()).hexdigest() == file["sha256"]
    assert [file["done"] for file in verriere(*words).json["files"]] == ["was there"] * 3


def test_a_download_that_was_cut_off_goes_on_and_one_with_another_beginning_begins_again(
    verriere: Run, filled: Path, dataset: dict[str, Any], tmp_path: Path
) -> None:
    words = ("download", dataset["id"], "-o", tmp_path, "--facility", filled, "--json")
    verriere(*words)
    first, second, _ = (tmp_path / file["path"] for file in dataset["files"])
    (tmp_path / f"{first.name}.part").write_bytes(first.read_bytes()[:1000])
    (tmp_path / f"{second.name}.part").write_bytes(b"not the beginning of this file")
    wanted = [first.read_bytes(), second.read_bytes()]
    first.unlink()
    second.unlink()
    assert [file["done"] for file in verriere(*words).json["files"]] == ["gone on with", "copied", "was there"]
    assert [first.read_bytes(), second.read_bytes()] == wanted


def test_a_download_never_overwrites_another_file(
    verriere: Run, filled: Path, dataset: dict[str, Any], tmp_path: Path
) -> None:
    mine = tmp_path / dataset["files"][0]["path"]
    mine.write_text("mine", encoding="utf-8")
    told = verriere("download", dataset["id"], "-o", tmp_path, "--facility", filled)
    assert (told.code, mine.read_text(encoding="utf-8")) == (2, "mine")


@pytest.fixture
def damaged(filled: Path, dataset: dict[str, Any], tmp_path: Path) -> Path:
    """The same facility, in which one bit of one file has flipped, and a good copy of its archive beside it."""
    shutil.copytree(filled, tmp_path / "facility")
    shutil.copytree(filled / "archive", tmp_path / "backup")
    name = Path(dataset["files"][0]["path"]).name
    (kept,) = (tmp_path / "facility" / "archive" / "ocfl").rglob(name)
    kept.chmod(0o644)
    with kept.open("r+b") as file:
        file.seek(2000)
        byte = file.read(1)
        file.seek(2000)
        file.write(bytes([byte[0] ^ 1]))
    return tmp_path / "facility"


def test_a_flipped_bit_is_found_and_mended_from_a_backup(
    verriere: Run, damaged: Path, dataset: dict[str, Any], tmp_path: Path
) -> None:
    told = verriere("verify", "--facility", damaged, "--json")
    assert (told.code, told.json["whole"]) == (1, False)
    assert {finding["dataset"] for finding in told.json["findings"]} == {dataset["id"]}
    repair = ("verify", dataset["id"], "--repair-from", tmp_path / "backup", "--facility", damaged)
    foreseen = verriere(*repair, "--dry-run", "--json")
    assert (foreseen.code, foreseen.json["whole"]) == (1, False)
    assert {finding["code"] for finding in foreseen.json["findings"]} >= {"fixity-repairable"}
    (tmp_path / "nothing").mkdir()
    elsewhere = ("verify", dataset["id"], "--repair-from", tmp_path / "nothing", "--facility", damaged)
    assert "fixity-repairable" not in verriere(*elsewhere, "--dry-run", "--json").out
    assert verriere(*repair).code == 0
    assert verriere("verify", "--facility", damaged).code == 0


def test_damaged_bytes_are_not_handed_out(
    verriere: Run, damaged: Path, dataset: dict[str, Any], tmp_path: Path
) -> None:
    told = verriere("download", dataset["id"], "-o", tmp_path / "out", "--facility", damaged)
    assert (told.code, "code: fixity-lost" in told.err) == (1, True)
    assert not (tmp_path / "out").exists()
    (tmp_path / "mine").mkdir()
    verriere("download", dataset["id"], "-o", tmp_path / "mine", "--facility", damaged)
    assert (tmp_path / "mine").is_dir()


def test_the_clock_opens_what_is_due_once(verriere: Run, filled: Path, tmp_path: Path) -> None:
    shutil.copytree(filled, tmp_path / "facility")
    words = ("clock", "--at", "2050-01-01", "--facility", tmp_path / "facility", "--json")
    foreseen = verriere(*words, "--dry-run").json["changes"]
    assert foreseen
    refused = verriere(*words)
    assert (refused.code, "--yes" in refused.err) == (2, True)
    assert verriere(*words, "--dry-run").json["changes"] == foreseen
    assert verriere(*words, "--yes").json["changes"] == foreseen
    assert verriere(*words, "--yes").json["changes"] == []
    states = {
        hit["state"] for hit in verriere("search", "", "--facility", tmp_path / "facility", "--json").json["hits"]
    }
    assert states == {"open", "proprietary"}


def test_the_database_is_made_again_from_the_archive(verriere: Run, filled: Path, tmp_path: Path) -> None:
    shutil.copytree(filled, tmp_path / "facility")
    for file in (tmp_path / "facility").glob("catalogue.db*"):
        file.unlink()
    at = ("--facility", tmp_path / "facility")
    assert verriere("search", "", *at).code != 0
    assert verriere("rebuild", *at).code == 0
    for words in (("search", "", "--size", 100), ("history",), ("proposal", "list"), ("user", "list")):
        assert verriere(*words, *at, "--json").json == verriere(*words, "--facility", filled, "--json").json
    assert verriere("history", "--check", *at).code == 0


def test_an_altered_history_is_found(verriere: Run, filled: Path, tmp_path: Path) -> None:
    shutil.copytree(filled, tmp_path / "facility")
    (journal,) = (tmp_path / "facility" / "archive" / "history").glob("*.jsonl")
    journal.write_text(journal.read_text(encoding="utf-8").replace("recorded", "forgotten", 1), encoding="utf-8")
    told = verriere("history", "--check", "--facility", tmp_path / "facility")
    assert (told.code, "code: history-broken" in told.err) == (1, True)


def test_a_dataset_without_a_visit_waits_until_a_person_decides(verriere: Run, filled: Path, tmp_path: Path) -> None:
    shutil.copytree(filled, tmp_path / "facility")
    at = ("--facility", tmp_path / "facility")
    with h5py.File(tmp_path / "orphan.nxs", "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        entry["title"] = "Of nobody knows which visit"
    os.utime(tmp_path / "orphan.nxs", (1e9, 1e9))
    assert verriere("ingest", tmp_path / "orphan.nxs", *at).code == 0
    (waiting,) = verriere("quarantine", "list", *at, "--json").json
    assert waiting["title"] == "Of nobody knows which visit"
    visit = verriere("proposal", "list", *at, "--json").json[0]["id"]
    visit_id = verriere("proposal", "show", visit, *at, "--json").json["visits"][0]["id"]
    assert verriere("quarantine", "assign", waiting["id"], visit_id, *at, "--dry-run").code == 0
    assert len(verriere("quarantine", "list", *at, "--json").json) == 1
    assert verriere("quarantine", "assign", waiting["id"], visit_id, "--by", "ann", *at).code == 0
    assert verriere("quarantine", "list", *at, "--json").json == []
    assert verriere("history", waiting["id"], *at, "--json").json[-1]["by"] == "ann"


def test_an_ingest_lists_what_it_did_not_take(verriere: Run, facility: Path, tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / ".notes.swp").write_text("more light", encoding="utf-8")
    told = verriere("ingest", tmp_path / "raw", "--facility", facility)
    assert ".notes.swp is hidden or a trace of a program: it was left out." in told.out
    assert "see --json" not in told.out


def test_check_needs_no_facility_and_speaks_french(verriere: Run, beamlines: SimulatedVisit, tmp_path: Path) -> None:
    file = next(path for path in beamlines.files if "buffer" in path.name)
    told = verriere("check", file, "--json", cwd=tmp_path)
    codes = {found["code"] for d in told.json["datasets"] for _, c in d["captures"] for found in c["findings"]}
    assert "placeholder" in codes
    english, french = (verriere("check", file, "--language", language, cwd=tmp_path).out for language in ("en", "fr"))
    assert "Findings" in english
    assert "Constats" in french
    assert "Findings" not in french
    assert verriere("check", file, env={"LANG": "fr_FR.UTF-8"}, cwd=tmp_path).out == french


def test_check_ends_with_1_where_a_file_is_damaged(verriere: Run, beamlines: SimulatedVisit, tmp_path: Path) -> None:
    (tmp_path / "cut.nxs").write_bytes(beamlines.files[0].read_bytes()[:5000])
    assert verriere("check", tmp_path / "cut.nxs").code == 1
    assert verriere("check", beamlines.files[0]).code == 0


def test_what_a_file_says_cannot_command_the_terminal(verriere: Run, tmp_path: Path) -> None:
    with h5py.File(tmp_path / "loud.nxs", "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        entry["title"] = "bell \x07 and \x1b[31mred\x1b[0m [bold]markup[/bold]"
    told = verriere("check", tmp_path / "loud.nxs")
    assert "\x1b" not in told.out
    assert "\x07" not in told.out
    assert "[bold]markup[/bold]" in told.out


def test_a_reader_that_goes_away_is_no_error(filled: Path) -> None:
    command = [sys.executable, "-m", "verriere", "history", "--json", "--facility", str(filled)]
    running = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    assert running.wait(timeout=60) == 141
    assert running.stderr.read() == b""
    running.stderr.close()


def test_json_is_one_document_with_nothing_around_it(verriere: Run, filled: Path) -> None:
    for words in (("search", ""), ("history",), ("user", "list"), ("proposal", "list"), ("quarantine", "list")):
        told = verriere(*words, "--facility", filled, "--json")
        json.loads(told.out)
        assert told.err == ""


def test_a_query_may_begin_with_what_it_leaves_out(verriere: Run, filled: Path) -> None:
    everything = verriere("search", "", "--facility", filled, "--json").json["total"]
    without = verriere("search", "-behenate", "--facility", filled, "--json").json["total"]
    assert 0 < without < everything


def test_a_repair_from_a_folder_that_is_not_there_is_refused(verriere: Run, filled: Path, tmp_path: Path) -> None:
    assert verriere("verify", "--repair-from", tmp_path / "nowhere", "--facility", filled).code == 2


def test_what_is_due_is_read_and_what_was_found_stays_known(
    verriere: Run, damaged: Path, dataset: dict[str, Any]
) -> None:
    assert verriere("verify", "--due", "--facility", damaged, "--json").json == {
        "objects": 0,
        "whole": True,
        "findings": [],
    }
    assert verriere("verify", dataset["id"], "--due", "--facility", damaged).code == 2
    assert verriere("verify", dataset["id"], "--facility", damaged).code == 1
    checks = {check["name"]: check for check in verriere("doctor", "--facility", damaged, "--json").json}
    assert checks["fixity"]["health"] == "problem"
    assert dataset["id"] in checks["fixity"]["says"]
    told = verriere("history", "--facility", damaged, "--json").json
    assert [entry["by"] for entry in told if entry["event"] == "damaged"] == ["operator"]
