"""Killed at any moment and started again: each dataset once, nothing lost, nothing half-written visible."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import ocfl
import pytest

from verriere.facility import Facility
from verriere.ingest.plan import plan
from verriere.ingest.run import resume, run

from .conftest import WriteScan

KILLS = 50
SOURCE = Path(__file__).parents[2] / "src"


class Nursery:
    """Bears processes that ingest, and kills them."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def begin(self) -> int:
        """Begin to ingest in a process of its own; its number."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def ended(self) -> bool:
        """Wait for the process; whether it came to its end before it was killed."""
        assert self._process.stdout is not None
        status = int(self._process.stdout.readline())
        assert status in {0, signal.SIGKILL}, f"the ingest failed: {status}"
        return status == 0

    def ingest(self, kill_after: float | None = None) -> bool:
        """Ingest in a process of its own; whether it came to its end before it was killed."""
        child = self.begin()
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        return self.ended()


@contextmanager
def nursery(facility: Path, path: Path) -> Iterator[Nursery]:
    environment = os.environ | {
        "PYTHONPATH": str(SOURCE),
        "VERRIERE_INGEST__BATCH": "3",
        "VERRIERE_INGEST__WORKERS": "1",
    }
    with subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("nursery.py")), str(facility), str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as process:
        yield Nursery(process)
        assert process.stdin is not None
        process.stdin.close()


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_fifty_times_each_dataset_is_there_once_and_whole(
    facility: Facility, tmp_path: Path, scan: WriteScan
) -> None:
    chance = random.Random(20250303)
    data, expected, finished, killed = tmp_path / "data", {}, 0, 0
    with nursery(facility.folder, data) as births:
        number, seconds = 0, 3.0
        while killed < KILLS:
            if finished == number:
                # All was taken in: new scans, and one that changed, give the next process something to lose.
                for part in range(8):
                    scan(data / f"scan_{number}_{part}.nxs", identifier="20250017", value=number * 100 + part)
                scan(data / "scan_0_0.nxs", identifier="20250017", value=-number)
                number += 1
            began = time.monotonic()
            if births.ingest(kill_after=chance.uniform(0.0, seconds)):
                finished = number
                seconds = 1.2 * (time.monotonic() - began)
            else:
                killed += 1
            _check_what_is_visible(facility)
        assert births.ingest(), "what was begun comes to its end"
    expected = {group.source: group for group in plan([data]).groups}
    datasets = facility.catalogue.datasets()
    assert sorted(dataset.source for dataset in datasets) == sorted(expected)
    assert sorted(name for name in facility.archive.objects() if ":" not in name) == sorted(
        dataset.id for dataset in datasets
    )
    for dataset in datasets:
        kept = facility.archive.path_of(dataset.id, dataset.files[0].path).read_bytes()
        assert kept == Path(dataset.source).read_bytes()
        assert sha256(kept).hexdigest() == dataset.files[0].sha256
        assert dataset.visit_id == "20250017-1"
    assert not [entry for entry in (facility.archive.root / "staging").iterdir() if entry.is_dir()]
    assert ocfl.StorageRoot(root=str(facility.archive.ocfl)).validate()
    facility.catalogue.check_history(facility.archive.read_history())
    before = list(facility.catalogue.dump())
    Facility.rebuild(facility.folder)
    with Facility.open(facility.folder) as again:
        assert list(again.catalogue.dump()) == before


def _check_what_is_visible(facility: Facility) -> None:
    """Whatever the catalogue shows is whole in the archive, and once only."""
    datasets = facility.catalogue.datasets()
    assert len({dataset.source for dataset in datasets}) == len(datasets)
    for dataset in datasets:
        for file in dataset.files:
            path = facility.archive.path_of(dataset.id, file.path, dataset.revision)
            assert path.stat().st_size == file.size


def test_what_a_crash_cut_off_is_finished_when_the_facility_starts(
    facility: Facility, tmp_path: Path, scan: WriteScan
) -> None:
    for number in range(12):
        scan(tmp_path / "data" / f"scan_{number}.nxs", identifier="20250017", value=number)
    with nursery(facility.folder, tmp_path / "data") as births:
        births.ingest()
        for number in range(12):
            scan(tmp_path / "data" / f"scan_{number}.nxs", identifier="20250017", value=-number - 1)
        child = births.begin()
        while all(dataset.version == 1 for dataset in facility.catalogue.datasets()):
            time.sleep(0.01)
        os.kill(child, signal.SIGKILL)
        assert not births.ended()
    assert resume(facility) == 1
    assert {dataset.version for dataset in facility.catalogue.datasets()} == {2}
    assert resume(facility) == 0
    assert not run(facility, [tmp_path / "data"]).resumed
