"""What becomes of files that are taken in once, twice, changed, or from two places."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from verriere.errors import FacilityBusy, InputInvalid, NotFound
from verriere.facility import Facility
from verriere.ingest.assign import assign
from verriere.ingest.check import check
from verriere.ingest.durable import durable
from verriere.ingest.run import resume, run
from verriere.ingest.summary import Outcome
from verriere.model import Instrument, State, Store
from verriere.stewardship import samples

from .conftest import NOW, WriteScan, know_beamtimes


def test_a_scan_finds_its_visit_and_its_bytes_are_kept(facility: Facility, tmp_path: Path, scan: WriteScan) -> None:
    path = scan(tmp_path / "scan_1.nxs", identifier="20250017")
    (taken,) = run(facility, [path]).taken
    dataset = facility.catalogue.dataset(taken.dataset_id)
    assert (taken.outcome, dataset.visit_id, dataset.matched_by) == (Outcome.CREATED, "20250017-1", "identifier")
    assert (dataset.state, dataset.title, dataset.version) == (State.EMBARGOED, "Silver behenate", 1)
    assert facility.archive.path_of(dataset.id, "scan_1.nxs").read_bytes() == path.read_bytes()
    assert [entry.subject for entry in facility.catalogue.history()][-1] == f"dataset:{dataset.id}"
    assert len(list(facility.archive.read_history())) == len(facility.catalogue.history())


def test_taken_in_twice_nothing_changes(facility: Facility, tmp_path: Path, scan: WriteScan) -> None:
    scan(tmp_path / "data" / "scan_1.nxs", identifier="20250017")
    scan(tmp_path / "data" / "scan_2.nxs", identifier="nobody's", instrument=None)
    run(facility, [tmp_path / "data"])
    before = list(facility.catalogue.dump())
    # A step that is cut off is done again by a run that knows nothing of file times: files are read once more.
    later = Facility.open(facility.folder, clock=lambda: NOW + timedelta(days=2))
    with later:
        again = run(later, [tmp_path / "data"])
        assert [taken.outcome for taken in again.taken] == [Outcome.UNCHANGED] * 2
        assert list(later.catalogue.dump()) == before


def test_files_touched_but_not_changed_are_no_new_version(facility: Facility, tmp_path: Path, scan: WriteScan) -> None:
    path = scan(tmp_path / "scan_1.nxs", identifier="20250017")
    (first,) = run(facility, [path]).taken
    os.utime(path, (1_700_000_000, 1_700_000_000))
    (second,) = run(facility, [path]).taken
    assert second.dataset_id == first.dataset_id
    assert (second.outcome, second.version) == (Outcome.UNCHANGED, 1)


def test_a_changed_file_is_a_new_version_and_the_old_bytes_stay(
    facility: Facility, tmp_path: Path, scan: WriteScan
) -> None:
    path = scan(tmp_path / "scan_1.nxs", identifier="20250017")
    old = path.read_bytes()
    (first,) = run(facility, [path]).taken
    scan(path, identifier="20250017", value=13.0)
    (second,) = run(facility, [path]).taken
    assert second.dataset_id == first.dataset_id
    assert (second.outcome, second.version) == (Outcome.UPDATED, 2)
    assert facility.catalogue.dataset(first.dataset_id).revision == 2
    assert facility.archive.path_of(first.dataset_id, "scan_1.nxs", revision=1).read_bytes() == old


def test_the_sample_that_a_person_chose_stays_with_new_bytes(
    facility: Facility, tmp_path: Path, scan: WriteScan
) -> None:
    path = scan(tmp_path / "scan_1.nxs", identifier="20250017")
    (first,) = run(facility, [path]).taken
    samples.measured(facility, first.dataset_id, "S-1", by="claire")
    scan(path, identifier="20250017", value=13.0)
    run(facility, [path])
    again = facility.catalogue.dataset(first.dataset_id)
    assert (again.version, again.sample_id) == (2, "S-1")


def test_bytes_changed_behind_the_back_of_the_clock_are_seen(
    facility: Facility, tmp_path: Path, scan: WriteScan
) -> None:
    path = scan(tmp_path / "scan_1.nxs", identifier="20250017")
    facts = path.stat()
    run(facility, [path])
    scan(path, identifier="20250017", value=13.0)
    os.utime(path, ns=(facts.st_atime_ns, facts.st_mtime_ns))
    assert path.stat().st_size == facts.st_size
    assert [taken.outcome for taken in run(facility, [path]).taken] == [Outcome.UPDATED]


def test_a_path_that_the_next_visit_uses_again_is_another_dataset(
    facility: Facility, tmp_path: Path, scan: WriteScan
) -> None:
    path = scan(tmp_path / "current" / "scan_1.nxs", identifier="20250017")
    (first,) = run(facility, [path]).taken
    scan(path, identifier="20250018", start="2025-03-05T10:00:00+01:00")
    (second,) = run(facility, [path]).taken
    assert (first.visit_id, second.visit_id) == ("20250017-1", "20250018-1")
    assert first.dataset_id != second.dataset_id
    assert facility.catalogue.dataset(first.dataset_id).visit_id == "20250017-1"


def test_a_copy_in_the_same_visit_is_known_already(facility: Facility, tmp_path: Path, scan: WriteScan) -> None:
    path = scan(tmp_path / "a" / "scan_1.nxs", identifier="20250017")
    copy = tmp_path / "b" / "scan_1.nxs"
    copy.parent.mkdir()
    copy.write_bytes(path.read_bytes())
    outcomes = [taken.outcome for taken in run(facility, [tmp_path / "a", tmp_path / "b"]).taken]
    assert outcomes == [Outcome.CREATED, Outcome.KNOWN]
    (taken,) = run(facility, [tmp_path / "b"]).taken
    assert (taken.outcome, [found.code for found in taken.findings]) == (Outcome.KNOWN, ["already-known"])
    assert len(facility.catalogue.datasets()) == 1


def test_same_name_and_size_with_other_bytes_is_another_dataset(
    facility: Facility, tmp_path: Path, scan: WriteScan
) -> None:
    scan(tmp_path / "a" / "scan_1.nxs", identifier="20250017")
    scan(tmp_path / "b" / "scan_1.nxs", identifier="20250017", value=13.0)
    summary = run(facility, [tmp_path / "a", tmp_path / "b"])
    assert [taken.outcome for taken in summary.taken] == [Outcome.CREATED] * 2


def test_what_nobody_knows_waits_and_finds_its_visit_once_that_is_known(tmp_path: Path, scan: WriteScan) -> None:
    path = scan(tmp_path / "scan_1.nxs", identifier="20250017")
    with Facility.create(tmp_path / "facility", name="Test", clock=lambda: NOW) as facility:
        (waiting,) = run(facility, [path]).taken
        assert facility.catalogue.dataset(waiting.dataset_id).state is State.QUARANTINED
        assert [found.code for found in waiting.findings if found.code.startswith("visit")] == ["visit-unknown"]
        know_beamtimes(facility)
        (found,) = run(facility, [path]).taken
        assert (found.dataset_id, found.visit_id, found.version) == (waiting.dataset_id, "20250017-1", 1)
        assert facility.catalogue.dataset(found.dataset_id).state is State.EMBARGOED


def test_an_instrument_that_has_become_known_is_no_finding_of_what_is_assigned(
    facility: Facility, tmp_path: Path, scan: WriteScan
) -> None:
    paths = [scan(tmp_path / name / "scan_1.nxs", instrument=name) for name in ("HERMES", "LUCIA")]
    taken = run(facility, paths).taken
    facility.catalogue.put_instruments([Instrument("hermes", "Hermes", "X-ray microscopy")], now=NOW)
    found = {}
    for each in taken:
        waiting = facility.catalogue.dataset(each.dataset_id)
        assert "instrument-unknown" in [said.code for said in waiting.findings]
        found[waiting.source] = assign(facility, each.dataset_id, "20250017-1", by="office").findings
    assert sorted([said.details["value"] for said in findings] for findings in found.values()) == [[], ["LUCIA"]]


def test_a_person_assigns_a_visit_and_the_next_ingest_keeps_to_it(
    facility: Facility, tmp_path: Path, scan: WriteScan
) -> None:
    path = scan(tmp_path / "scan_1.nxs", instrument=None)
    (taken,) = run(facility, [path]).taken
    assigned = assign(facility, taken.dataset_id, "20250017-1", by="office")
    assert assign(facility, taken.dataset_id, "20250017-1", by="office") == assigned
    assert (assigned.state, assigned.matched_by, assigned.findings) == (State.EMBARGOED, "person", ())
    with pytest.raises(InputInvalid, match="already"):
        assign(facility, taken.dataset_id, "20250018-1", by="office")
    scan(path, instrument=None, value=13.0)
    (again,) = run(facility, [path]).taken
    assert (again.dataset_id, again.visit_id, again.version) == (taken.dataset_id, "20250017-1", 2)


def test_a_changed_file_that_speaks_against_the_assigned_visit_does_not_follow_it(
    facility: Facility, tmp_path: Path, scan: WriteScan
) -> None:
    path = scan(tmp_path / "scan_1.nxs", instrument=None)
    (taken,) = run(facility, [path]).taken
    assign(facility, taken.dataset_id, "20250017-1", by="office")
    scan(path, instrument=None, start="2031-01-01T00:00:00+00:00")
    (again,) = run(facility, [path]).taken
    assert again.is_quarantined
    assert again.dataset_id != taken.dataset_id


def test_the_same_bytes_stay_where_a_person_put_them_whatever_they_say(
    facility: Facility, tmp_path: Path, scan: WriteScan
) -> None:
    path = scan(tmp_path / "scan_1.nxs", instrument=None, start="2031-01-01T00:00:00+00:00")
    (taken,) = run(facility, [path]).taken
    assign(facility, taken.dataset_id, "20250017-1", by="office")
    os.utime(path)
    (again,) = run(facility, [path]).taken
    assert (again.dataset_id, again.visit_id, again.outcome) == (taken.dataset_id, "20250017-1", Outcome.UNCHANGED)


def test_a_visit_given_by_hand_is_obeyed_and_doubted(facility: Facility, tmp_path: Path, scan: WriteScan) -> None:
    path = scan(tmp_path / "scan_1.nxs", identifier="20250018", start="2025-03-05T10:00:00+01:00")
    (taken,) = run(facility, [path], visit="20250017-1").taken
    assert (taken.visit_id, taken.matched_by) == ("20250017-1", "given")
    assert "visit-given-contradicted" in {found.code for found in taken.findings}
    with pytest.raises(NotFound, match="no visit"):
        run(facility, [path], visit="20259999-1")


def test_a_rehearsal_says_what_would_be_and_changes_nothing(
    facility: Facility, tmp_path: Path, scan: WriteScan
) -> None:
    path = scan(tmp_path / "scan_1.nxs", identifier="20250017")
    before = list(facility.catalogue.dump())
    summary = run(facility, [path], dry_run=True)
    assert summary.dry_run
    assert [(taken.outcome, taken.visit_id) for taken in summary.taken] == [(Outcome.CREATED, "20250017-1")]
    assert list(facility.catalogue.dump()) == before
    assert not [name for name in facility.archive.objects() if ":" not in name]


@pytest.mark.parametrize("store", list(Store))
def test_bytes_enter_the_archive_as_was_asked(
    facility: Facility, tmp_path: Path, scan: WriteScan, store: Store
) -> None:
    path = scan(tmp_path / "scan_1.nxs", identifier="20250017")
    (taken,) = run(facility, [path], store=store).taken
    dataset = facility.catalogue.dataset(taken.dataset_id)
    kept = facility.archive.path_of(taken.dataset_id, "scan_1.nxs")
    assert dataset.store is store
    assert (kept == path) is (store is Store.IN_PLACE)
    assert kept.samefile(path) is (store is not Store.COPY)


def test_a_file_that_vanished_fails_alone(facility: Facility, tmp_path: Path, scan: WriteScan) -> None:
    from verriere.ingest.plan import plan
    from verriere.ingest.readers import Readers
    from verriere.ingest.store import Intake, Wish

    gone = scan(tmp_path / "data" / "scan_1.nxs", identifier="20250017")
    scan(tmp_path / "data" / "scan_2.nxs", identifier="20250017")
    planned = plan([tmp_path / "data"])
    gone.unlink()
    with Readers(1) as readers:
        taken = Intake(facility, Wish(None, Store.COPY, NOW), readers.read_soon).take(planned.groups)
    assert [each.outcome for each in taken] == [Outcome.FAILED, Outcome.CREATED]
    assert taken[0].findings[0].code == "vanished"


def test_one_ingest_at_a_time(facility: Facility, tmp_path: Path, scan: WriteScan) -> None:
    path = scan(tmp_path / "scan_1.nxs")
    with durable(facility.state, facility.database, lambda request, _: request):
        with pytest.raises(FacilityBusy, match="another ingest"):
            run(facility, [path])
        assert resume(facility) == 0


def test_the_summary_is_json(facility: Facility, tmp_path: Path, scan: WriteScan) -> None:
    import json

    scan(tmp_path / "data" / "scan_1.nxs", identifier="20250017")
    (tmp_path / "data" / "README.md").write_text("about")
    summary = run(facility, [tmp_path / "data"])
    told = json.loads(json.dumps(summary.as_json()))
    assert told["datasets"]["created"] == 1
    assert told["left_out"] == 1
    assert told["bytes"] == summary.size > 0


def test_check_says_what_would_be_captured_without_a_facility(tmp_path: Path, scan: WriteScan) -> None:
    scan(tmp_path / "scan_1.nxs", identifier="20250017")
    planned, (checked,) = check([tmp_path])
    capture = checked.captures[0][1]
    assert capture.title is not None
    assert capture.title.value == "Silver behenate"
    assert len(planned.groups) == 1
