"""Volumes: what was recorded, and two projections that know nothing of each other."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verriere.catalogue.volumes import YearVolume
from verriere.errors import InputInvalid
from verriere.facility import Facility
from verriere.model import Instrument, Survey, SurveyRow
from verriere.stewardship import survey, volumes

NOW = datetime(2026, 7, 2, 12, tzinfo=UTC)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)
TB = 10**12


def recorded(size: int, first: datetime = NEW_YEAR, year: int | None = 2026, name: str = "SWING") -> YearVolume:
    return YearVolume(name, year, 3, size, first, first)


@given(rate=st.integers(0, 10**15), days=st.integers(15, 364))
def test_what_comes_at_a_constant_rate_is_projected_to_that_rate(rate: int, days: int) -> None:
    found = volumes.projection(recorded(rate * days), NEW_YEAR + timedelta(days=days))
    assert found == pytest.approx(rate * 365, rel=1e-9, abs=1)


@given(size=st.integers(0, 10**18), day=st.integers(0, 364))
def test_a_projection_is_never_less_than_what_is_recorded(size: int, day: int) -> None:
    found = volumes.projection(recorded(size, NEW_YEAR + timedelta(days=day)), NOW)
    assert found is None or found >= size


def test_a_beamline_that_began_in_may_is_projected_from_may_on() -> None:
    began = datetime(2026, 5, 3, 12, tzinfo=UTC)
    assert volumes.projection(recorded(60 * TB, began), NOW) == pytest.approx(60 * TB + 182.5 * TB, rel=1e-6)


def test_nothing_is_projected_from_a_week_nor_for_a_year_that_is_over() -> None:
    assert volumes.projection(recorded(TB, NOW - timedelta(days=7)), NOW) is None
    assert volumes.projection(recorded(TB, datetime(2025, 3, 1, tzinfo=UTC), 2025), NOW) is None


def test_the_survey_stands_apart_from_what_is_projected() -> None:
    asked = Survey(
        "2026", NOW, (SurveyRow("SWING", "EIGER", 1e9, 0.25, 4000), SurveyRow("SWING", "Pilatus", 1e8, 1, 10))
    )
    swing, other = volumes.rows([recorded(100 * TB), recorded(TB, year=None, name="X")], [asked], NOW)[::-1]
    assert (swing.instrument_id, swing.recorded, swing.surveyed) == ("SWING", 100 * TB, 3_603_600 * 10**9)
    assert (other.year, other.projected, other.surveyed) == (None, None, None)


def test_a_disk_that_fills_within_the_time_is_short_of_room() -> None:
    (row,) = volumes.rows([recorded(182 * TB + TB // 2)], [], NOW)
    found = volumes.room([row], 500 * TB, 91 * TB, NOW)
    assert found.rate == pytest.approx(TB, rel=1e-6)
    assert found.full_at is not None
    assert (found.full_at - NOW).days == 91
    assert found.is_short(NOW, 180)
    assert not found.is_short(NOW, 60)
    assert volumes.room([], 500 * TB, 1, NOW).full_at is None


def test_a_survey_is_read_as_people_write_it_and_comes_back_from_the_archive(
    facility: Facility, tmp_path: Path
) -> None:
    facility.catalogue.put_instruments([Instrument("SWING", "SWING")], now=facility.now())
    table = tmp_path / "survey.csv"
    table.write_text("beamline;detector;rate;duty;hours\nSWING;EIGER 4M;2,5 Go/s;30 %;4000\nSWING;Other;10 MB/s;0.5;\n")
    rows = survey.read(table, frozenset({"SWING"}))
    assert rows == (
        SurveyRow("SWING", "EIGER 4M", 2.5e9, 0.3, 4000.0),
        SurveyRow("SWING", "Other", 1e7, 0.5, survey.HOURS),
    )
    taken = survey.take(facility, 2025, rows)
    assert survey.take(facility, 2025, rows) == taken
    folder = facility.folder
    facility.close()
    Facility.rebuild(folder)
    with Facility.open(folder) as again:
        assert again.catalogue.surveys() == [taken]


def test_every_line_of_a_survey_that_cannot_be_is_named(tmp_path: Path) -> None:
    table = tmp_path / "survey.csv"
    table.write_text(
        "beamline,detector,rate,duty,hours\nX,d,1 GB/s,0.1,\nSWING,d,fast,0.1,\nSWING,d,1,7,\nSWING,d,1,1,9e9\n"
    )
    with pytest.raises(InputInvalid) as refused:
        survey.read(table, frozenset({"SWING"}))
    for said in ("line 2: nobody knows", "line 3: 'fast' is no size", "line 4: duty", "line 5: hours"):
        assert said in refused.value.message
    table.write_text("line,detector\n")
    with pytest.raises(InputInvalid, match="has the columns"):
        survey.read(table, frozenset())
