"""A principal investigator asks in the portal; the data office decides; nobody else sees any of it."""

from collections.abc import Callable, Iterator

import httpx2
import pytest
from playwright.sync_api import Page, expect
from tests.serve.conftest import DESKTOP, PHONE, log_in
from tests.serve.hall import Hall
from tests.serve.test_accessible import violations

from verriere.model import DecisionKind, Duty, Viewer
from verriere.stewardship import embargo

OF = "visit:20260415-A"


@pytest.fixture
def asked(hall: Hall) -> Iterator[str]:
    """A request that waits; refused afterwards, so that the hall is as it was."""
    office = Viewer("office@facility.example", Duty.DATA_OFFICE)
    request = embargo.ask(hall.facility, OF, DecisionKind.EXTENSION, by=office, reason="A thesis is under way.")
    yield request.id
    if hall.facility.catalogue.request(request.id).state == "waiting":
        embargo.decide(
            hall.facility, request.id, approve=False, by="office", duty=Duty.DATA_OFFICE, reason="end of test"
        )


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_pi_asks_for_a_renewal_and_the_data_office_refuses_with_a_reason(
    visitor: Callable[..., Page], hall: Hall, scripts: bool
) -> None:
    page = visitor(java_script_enabled=scripts)
    log_in(page, "claire")
    page.goto(f"/en/visits/{OF.partition(':')[2]}")
    page.get_by_role("definition").filter(has_text="2029").get_by_role("link").click()
    page.get_by_label("Reason").first.fill("A thesis is under way.")
    page.get_by_role("button", name="Ask for a longer embargo").click()
    expect(page.get_by_role("status").first).to_contain_text("Your request was taken down.")
    office = visitor(java_script_enabled=scripts)
    log_in(office, "office", after="/en/embargoes")
    card = office.get_by_role("listitem").filter(has_text="A thesis is under way.")
    card.get_by_role("button", name="Refuse").click()
    expect(office.get_by_role("alert")).to_contain_text("a reason is missing")
    card = office.get_by_role("listitem").filter(has_text="A thesis is under way.")
    card.get_by_label("Reason").fill("It was defended.")
    card.get_by_role("button", name="Refuse").click()
    expect(office.get_by_text("Nothing waits.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("It was defended.").first).to_be_visible()


def test_strangers_and_visitors_find_no_embargo_page_and_no_queue(
    visitor: Callable[..., Page], client: httpx2.Client, asked: str
) -> None:
    assert client.get(f"/en/embargo?of={OF}").status_code == 403
    assert client.get("/en/embargoes").headers["location"].startswith("/en/login")
    page = visitor()
    log_in(page, "louis")
    answer = page.goto(f"/en/embargo?of={OF}")
    assert answer is not None
    assert "thesis" not in page.content()
    expect(page.get_by_role("button", name="Ask for a longer embargo")).to_have_count(0)
    page.goto("/en/embargoes")
    expect(page.get_by_role("button", name="Grant")).to_have_count(0)
    assert "thesis" not in page.content()


def test_a_proprietary_visit_is_not_there_for_strangers(visitor: Callable[..., Page], hall: Hall) -> None:
    page = visitor()
    log_in(page, "louis")
    answer = page.goto(f"/en/embargo?of=visit:{hall.proprietary.visit_id}")
    assert answer is not None
    assert answer.status == 404


def test_a_form_without_a_token_decides_nothing(client: httpx2.Client, hall: Hall, asked: str) -> None:
    answer = client.post("/en/embargo/decision", data={"request": asked, "decision": "grant"})
    assert answer.status_code == 403
    assert hall.facility.catalogue.request(asked).state == "waiting"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_pages_are_accessible(
    visitor: Callable[..., Page], axe: str, asked: str, language: str, viewport: dict[str, int]
) -> None:
    page = visitor(viewport=viewport)
    log_in(page, "office")
    for path in ("embargoes", f"embargo?of={OF}"):
        page.goto(f"/{language}/{path}")
        assert violations(page, axe) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
