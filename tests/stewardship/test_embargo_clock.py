"""Embargoes end by themselves: in the archive and in the catalogue, once, and not a moment early."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import h5py
import pytest

from verriere import ingest
from verriere.archive import sidecar
from verriere.facility import Facility
from verriere.model import Dataset, Proposal, Research, State, Visit
from verriere.stewardship import clock, records
from verriere.stewardship.proposals import Beamtime

ENDED = datetime(2025, 3, 3, 7, tzinfo=UTC)
OPENS = datetime(2028, 3, 3, 23, tzinfo=UTC)
"""Midnight in Paris, three years later: the first at or after the end's anniversary."""


@pytest.fixture
def recorded(facility: Facility, tmp_path: Path) -> dict[str, str]:
    """Datasets of a public and of a proprietary visit: research to identifier."""
    proposals = tuple(Proposal(kind.value, f"A {kind.value} one", kind) for kind in Research)
    visits = tuple(Visit(f"{kind.value}-1", kind.value, "SWING", ENDED - timedelta(days=2), ENDED) for kind in Research)
    records.take(facility, Beamtime((), proposals, visits, ()))
    made = {}
    for visit in visits:
        path = tmp_path / visit.id / "scan.nxs"
        path.parent.mkdir()
        with h5py.File(path, "w") as file:
            entry = file.create_group("entry")
            entry.attrs["NX_class"] = "NXentry"
            entry["title"] = f"Scan of {visit.id}"
        summary = ingest.run(facility, [path], visit=visit.id)
        made[visit.proposal_id] = summary.taken[0].dataset_id
    return made


def in_archive(facility: Facility, dataset_id: str) -> Dataset:
    return sidecar.decode(Dataset, facility.archive.read_sidecar(dataset_id))


def test_nothing_opens_a_moment_early(facility: Facility, recorded: dict[str, str]) -> None:
    assert clock.tick(facility, OPENS - timedelta(microseconds=1)) == ()
    assert facility.catalogue.dataset(recorded["public"]).state is State.EMBARGOED


def test_the_first_tick_after_the_end_opens_it_in_the_archive_and_in_the_catalogue(
    facility: Facility, recorded: dict[str, str]
) -> None:
    late = OPENS + timedelta(days=30)
    (change,) = clock.tick(facility, late)
    assert (change.dataset_id, change.before, change.after) == (recorded["public"], State.EMBARGOED, State.OPEN)
    for opened in (facility.catalogue.dataset(recorded["public"]), in_archive(facility, recorded["public"])):
        # It is open since its embargo ended, not since somebody looked.
        assert (opened.state, opened.opened_at, opened.revision, opened.version) == (State.OPEN, OPENS, 2, 1)


def test_proprietary_research_never_opens(facility: Facility, recorded: dict[str, str]) -> None:
    clock.tick(facility, OPENS + timedelta(days=36_500))
    assert facility.catalogue.dataset(recorded["proprietary"]).state is State.PROPRIETARY


def test_a_second_tick_and_a_dry_run_do_nothing(facility: Facility, recorded: dict[str, str]) -> None:
    before = list(facility.catalogue.dump())
    assert len(clock.tick(facility, OPENS, dry_run=True)) == 1
    assert list(facility.catalogue.dump()) == before
    clock.tick(facility, OPENS)
    after = list(facility.catalogue.dump())
    assert clock.tick(facility, OPENS + timedelta(days=1)) == ()
    assert list(facility.catalogue.dump()) == after
    assert facility.archive.revision(recorded["public"]) == 2


def test_a_tick_that_died_between_archive_and_catalogue_is_finished_by_the_next(
    facility: Facility, recorded: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(facility.catalogue, "transition", die)
        with pytest.raises(KeyboardInterrupt):
            clock.tick(facility, OPENS)
    assert in_archive(facility, recorded["public"]).state is State.OPEN
    assert facility.catalogue.dataset(recorded["public"]).state is State.EMBARGOED
    clock.tick(facility, OPENS + timedelta(minutes=1))
    assert facility.catalogue.dataset(recorded["public"]) == in_archive(facility, recorded["public"])
    assert facility.archive.revision(recorded["public"]) == 2


def test_what_was_opened_is_in_the_history_and_its_copy(facility: Facility, recorded: dict[str, str]) -> None:
    clock.tick(facility, OPENS)
    last = facility.catalogue.history(f"dataset:{recorded['public']}")[-1]
    assert (last.event, last.by, last.at) == ("opened", "clock", OPENS)
    journal = list(facility.archive.read_history())
    assert facility.catalogue.check_history(journal) == len(journal)
