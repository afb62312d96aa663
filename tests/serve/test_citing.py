"""A search is cited with a button; the citation is found again, read by machines, and betrays nothing."""

import csv
from collections.abc import Callable
from io import StringIO

import httpx2
import pytest
from playwright.sync_api import Page, expect
from tests.serve.conftest import DESKTOP, PHONE, log_in
from tests.serve.hall import NOW, Hall
from tests.serve.test_accessible import check

from verriere.publish import citing


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_scientist_cites_what_a_search_finds(visitor: Callable[..., Page], scripts: bool) -> None:
    page = visitor(java_script_enabled=scripts)
    log_in(page, "louis")
    page.goto("/en/search?q=silver&beamline=SWING")
    page.get_by_label("Cite this result").fill("Silver at SWING")
    page.get_by_role("button", name="Cite", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Silver at SWING")
    expect(page.locator("#citation")).to_contain_text("1 dataset as found on 2026-09-14")
    expect(page.get_by_role("link", name="Silver behenate, 2 m")).to_be_visible()
    page.get_by_role("link", name="Français").click()
    expect(page.locator("#citation")).to_contain_text("1 jeu de données, résultat au 2026-09-14")


def test_visitors_see_no_button_and_cannot_cite(visitor: Callable[..., Page], client: httpx2.Client) -> None:
    page = visitor()
    page.goto("/en/search?q=silver")
    expect(page.get_by_role("button", name="Cite", exact=True)).to_have_count(0)
    assert client.post("/en/citations", data={"query": "silver"}).status_code == 403


def test_what_nobody_else_finds_is_not_cited(visitor: Callable[..., Page], hall: Hall) -> None:
    page = visitor()
    log_in(page, "office")
    page.goto(f"/en/search?q=id:{hall.proprietary.id}")
    page.get_by_role("button", name="Cite", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("This cannot be understood")
    assert hall.proprietary.id not in str(hall.facility.catalogue.citations())


def test_machines_read_the_result_in_its_order(client: httpx2.Client, hall: Hall) -> None:
    cited = citing.cite_query(hall.facility, "silver or behenate", by="louis")
    told = client.get(f"/citations/{cited.id}.json").json()
    assert told["checksum"]["value"] == cited.checksum
    assert told["asked_at"] == NOW.isoformat()
    rows = list(csv.DictReader(StringIO(client.get(f"/citations/{cited.id}.csv").text)))
    assert [row["dataset"] for row in rows] == [each["id"] for each in told["datasets"]]
    assert client.get(f"/citations/{cited.id}").status_code == 302
    assert client.get("/citations/none.json").status_code == 404


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_a_citation_is_accessible(
    visitor: Callable[..., Page], hall: Hall, axe: str, language: str, viewport: dict[str, int]
) -> None:
    cited = citing.cite_query(hall.facility, "technique:SAXS or silver", by="louis", title="A title")
    check(visitor(viewport=viewport), axe, (f"citations/{cited.id}",), language)
    page = visitor(viewport=viewport)
    log_in(page, "louis")
    check(page, axe, ("search?q=silver",), language)
