"""Dates and times as files write them, and as people do."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verriere.nexus import times


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("2013-09-28T04:50:48+0100", "2013-09-28T04:50:48+01:00"),
        ("2024-07-24T10:09:13Z", "2024-07-24T10:09:13Z"),
        ("2022-10-15T13:49:39.357", "2022-10-15T13:49:39.357"),
        ("2016-06-03 17:41:03", "2016-06-03T17:41:03"),
        ("2013-09-28T04-50-47.669", "2013-09-28T04:50:47.669"),
        ("20180613T104656", "2018-06-13T10:46:56"),
        ("Wed Jun 06 10:46:56 2018", "2018-06-06T10:46:56"),
        ("Thu Aug 19 11:02:03 CEST 2010", "2010-08-19T11:02:03"),
        ("Wed, Jun 27, 2018,1:29:44 PM", "2018-06-27T13:29:44"),
        ("11-May-2016 12:20:43", "2016-05-11T12:20:43"),
        ("12-Feb-13 10:22:36", "2013-02-12T10:22:36"),
        ("30/09/2020 01:12:15 UTC", "2020-09-30T01:12:15Z"),
        ("12/31/2019 10:00:00", "2019-12-31T10:00:00"),
        ("3 août 2021 10:00:00", "2021-08-03T10:00:00"),
        ("2020-01-02", "2020-01-02T00:00:00"),
        ("2021-05-04 10:11:12.5+02:00", "2021-05-04T10:11:12.5+02:00"),
        ("2021-05-04T10:11:12+02:00[Europe/Paris]", "2021-05-04T10:11:12+02:00"),
        ("2001-02-07T08:54:21-06", "2001-02-07T08:54:21-06:00"),
    ],
)
def test_times_are_read_however_they_are_written(written: str, wanted: str) -> None:
    moment = times.parse(written)
    assert moment is not None
    assert times.iso(moment) == wanted


@pytest.mark.parametrize(
    "written",
    [
        "",
        "yesterday",
        "2018-12-13T15:51Z34.902",
        "2024-02-30T10:00:00",
        "2024-13-01",
        "12:30:00",
        "3.14",
        "2024-01-01T25:00:00",
    ],
)
def test_what_is_no_time_is_none(written: str) -> None:
    assert times.parse(written) is None


@given(
    st.datetimes(min_value=datetime(1000, 1, 1), max_value=datetime(2999, 1, 1)),  # noqa: DTZ001
    st.integers(-14 * 4, 14 * 4),
)
def test_what_we_write_we_read(moment: datetime, quarters: int) -> None:
    zoned = moment.replace(tzinfo=timezone(timedelta(minutes=15 * quarters)))
    assert times.parse(times.iso(zoned)) == zoned
    assert times.parse(times.iso(moment)) == moment


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    times.parse(text)


def test_unix_times_are_recognised_by_their_size() -> None:
    assert times.from_epoch(1380336663.664) == datetime(2013, 9, 28, 2, 51, 3, 664000, tzinfo=UTC)
    assert times.from_epoch(12.5) is None
    assert times.from_epoch(1e18) is None


PARIS = ZoneInfo("Europe/Paris")


@pytest.mark.parametrize(
    ("written", "is_end", "meant"),
    [
        ("2025-03-01", False, datetime(2025, 3, 1, tzinfo=PARIS)),
        ("2025-03-01", True, datetime(2025, 3, 2, tzinfo=PARIS)),
        ("20250331", True, datetime(2025, 4, 1, tzinfo=PARIS)),
        ("2025-03-01T08:30", True, datetime(2025, 3, 1, 8, 30, tzinfo=PARIS)),
        ("2025-03-01T08:30Z", False, datetime(2025, 3, 1, 8, 30, tzinfo=UTC)),
    ],
)
def test_a_person_means_a_day_of_their_own_zone(written: str, *, is_end: bool, meant: datetime) -> None:
    assert times.said(written, PARIS, is_end=is_end) == meant


@pytest.mark.parametrize("written", ["03/04/2025", "2025-02-30", "tomorrow", "", "9999-12-31T99"])
def test_what_could_be_another_day_is_asked_again(written: str) -> None:
    assert times.said(written, PARIS) is None


def test_the_day_after_the_last_is_none() -> None:
    assert times.said("9999-12-31", PARIS, is_end=True) is None
