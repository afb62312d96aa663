"""A facility after decades: one tick of the policy clock, and a cited query, over a million datasets.

Ten thousand datasets are registered as always, one thousand of them due; they are multiplied in the tables that a
search and the clock read, records included. Prints JSON lines: the figure, its floor measured in the same run, and the
ratio.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

from sqlalchemy import text

from verriere.archive import Deposit, sidecar
from verriere.archive.deposit import Refused
from verriere.catalogue.database import Database
from verriere.facility import Facility
from verriere.model import Dataset, State, Visit
from verriere.publish.citing import cite_query
from verriere.stewardship import clock
from verriere.stewardship.proposals import Beamtime
from verriere.stewardship.records import take
from verriere.testing import FrozenClock
from verriere.testing.facilities import CLAIRE, SWING
from verriere.testing.records import dataset, proposal

BEGIN = datetime(2024, 1, 1, tzinfo=UTC)
LATER = BEGIN + timedelta(days=500)
ENDED = datetime(2027, 1, 3, tzinfo=UTC)
SEED = 10_000
DUE = 1_000


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured.

    Parameters
    ----------
    seconds, floor
        By the clock: of the work, and of the bare statements and files without which there is none.
    processor
        Seconds that this process computed.
    peak_mb
        Memory of this process at its largest, until then.
    """

    figure: str
    seconds: float
    processor: float
    floor: float
    ratio: float
    datasets: int
    changed: int
    peak_mb: int


def furnish(facility: Facility) -> None:
    """Two visits, one of which is due; their datasets in archive and catalogue."""
    due = Visit("V-due", "P1", SWING.id, BEGIN, BEGIN + timedelta(days=1))
    later = Visit("V-later", "P1", SWING.id, BEGIN + timedelta(days=400), BEGIN + timedelta(days=401))
    take(facility, Beamtime((SWING,), (proposal("P1", "Silver", CLAIRE),), (due, later)))
    for start in range(0, SEED, 500):
        part = [_dataset(number) for number in range(start, start + 500)]
        kept = [each for each in part if each.visit_id == due.id]
        deposits = [Deposit(each.id, (), sidecar.encode(each), created=BEGIN) for each in kept]
        assert not any(isinstance(done, Refused) for done in facility.archive.put_many(deposits))
        facility.catalogue.register(part, now=BEGIN)
    facility.journal()


def _dataset(number: int) -> Dataset:
    made = dataset(
        f"d{number:07d}",
        state=State.EMBARGOED,
        title=f"silver {number}",
        visit="V-due" if number < DUE else "V-later",
        instrument=SWING.id,
        start=BEGIN + timedelta(days=0 if number < DUE else 400, minutes=number),
    )
    # A hundredth has another technique: what is multiplied a hundredfold gives ten thousand to cite.
    techniques = made.captures[0][1].techniques if number % 100 == 99 else ()
    name, capture = made.captures[0]
    return replace(made, captures=((name, replace(capture, techniques=techniques)),))


