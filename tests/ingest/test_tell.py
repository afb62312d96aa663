"""What people say is kept in the record, counts, is searched, and survives the database."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from verriere.errors import InputInvalid
from verriere.facility import Facility
from verriere.ingest.run import run
from verriere.ingest.tell import tell
from verriere.model import Dataset, Duty, Viewer


@pytest.fixture
def spectrum(tmp_path: Path, shared: Path) -> Iterator[tuple[Facility, Dataset]]:
    data = tmp_path / "data"
    data.mkdir()
    for suffix in (".DSC", ".DTA"):
        shutil.copy(shared / f"data/epr/cwepr_BDPA-1DFieldSweep{suffix}", data)
    with Facility.create(tmp_path / "facility", name="Test") as facility:
        run(facility, [data])
        (dataset,) = facility.catalogue.datasets()
        yield facility, dataset


def test_an_answer_is_kept_scored_searched_and_in_the_archive(spectrum: tuple[Facility, Dataset]) -> None:
    facility, before = spectrum
    assert before.completeness is not None
    assert "missing-required" in {each.code for each in before.captures[0][1].findings}
    after = tell(facility, before.id, {"temperature": "80", "sample": "BDPA in polystyrene"}, by="marie")
    assert after.completeness is not None
    assert after.completeness > before.completeness
    assert after.revision == before.revision + 1
    assert after.version == before.version
    assert "missing-required" not in {each.code for each in after.captures[0][1].findings}
    assert facility.catalogue.dataset(before.id) == after
    viewer = Viewer("office", Duty.DATA_OFFICE)
    for query in ("temperature:80K", f"completeness:>{before.completeness}", "polystyrene"):
        assert facility.catalogue.search(query, viewer).total == 1, query
    assert facility.catalogue.search(f"completeness:>{after.completeness}", viewer).total == 0
    (entry,) = [each for each in facility.catalogue.history(f"dataset:{before.id}") if each.event == "described"]
    assert entry.by == "marie"
    assert tell(facility, before.id, {"temperature": "80"}, by="marie") == after  # said again, nothing changes
    folder = facility.folder
    facility.close()
    Facility.rebuild(folder)
    with Facility.open(folder) as again:
        assert again.catalogue.dataset(before.id).told == after.told


def test_an_answer_stays_when_the_files_are_taken_in_again(spectrum: tuple[Facility, Dataset]) -> None:
    facility, before = spectrum
    told = tell(facility, before.id, {"temperature": "80"}, by="marie").told
    source = Path(before.source)
    source.write_text(source.read_text("latin-1").replace("AVGS    1", "AVGS    2"), "latin-1")
    run(facility, [source.parent])
    (after,) = facility.catalogue.datasets()
    assert after.version == 2
    assert after.told == told


def test_an_answer_that_cannot_be_is_refused_and_nothing_is_written(spectrum: tuple[Facility, Dataset]) -> None:
    facility, before = spectrum
    with pytest.raises(InputInvalid, match="cannot be"):
        tell(facility, before.id, {"temperature": "-5"}, by="marie")
    assert facility.catalogue.dataset(before.id) == before
