"""Requests and records made to trip the portal: no error of ours, nothing that harms who opens what they got."""

import csv
import io
import os
import signal
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from tests.serve.hall import Hall

from verriere.model import RecordedUser
from verriere.nexus.plot import rendered
from verriere.serve.portal.pages.figure import as_csv
from verriere.serve.previews import Previews
from verriere.wording import LANGUAGES

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


def die(_: object) -> None:
    """A drawing on which HDF5 dies."""
    os.kill(os.getpid(), signal.SIGKILL)


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
