"""The portal under test: a real server on a free port, and a real browser."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from tests.serve import hall as building
from tests.serve.hall import Hall

from verriere.serve.auth import passwords
from verriere.testing import FrozenClock, LiveServer

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="session")
def clock() -> FrozenClock:
    """The time in the hall; who moves it puts it back."""
    return FrozenClock(building.NOW)


@pytest.fixture(scope="session", autouse=True)
def _hashing() -> Iterator[None]:
    """Passwords of tests need not hold against a guesser: with few bytes and rounds, logging in is quick."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher.from_parameters(CHEAPEST))
        passwords._nobodys.cache_clear()
        yield
    passwords._nobodys.cache_clear()


@pytest.fixture(scope="session")
def hall(tmp_path_factory: pytest.TempPathFactory, clock: FrozenClock) -> Iterator[Hall]:
    """A facility with a dataset in every state."""
    built = building.build(tmp_path_factory.mktemp("hall"), clock)
    with built.facility:
        yield built


@pytest.fixture(scope="session")
def server(hall: Hall) -> Iterator[LiveServer]:
    """Its portal."""
    with LiveServer(hall.facility) as running:
        yield running


@pytest.fixture(scope="session")
def strict_server(
    tmp_path_factory: pytest.TempPathFactory, clock: FrozenClock, postgres_catalogue: str
) -> Iterator[LiveServer]:
    """The same facility on PostgreSQL, where all metadata are public, and bytes for those who have registered."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("VERRIERE_EMBARGO__PUBLIC_METADATA", "full")
        patch.setenv("VERRIERE_EMBARGO__OPEN_TO", "registered")
        built = building.build(tmp_path_factory.mktemp("strict"), clock, database=postgres_catalogue)
    with built.facility, LiveServer(built.facility) as running:
        yield running


@pytest.fixture
def client(server: LiveServer) -> Iterator[httpx2.Client]:
    """A program that talks to the portal, with cookies of its own."""
    with httpx2.Client(base_url=server.url) as talking:
        yield talking


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, without a window; its absence is a failure in continuous integration.

    Closed with its module: while Playwright is open, an event loop runs in this thread, in which no ingest can.
    """
    path = shutil.which("chromium")
    if path is None:
        reason = "there is no chromium here: tools/ensure_browser.sh"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=flags)
        yield started
        started.close()


@pytest.fixture
def visitor(browser: Browser, server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Opens pages for people who know nothing of each other; options are those of a browser context."""
    contexts: list[BrowserContext] = []

    def come(**options: object) -> Page:
        context = browser.new_context(base_url=server.url, **{"viewport": DESKTOP, **options})  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        page.on("dialog", lambda dialog: pytest.fail(f"a page ran a script of its content: {dialog.message}"))
        page.on("pageerror", lambda error: pytest.fail(f"a script of a page failed: {error}"))
        return page

    yield come
    for context in contexts:
        context.close()


def log_in(page: Page, username: str, after: str = "/en/my-data") -> None:
    """Log in through the form, as a person does."""
    page.goto(f"/en/login?next={after}")
    page.get_by_label("User name or e-mail").fill(username)
    page.get_by_label("Password").fill(building.PASSWORD)
    page.locator("main").get_by_role("button", name="Log in").click()
    page.wait_for_url(f"**{after}")


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker, as installed with the front end."""
    return (Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
