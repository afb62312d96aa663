"""The clock: what is due opens by itself, in the archive and in the catalogue, once."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from tests.catalogue.world import NOW, dataset, furnish

from verriere.archive import Archive, sidecar
from verriere.archive.deposit import Source
from verriere.catalogue import Catalogue
from verriere.ingest.holdings import Holdings
from verriere.model import ANONYMOUS, Dataset, Decision, DecisionKind, State
from verriere.policy import Access
from verriere.settings import Settings
from verriere.stewardship.clock import tick

ENDS = datetime(2027, 3, 7, tzinfo=ZoneInfo("Europe/Paris")).astimezone(UTC)
BEFORE = ENDS - timedelta(seconds=1)


@pytest.fixture
def holdings(tmp_path: Path) -> Iterator[Holdings]:
    """An embargoed, a proprietary and a quarantined dataset, kept and registered."""
    archive = Archive.create(tmp_path / "archive")
    with Catalogue.create(f"sqlite:///{tmp_path / 'catalogue.db'}") as catalogue:
        furnish(catalogue)
        made = [
            dataset("a1", state=State.EMBARGOED),
            dataset("b2", state=State.PROPRIETARY, visit="V3"),
            dataset("c3", state=State.QUARANTINED),
        ]
        for each in made:
            (tmp_path / each.files[0].path).write_bytes(b"counts")
            archive.put(each.id, [Source(tmp_path / each.files[0].path, each.files[0].path)], sidecar.encode(each))
        catalogue.register(made, now=NOW)
        yield Holdings(tmp_path, Settings(), catalogue, archive)


def kept(holdings: Holdings, name: str) -> Dataset:
    return sidecar.decode(Dataset, holdings.archive.read_sidecar(name))


def test_an_embargo_ends_at_the_first_tick_after_its_end_and_proprietary_research_stays(holdings: Holdings) -> None:
    assert tick(holdings, BEFORE) == ()
    assert holdings.catalogue.access("a1", ANONYMOUS) is Access.CITATION
    (opened,) = tick(holdings, ENDS)
    assert (opened.dataset_id, opened.before, opened.after, opened.due_at) == (
        "a1",
        State.EMBARGOED,
        State.OPEN,
        ENDS,
    )
    assert holdings.catalogue.access("a1", ANONYMOUS) is Access.DATA
    assert [hit.id for hit in holdings.catalogue.search("status:open", ANONYMOUS).hits] == ["a1"]
    assert tick(holdings, ENDS + timedelta(days=3650)) == ()


def test_archive_catalogue_and_journal_agree_on_what_was_opened(holdings: Holdings) -> None:
    tick(holdings, ENDS + timedelta(days=1))
    known = holdings.catalogue.dataset("a1")
    assert kept(holdings, "a1") == known
    assert (known.state, known.opened_at, known.revision) == (State.OPEN, ENDS, 2)
    entry = holdings.catalogue.history("dataset:a1")[-1]
    assert (entry.event, entry.by, entry.details["state"]) == ("opened", "clock", "open")
    assert holdings.catalogue.check_history(holdings.archive.read_history()) == len(
        list(holdings.archive.read_history())
    )


def test_a_dry_run_says_what_is_due_and_changes_nothing(holdings: Holdings) -> None:
    before = list(holdings.catalogue.dump())
    assert [each.dataset_id for each in tick(holdings, ENDS, dry_run=True)] == ["a1"]
    assert list(holdings.catalogue.dump()) == before
    assert kept(holdings, "a1").state is State.EMBARGOED


def test_a_tick_that_died_after_the_archive_is_finished_by_the_next(holdings: Holdings) -> None:
    opened = replace(holdings.catalogue.dataset("a1"), state=State.OPEN, opened_at=ENDS, revision=2)
    holdings.archive.put_sidecar("a1", sidecar.encode(opened), "embargo ended")
    tick(holdings, ENDS + timedelta(minutes=1))
    assert holdings.catalogue.dataset("a1") == kept(holdings, "a1")
    assert holdings.archive.revision("a1") == 2


def test_an_extension_that_was_granted_in_time_keeps_it_closed_and_an_early_release_opens_it(
    holdings: Holdings,
) -> None:
    visit = holdings.catalogue.visit("V1")
    longer = replace(visit, decisions=(Decision(DecisionKind.EXTENSION, NOW, "director"),))
    holdings.catalogue.put_visits([longer], now=NOW)
    assert tick(holdings, ENDS) == ()
    early = replace(visit, decisions=(*longer.decisions, Decision(DecisionKind.EARLY_RELEASE, ENDS, "pi")))
    holdings.catalogue.put_visits([early], now=ENDS)
    assert [each.due_at for each in tick(holdings, ENDS)] == [ENDS]
