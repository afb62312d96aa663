"""Requests and records made to trip the portal: no error of ours, nothing that harms who opens what they got."""

import csv
import io
import os
from dataclasses import replace
from itertools import product
from pathlib import Path

import h5py
import httpx2
import pytest
from tests.serve.hall import PASSWORD, Hall
from tests.serve.test_login import log_in

from verriere.facility import Facility
from verriere.model import Account, Duty, RecordedUser
from verriere.serve.auth import passwords
from verriere.serve.portal.pages.figure import as_csv
from verriere.serve.previews import Previews
from verriere.techniques.formats.converting import rendered
from verriere.testing import FrozenClock, LiveServer
from verriere.testing.command import run as command
from verriere.testing.readers import die
from verriere.wording import LANGUAGES

OFFICE = Account("office", "office@facility.example", "Data Office", Duty.DATA_OFFICE)

FORMULA = '=HYPERLINK("http://elsewhere.example")'


@pytest.mark.parametrize("header", ["bytes=" + "9" * 5000 + "-", "bytes=-" + "9" * 5000, "bytes=0-" + "9" * 5000])
def test_a_range_of_any_length_is_answered(client: httpx2.Client, hall: Hall, header: str) -> None:
    path = f"/datasets/{hall.open.id}/files/{hall.open.files[0].path}"
    assert client.get(path, headers={"Range": header}).status_code in {200, 206, 416}


@pytest.mark.parametrize("origin", ["http://[", "null", "http://elsewhere.example"])
def test_a_form_from_anywhere_else_is_refused(client: httpx2.Client, origin: str) -> None:
    client.get("/en/login")
    assert client.post("/en/login", data={"username": "x"}, headers={"Origin": origin}).status_code == 403


def test_a_form_that_is_far_too_long_is_refused(client: httpx2.Client) -> None:
    assert client.post("/en/login", data={"username": "x" * 2_000_000}).status_code == 413


@pytest.mark.parametrize("label", [FORMULA, "+1", "-x", "@sum", "\t=1"])
def test_a_label_in_a_table_of_values_is_no_formula(label: str) -> None:
    head, values = csv.reader(io.StringIO(as_csv((label, "I"), ((-1.5, None),))))
    assert head == [f"'{label}", "I"]
    assert values == ["-1.5", ""]


def test_a_picture_that_the_team_saw_first_tells_others_no_name(hall: Hall, tmp_path: Path) -> None:
    name, capture = hall.open.captures[0]
    assert capture.signal is not None
    signal = replace(capture.signal, label="by Ottoline Quarrington")
    users = (RecordedUser("Ottoline Quarrington", "/entry/user/name"),)
    for_team = replace(hall.open, captures=((name, replace(capture, signal=signal, users=users)),))
    previews = Previews(tmp_path, hall.facility.archive)
    try:
        told = previews.get(for_team, "en").description
    finally:
        previews.close()
    assert told.alt
    assert "Quarrington" not in repr(told)


def test_a_plot_that_ended_its_reader_rests_for_every_reader_and_language_before_it_is_tried_again(
    hall: Hall, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verriere.serve.previews.rendered", die)
    previews = Previews(tmp_path, hall.facility.archive)
    try:
        assert not previews.is_resting(hall.open)
        assert previews.get(hall.open, "en").png == b""
        assert previews.is_resting(hall.open)
        assert not previews.is_resting(replace(hall.open, version=2))
        monkeypatch.setattr("verriere.serve.previews.rendered", rendered)
        for language in LANGUAGES:
            for dark in (False, True):
                assert previews.get(hall.open, language, dark=dark).png == b""
        [mark] = tmp_path.rglob("*.stopped")
        os.utime(mark, (0, 0))
        assert previews.get(hall.open, "en").png
    finally:
        previews.close()


@pytest.mark.parametrize("query", ["after:0001-01-01", "before:0001-01-01", "after:9999-12-31", "before:9999-12-31"])
def test_the_ends_of_the_calendar_can_be_asked_for(client: httpx2.Client, query: str) -> None:
    assert client.get("/en/search", params={"q": query}).status_code == 200


def hostile(folder: Path) -> None:
    """Three files: more groups than anyone looks at, arrays of 2^60 values, texts of 50 MB."""
    for name in ("groups", "vast", "text"):
        (folder / name).mkdir(parents=True)
    with h5py.File(folder / "groups" / "scan.nxs", "w", libver="latest") as file:
        first = file.create_group("g0")
        for number in range(1000):
            first.create_group(str(number))
        for number in range(1, 60):
            file.copy("g0", f"g{number}")
    with h5py.File(folder / "vast" / "scan.nxs", "w") as file:
        data = file.create_group("entry/data")
        data.attrs["signal"] = "frames"
        data.create_dataset("frames", (2**30, 2**30), "u2", chunks=(1024, 1024))[:9, :9] = 3
        data.create_dataset("line", (2**60,), "f8", chunks=(1024,))[:9] = 1
        data.create_dataset("texts", (2**60,), h5py.string_dtype(), chunks=(1024,))
    with h5py.File(folder / "text" / "scan.nxs", "w") as file:
        file["entry/title"] = "x" * 50_000_000
        file["entry/sample/name"] = "y" * 50_000_000
        file["entry/data/I"] = [1.0, 2.0, 3.0]
        file["entry/data"].attrs["signal"] = "I"
        file["entry/data/I"].attrs["long_name"] = "z" * 60_000


def test_files_made_to_exhaust_us_are_kept_and_their_pages_are_small(tmp_path: Path, clock: FrozenClock) -> None:
    hostile(tmp_path / "raw")
    with Facility.create(tmp_path / "facility", name="Patient", clock=clock) as facility:
        facility.catalogue.add_account(OFFICE, passwords.hash_password(PASSWORD))
        told = command("ingest", tmp_path / "raw", "--facility", facility.folder, "--json")
        assert (told.code, told.json["datasets"]["created"]) == (0, 3), told.err
        found = facility.catalogue.quarantined()
        codes = {said.code for each in found for _, capture in each.captures for said in capture.findings}
        assert codes >= {"too-many-objects", "long-text"}
        with LiveServer(facility) as server, httpx2.Client(base_url=server.url, timeout=60) as office:
            log_in(office, OFFICE.username)
            for each, part in product(found, ("", "/plot", "/plot.png", "/parameters", "/findings", "/files")):
                answer = office.get(f"/en/datasets/{each.id}{part}")
                assert answer.status_code == 200 or part.startswith("/plot")
                assert len(answer.content) < 1_000_000
