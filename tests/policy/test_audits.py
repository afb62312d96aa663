"""When objects are read again: always within the days that were promised, and spread over them."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from verriere.policy.audits import next_audit, period

MOMENTS = st.integers(0, 50_000_000).map(lambda minutes: datetime(1990, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes))
DAYS = st.integers(1, 3650)


@given(st.text(), MOMENTS, DAYS)
def test_the_next_reading_comes_after_the_last_and_within_the_period(name: str, after: datetime, days: int) -> None:
    assert timedelta() < next_audit(name, after, days) - after <= period(days) < timedelta(days=days)


@given(st.text(), MOMENTS, DAYS, st.floats(0, 1))
def test_reading_late_does_not_move_an_object_from_its_place(
    name: str, after: datetime, days: int, late: float
) -> None:
    at = next_audit(name, after, days)
    read = at + late * period(days) * 0.999
    assert next_audit(name, read, days) - at in {period(days), 2 * period(days)} or late * 0.999 < 1e-9


def test_what_was_written_in_one_night_is_not_read_in_one_night() -> None:
    night = datetime(2026, 9, 14, tzinfo=UTC)
    days = Counter((next_audit(f"{number:05x}", night, 10) - night).days for number in range(900))
    assert set(days) == set(range(9))
    assert max(days.values()) < 2 * min(days.values())
