"""A facility with two visits on one beamline and one on another, and scans as their beamlines would write them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import h5py
import pytest

from verriere.archive import sidecar
from verriere.facility import Facility
from verriere.model import Instrument, Proposal, Sample, Visit

NOON = datetime(2025, 3, 3, 12, tzinfo=UTC)
NOW = datetime(2025, 6, 1, 9, 30, tzinfo=UTC)

WriteScan = Callable[..., Path]


def write_scan(
    path: Path,
    *,
    identifier: str | None = None,
    instrument: str | None = "SWING",
    start: str | None = "2025-03-02T10:00:00+01:00",
    title: str = "Silver behenate",
    value: float = 12.0,
) -> Path:
    """A small NeXus file with one spectrum."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        entry["title"] = title
        if identifier is not None:
            entry["experiment_identifier"] = identifier
        if start is not None:
            entry["start_time"] = start
        if instrument is not None:
            beamline = entry.create_group("instrument")
            beamline.attrs["NX_class"] = "NXinstrument"
            beamline["name"] = instrument
        data = entry.create_group("data")
        data.attrs.update({"NX_class": "NXdata", "signal": "counts"})
        data["counts"] = [value, 2 * value, 3 * value]
    return path


@pytest.fixture(autouse=True)
def _one_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of tests are few: starting a second reader would cost more than reading them."""
    monkeypatch.setenv("VERRIERE_INGEST__WORKERS", "1")


@pytest.fixture
def scan() -> WriteScan:
    """Writes a small NeXus file."""
    return write_scan


def know_beamtimes(facility: Facility) -> None:
    """Tell a facility of two visits on SWING, one after the other, and of one on ANATOMIX at the same time."""
    instruments = [Instrument("SWING", "SWING", aliases=("SAXS-1", "I11")), Instrument("ANATOMIX", "ANATOMIX")]
    proposals = [Proposal("20250017", "Lipids"), Proposal("20250018", "Clays"), Proposal("20250099", "Bone")]
    visits = [
        Visit("20250017-1", "20250017", "SWING", _day(1), _day(4)),
        Visit("20250018-1", "20250018", "SWING", _day(4), _day(6)),
        Visit("20250099-1", "20250099", "ANATOMIX", _day(1), _day(6)),
    ]
    samples = [Sample("S-1", "20250017", "Lipid A")]
    records: tuple[Instrument | Proposal | Visit | Sample, ...] = (*instruments, *proposals, *visits, *samples)
    for record in records:
        name = f"{type(record).__name__.lower()}:{record.id}"
        facility.archive.put(name, (), sidecar.encode(record), message="import", created=NOON)
    catalogue = facility.catalogue
    catalogue.put_instruments(instruments, now=NOON)
    catalogue.put_proposals(proposals, now=NOON)
    catalogue.put_visits(visits, now=NOON)
    catalogue.put_samples(samples, now=NOON)
    facility.journal()


def _day(day: int) -> datetime:
    return datetime(2025, 3, day, 8, tzinfo=UTC)


@pytest.fixture
def facility(tmp_path: Path) -> Iterator[Facility]:
    """A facility on SQLite that knows its beamtimes, where it is 1 June 2025."""
    with Facility.create(tmp_path / "facility", name="Test", clock=lambda: NOW) as made:
        know_beamtimes(made)
        yield made
