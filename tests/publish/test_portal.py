"""Publishing in the portal: who may, and what they see."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace

import httpx
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from tests.publish.world import BEN, ELOISE, EMBARGOED, OPEN, PROPRIETARY

from verriere.facility import Facility
from verriere.model import Account, Duty, PidKind, State
from verriere.publish import desk
from verriere.serve.auth import passwords
from verriere.settings import PublishSettings
from verriere.testing import LiveServer

PASSWORD = "no word of anybody"
TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


@pytest.fixture
def portal(facility: Facility, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Its portal; Éloïse leads P1, Ben P2 and P3."""
    # Passwords of tests need not hold against a guesser.
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher.from_parameters(CHEAPEST))
    passwords._nobodys.cache_clear()
    people = [("eloise", ELOISE.email, Duty.USER), ("ben", BEN.email, Duty.USER)]
    for name, email, duty in [*people, ("office", "office@facility.example", Duty.DATA_OFFICE)]:
        facility.catalogue.add_account(Account(name, email, name, duty), passwords.hash_password(PASSWORD))
    chosen = facility.settings.model_copy(update={"publish": PublishSettings(reserve="never")})
    with LiveServer(replace(facility, settings=chosen)) as server:
        yield server.url


@contextmanager
def reader(portal: str, name: str = "") -> Iterator[httpx.Client]:
    """Someone at the portal, logged in where they have a name."""
    with ExitStack() as stack:
        client = stack.enter_context(httpx.Client(base_url=portal, timeout=30, follow_redirects=True))
        if name:
            found = TOKEN.search(client.get("/en/login").text)
            assert found
            words = {"username": name, "password": PASSWORD, "form_token": found[1]}
            assert client.post("/en/login", data=words).status_code == 200
        yield client


def send(client: httpx.Client, where: str, **fields: str) -> httpx.Response:
    """Send a form of that page."""
    found = TOKEN.search(client.get(where).text)
    assert found
    return client.post(where, data={"form_token": found[1], **fields})


def test_the_principal_investigator_publishes_and_relates_and_cannot_withdraw(portal: str, facility: Facility) -> None:
    here = f"/en/publishing/dataset/{OPEN}"
    with reader(portal, "eloise") as eloise:
        assert f'href="{here}"' in eloise.get(f"/en/datasets/{OPEN}").text
        assert '/en/publishing/visit/V1"' in eloise.get("/en/visits/V1").text
        page = eloise.get(here).text
        assert "not registered" in page
        assert 'value="withdraw"' not in page
        assert "It is published" in send(eloise, here, do="publish").text
        answer = send(eloise, here, do="relate", relation="IsSupplementTo", work="10.1107/S1600577518002278")
        assert "10.1107/s1600577518002278" in answer.text
        refused = send(eloise, here, do="withdraw", doi=f"10.5072/{OPEN}", reason="mistake")
        assert refused.status_code == 403
        assert send(eloise, here, do="relate", relation="Cites", work="my paper").status_code == 400
        assert (
            "taken back"
            in send(eloise, here, do="unrelate", relation="IsSupplementTo", work="10.1107/S1600577518002278").text
        )
    published = facility.catalogue.publication_of(PidKind.DATASET, OPEN)
    assert published is not None
    assert published.is_public
    assert facility.catalogue.history(f"publication:{published.doi}")[0].by == "eloise"


def test_others_are_not_told_that_there_is_anything_to_publish(portal: str) -> None:
    with reader(portal) as stranger:
        assert stranger.get(f"/en/publishing/dataset/{OPEN}").status_code in (401, 403)
        assert stranger.get("/en/publishing").status_code in (401, 403)
        assert "/en/publishing" not in stranger.get(f"/en/datasets/{OPEN}").text
    with reader(portal, "eloise") as eloise:
        for where in (f"dataset/{EMBARGOED}", f"dataset/{PROPRIETARY}", "visit/V2", "instrument/SWING", "sample/S2"):
            assert eloise.get(f"/en/publishing/{where}").status_code == 404
        assert eloise.get("/en/publishing").status_code == 404
        assert eloise.get("/en/publishing/query/x").status_code == 404


def test_the_data_office_withdraws_with_a_reason_that_everyone_reads(portal: str, facility: Facility) -> None:
    desk.publish(facility, PidKind.DATASET, OPEN, by="office")
    here = f"/en/publishing/dataset/{OPEN}"
    with reader(portal, "office") as office:
        assert send(office, here, do="withdraw", doi=f"10.5072/{OPEN}", reason=" ").status_code == 400
        assert send(office, here, do="withdraw", doi="10.5072/none", reason="x").status_code == 400
        answer = send(office, here, do="withdraw", doi=f"10.5072/{OPEN}", reason="the sample was another")
        assert "the sample was another" in answer.text
        assert office.get(f"/en/datasets/{OPEN}").status_code == 200
    assert facility.catalogue.dataset(OPEN).state is State.WITHDRAWN
    with reader(portal) as stranger:
        for where in (f"/en/datasets/{OPEN}", f"/doi/10.5072/{OPEN}", f"/doi/10.5072/{OPEN}.v1"):
            answer = stranger.get(where)
            assert (answer.status_code, "the sample was another" in answer.text) == (410, True), where
        assert stranger.get(f"/datasets/{OPEN}/files/{OPEN}.dat").status_code == 403


def test_why_something_cannot_be_published_is_said_in_the_readers_language(portal: str) -> None:
    with reader(portal, "ben") as ben:
        page = ben.get(f"/fr/publishing/dataset/{PROPRIETARY}").text
        assert "relève de recherches privées" in page
        assert 'value="publish"' not in page
        assert "aucun jeu de données ne montre cet échantillon" in ben.get("/fr/publishing/sample/S2").text


def test_the_data_office_sees_what_waits(portal: str, facility: Facility) -> None:
    desk.publish(facility, PidKind.VISIT, "V1", by="office")
    waits = facility.catalogue.waiting()[0].publication.doi
    facility.catalogue.postpone(waits, "DataCite does not answer", next_at=facility.now())
    with reader(portal, "office") as office:
        assert "DataCite does not answer" in office.get("/en/publishing").text
        assert "DataCite does not answer" in office.get("/en/publishing/visit/V1").text


def test_a_form_that_no_page_of_ours_sent_does_nothing(portal: str, facility: Facility) -> None:
    with reader(portal, "office") as office:
        answer = office.post(f"/en/publishing/dataset/{OPEN}", data={"do": "publish", "form_token": "0" * 64})
        assert answer.status_code in (400, 403)
    assert facility.catalogue.publications() == []
