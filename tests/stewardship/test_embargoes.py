"""Asking for a longer embargo or its end: who may, who decides, what follows, and that it is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from verriere.archive import sidecar
from verriere.errors import AccessRefused, InputInvalid, NotFound
from verriere.facility import Facility
from verriere.model import ANONYMOUS, DecisionKind, Duty, EmbargoRequest, RequestState, State, Viewer, Visit
from verriere.policy import Access
from verriere.stewardship import embargo
from verriere.stewardship.clock import tick
from verriere.testing import FrozenClock
from verriere.testing.facilities import CLAIRE, DANIEL, PAOLO, Samples, furnish

NOW = datetime(2026, 9, 14, 10, tzinfo=UTC)
LEADER = Viewer(CLAIRE.key, Duty.USER)
OFFICE = Viewer("office@facility.example", Duty.DATA_OFFICE)
EXTENSION, RELEASE = DecisionKind.EXTENSION, DecisionKind.EARLY_RELEASE
VISIT = "visit:20260415-A"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def facility(tmp_path: Path, clock: FrozenClock) -> Iterator[Facility]:
    with Facility.create(tmp_path / "facility", name="Light", clock=clock) as made:
        yield made


@pytest.fixture
def samples(facility: Facility) -> Samples:
    return furnish(facility)


def extend(facility: Facility, by: Viewer = LEADER, reason: str = "thesis") -> EmbargoRequest:
    return embargo.ask(facility, VISIT, EXTENSION, by=by, reason=reason)


def grant(facility: Facility, request: EmbargoRequest, duty: Duty = Duty.DATA_OFFICE) -> EmbargoRequest:
    return embargo.decide(facility, request.id, approve=True, by="office", duty=duty, reason="agreed")


def test_a_granted_renewal_adds_a_year_and_is_in_the_archive_and_in_the_history(
    facility: Facility, samples: Samples
) -> None:
    before = facility.catalogue.opens_at(samples.embargoed.id)
    request = extend(facility)
    assert facility.catalogue.opens_at(samples.embargoed.id) == before
    assert grant(facility, request).state is RequestState.APPROVED
    after = facility.catalogue.opens_at(samples.embargoed.id)
    assert before is not None
    assert after is not None
    assert (after.year, after.month, after.day) == (before.year + 1, before.month, before.day)
    kept = sidecar.decode(Visit, facility.archive.read_sidecar("visit:20260415-A"))
    assert [decision.kind for decision in kept.decisions] == [EXTENSION]
    events = {entry.event for entry in facility.catalogue.history(VISIT)}
    assert {"embargo-asked", "embargo-granted"} <= events


def test_a_third_renewal_is_a_directors_and_needs_a_reason(facility: Facility, samples: Samples) -> None:
    for _ in range(2):
        grant(facility, extend(facility))
    with pytest.raises(InputInvalid, match="beyond"):
        extend(facility, reason="")
    third = extend(facility)
    assert third.needs_director
    with pytest.raises(AccessRefused, match="director"):
        grant(facility, third)
    with pytest.raises(InputInvalid, match="reason"):
        embargo.decide(facility, third.id, approve=True, by="martin", duty=Duty.DIRECTOR)
    grant(facility, third, Duty.DIRECTOR)
    opens = facility.catalogue.opens_at(samples.embargoed.id)
    assert opens is not None
    assert opens.year == 2032


def test_a_refused_request_changes_nothing_and_says_why(facility: Facility, samples: Samples) -> None:
    before = list(facility.catalogue.datasets())
    request = extend(facility)
    with pytest.raises(InputInvalid, match="reason"):
        embargo.decide(facility, request.id, approve=False, by="office", duty=Duty.DATA_OFFICE)
    refused = embargo.decide(
        facility, request.id, approve=False, by="office", duty=Duty.DATA_OFFICE, reason="no thesis"
    )
    assert (refused.state, refused.decision) == (RequestState.REFUSED, "no thesis")
    assert list(facility.catalogue.datasets()) == before
    with pytest.raises(InputInvalid, match="already"):
        grant(facility, request)


def test_an_early_release_opens_at_once_for_everybody(facility: Facility, samples: Samples) -> None:
    request = embargo.ask(facility, f"dataset:{samples.embargoed.id}", RELEASE, by=LEADER, reason="in a paper")
    assert facility.catalogue.access(samples.embargoed.id, ANONYMOUS) is Access.CITATION
    grant(facility, request)
    assert facility.catalogue.access(samples.embargoed.id, ANONYMOUS) is Access.DATA
    assert facility.catalogue.dataset(samples.embargoed.id).opened_at == NOW
    assert facility.catalogue.access(samples.crystal.id, ANONYMOUS) is Access.CITATION


def test_a_release_promised_for_a_day_opens_on_that_day(
    facility: Facility, samples: Samples, clock: FrozenClock
) -> None:
    day = NOW + timedelta(days=30)
    request = embargo.ask(facility, VISIT, RELEASE, by=LEADER, reason="paper", effective_at=day)
    grant(facility, request)
    clock.move(days=30, seconds=-1)
    tick(facility, facility.now())
    assert facility.catalogue.dataset(samples.embargoed.id).state is State.EMBARGOED
    clock.move(seconds=1)
    assert [each.dataset_id for each in tick(facility, facility.now())] == [samples.embargoed.id]


def test_only_who_leads_the_team_asks(facility: Facility, samples: Samples) -> None:
    for stranger in (ANONYMOUS, Viewer("louis@elsewhere.example", Duty.USER), Viewer(DANIEL.key, Duty.USER)):
        with pytest.raises(AccessRefused):
            extend(facility, by=stranger)
    assert extend(facility, by=OFFICE).state is RequestState.WAITING


def test_what_is_open_proprietary_or_unknown_has_nothing_to_ask(facility: Facility, samples: Samples) -> None:
    for name, error, by in (
        (f"dataset:{samples.open.id}", InputInvalid, OFFICE),
        ("visit:20269031-A", InputInvalid, Viewer(PAOLO.key, Duty.USER)),
        (f"dataset:{samples.quarantined.id}", NotFound, OFFICE),
        ("visit:none", NotFound, OFFICE),
    ):
        with pytest.raises(error):
            embargo.ask(facility, name, EXTENSION, by=by, reason="x")


def test_the_same_is_not_asked_twice_while_it_waits(facility: Facility, samples: Samples) -> None:
    extend(facility)
    with pytest.raises(InputInvalid, match="waits"):
        extend(facility)


def test_a_request_that_comes_to_be_decided_too_late_is_not_granted(
    facility: Facility, samples: Samples, clock: FrozenClock
) -> None:
    request = extend(facility)
    clock.move(days=4 * 365)
    tick(facility, facility.now())
    with pytest.raises(InputInvalid, match="open already"):
        grant(facility, request)
    assert facility.catalogue.access(samples.embargoed.id, ANONYMOUS) is Access.DATA


def test_the_rule_decides_at_once_where_the_facility_lets_it_but_never_beyond_the_policy(
    facility: Facility, samples: Samples
) -> None:
    rules = facility.settings.embargo.model_copy(update={"decides": "rule"})
    lenient = replace(facility, settings=facility.settings.model_copy(update={"embargo": rules}))
    states = [extend(lenient).state for _ in range(3)]
    assert states == [RequestState.APPROVED, RequestState.APPROVED, RequestState.WAITING]
    (waiting,) = facility.catalogue.requests(state="waiting")
    assert waiting.needs_director


def test_requests_and_decisions_survive_the_loss_of_the_database(facility: Facility, samples: Samples) -> None:
    grant(facility, extend(facility))
    extend(facility)
    before = list(facility.catalogue.dump())
    facility.close()
    Facility.rebuild(facility.folder)
    with Facility.open(facility.folder) as again:
        assert list(again.catalogue.dump()) == before


def test_a_new_version_of_the_policy_holds_for_new_visits_and_for_those_that_a_decision_names(
    facility: Facility, samples: Samples, clock: FrozenClock
) -> None:
    before = facility.catalogue.opens_at(samples.embargoed.id)
    facility.close()
    settings = facility.folder / "verriere.toml"
    said = settings.read_text(encoding="utf-8")
    new = '[embargo]\nversion = "2027"\nsince = 2027-01-01\nyears = 5\n'
    said = said.replace("[embargo]\n", new) + '\n[[embargo.earlier]]\nversion = "2018"\nyears = 3\n'
    settings.write_text(said, encoding="utf-8")
    with Facility.open(facility.folder, clock=clock) as later:
        assert later.catalogue.opens_at(samples.embargoed.id) == before
        embargo.follow(later, samples.embargoed.id, "2027", by="office", reason="agreed with the team")
        moved = later.catalogue.opens_at(samples.embargoed.id)
        assert before is not None
        assert moved is not None
        assert moved.year == before.year + 2
        assert later.catalogue.embargo.since == date(2027, 1, 1)
        with pytest.raises(InputInvalid, match="no version"):
            embargo.follow(later, samples.embargoed.id, "2050", by="office", reason="x")
        assert later.catalogue.history(f"dataset:{samples.embargoed.id}")[-1].event == "policy-chosen"


def test_years_that_are_changed_in_the_settings_hold_from_the_next_start(facility: Facility, samples: Samples) -> None:
    before = facility.catalogue.opens_at(samples.embargoed.id)
    facility.close()
    settings = facility.folder / "verriere.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("# years = 3", "years = 4", 1), encoding="utf-8")
    with Facility.open(facility.folder) as later:
        after = later.catalogue.opens_at(samples.embargoed.id)
        (told,) = [entry for entry in later.catalogue.history() if entry.event == "policy-changed"]
        assert "years=3" in told.details["before"]
        assert "years=4" in told.details["after"]
        assert later.catalogue.check_history(later.archive.read_history()) == told.number
    with Facility.open(facility.folder) as again:
        assert again.catalogue.last_entry() == told.number
    assert before is not None
    assert after is not None
    assert after.year == before.year + 1
