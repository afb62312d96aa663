"""HTML in every string that a file, a user office or a visitor can give stays text, everywhere."""

from collections.abc import Callable

import httpx2
from playwright.sync_api import Page
from tests.serve.conftest import log_in
from tests.serve.hall import SCRIPT

PATHS = (
    "",
    "search",
    "search?q=%3Cscript%3Ealert(1)%3C/script%3E",
    "search?q=energy:%3E%3Cscript%3Ealert(1)%3C/script%3E",
    "search?beamline=%3Cscript%3Ealert(1)%3C/script%3E",
    "datasets/ds-wicked",
    "datasets/ds-wicked/parameters",
    "datasets/ds-wicked/findings",
    "datasets/ds-wicked/files",
    "datasets/%3Cscript%3Ealert(1)%3C%2Fscript%3E",
    "visits/x-1",
    "proposals/x",
    "instruments",
    "instruments/W%3C1%3E",
    "login?next=/en/%22%3E%3Cscript%3Ealert(1)%3C/script%3E",
)


def test_no_string_becomes_markup(client: httpx2.Client) -> None:
    for language in ("en", "fr"):
        for path in PATHS:
            text = client.get(f"/{language}/{path}").text
            assert "<script>alert" not in text, path
            assert "<img src=x" not in text, path


def test_no_string_runs_in_a_browser(visitor: Callable[..., Page]) -> None:
    page = visitor()
    log_in(page, "office")
    for path in (*PATHS, "quarantine", "quarantine?done=%3Cscript%3Ealert(1)%3C/script%3E"):
        page.goto(f"/en/{path}")
        assert page.evaluate("document.querySelectorAll('img[src=\"x\"], main script').length") == 0, path


def test_the_strings_are_shown_as_they_are(visitor: Callable[..., Page]) -> None:
    page = visitor()
    page.goto("/en/datasets/ds-wicked")
    assert page.get_by_role("heading", level=1).inner_text() == SCRIPT
