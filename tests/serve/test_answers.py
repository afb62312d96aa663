"""What every answer carries, and what the portal does by itself."""

import time
from pathlib import Path

import httpx2
import pytest
from tests.serve.hall import NOW, build

from verriere.testing import FrozenClock, LiveServer


@pytest.mark.parametrize("path", ["/en/", "/en/search", "/en/datasets/ds-open", "/en/nothing", "/datasets/x/files/y"])
def test_no_page_lets_foreign_code_in(client: httpx2.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"


def test_head_works_on_every_page(client: httpx2.Client) -> None:
    for path in ("/en/", "/fr/search", "/en/datasets/ds-open", "/en/login", "/en/help", "/robots.txt"):
        answer = client.head(path)
        assert (answer.status_code, answer.content) == (200, b""), path


def test_assets_may_be_kept_for_ever_and_pages_never(client: httpx2.Client) -> None:
    page = client.get("/en/")
    assert page.headers["cache-control"] == "private, no-cache"
    asset = page.text.split('rel="stylesheet" href="')[1].split('"')[0]
    assert "immutable" in client.get(asset).headers["cache-control"]


@pytest.mark.parametrize(
    "path", ["/de/", "/en/search/x", "/en/datasets/ds-open/nothing", "/static/x.css", "/nonsense/x"]
)
def test_what_is_not_there_is_said_in_a_page(client: httpx2.Client, path: str) -> None:
    answer = client.get(path, headers={"Accept-Language": "fr"})
    assert answer.status_code == 404
    assert 'id="main"' in answer.text


def test_a_problem_is_told_in_the_language_of_the_page(client: httpx2.Client) -> None:
    assert "Il n’y a rien ici" in client.get("/fr/datasets/none").text
    assert "Il n’y a rien ici" in client.get("/datasets/none/files/x", headers={"Accept-Language": "fr"}).text


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("/", "/fr/"),
        ("/en", "/en/"),
        ("/search?q=technique:SAXS", "/fr/search?q=technique:SAXS"),
        ("/login", "/fr/login"),
        ("/help", "/fr/help"),
        ("/instruments", "/fr/instruments"),
        ("/instruments/SWING", "/fr/instruments/SWING"),
        ("/visits/20220088-S", "/fr/visits/20220088-S"),
        ("/proposals/20220088", "/fr/proposals/20220088"),
        ("/datasets/ds-open", "/fr/datasets/ds-open"),
    ],
)
def test_an_address_without_a_language_leads_to_the_readers_own(client: httpx2.Client, typed: str, page: str) -> None:
    answer = client.get(typed, headers={"Accept-Language": "fr-FR,en;q=0.5"})
    assert (answer.status_code, answer.headers["location"]) == (302, page)
    assert client.get(page).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/", "/en", "/search", "/en/search/", "/datasets/ds-open", "/en/my-data", "/static", "/en/datasets/ds-open"],
)
def test_a_made_up_host_is_never_repeated(client: httpx2.Client, path: str) -> None:
    answer = client.get(path, headers={"Host": "evil.example"})
    assert "evil.example" not in answer.text + repr(answer.headers)
    assert not answer.headers.get("location", "/").startswith(("http", "//"))


def test_a_citation_names_the_address_that_people_use(client: httpx2.Client, server: LiveServer) -> None:
    port = server.url.rpartition(":")[2]
    assert f"{server.url}/datasets/ds-open" in client.get("/en/datasets/ds-open").text
    by_name = client.get("/en/datasets/ds-open", headers={"Host": f"localhost:{port}"}).text
    assert f"http://localhost:{port}/datasets/ds-open" in by_name
    made_up = client.get("/en/datasets/ds-open", headers={"Host": "evil.example"}).text
    assert f"{server.url}/datasets/ds-open" in made_up


@pytest.mark.parametrize(("language", "said"), [("en", "did you mean"), ("fr", "vouliez-vous dire")])
def test_a_search_that_finds_nothing_offers_the_one_that_was_meant(
    client: httpx2.Client, language: str, said: str
) -> None:
    page = client.get(f"/{language}/search", params={"q": "technique:SAXZ beamline:SWNG", "year": "2022"}).text
    assert f"{said} technique:SAXS" in page
    assert f"{said} beamline:SWING" in page
    assert "/search?q=technique%3ASAXS+beamline%3ASWING&amp;year=2022" in page


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=x", "page=99999999999999", "sort=x", "q=%00", "q=" + "a" * 5000]
)
def test_no_search_url_breaks_the_portal(client: httpx2.Client, query: str) -> None:
    assert client.get(f"/en/search?{query}").status_code in (200, 400)


def test_an_embargo_ends_while_the_portal_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FrozenClock(NOW)
    monkeypatch.setenv("VERRIERE_SERVE__CLOCK_SECONDS", "0.1")
    with build(tmp_path, clock).facility as facility, LiveServer(facility) as server:
        address = f"{server.url}/en/datasets/ds-embargoed"
        assert "Under embargo. It opens by itself on 4 September 2029." in httpx2.get(address).text
        clock.move(days=3 * 366)
        for _ in range(100):
            if "Open since" in httpx2.get(address).text:
                break
            time.sleep(0.05)
        assert "grains_0042.nxs" in httpx2.get(address).text
