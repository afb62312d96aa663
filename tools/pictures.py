"""Pictures of the portal for the documentation: ``python -m tools.pictures demo-facility``.

They show what anyone sees of the facility in the folder, in ``docs/pictures/portal-*.png``.
"""

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from verriere.facility import Facility
from verriere.model import ANONYMOUS
from verriere.testing import LiveServer

OUT = Path(__file__).parents[1] / "docs/pictures"
DESKTOP, PHONE = (1280, 860), (390, 844)


def main() -> None:
    """Serve the facility and take the pictures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("facility", type=Path)
    folder = options.parse_args().facility
    OUT.mkdir(parents=True, exist_ok=True)
    with Facility.open(folder) as facility, LiveServer(facility) as server, sync_playwright() as playwright:
        found = facility.catalogue.search("status:open", ANONYMOUS, size=1).hits[0]
        embargoed = facility.catalogue.search("status:embargoed", ANONYMOUS, size=1).hits[0]
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        take(browser, f"{server.url}/en/", "portal-home", DESKTOP)
        take(browser, f"{server.url}/en/search", "portal-search", DESKTOP)
        take(browser, f"{server.url}/en/datasets/{found.id}", "portal-dataset", DESKTOP)
        take(browser, f"{server.url}/fr/datasets/{embargoed.id}", "portal-embargo-phone", PHONE)
        take(browser, f"{server.url}/fr/datasets/{found.id}", "portal-dataset-dark", DESKTOP, dark=True)
        browser.close()


def take(browser: Browser, url: str, name: str, size: tuple[int, int], *, dark: bool = False) -> None:
    """One picture of what fits on the screen."""
    page = browser.new_page(viewport={"width": size[0], "height": size[1]}, color_scheme="dark" if dark else "light")
    page.goto(url)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=OUT / f"{name}.png")
    page.close()


if __name__ == "__main__":
    main()
