"""The facility's year in figures: each prints one JSON line with its floor, measured in the same run, and the ratio.

``plans``: the data management plans of a round of proposals, made from a facility with a past. The floor writes the
same records as plain files, each on the disk, and as one table of SQLite: what nobody can do without. A new figure is
a function in `FIGURES`.
"""

import argparse
import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from verriere.archive.sidecar import encode
from verriere.facility import Facility
from verriere.model import (
    Basis,
    Capture,
    Datafile,
    Dataset,
    Instrument,
    Member,
    Person,
    Plan,
    Proposal,
    Role,
    State,
    Technique,
    Visit,
)
from verriere.stewardship.dmp import keeping
from verriere.techniques import panet

NOW = datetime(2026, 3, 1, tzinfo=UTC)
BEAMLINES = 29
NAMES = ("SAXS", "tomography", "macromolecular crystallography", "XAS", "x-ray fluorescence")


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured.

    Parameters
    ----------
    seconds, floor
        Of the work, and of what nobody can do without.
    """

    figure: str
    seconds: float
    floor: float
    ratio: float
    proposals: int
    past: int


def plans(folder: Path, *, proposals: int, past: int) -> Figure:
    """Seconds until every proposal of a round has its plan."""
    with Facility.create(folder / "facility", name="Benchmark", clock=lambda: NOW) as facility:
        _furnish(facility, past)
        _round(facility, proposals)
        start = time.perf_counter()
        made = keeping.ensure(facility)
        seconds = time.perf_counter() - start
    assert len(made) == proposals
    assert all(plan.expected for plan in made)
    floor = _floor(folder / "floor", made)
    return Figure("plans of a round", round(seconds, 3), round(floor, 3), round(seconds / floor, 1), proposals, past)


FIGURES: dict[str, Callable[..., Figure]] = {"plans": plans}


def _furnish(facility: Facility, past: int) -> None:
    """Beamlines, and what they recorded in earlier years."""
    names = [f"BL{number:02}" for number in range(BEAMLINES)]
    facility.catalogue.put_instruments([Instrument(name, name) for name in names], now=NOW)
    long_ago = NOW - timedelta(days=1500)
    visits = [Visit(f"old-{n}", "old", names[n % BEAMLINES], long_ago, long_ago) for n in range(past // 20 + BEAMLINES)]
    facility.catalogue.put_proposals([Proposal("old", "Earlier rounds")], now=NOW)
    facility.catalogue.put_visits(visits, now=NOW)
    keeping.ensure(facility)
    facility.catalogue.register([_dataset(number, visits[number % len(visits)]) for number in range(past)], now=NOW)


def _dataset(number: int, visit: Visit) -> Dataset:
    iri = panet.by_name(NAMES[int(visit.instrument_id[2:]) % len(NAMES)])[0]
    term = Technique(iri, panet.label(iri), Basis.STATED, "/entry/definition")
    file = Datafile("scan.nxs", 10**9 + number, "0" * 64, "0" * 64, NOW, media_type="application/x-hdf5")
    return Dataset(
        f"d{number}",
        1,
        f"/beamline/{number}",
        f"scan {number}",
        State.OPEN,
        NOW,
        visit_id=visit.id,
        instrument_id=visit.instrument_id,
        files=(file,),
        captures=((file.path, Capture("nexus", techniques=(term,))),),
    )


def _round(facility: Facility, count: int) -> None:
    """Proposals with four members and two visits each, as a user office hands them over."""
    found, visits = [], []
    for number in range(count):
        people = [Person(f"Doe {number}, {n}", f"p{number}.{n}@example.org") for n in range(4)]
        members = (
            Member(people[0], Role.PRINCIPAL_INVESTIGATOR),
            *(Member(one, Role.EXPERIMENTER) for one in people[1:]),
        )
        found.append(Proposal(f"2026{number:04}", f"Proposal {number}", members=members))
        for turn in range(2):
            start = NOW + timedelta(days=number % 150 + turn * 20)
            instrument = f"BL{(number + turn) % BEAMLINES:02}"
            visits.append(
                Visit(f"2026{number:04}-{turn}", f"2026{number:04}", instrument, start, start + timedelta(days=2))
            )
    facility.catalogue.put_proposals(found, now=NOW)
    facility.catalogue.put_visits(visits, now=NOW)


def _floor(folder: Path, made: tuple[Plan, ...]) -> float:
    folder.mkdir()
    texts = [(plan.id, encode(plan)) for plan in made]
    start = time.perf_counter()
    for name, text in texts:
        with (folder / name).open("wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    with sqlite3.connect(folder / "plans.db") as database:
        database.execute("CREATE TABLE plan (id TEXT PRIMARY KEY, record TEXT)")
        database.executemany("INSERT INTO plan VALUES (?, ?)", texts)
    database.close()
    return time.perf_counter() - start


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--figure", choices=sorted(FIGURES), action="append", help="which; all where none is named")
    parser.add_argument("--proposals", type=int, default=700)
    parser.add_argument("--past", type=int, default=5000, help="datasets of earlier years")
    chosen = parser.parse_args(arguments)
    for name in chosen.figure or sorted(FIGURES):
        with TemporaryDirectory() as folder:
            figure = FIGURES[name](Path(folder), proposals=chosen.proposals, past=chosen.past)
        sys.stdout.write(json.dumps(asdict(figure)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