def multiply(facility: Facility, total: int) -> None:
    """Copy the rows of what is not due until there are so many."""
    database = Database(facility.database)
    columns = [row for row in _columns(database) if row not in {"key", "id", "source"}]
    listed = ", ".join(f'"{name}"' for name in columns)
    with database.write() as connection:
        for copy in range(1, total // SEED + 1):
            offset = copy * SEED
            connection.execute(
                text(
                    f"INSERT INTO dataset (key, id, source, {listed}) SELECT key + :offset, id || '-{copy}', "
                    f"source || '-{copy}', {listed} FROM dataset WHERE key <= {SEED} AND visit_id = 'V-later'"
                ),
                {"offset": offset},
            )
            connection.execute(
                text(
                    "INSERT INTO dataset_record (dataset_key, record) SELECT dataset_key + :offset, record FROM "
                    f"dataset_record WHERE dataset_key <= {SEED} AND dataset_key > {DUE}"
                ),
                {"offset": offset},
            )
        connection.execute(
            text("UPDATE shelf SET number = (SELECT count(*) FROM dataset WHERE dataset.shelf = shelf.id)")
        )
    database.close()
    facility.catalogue.optimise()


def _columns(database: Database) -> Iterator[str]:
    with database.read() as connection:
        for row in connection.execute(text("PRAGMA table_info(dataset)")):
            yield row.name


def measure(total: int, folder: Path) -> Iterator[Figure]:
    """Each figure in turn, each in a process of its own, whose memory is its own."""
    with Facility.create(folder / "facility", name="Benchmark", clock=FrozenClock(LATER)) as facility:
        furnish(facility)
        multiply(facility, total)
    for step in (citing, ticking, idling):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            yield alone.submit(step, folder, total).result()


def citing(folder: Path, total: int) -> Figure:
    """A query is cited that a hundredth of all datasets answer."""
    with Facility.open(folder / "facility", clock=FrozenClock(LATER)) as facility:
        floor = _floor_of_citing(facility)
        began, computed = time.perf_counter(), time.process_time()
        cited = cite_query(facility, "technique:SAXS", by="benchmark")
        return _figure("a query is cited", began, computed, floor, total, len(cited.datasets))


def ticking(folder: Path, total: int) -> Figure:
    """A thousand embargoes end."""
    with Facility.open(folder / "facility", clock=FrozenClock(ENDED)) as facility:
        floor = _floor_of_ticking(facility, folder / "floor")
        began, computed = time.perf_counter(), time.process_time()
        opened = clock.tick(facility, facility.now())
        assert len(opened) == DUE
        return _figure("a tick of the policy clock", began, computed, floor, total, len(opened))


def idling(folder: Path, total: int) -> Figure:
    """No embargo ends: what happens once a minute."""
    with Facility.open(folder / "facility", clock=FrozenClock(ENDED)) as facility:
        floor = _floor_of_ticking(facility, folder / "again")
        began, computed = time.perf_counter(), time.process_time()
        assert clock.tick(facility, facility.now()) == ()
        return _figure("a tick that finds nothing", began, computed, floor, total, 0)


def _figure(  # noqa: PLR0917 - as the line is printed
    name: str, began: float, computed: float, floor: float, total: int, changed: int
) -> Figure:
    seconds, processor = time.perf_counter() - began, time.process_time() - computed
    ratio = round(seconds / floor, 1)
    return Figure(name, round(seconds, 4), round(processor, 4), round(floor, 4), ratio, total, changed, _peak())


def _peak() -> int:
    """Memory of this process at its largest [MB]; what `resource` says is the parent's, where that was larger."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1000


def _floor_of_citing(facility: Facility) -> float:
    """Reading identifier and version of what is found, in order, and writing that to a file."""
    database = Database(facility.database)
    query = (
        "SELECT id, version FROM dataset WHERE shelf IN (SELECT id FROM shelf WHERE techniques <> '') "
        "ORDER BY moment, id"
    )
    began = time.perf_counter()
    with database.read() as connection:
        rows = connection.execute(text(query)).all()
    with (facility.folder / "floor").open("w") as file:
        file.writelines(f"{row.id} {row.version}\n" for row in rows)
    seconds = time.perf_counter() - began
    database.close()
    return seconds


def _floor_of_ticking(facility: Facility, folder: Path) -> float:
    """Reading the records that are due, and writing each to a file."""
    folder.mkdir(exist_ok=True)
    database = Database(facility.database)
    query = (
        "SELECT id, record FROM dataset JOIN dataset_record ON dataset_key = key "
        "WHERE state = 'embargoed' AND opens_at <= :now"
    )
    began = time.perf_counter()
    with database.read() as connection:
        rows = connection.execute(text(query), {"now": facility.now().replace(tzinfo=None).isoformat(" ")}).all()
    for row in rows:
        (folder / row.id).write_text(row.record)
    seconds = time.perf_counter() - began
    database.close()
    return seconds


def main() -> None:
    """Print each figure as a line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=int, default=1_000_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for figure in measure(chosen.datasets, Path(folder)):
            print(json.dumps(asdict(figure)), flush=True)


if __name__ == "__main__":
    main()
