"""All that the catalogue knows, as canonical lines: two catalogues are the same when their lines are."""

import json
from collections.abc import Iterator
from dataclasses import asdict

from sqlalchemy import Connection, select, true

from verriere.catalogue import accounts, beamtime, citations, collections, datasets, history, publications, requests
from verriere.catalogue.codec import encode
from verriere.catalogue.tables import dataset, shelf
from verriere.model import Instrument, Plan, Proposal, Sample, Survey, Visit


def dump(connection: Connection) -> Iterator[str]:
    """Every record, accounts (without passwords), history; one a line.

    Of what waits for a registrar the records tell.

    Beside each dataset's record stands what the search tables hold of it, so that a difference there shows too.
    """
    for kind, things in (
        ("instrument", beamtime.every(connection, Instrument)),
        ("proposal", beamtime.every(connection, Proposal)),
        ("visit", beamtime.every(connection, Visit)),
        ("sample", beamtime.every(connection, Sample)),
        ("plan", beamtime.every(connection, Plan)),
        ("survey", beamtime.every(connection, Survey)),
    ):
        yield from (f"{kind} {encode(thing)}" for thing in things)
    for each in datasets.where(connection, true()):
        yield f"dataset {encode(each)}"
    compact = [column for column in dataset.c if column.name not in {"key", "shelf"}]
    for row in datasets.in_order(connection, select(*compact)):
        yield f"search {json.dumps(dict(row._mapping), default=str, ensure_ascii=False, sort_keys=True)}"
    said = [column for column in shelf.c if column.name != "id"]
    shelves = connection.execute(select(*said).where(shelf.c.number > 0))
    yield from sorted(f"shelf {json.dumps(tuple(row), ensure_ascii=False)}" for row in shelves)
    yield from (f"citation {encode(cited)}" for cited in citations.every(connection))
    yield from (f"collection {encode(each)}" for each in collections.every(connection))
    yield from (f"publication {encode(each)}" for each in publications.where(connection))
    yield from (f"request {encode(each)}" for each in requests.every(connection))
    for account in accounts.every(connection):
        yield f"account {json.dumps(asdict(account), ensure_ascii=False, sort_keys=True)}"
    for entry in history.entries(connection):
        yield f"history {entry.line()}"
