"""How fast harvesters and the federated search are answered, on SQLite and on PostgreSQL.

Prints JSON lines: the figure, its floor measured in the same run, and the ratio. The floor of a harvest is the same
records, read from the database through the driver alone and written to a socket that somebody reads; that of the rest
is ``/robots.txt``, the same server and connection with nothing to do. A harvest is a full one over a real port, page by
page, of records that were asked for before (``first`` is the harvest that makes them).
"""

import argparse
import json
import re
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
from benchmarks.catalogue import databases, furnish, make, median
from sqlalchemy import text

from verriere.catalogue import Catalogue
from verriere.catalogue.database import Database
from verriere.facility import Facility
from verriere.model import PidKind, PidState, Publication, State
from verriere.testing import FrozenClock, LiveServer
from verriere.testing.records import NOW

EARLY = datetime(2018, 1, 1, tzinfo=UTC)
"""No embargo ends while this measures: the datasets are in the catalogue only."""
_BATCH = 2_000
_TOKEN = re.compile(rb"<resumptionToken[^>]*>([^<]+)</resumptionToken>")
PREFIXES = ("oai_dc", "oai_datacite")
SEARCHES = {
    "text and parameter range": {
        "where": {"text": "silver"},
        "include": [
            {
                "relation": "parameters",
                "scope": {"where": {"and": [{"name": "energy"}, {"value": {"between": [12, 13]}}, {"unit": "keV"}]}},
            }
        ],
        "limit": 20,
    },
    "technique and years": {
        "where": {"creationDate": {"between": ["2020-01-01", "2022-01-01"]}},
        "include": [{"relation": "techniques", "scope": {"where": {"name": "tomography"}}}],
        "limit": 20,
    },
    "words, scored": {"query": "silver behenate", "limit": 20},
}


def main() -> None:
    """Fill a facility, publish what anyone may know, serve it, and measure."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--datasets", type=int, default=100_000)
    options.add_argument("--published", type=int, default=0, help="How many of them are published at most; 0: all")
    options.add_argument("--times", type=int, default=30)
    options.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for kind, url in databases(Path(folder), chosen.database):
            for line in measured(Path(folder) / kind, kind, url, chosen.datasets, chosen.published, chosen.times):
                print(json.dumps({"database": kind, **line}), flush=True)


def measured(  # noqa: PLR0917 - what it is asked for
    folder: Path, kind: str, url: str, count: int, most: int, times: int
) -> Iterator[dict[str, object]]:
    """One line for each figure."""
    database = "" if kind == "sqlite" else url
    with Facility.create(folder, name="Bench", database=database, clock=FrozenClock(EARLY)) as facility:
        published = fill(facility.catalogue, count, most or count)
        facility.catalogue.optimise()
        with LiveServer(facility) as server, httpx2.Client(base_url=server.url, timeout=60) as client:
            for prefix in PREFIXES:
                first = harvest(client, prefix)
                assert first[0] == published, (first[0], published)
                again = harvest(client, prefix)
                floor = bare(facility.catalogue.url, prefix)
                rate, floor_rate = again[0] / again[1], floor[0] / floor[1]
                yield {
                    "figure": f"full harvest of {published}, {prefix}",
                    "value": round(rate),
                    "unit": "records/s",
                    "first": round(first[0] / first[1]),
                    "floor": round(floor_rate),
                    "ratio": round(rate / floor_rate, 3),
                }
            robots = median(lambda: client.get("/robots.txt").raise_for_status(), times).clock
            pages = {
                f"PaNOSC, {name}": ("/panosc/api/Datasets", {"filter": json.dumps(asked)})
                for name, asked in SEARCHES.items()
            }
            pages["landing page"] = ("/en/datasets/d0000006", {})
            for figure, (path, query) in pages.items():
                value = median(lambda path=path, query=query: client.get(path, params=query).raise_for_status(), times)  # type: ignore[misc]
                facts = {"figure": figure, "value": round(value.clock, 2), "unit": "ms", "floor": round(robots, 2)}
                yield facts | {"ratio": round(value.clock / robots, 1)}


def fill(catalogue: Catalogue, count: int, most: int) -> int:
    """Register ``count`` datasets of a hundredth as many visits; publish ``most`` of those that anyone may know of."""
    visits = max(10, count // 100)
    furnish(catalogue, visits)
    published = 0
    for first in range(0, count, _BATCH):
        made = [make(number, visits) for number in range(first, min(first + _BATCH, count))]
        catalogue.register(made, now=NOW)
        shown = [each.id for each in made if each.state in {State.OPEN, State.EMBARGOED}][: most - published]
        catalogue.put_publications([each for one in shown for each in _dois(one)], now=EARLY, by="bench")
        published += len(shown)
    return published


def _dois(identifier: str) -> Iterator[Publication]:
    concept = f"10.5072/{identifier}"
    for doi, version, of in ((concept, None, None), (f"{concept}.v1", 1, concept)):
        yield Publication(
            doi, PidKind.DATASET, identifier, EARLY, EARLY, version, of, wanted=PidState.FINDABLE, published_at=EARLY
        )


def harvest(client: httpx2.Client, prefix: str) -> tuple[int, float]:
    """Records and seconds of a full harvest, as the server takes them: what the client does between is left out."""
    query: dict[str, str] = {"verb": "ListRecords", "metadataPrefix": prefix}
    records, seconds = 0, 0.0
    while True:
        begin = time.perf_counter()
        page = client.get("/oai", params=query).raise_for_status().content
        seconds += time.perf_counter() - begin
        records += page.count(b"<record>")
        token = _TOKEN.search(page)
        if token is None:
            return records, seconds
        query = {"verb": "ListRecords", "resumptionToken": token[1].decode()}


def bare(url: str, prefix: str) -> tuple[int, float]:
    """Records and seconds of reading what was kept, in pages of 500, and writing it to a socket."""
    database = Database(url)
    listening = socket.create_server(("127.0.0.1", 0))
    reader = threading.Thread(target=_swallow, args=(listening,))
    reader.start()
    query = text(
        "SELECT p.changed_at, p.doi, h.payload FROM publication p JOIN harvest_payload h"
        " ON h.doi = p.doi AND h.prefix = :prefix WHERE (p.changed_at, p.doi) > (:at, :doi)"
        " ORDER BY p.changed_at, p.doi LIMIT 500"
    )
    records, (at, doi) = 0, ("0001-01-01 00:00:00", "")
    begin = time.perf_counter()
    with database.read() as connection, socket.create_connection(listening.getsockname()) as sending:
        while rows := connection.execute(query, {"prefix": prefix, "at": at, "doi": doi}).all():
            sending.sendall("".join(row.payload for row in rows).encode())
            records += len(rows)
            at, doi = rows[-1].changed_at, rows[-1].doi
    reader.join()
    seconds = time.perf_counter() - begin
    listening.close()
    database.close()
    return records, seconds


def _swallow(listening: socket.socket) -> None:
    connection, _ = listening.accept()
    with connection:
        while connection.recv(1 << 20):
            pass


if __name__ == "__main__":
    main()
