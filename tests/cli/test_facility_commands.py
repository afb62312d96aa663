"""Making a facility, and what a person is told when there is none."""

from pathlib import Path

from verriere.testing.command import Run


def test_init_makes_a_facility_that_the_doctor_finds_well(verriere: Run, tmp_path: Path) -> None:
    made = verriere("init", tmp_path / "f", "--name", "Nowhere", "--json")
    assert made.code == 0
    assert made.json["name"] == "Nowhere"
    assert 'name = "Nowhere"' in (tmp_path / "f" / "verriere.toml").read_text(encoding="utf-8")
    checks = {check["name"]: check for check in verriere("doctor", "--facility", tmp_path / "f", "--json").json}
    assert checks["database and archive"]["health"] == "ok"
    assert checks["history"]["health"] == "ok"
    assert checks["data office"]["do"].startswith("verriere user add")


def test_init_leaves_a_facility_that_is_there_as_it_is(verriere: Run, facility: Path) -> None:
    before = (facility / "verriere.toml").read_bytes()
    told = verriere("init", facility)
    assert (told.code, "code: facility-exists" in told.err) == (2, True)
    assert (facility / "verriere.toml").read_bytes() == before


def test_a_dry_run_of_init_makes_nothing(verriere: Run, tmp_path: Path) -> None:
    told = verriere("init", tmp_path / "f", "--dry-run", "--json")
    assert told.json["made"] is False
    assert not (tmp_path / "f").exists()


def test_a_facility_is_named_before_the_noun_or_after_it_or_by_a_variable_or_is_where_one_is(
    verriere: Run, facility: Path
) -> None:
    for told in (
        verriere("--facility", facility, "user", "list", "--json"),
        verriere("user", "list", "--facility", facility, "--json"),
        verriere("user", "list", "--json", env={"VERRIERE_FACILITY": str(facility)}),
        verriere("user", "list", "--json", cwd=facility),
    ):
        assert (told.code, told.json) == (0, [])


def test_what_is_said_after_the_noun_wins(verriere: Run, facility: Path, tmp_path: Path) -> None:
    told = verriere("--facility", tmp_path / "none", "user", "list", "--facility", facility, "--json")
    assert told.code == 0


def test_without_a_facility_a_person_is_told_how_to_name_one(verriere: Run, tmp_path: Path) -> None:
    told = verriere("user", "list", cwd=tmp_path)
    assert told.code == 2
    assert told.out == ""
    assert "hint: add --facility DIR" in told.err
    assert "code: facility-not-found" in told.err
    assert "Traceback" not in told.err


def test_debug_shows_where_an_error_comes_from(verriere: Run, tmp_path: Path) -> None:
    told = verriere("--debug", "user", "list", cwd=tmp_path)
    assert told.code != 0
    assert "Traceback" in told.err


def test_an_empty_database_beside_an_archive_is_not_upgraded_but_made_again(verriere: Run, facility: Path) -> None:
    (facility / "catalogue.db").write_bytes(b"")
    for words in (("upgrade",), ("upgrade", "--dry-run")):
        told = verriere(*words, "--facility", facility)
        assert (told.code, "verriere rebuild" in told.err, "code: database-unfit" in told.err) == (1, True, True)
    assert verriere("rebuild", "--facility", facility).code == 0
    assert verriere("upgrade", "--facility", facility).code == 0


def test_upgrading_a_database_that_is_up_to_date_changes_nothing(verriere: Run, facility: Path) -> None:
    before = (facility / "catalogue.db").read_bytes()
    told = verriere("upgrade", "--facility", facility, "--json")
    assert (told.code, told.json["upgraded"]) == (0, False)
    assert (facility / "catalogue.db").read_bytes() == before


def test_the_doctor_asks_for_the_address_that_people_cite_where_others_use_the_portal(
    verriere: Run, facility: Path
) -> None:
    def told(**env: str) -> dict[str, str]:
        checks = verriere("doctor", "--facility", facility, "--json", env=env).json
        return next(check for check in checks if check["name"] == "address")

    everywhere = {"VERRIERE_SERVE__HOST": "0.0.0.0"}
    assert told()["health"] == "ok"
    assert (told(**everywhere)["health"], told(**everywhere)["do"]) == ("warning", "set serve.public_url")
    assert told(**everywhere, VERRIERE_SERVE__PUBLIC_URL="https://data.example.org")["health"] == "ok"
