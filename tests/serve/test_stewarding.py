"""Plans and volumes in the portal: who sees them, how a team answers, what the policy refuses."""

import re
from collections.abc import Iterator
from html import unescape
from xml.etree import ElementTree

import httpx2
import pytest
from tests.serve import hall as building
from tests.serve.hall import Hall

from verriere.facility import Facility
from verriere.stewardship.dmp import keeping
from verriere.testing import FrozenClock, LiveServer


@pytest.fixture(scope="module")
def halls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Hall, str]]:
    """A hall of its own, whose plans are answered here, and the address of its portal."""
    built = building.build(tmp_path_factory.mktemp("stewarding"), FrozenClock(building.NOW))
    keeping.ensure(built.facility)
    with built.facility, LiveServer(built.facility) as server:
        yield built, server.url


@pytest.fixture
def guest(halls: tuple[Hall, str]) -> Iterator[httpx2.Client]:
    """Someone who has not logged in."""
    with httpx2.Client(base_url=halls[1]) as client:
        yield client


def log_in(client: httpx2.Client, username: str) -> None:
    form = client.get("/en/login").text
    token = re.search(r'name="form_token" value="([^"]+)"', form)
    assert token
    data = {"form_token": token[1], "username": username, "password": building.PASSWORD}
    assert client.post("/en/login", data=data).status_code == 303


def answer(client: httpx2.Client, plan: str, language: str = "en", **given: str) -> httpx2.Response:
    token = re.search(r'name="form_token" value="([^"]+)"', client.get(f"/en/plans/{plan}").text)
    assert token
    names = {name.replace("__", "."): value for name, value in given.items()}
    return client.post(f"/{language}/plans/{plan}", data={"form_token": token[1], **names})


def facility_of(halls: tuple[Hall, str]) -> Facility:
    return halls[0].facility


def test_a_plan_is_its_teams_and_its_page_says_nothing_to_others(guest: httpx2.Client) -> None:
    hidden, nothing = guest.get("/en/plans/20260415"), guest.get("/en/plans/20260000")
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.text.replace("20260415", "20260000") == nothing.text
    log_in(guest, "louis")
    assert guest.get("/en/plans/20260415").status_code == 404
    assert "plans/" not in guest.get("/en/proposals/20260415").text
    with httpx2.Client(base_url=guest.base_url) as claire:
        log_in(claire, "claire")
        page = claire.get("/fr/plans/20260415").text
        assert "Combien de mois après une visite" in unescape(page)
        assert "/fr/plans/20260415" in claire.get("/fr/proposals/20260415").text


def test_a_team_answers_in_the_form_and_the_answer_is_in_the_plan(
    halls: tuple[Hall, str], guest: httpx2.Client
) -> None:
    log_in(guest, "claire")
    saved = answer(guest, "20260415", core__description="Grains <b>between</b> crystals.", core__ethics="no")
    assert saved.status_code == 303
    page = guest.get(saved.headers["location"]).text
    assert "Your answers were saved." in page
    assert "Grains &lt;b&gt;between&lt;/b&gt; crystals." in page
    exported = guest.get("/en/plans/20260415?as=madmp")
    assert exported.json()["dmp"]["description"] == "Grains <b>between</b> crystals."
    assert "attachment" in exported.headers["content-disposition"]
    assert keeping.find(facility_of(halls), "20260415").answers[-1].by == "claire"
    refused = guest.post("/en/plans/20260415", data={"core.description": "forged"})
    assert refused.status_code == 403


def test_an_embargo_beyond_the_policy_is_refused_in_the_readers_language_and_nothing_written_is_lost(
    halls: tuple[Hall, str], guest: httpx2.Client
) -> None:
    log_in(guest, "claire")
    before = facility_of(halls).catalogue.opens_at("ds-embargoed")
    refused = answer(guest, "20260415", language="fr", core__embargo="40", core__processing="With our own program.")
    assert refused.status_code == 400
    assert "donne 3 ans au plus" in unescape(refused.text)
    assert "With our own program." in refused.text
    assert facility_of(halls).catalogue.opens_at("ds-embargoed") == before
    assert answer(guest, "20260415", core__embargo="12").status_code == 303
    after = facility_of(halls).catalogue.opens_at("ds-embargoed")
    assert before is not None
    assert after is not None
    assert (before - after).days in range(729, 733)


def test_volumes_are_the_data_offices_as_page_chart_and_table(halls: tuple[Hall, str], guest: httpx2.Client) -> None:
    for path in ("/en/volumes", "/en/volumes.csv", "/en/volumes.svg", "/en/volumes.json"):
        assert guest.get(path).status_code == 403, path
    log_in(guest, "claire")
    assert guest.get("/en/volumes").status_code == guest.get("/en/volumes.svg").status_code == 404
    with httpx2.Client(base_url=guest.base_url) as office:
        log_in(office, "office")
        page = unescape(office.get("/fr/volumes").text)
        assert "Comment cela est calculé" in page
        assert "SWING" in page
        assert ElementTree.fromstring(office.get("/fr/volumes.svg").text).tag.endswith("svg")
        rows = office.get("/en/volumes.json").json()["rows"]
        assert len(office.get("/en/volumes.csv").text.splitlines()) == len(rows) + 1
    kept = facility_of(halls).catalogue.datasets()
    assert sum(row["recorded"] for row in rows) == sum(each.size for each in kept)
