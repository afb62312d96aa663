"""The database dropped, the archive intact: the same catalogue again."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from verriere.archive import sidecar
from verriere.catalogue import drop
from verriere.errors import DatabaseOutdated
from verriere.facility import Facility
from verriere.ingest.assign import assign
from verriere.ingest.run import run
from verriere.model import Duty, State, Viewer

from .conftest import NOW, WriteScan, know_beamtimes

_OFFICE = Viewer("office", Duty.DATA_OFFICE)


@pytest.fixture
def either(empty_url: str, tmp_path: Path) -> Iterator[Facility]:
    """The facility on each of the databases."""
    with Facility.create(tmp_path / "facility", name="Test", database=empty_url, clock=lambda: NOW) as made:
        know_beamtimes(made)
        yield made


def test_a_dropped_database_comes_back_from_the_archive_as_it_was(
    either: Facility, tmp_path: Path, scan: WriteScan, shared: Path
) -> None:
    data = tmp_path / "data"
    scan(data / "scan_1.nxs", identifier="20250017", title="NaN <b>and</b> \u00e9tain", value=float("nan"))
    scan(data / "scan_2.nxs", instrument=None)
    changed = scan(data / "scan_3.nxs", identifier="20250099", instrument="ANATOMIX")
    first = run(either, [data, shared / "data" / "soleil", shared / "data" / "mx", shared / "data" / "epr"])
    waiting = next(taken for taken in first.taken if taken.source == str(data / "scan_2.nxs"))
    assign(either, waiting.dataset_id, "20250018-1", by="office")
    scan(changed, identifier="20250099", instrument="ANATOMIX", value=7.0)
    run(either, [data])
    _open_what_is_due(either)
    before = list(either.catalogue.dump())
    order = [hit.id for hit in either.catalogue.search("", _OFFICE, size=100).hits]
    database = either.database
    either.close()
    if database.startswith("sqlite"):
        Path(database.removeprefix("sqlite:///")).unlink()
    else:
        drop(database)
    with pytest.raises(DatabaseOutdated):
        Facility.open(either.folder)
    assert Facility.rebuild(either.folder) == len(list(either.archive.objects()))
    with Facility.open(either.folder, clock=lambda: NOW) as again:
        assert list(again.catalogue.dump()) == before
        assert [hit.id for hit in again.catalogue.search("", _OFFICE, size=100).hits] == order
        assert len(order) == len(first.taken)
        run(again, [data])
        assert list(again.catalogue.dump()) == before


def test_a_rebuild_over_a_database_that_is_there_gives_the_same(
    either: Facility, tmp_path: Path, scan: WriteScan
) -> None:
    scan(tmp_path / "scan_1.nxs", identifier="20250017")
    run(either, [tmp_path / "scan_1.nxs"])
    before = list(either.catalogue.dump())
    either.close()
    Facility.rebuild(either.folder)
    with Facility.open(either.folder) as again:
        assert list(again.catalogue.dump()) == before


def _open_what_is_due(facility: Facility) -> None:
    """Open a dataset as the clock does it: the archive first."""
    dataset = facility.catalogue.datasets(visit_id="20250017-1")[0]
    opened = replace(dataset, state=State.OPEN, opened_at=NOW, revision=dataset.revision + 1)
    assert facility.archive.put_sidecar(dataset.id, sidecar.encode(opened), "opened", created=NOW) == opened.revision
    facility.catalogue.transition([opened], event="opened", now=NOW, by="clock")
    facility.journal()
