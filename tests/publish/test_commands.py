"""Publishing on the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.publish.world import EMBARGOED, OPEN, PROPRIETARY, furnish

from verriere.facility import Facility
from verriere.publish.registrar import PASSWORD
from verriere.testing.command import run
from verriere.testing.datacite import FakeDataCite


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with Facility.create(tmp_path / "facility", name="Test") as made:
        furnish(made)
    return tmp_path / "facility"


@pytest.fixture
def fake() -> Iterator[FakeDataCite]:
    with FakeDataCite() as answering:
        yield answering


def test_a_dataset_is_published_and_withdrawn(folder: Path) -> None:
    told = run("publish", OPEN, "--json", "--facility", folder)
    assert (told.code, told.json["doi"], told.json["wanted"]) == (0, f"10.5072/{OPEN}.v1", "findable")
    assert "not registered" in run("publish", OPEN, "--facility", folder).out
    assert run("publish", "--waiting", "--json", "--facility", folder).json == []
    foreseen = run("withdraw", OPEN, "--reason", "Mistake", "--dry-run", "--json", "--facility", folder)
    assert (foreseen.code, foreseen.json["made"]) == (0, False)
    gone = run("withdraw", OPEN, "--reason", "Mistake", "--json", "--facility", folder)
    assert set(gone.json["withdrawn"]) == {f"10.5072/{OPEN}", f"10.5072/{OPEN}.v1"}
    again = run("publish", OPEN, "--facility", folder)
    assert (again.code, "code: not-publishable" in again.err) == (4, True)


def test_what_cannot_be_done_is_said_with_the_reason(folder: Path) -> None:
    refused = run("publish", PROPRIETARY, "--dry-run", "--facility", folder)
    assert (refused.code, "proprietary research" in refused.err) == (4, True)
    assert run("publish", "nothing", "--facility", folder).code == 3
    assert run("publish", "--facility", folder).code == 2
    assert run("withdraw", EMBARGOED, "--reason", "x", "--facility", folder).code == 3
    assert run("relate", OPEN, "Likes", "10.1107/S1600577518002278", "--facility", folder).code == 2


def test_collections_and_related_works(folder: Path) -> None:
    made = run("collection", "create", "Silver", OPEN, EMBARGOED, "--json", "--facility", folder).json
    assert run("publish", f"collection:{made['id']}", "--facility", folder).code == 0
    (listed,) = run("collection", "list", "--json", "--facility", folder).json
    assert listed["publication"]["doi"].startswith("10.5072/collection.")
    assert run("collection", "show", made["id"], "--json", "--facility", folder).json["collection"] == made
    words = ("relate", OPEN, "issupplementto", "https://doi.org/10.1107/S1600577518002278", "--json")
    (work,) = run(*words, "--facility", folder).json
    assert (work["relation"], work["identifier"]) == ("IsSupplementTo", "10.1107/s1600577518002278")
    assert run(*words, "--remove", "--facility", folder).json == []


def test_what_waits_is_shown_by_the_doctor_too_and_told_when_asked_for(folder: Path, fake: FakeDataCite) -> None:
    settings = folder / "verriere.toml"
    settings.write_text(
        f'[serve]\npublic_url = "https://data.example.org"\n[publish]\nregistrar = "datacite"\n'
        f'endpoint = "{fake.url}"\nrepository = "{fake.repository}"\n'
    )
    missing = run("doctor", "--json", "--facility", folder)
    assert next(each for each in missing.json if each["name"] == "DOIs")["health"] == "problem"
    known = {PASSWORD: fake.password}
    fake.failures.extend([503] * 3)
    told = run("publish", OPEN, "--facility", folder, env=known)
    assert (told.code, "waiting for the registrar" in told.out) == (0, True)
    waits = run("publish", "--waiting", "--json", "--facility", folder, env=known).json
    assert {each["attempts"] for each in waits} == {1}
    checked = run("doctor", "--json", "--facility", folder, env=known).json
    assert "2 wait: DataCite cannot at present" in next(each for each in checked if each["name"] == "DOIs")["says"]
    assert run("publish", "--sync", "--json", "--facility", folder, env=known).json["told"] == 2
    assert fake.state(f"10.5072/{OPEN}.v1") == "findable"
