"""Embargoes on the command line."""

import shutil
from pathlib import Path

import pytest

from verriere.testing.command import Run


@pytest.fixture
def own(filled: Path, tmp_path: Path) -> Path:
    """A facility of this test's own."""
    return Path(shutil.copytree(filled, tmp_path / "facility", symlinks=True))


def test_a_renewal_is_asked_for_and_granted(verriere: Run, own: Path) -> None:
    hits = verriere("search", "status:embargoed", "--facility", own, "--json").json["hits"]
    visit, before = hits[0]["visit_id"], hits[0]["opens_at"]
    asked = verriere("embargo", "request", visit, "--extend", "--reason", "thesis", "--facility", own, "--json")
    assert asked.json["state"] == "waiting"
    assert [each["id"] for each in verriere("embargo", "list", "--facility", own, "--json").json] == [asked.json["id"]]
    assert verriere("embargo", "decide", asked.json["id"], "--approve", "--facility", own).code == 0
    shown = verriere("embargo", "show", visit, "--facility", own, "--json").json
    assert int(shown["opens_at"][:4]) == int(before[:4]) + 1
    assert [each["kind"] for each in shown["decisions"]] == ["extension"]
    assert verriere("embargo", "list", "--facility", own).out.strip() == "none"


def test_what_makes_no_sense_is_said_to(verriere: Run, own: Path) -> None:
    assert verriere("embargo", "request", "nothing", "--extend", "--facility", own).code == 3
    assert verriere("embargo", "request", "x", "--facility", own).code == 2
    one = verriere("search", "status:embargoed", "--facility", own, "--json").json["hits"][0]["id"]
    asked = verriere("embargo", "request", one, "--release", "now", "--facility", own, "--json").json["id"]
    assert verriere("embargo", "decide", asked, "--facility", own).code == 2
    assert verriere("embargo", "decide", asked, "--approve", "--facility", own).code == 0
    assert verriere("search", f"id:{one} status:open", "--facility", own, "--json").json["total"] == 1
    told = verriere("embargo", "request", one, "--extend", "--facility", own)
    assert told.code == 2
    assert "open already" in told.err
