"""Counting use: the laws of COUNTER's rules, and the same in the database."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.catalogue.world import NOW, dataset, furnish

from verriere.catalogue import Catalogue
from verriere.errors import InputInvalid
from verriere.policy.usage import NOTHING, Counts, Use, tally
from verriere.publish.usage import build_robots
from verriere.publish.usage.agents import agent
from verriere.publish.usage.report import period

START = datetime(2026, 3, 4, 9, 59, 0, tzinfo=UTC)
USES = st.lists(
    st.builds(
        lambda who, data, target, seconds, request: Use(
            who, data, target, START + timedelta(seconds=seconds), "2026-03-04", request
        ),
        st.sampled_from("ab"),
        st.sampled_from("xy"),
        st.sampled_from(["page", "file"]),
        st.integers(0, 7_000),
        st.booleans(),
    ),
    max_size=30,
    unique_by=lambda use: use.at,
)


def totals(uses: list[Use]) -> Counts:
    return sum(tally(uses, {})[0].values(), NOTHING)


def use(seconds: float, *, who: str = "a", target: str = "page", is_request: bool = False) -> Use:
    return Use(who, "x", target, START + timedelta(seconds=seconds), "2026-03-04", is_request)


@given(USES)
def test_unique_is_at_most_total_and_a_download_is_a_look_too(uses: list[Use]) -> None:
    for counts in tally(uses, {})[0].values():
        assert counts.unique_investigations <= counts.total_investigations
        assert counts.unique_requests <= counts.total_requests <= counts.total_investigations
        assert counts.unique_requests <= counts.unique_investigations
    assert totals(uses).total_investigations <= len(uses)


@given(USES, st.integers(0, 30))
def test_counting_in_parts_is_counting_at_once(uses: list[Use], cut: int) -> None:
    ordered = sorted(uses, key=lambda each: each.at)
    first, seen = tally(ordered[:cut], {})
    then, _ = tally(ordered[cut:], seen)
    together = {place: first.get(place, NOTHING) + then.get(place, NOTHING) for place in first | then}
    assert together == tally(ordered, {})[0]


@given(USES)
def test_users_do_not_change_each_others_counts(uses: list[Use]) -> None:
    apart = [totals([each for each in uses if each.who == who]) for who in "ab"]
    assert sum(apart, NOTHING) == totals(uses)


@given(USES)
def test_clicking_twice_changes_nothing(uses: list[Use]) -> None:
    # The second click is as soon as no other use comes between.
    twice = [each for one in uses for each in (one, replace(one, at=one.at + timedelta(milliseconds=1)))]
    assert totals(twice) == totals(uses)


def test_a_double_click_counts_once_and_a_patient_one_twice() -> None:
    assert totals([use(0), use(30)]) == Counts(1, 1)
    assert totals([use(0), use(31)]) == Counts(2, 1)
    assert totals([use(0), use(20), use(40), use(65)]) == Counts(1, 1)
    assert totals([use(0), use(5, who="b")]) == Counts(2, 2)


def test_an_hour_of_the_clock_is_a_session() -> None:
    assert totals([use(0), use(59)]) == Counts(2, 1)
    assert totals([use(0), use(61)]) == Counts(2, 2)
    assert totals([use(0), use(5, target="file", is_request=True)]) == Counts(2, 1, 1, 1)


@pytest.fixture
def counted(url: str) -> Iterator[Catalogue]:
    with Catalogue.open(url) as catalogue:
        furnish(catalogue)
        catalogue.register([dataset("x")], now=NOW)
        yield catalogue


def test_the_database_counts_the_same_and_forgets_who_it_was(counted: Catalogue) -> None:
    uses = [use(0), use(10), use(70, target="file", is_request=True), use(80, who="b"), use(3_700)]
    for each in uses:
        counted.note_usage([each], now=each.at)
    counted.note_usage([replace(use(90), access="machine", who="c")], now=START)
    assert counted.usage("x") == {"regular": totals(uses), "machine": Counts(1, 1)}
    later = START + timedelta(hours=3)
    counted.note_usage([replace(use(0), at=later)], now=later)
    with counted._database.read() as connection:
        kept = connection.exec_driver_sql("SELECT DISTINCT who FROM usage_seen").all()
        assert [row[0] for row in kept] == ["a"]


def test_the_salt_of_a_day_goes_with_it(counted: Catalogue) -> None:
    first = counted.usage_salt("2026-03-04")
    assert counted.usage_salt("2026-03-04") == first
    assert counted.usage_salt("2026-03-05") != first
    assert counted.usage_salt("2026-03-04") != first


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "regular"),
        ("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "robot"),
        ("curl/8.5.0", "machine"),
        ("python-requests/2.32.3", "machine"),
        ("libwww-perl/6.0", "robot"),
        ("", "robot"),
    ],
)
def test_people_programs_and_robots_are_told_apart(name: str, kind: str) -> None:
    assert agent(name) == kind


def test_the_table_of_robots_is_what_the_command_writes(shared: Path) -> None:
    written = build_robots.table((shared / "standards/counter-robots/COUNTER_Robots_list.json").read_text())
    assert written == (Path(build_robots.__file__).parent / "tables/robots.csv").read_text(encoding="utf-8")
    assert "COUNTER ONLINE METRICS" in written
    for wrong in ("{}[", '{"a": 1}', '[{"pattern": "("}]'):
        with pytest.raises(InputInvalid):
            build_robots.table(wrong)


def test_periods_are_said_in_days_or_months() -> None:
    assert [each.isoformat() for each in period("2026-02", "2026-02")] == ["2026-02-01", "2026-02-28"]
    assert [each.isoformat() for each in period("2026-02-03", "2026-03")] == ["2026-02-03", "2026-03-31"]
    for wrong in (("2026-02", "2026-01"), ("soon", "2026-01"), ("2026", "2026")):
        with pytest.raises(InputInvalid):
            period(*wrong)
