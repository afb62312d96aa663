"""An embargo never ends early, ends within one day of its term, and no decision of the team's makes it shorter."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verriere.model import Decision, DecisionKind, Research, State, Visit
from verriere.policy import EmbargoRules, Refusal, due, initial_state, opens_at, weigh

PARIS = ZoneInfo("Europe/Paris")
SOLEIL = EmbargoRules(years=3, extension_years=1, extensions=2, zone=PARIS)
ZONES = st.sampled_from(
    [
        ZoneInfo(name)
        for name in ("Europe/Paris", "UTC", "America/Sao_Paulo", "America/Havana", "Asia/Beirut", "Pacific/Apia")
    ]
)
MOMENTS = st.datetimes(datetime(1995, 1, 1), datetime(2090, 1, 1), timezones=ZONES)  # noqa: DTZ001
RULES = st.builds(
    EmbargoRules,
    years=st.integers(0, 10),
    extension_years=st.integers(1, 5),
    extensions=st.integers(0, 4),
    zone=ZONES,
)


def extension(moment: datetime) -> Decision:
    return Decision(DecisionKind.EXTENSION, moment, "director")


def release(moment: datetime) -> Decision:
    return Decision(DecisionKind.EARLY_RELEASE, moment, "pi")


EXTENSIONS = st.lists(MOMENTS.map(extension), max_size=4)


def anniversary(end: datetime, years: int, zone: ZoneInfo) -> datetime:
    local = end.astimezone(zone)
    try:
        return local.replace(year=local.year + years)
    except ValueError:
        return local.replace(year=local.year + years, month=3, day=1)


@given(MOMENTS, RULES, EXTENSIONS)
def test_an_embargo_never_ends_before_its_years_are_over(
    end: datetime, rules: EmbargoRules, decisions: list[Decision]
) -> None:
    years = rules.years + len(decisions) * rules.extension_years
    assert opens_at(end, rules, decisions) >= anniversary(end, years, rules.zone).astimezone(UTC)


@given(MOMENTS, RULES, EXTENSIONS)
def test_an_embargo_ends_within_a_day_of_its_years_and_at_the_start_of_a_day(
    end: datetime, rules: EmbargoRules, decisions: list[Decision]
) -> None:
    opens = opens_at(end, rules, decisions)
    years = rules.years + len(decisions) * rules.extension_years
    assert opens - anniversary(end, years, rules.zone).astimezone(UTC) <= timedelta(hours=25)
    moment_before = (opens - timedelta(seconds=1)).astimezone(rules.zone)
    assert moment_before.date() < opens.astimezone(rules.zone).date() or opens.astimezone(rules.zone).hour == 0


@given(MOMENTS, RULES, st.lists(MOMENTS.map(extension) | MOMENTS.map(release), max_size=5), MOMENTS)
def test_an_extension_never_makes_an_embargo_shorter(
    end: datetime, rules: EmbargoRules, decisions: list[Decision], when: datetime
) -> None:
    assert opens_at(end, rules, [*decisions, extension(when)]) >= opens_at(end, rules, decisions)


@given(MOMENTS, RULES, EXTENSIONS, MOMENTS)
def test_an_early_release_opens_at_once_and_never_later_than_without_it(
    end: datetime, rules: EmbargoRules, decisions: list[Decision], when: datetime
) -> None:
    opens = opens_at(end, rules, [*decisions, release(when)])
    assert opens == min(opens_at(end, rules, decisions), when.astimezone(UTC))


@given(MOMENTS, RULES, MOMENTS)
def test_the_clock_opens_what_is_due_and_nothing_before(end: datetime, rules: EmbargoRules, now: datetime) -> None:
    opens = opens_at(end, rules)
    assert (due(State.EMBARGOED, opens, now) is State.OPEN) == (opens <= now)


@given(st.sampled_from([State.OPEN, State.PROPRIETARY, State.QUARANTINED]), MOMENTS, MOMENTS)
def test_time_changes_nothing_but_embargoes(state: State, opens: datetime, now: datetime) -> None:
    assert due(state, opens, now) is state


@pytest.mark.parametrize(
    ("end", "opens"),
    [
        ("2024-06-03T08:00+02:00", "2027-06-04T00:00+02:00"),
        ("2024-06-03T00:00+02:00", "2027-06-03T00:00+02:00"),
        ("2024-02-29T08:00+01:00", "2027-03-02T00:00+01:00"),
        ("2024-12-31T23:59+01:00", "2028-01-01T00:00+01:00"),
        # Late in the evening in UTC is the next day in Paris already.
        ("2024-06-02T22:30+00:00", "2027-06-04T00:00+02:00"),
    ],
)
def test_three_years_end_at_the_next_midnight_in_paris(end: str, opens: str) -> None:
    assert opens_at(datetime.fromisoformat(end), SOLEIL) == datetime.fromisoformat(opens)


def test_where_clocks_go_forward_over_midnight_the_day_begins_at_one() -> None:
    beirut = EmbargoRules(4, 1, 2, ZoneInfo("Asia/Beirut"))
    opens = opens_at(datetime(1999, 3, 29, 22, tzinfo=UTC), beirut).astimezone(beirut.zone)
    assert opens.isoformat() == "2003-03-30T01:00:00+03:00"


@pytest.mark.parametrize(("granted", "beyond"), [(0, False), (1, False), (2, True)])
def test_two_extensions_of_a_year_may_be_granted_and_a_third_is_beyond_the_policy(granted: int, beyond: bool) -> None:
    end, now = datetime(2024, 1, 1, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)
    visit = Visit("V1", "P1", "SWING", end, end, decisions=(extension(now),) * granted)
    said = weigh(DecisionKind.EXTENSION, Research.PUBLIC, visit, SOLEIL, now=now, reason="thesis")
    assert (said.refusal, said.needs_director) == (None, beyond)


def test_what_has_opened_cannot_be_extended() -> None:
    end = datetime(2020, 1, 1, 12, tzinfo=UTC)
    visit = Visit("V1", "P1", "SWING", end, end)
    for each, now in (
        (visit, datetime(2023, 1, 2, tzinfo=PARIS)),
        (replace(visit, decisions=(release(end),)), end + timedelta(days=1)),
    ):
        said = weigh(DecisionKind.EXTENSION, Research.PUBLIC, each, SOLEIL, now=now, reason="thesis")
        assert said.refusal is Refusal.OPEN


def test_a_dataset_enters_as_its_proposal_says_and_without_a_visit_into_quarantine() -> None:
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    visit = Visit("V1", "P1", "SWING", moment, moment)
    assert initial_state(Research.PUBLIC, visit) is State.EMBARGOED
    assert initial_state(Research.PROPRIETARY, visit) is State.PROPRIETARY
    assert initial_state(Research.PROPRIETARY, None) is State.QUARANTINED


def test_a_visit_that_ends_at_no_known_place_on_earth_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        opens_at(datetime(2024, 1, 1), SOLEIL)  # noqa: DTZ001


def test_a_visit_at_the_end_of_the_calendar_does_not_break_the_clock() -> None:
    assert opens_at(datetime(9998, 1, 1, tzinfo=UTC), SOLEIL).year == 9999


def test_the_last_day_that_was_promised_is_the_one_that_counts_and_never_makes_an_embargo_longer() -> None:
    end = datetime(2025, 3, 1, 12, tzinfo=UTC)
    whole = opens_at(end, EmbargoRules())

    def promised(*days: datetime) -> tuple[Decision, ...]:
        return tuple(Decision(DecisionKind.EARLY_RELEASE, end, "team", effective_at=day) for day in days)

    sooner, later = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert opens_at(end, EmbargoRules(), promised(sooner)) == sooner
    assert opens_at(end, EmbargoRules(), promised(sooner, later)) == later
    assert opens_at(end, EmbargoRules(), promised(datetime(2099, 1, 1, tzinfo=UTC))) == whole
