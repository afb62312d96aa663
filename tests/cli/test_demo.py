"""The demonstration: one command from nothing to a portal with data in it."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from verriere.testing.command import Run, Told


@pytest.fixture(scope="session")
def demo(verriere: Run, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Told]:
    folder = tmp_path_factory.mktemp("demo") / "facility"
    return folder, verriere("demo", "--dir", folder, "--exit", "--json")


def states(verriere: Run, folder: Path) -> dict[str, str]:
    hits: list[dict[str, Any]] = verriere("search", "", "--size", 100, "--facility", folder, "--json").json["hits"]
    return {hit["id"]: hit["state"] for hit in hits}


def test_it_has_datasets_of_three_beamlines_in_every_state_and_none_in_quarantine(
    verriere: Run, demo: tuple[Path, Told]
) -> None:
    folder, told = demo
    assert (told.code, told.err) == (0, "")
    assert told.json["ingest"]["quarantined"] == 0
    hits = verriere("search", "", "--size", 100, "--facility", folder, "--json").json["hits"]
    assert {hit["instrument"] for hit in hits} == {"SWING", "ANATOMIX", "PROXIMA-1"}
    assert {hit["state"] for hit in hits} == {"open", "embargoed", "proprietary", "withdrawn"}
    assert all(hit["techniques"] for hit in hits if not hit["title"].startswith("alignment"))


def test_it_prints_an_investigator_a_stranger_and_the_data_office(verriere: Run, demo: tuple[Path, Told]) -> None:
    folder, told = demo
    accounts = told.json["accounts"]
    assert [account["username"] for account in accounts] == ["claire", "louis", "office"]
    assert len({account["password"] for account in accounts}) == 3
    duties = {
        account["username"]: account["duty"]
        for account in verriere("user", "list", "--facility", folder, "--json").json
    }
    assert duties == {"claire": "user", "louis": "user", "office": "data-office"}


def test_run_again_it_uses_what_is_there(verriere: Run, demo: tuple[Path, Told]) -> None:
    folder, _ = demo
    before = states(verriere, folder)
    again = verriere("demo", "--dir", folder, "--exit", "--json")
    assert (again.code, again.json["ingest"]["datasets"]["created"]) == (0, 0)
    assert states(verriere, folder) == before


def test_it_does_not_touch_a_real_facility(verriere: Run, facility: Path) -> None:
    told = verriere("demo", "--dir", facility, "--exit")
    assert (told.code, "is a real facility" in told.err) == (2, True)
    assert verriere("user", "list", "--facility", facility, "--json").json == []


def test_its_portal_answers_and_ends_quietly_when_it_is_interrupted(demo: tuple[Path, Told]) -> None:
    folder, _ = demo
    running = subprocess.Popen(
        [sys.executable, "-m", "verriere", "serve", "--port", "0", "--facility", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with running:
        try:
            assert running.stdout is not None
            address = re.search(r"http://\S+", running.stdout.readline())
            assert address is not None
            with urlopen(address.group(), timeout=30) as page:
                assert page.status == 200
                assert b"Verriere demo facility" in page.read()
        finally:
            running.send_signal(signal.SIGINT)
        _, err = running.communicate(timeout=30)
    assert "Traceback" not in err
    assert running.returncode == 130


def test_a_port_that_is_taken_is_said_in_words(verriere: Run, demo: tuple[Path, Told]) -> None:
    import socket

    folder, _ = demo
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = verriere("serve", "--port", taken.getsockname()[1], "--facility", folder)
    assert (told.code, "hint: try --port 0" in told.err) == (2, True)
    assert json.dumps(told.out) == '""'
