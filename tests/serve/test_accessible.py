"""axe-core finds nothing against WCAG 2.2 A and AA: any page, either language, either width, by day or night."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from tests.serve.conftest import DESKTOP, PHONE, log_in

PUBLIC = (
    "",
    "search",
    "search?q=silver&technique=PaNET01188",
    "search?q=nothingiscalledthis",
    "search?q=energy:%3Ex",
    "datasets/ds-open",
    "datasets/ds-open/parameters",
    "datasets/ds-open/files",
    "datasets/ds-open/findings",
    "datasets/ds-open/plot",
    "datasets/ds-embargoed",
    "datasets/ds-wicked",
    "visits/20220088-S",
    "proposals/20220088",
    "instruments",
    "instruments/SWING",
    "samples/s-x",
    "login",
    "help",
    "about",
    "nothing-here",
)
TEAM = ("my-data", "plans/20260415", "datasets/ds-embargoed")
OFFICE = ("quarantine", "volumes", "datasets/ds-lost")

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page: Page, axe: str) -> list[str]:
    """What axe-core finds on the page that is open."""
    page.evaluate(axe)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [f"{one['id']}: {node['html']}" for one in found["violations"] for node in one["nodes"]]


def check(page: Page, axe: str, paths: tuple[str, ...], language: str) -> None:
    """Open each page, and look: for violations, and for what would have to be scrolled sideways."""
    for path in paths:
        page.goto(f"/{language}/{path}")
        assert violations(page, axe) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the screen"


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_every_public_page_is_accessible(
    visitor: Callable[..., Page], axe: str, language: str, viewport: dict[str, int]
) -> None:
    check(visitor(viewport=viewport), axe, PUBLIC, language)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_page_is_accessible_at_night(visitor: Callable[..., Page], axe: str, language: str) -> None:
    check(visitor(color_scheme="dark"), axe, PUBLIC, language)


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(("person", "paths"), [("claire", TEAM), ("office", OFFICE)])
def test_pages_behind_the_login_are_accessible(
    visitor: Callable[..., Page], axe: str, person: str, paths: tuple[str, ...], viewport: dict[str, int]
) -> None:
    page = visitor(viewport=viewport)
    log_in(page, person)
    check(page, axe, paths, "en")
    check(page, axe, paths, "fr")
