"""The team says on the dataset's page what no file says; others do not, and see the score at most."""

import io
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import h5py
import httpx2
import numpy as np
import pytest
from tests.serve.hall import PASSWORD

from verriere.facility import Facility
from verriere.ingest.run import run
from verriere.model import Dataset
from verriere.serve.auth.passwords import hash_password
from verriere.testing import FrozenClock, LiveServer
from verriere.testing.facilities import ACCOUNTS, furnish

TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')
SPECTRUM = "cwepr_BDPA-1DFieldSweep"


@pytest.fixture(scope="module")
def laboratory(
    tmp_path_factory: pytest.TempPathFactory, shared: Path, clock: FrozenClock
) -> Iterator[tuple[LiveServer, Facility, Dataset, Dataset]]:
    """A spectrum of an open visit and the same of an embargoed one, in a portal of their own."""
    folder = tmp_path_factory.mktemp("laboratory")
    with Facility.create(folder / "facility", name="Laboratory", clock=clock) as facility:
        furnish(facility)
        for account in ACCOUNTS:
            facility.catalogue.add_account(account, hash_password(PASSWORD))
        made = []
        for visit in ("20220088-S", "20260415-A"):
            data = folder / visit
            data.mkdir()
            for suffix in (".DSC", ".DTA"):
                shutil.copy(shared / f"data/epr/{SPECTRUM}{suffix}", data)
            summary = run(facility, [data], visit=visit)
            identifier = summary.taken[0].dataset_id
            assert identifier is not None
            made.append(facility.catalogue.dataset(identifier))
        with LiveServer(facility) as server:
            yield server, facility, made[0], made[1]


Laboratory = tuple[LiveServer, Facility, Dataset, Dataset]


@pytest.fixture
def talking(laboratory: Laboratory) -> Iterator[httpx2.Client]:
    with httpx2.Client(base_url=laboratory[0].url, timeout=60) as client:
        yield client


def log_in(client: httpx2.Client, username: str) -> None:
    token = TOKEN.search(client.get("/en/login").text)
    assert token is not None
    data = {"form_token": token[1], "username": username, "password": PASSWORD}
    assert client.post("/en/login", data=data).status_code == 303


def test_the_team_sees_what_is_missing_and_says_it(laboratory: Laboratory, talking: httpx2.Client) -> None:
    _, facility, _, embargoed = laboratory
    log_in(talking, "claire")
    address = f"/fr/datasets/{embargoed.id}"
    page = talking.get(address).text
    assert f"{embargoed.completeness} sur 100" in page
    assert "Ce qui manque" in page
    token = TOKEN.search(page)
    assert token is not None
    answers = {"form_token": token[1], "told-temperature": "beaucoup", "told-solvent": "toluène"}
    refused = talking.post(f"{address}/describe", data=answers)
    assert refused.status_code == 400
    assert "n&#39;est pas un nombre" in refused.text
    assert 'value="beaucoup"' in refused.text
    assert facility.catalogue.dataset(embargoed.id) == embargoed
    kept = talking.post(f"{address}/describe", data=answers | {"told-temperature": "80,5"})
    assert kept.status_code == 303
    after = facility.catalogue.dataset(embargoed.id)
    assert {(each.name, each.value, each.unit, each.source) for each in after.told} == {
        ("temperature", 80.5, "K", "form"),
        ("solvent", "toluène", None, "form"),
    }
    assert after.completeness is not None
    assert embargoed.completeness is not None
    assert after.completeness > embargoed.completeness
    page = talking.get(kept.headers["location"].partition("#")[0]).text
    assert "Vos réponses sont conservées" in page
    assert "Précisé par son équipe" in page
    assert "80.5" in page or "80,5" in page


def test_others_neither_see_what_is_missing_nor_say_anything(laboratory: Laboratory, talking: httpx2.Client) -> None:
    _, facility, opened, embargoed = laboratory
    before = facility.catalogue.dataset(opened.id)
    log_in(talking, "louis")
    page = talking.get(f"/en/datasets/{opened.id}").text
    assert f"{opened.completeness} of 100" in page
    assert "What is missing" not in page
    assert "of 100" not in talking.get(f"/en/datasets/{embargoed.id}").text
    token = TOKEN.search(page)
    assert token is not None
    for dataset in (opened, embargoed):
        data = {"form_token": token[1], "told-temperature": "80"}
        assert talking.post(f"/en/datasets/{dataset.id}/describe", data=data).status_code == 403
    assert facility.catalogue.dataset(opened.id) == before


def test_a_profile_of_the_facility_that_is_wrong_does_not_close_the_page(
    laboratory: Laboratory, talking: httpx2.Client
) -> None:
    _, facility, opened, _ = laboratory
    folder = facility.folder / "profiles"
    folder.mkdir()
    (folder / "epr.toml").write_text("id = ")
    try:
        assert talking.get(f"/en/datasets/{opened.id}").status_code == 200
    finally:
        shutil.rmtree(folder)


def test_a_spectrum_is_had_as_nexus_by_those_who_may_have_its_bytes(
    laboratory: Laboratory, talking: httpx2.Client, shared: Path
) -> None:
    server, facility, opened, embargoed = laboratory
    assert f"/datasets/{opened.id}/converted.nxs" in talking.get(f"/en/datasets/{opened.id}").text
    answer = talking.get(f"/datasets/{opened.id}/converted.nxs")
    assert answer.status_code == 200
    wanted = np.frombuffer((shared / f"data/epr/{SPECTRUM}.DTA").read_bytes(), ">f8")
    with h5py.File(io.BytesIO(answer.content)) as file:
        assert np.array_equal(file["entry/data/signal"][()], wanted)
    assert talking.get(f"/datasets/{embargoed.id}/converted.nxs").status_code == 403
    assert not list((facility.state / "conversions").iterdir())
    assert server.url


def test_the_spectrum_is_drawn(laboratory: Laboratory, talking: httpx2.Client) -> None:
    _, _, opened, _ = laboratory
    picture = talking.get(f"/en/datasets/{opened.id}/plot.png")
    assert picture.status_code == 200
    assert picture.content.startswith(b"\x89PNG")
    assert "3501 G" in talking.get(f"/en/datasets/{opened.id}/plot").text
