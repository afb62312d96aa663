"""How fast the portal answers over a real port, with 100,000 datasets in the catalogue.

Prints JSON lines: the figure, its floor measured in the same run (``/robots.txt``: the same server and connection with
nothing to do), and the ratio. Times are medians in milliseconds, of a client that waits for one answer at a time.
"""

import argparse
import json
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from benchmarks.catalogue import furnish, make, median

from verriere.facility import Facility
from verriere.testing import FrozenClock, LiveServer
from verriere.testing.records import NOW

BEFORE = FrozenClock(datetime(2018, 1, 1, tzinfo=UTC))
"""No embargo ends while this measures: the datasets are in the catalogue only."""

PAGES = {
    "dataset page": "/en/datasets/d0000006",
    "dataset page, French": "/fr/datasets/d0000006",
    "search, all, with facets": "/en/search",
    "search, a word, with facets": "/en/search?q=silver",
    "search, filters, with facets": "/en/search?beamline=BEAM03&status=open",
    "search, energy, with facets": "/en/search?q=energy:%3E12keV+technique:SAXS",
    "search, page 50": "/en/search?page=50",
    "home": "/en/",
}


def main() -> None:
    """Fill a facility, serve it, and measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--datasets", type=int, default=100_000)
    options.add_argument("--times", type=int, default=40)
    chosen = options.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        Facility.create(Path(folder) / "facility", name="Bench", clock=BEFORE) as facility,
        LiveServer(facility) as server,
        httpx2.Client(base_url=server.url) as client,
    ):
        fill(facility, chosen.datasets)
        for line in measured(client, chosen.times):
            print(json.dumps(line), flush=True)


def fill(facility: Facility, count: int) -> None:
    """Register ``count`` datasets of a hundredth as many visits."""
    visits = max(10, count // 100)
    furnish(facility.catalogue, visits)
    for first in range(0, count, 2_000):
        numbers = range(first, min(first + 2_000, count))
        facility.catalogue.register([make(number, visits) for number in numbers], now=NOW)


def measured(client: httpx2.Client, times: int) -> Iterator[dict[str, object]]:
    """One line for each page."""
    floor = median(lambda: client.get("/robots.txt").raise_for_status(), times).clock
    for what, path in PAGES.items():
        value = median(lambda path=path: client.get(path).raise_for_status(), times).clock  # type: ignore[misc]
        facts = {"figure": what, "value": round(value, 2), "unit": "ms", "floor": round(floor, 2)}
        yield facts | {"ratio": round(value / floor, 1)}


if __name__ == "__main__":
    main()
