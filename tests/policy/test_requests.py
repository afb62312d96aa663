"""What may be asked about an embargo, and who decides."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verriere.model import Decision, DecisionKind, Research, State, Visit
from verriere.policy import EmbargoRules, Refusal, ends_at, weigh

END = datetime(2024, 3, 8, 8, tzinfo=UTC)
VISIT = Visit("V1", "P1", "SWING", END - timedelta(days=2), END)
RULES = EmbargoRules()
NOW = datetime(2025, 1, 1, tzinfo=UTC)
EXTENSION, RELEASE = DecisionKind.EXTENSION, DecisionKind.EARLY_RELEASE

MOMENTS = st.datetimes(datetime(2010, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
KINDS = st.sampled_from([EXTENSION, RELEASE])


def granted(*kinds: DecisionKind) -> Visit:
    return replace(VISIT, decisions=tuple(Decision(kind, NOW, "office") for kind in kinds))


def test_two_renewals_are_the_data_offices_and_the_third_is_a_directors_with_a_reason() -> None:
    for count, director in ((0, False), (1, False), (2, True), (3, True)):
        said = weigh(EXTENSION, Research.PUBLIC, granted(*[EXTENSION] * count), RULES, now=NOW, reason="thesis")
        assert (said.refusal, said.needs_director) == (None, director)
    without = weigh(EXTENSION, Research.PUBLIC, granted(EXTENSION, EXTENSION), RULES, now=NOW, reason=" ")
    assert without.refusal is Refusal.NO_REASON


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        (State.OPEN, Refusal.OPEN),
        (State.PROPRIETARY, Refusal.PROPRIETARY),
        (State.QUARANTINED, Refusal.QUARANTINED),
        (State.WITHDRAWN, Refusal.WITHDRAWN),
    ],
)
@given(kind=KINDS)
def test_where_there_is_no_embargo_nothing_can_be_asked(kind: DecisionKind, state: State, refusal: Refusal) -> None:
    assert weigh(kind, Research.PUBLIC, VISIT, RULES, now=NOW, reason="x", state=state).refusal is refusal
    assert weigh(kind, Research.PROPRIETARY, VISIT, RULES, now=NOW, reason="x").refusal is Refusal.PROPRIETARY


@given(kind=KINDS, now=MOMENTS, day=st.none() | MOMENTS, count=st.integers(0, 4))
def test_what_is_granted_moves_the_end_as_was_foretold_and_never_the_wrong_way(
    kind: DecisionKind, now: datetime, day: datetime | None, count: int
) -> None:
    visit = granted(*[EXTENSION] * count)
    before = ends_at(visit, RULES)
    said = weigh(kind, Research.PUBLIC, visit, RULES, now=now, reason="why", effective_at=day)
    if before <= now:
        assert said.refusal is Refusal.OPEN
    if said.refusal is not None:
        return
    decision = Decision(kind, now, "office", "why", day if kind is RELEASE else None)
    after = ends_at(replace(visit, decisions=(*visit.decisions, decision)), RULES)
    assert after == said.would_end_at
    assert after > before if kind is EXTENSION else now <= after <= before


VERSIONS = EmbargoRules(
    years=5,
    name="2026",
    since=date(2026, 1, 1),
    earlier=(EmbargoRules(years=3, name="2018", since=date(2018, 10, 1)), EmbargoRules(years=1, name="2010")),
)


@pytest.mark.parametrize(("year", "name"), [(2009, "2010"), (2018, "2010"), (2020, "2018"), (2026, "2026")])
def test_a_visit_follows_the_policy_that_was_in_force_when_it_began(year: int, name: str) -> None:
    start = datetime(year, 1, 1, 12, tzinfo=UTC)
    visit = replace(VISIT, start=start, end=start + timedelta(days=1))
    assert VERSIONS.of(visit).name == name
    assert ends_at(visit, VERSIONS).year == year + VERSIONS.of(visit).years


def test_a_visit_that_begins_at_midnight_in_paris_follows_the_policy_of_that_day() -> None:
    last = datetime(2025, 12, 31, 22, 59, 59, tzinfo=UTC)
    assert VERSIONS.of(replace(VISIT, start=last)).name == "2018"
    assert VERSIONS.of(replace(VISIT, start=last + timedelta(seconds=1))).name == "2026"


def test_only_a_named_decision_moves_a_visit_to_another_version() -> None:
    chosen = Decision(DecisionKind.POLICY, NOW, "office", "agreed", policy="2026")
    assert VERSIONS.of(replace(VISIT, decisions=(chosen,))).name == "2026"
    assert VERSIONS.of(VISIT, [chosen]).name == "2026"
    gone = replace(chosen, policy="nobody knows")
    assert VERSIONS.of(replace(VISIT, decisions=(chosen, gone))).name == "2026"


@given(start=MOMENTS, later=st.builds(EmbargoRules, years=st.integers(0, 9)))
def test_a_new_version_changes_nothing_for_visits_before_it(start: datetime, later: EmbargoRules) -> None:
    visit = replace(VISIT, start=start, end=start + timedelta(days=1))
    new = replace(later, name="new", since=date(2041, 1, 1), earlier=(VERSIONS, *VERSIONS.earlier))
    assert ends_at(visit, new) == ends_at(visit, VERSIONS)
