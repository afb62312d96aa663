"""The sample facility is one that our own rules would have made."""

from datetime import UTC, datetime
from pathlib import Path

from verriere.facility import Facility
from verriere.model import ANONYMOUS, State
from verriere.policy import Access, due, opens_at
from verriere.testing import FrozenClock
from verriere.testing.facilities import CLAIRE, furnish, keep
from verriere.testing.records import orcid

CLOCK = FrozenClock(datetime(2026, 9, 14, 10, tzinfo=UTC))


def test_it_comes_back_from_its_archive_as_it_was(tmp_path: Path) -> None:
    with Facility.create(tmp_path / "facility", clock=CLOCK) as facility:
        furnish(facility)
        before = list(facility.catalogue.dump())
        for each in facility.catalogue.datasets():
            assert facility.archive.verify(each.id) == ()
    Facility.rebuild(tmp_path / "facility", clock=CLOCK)
    with Facility.open(tmp_path / "facility", clock=CLOCK) as again:
        assert list(again.catalogue.dump()) == before


def test_every_state_is_the_one_that_the_policy_gives(tmp_path: Path) -> None:
    with Facility.create(tmp_path / "facility", clock=CLOCK) as facility:
        samples = furnish(facility)
        catalogue = facility.catalogue
        assert {each.state for each in samples.all} == set(State) - {State.WITHDRAWN}
        for each in samples.all:
            if each.visit_id is not None:
                visit = catalogue.visit(each.visit_id)
                opens = opens_at(visit.end, catalogue.embargo, (*visit.decisions, *each.decisions))
                assert due(each.state, opens, facility.now()) is each.state
        seen = {each.id for each in samples.all if catalogue.access(each.id, ANONYMOUS) is Access.DATA}
        assert seen == {"ds-open", "ds-released"}


def test_other_bytes_are_a_new_version(tmp_path: Path) -> None:
    with Facility.create(tmp_path / "facility", clock=CLOCK) as facility:
        first = furnish(facility).open
        second = keep(facility, first, b"other bytes")
        assert (second.version, second.revision) == (2, 2)
        assert keep(facility, second, b"other bytes") == second
        assert facility.catalogue.dataset(first.id) == second


def test_an_orcid_has_the_check_character_that_iso_7064_asks_for() -> None:
    # The example of ORCID's own documentation.
    assert orcid(21825009) == "0000-0002-1825-0097"
    assert CLAIRE.orcid is not None
    assert CLAIRE.orcid != orcid(2)
