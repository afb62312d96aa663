"""Which visit a dataset belongs to; never the wrong one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verriere.ingest.match import Matcher, Signals, signals
from verriere.model import Capture, Instrument, Proposal, Reading, Sample, Visit
from verriere.nexus.times import parse
from verriere.settings import MatchingSettings, PathRule

PARIS = ZoneInfo("Europe/Paris")
INSTRUMENTS = [Instrument("SWING", "SWING", aliases=("I11", "SOLEIL SWING")), Instrument("ANATOMIX", "ANATOMIX")]
RULES = MatchingSettings(
    paths=(
        PathRule(instrument="SWING", pattern=r"/swing/(?P<visit>[0-9]{8}-[0-9])/"),
        PathRule(instrument="SWING", pattern=r"/swing/(?P<proposal>[0-9]{8})/"),
    ),
    slack_hours=12,
)


def day(number: int, hour: int = 8) -> datetime:
    return datetime(2025, 3, number, hour, tzinfo=UTC)


VISITS = [
    Visit("20250017-1", "20250017", "SWING", day(1), day(4)),
    Visit("20250018-1", "20250018", "SWING", day(4), day(6)),
    Visit("20250018-2", "20250018", "SWING", day(20), day(22)),
    Visit("20250018-3", "20250018", "ANATOMIX", day(8), day(9)),
]
MATCHER = Matcher(
    VISITS,
    [Proposal(name, name) for name in ("20250017", "20250018", "20250020")],
    INSTRUMENTS,
    [Sample("S-1", "20250017", "Lipid A")],
    RULES,
)
BARE = Signals("/data/scan_1.nxs")


@pytest.mark.parametrize(
    "written", ["20250017-1", "20250017", " 20250017 ", "2025_0017", "Proposal 20250017", "20250017/1"]
)
def test_an_identifier_finds_its_visit_however_it_is_written(written: str) -> None:
    found = MATCHER.match(replace(BARE, identifiers=(written,)))
    assert (found.visit_id, found.by) == ("20250017-1", "identifier")


def test_a_proposal_of_several_visits_needs_the_instrument_or_the_time() -> None:
    said = replace(BARE, identifiers=("20250018",))
    assert MATCHER.match(said).candidates == ("20250018-1", "20250018-2", "20250018-3")
    assert MATCHER.match(replace(said, instruments=("ANATOMIX",))).visit_id == "20250018-3"
    assert MATCHER.match(replace(said, moments=(day(21),))).visit_id == "20250018-2"


def test_an_instrument_and_a_time_find_the_visit_by_an_alias() -> None:
    found = MATCHER.match(replace(BARE, instruments=("i11",), moments=(day(2),)))
    assert (found.visit_id, found.by, found.instrument_id) == ("20250017-1", "time", "SWING")


def test_a_time_just_after_the_only_visit_is_of_it_and_one_between_two_days_is_of_neither() -> None:
    said = replace(BARE, instruments=("SWING",))
    assert MATCHER.match(replace(said, moments=(day(22, 12),))).visit_id == "20250018-2"
    assert MATCHER.match(replace(said, moments=(day(10),))).findings[0].code == "visit-unknown"


def test_a_time_without_a_zone_is_of_the_facility() -> None:
    capture = Capture(
        "nexus",
        start_time=Reading("2025-03-04T08:30:00", "/entry/start_time"),
        instrument=Reading("SWING", "/entry/instrument/name"),
    )
    said = signals("/data/scan.nxs", [capture], time_of=parse, zone=PARIS)
    assert said.moments == (datetime(2025, 3, 4, 7, 30, tzinfo=UTC),)
    assert MATCHER.match(said).visit_id == "20250017-1"


def test_a_path_finds_its_visit() -> None:
    found = MATCHER.match(replace(BARE, source="/nfs/swing/20250018-2/raw/scan.nxs"))
    assert (found.visit_id, found.by) == ("20250018-2", "path")
    assert (
        MATCHER.match(replace(BARE, source="/nfs/swing/20250018/scan.nxs", moments=(day(5),))).visit_id == "20250018-1"
    )


def test_the_path_of_an_instrument_does_not_lead_to_a_visit_elsewhere() -> None:
    assert MATCHER.match(replace(BARE, source="/nfs/swing/20250018-3/scan.nxs")).visit_id is None


@pytest.mark.parametrize(
    "said",
    [
        replace(BARE, identifiers=("20250017",), instruments=("ANATOMIX",)),
        replace(BARE, identifiers=("20250017",), moments=(day(21),)),
        replace(BARE, identifiers=("20250017", "20250018")),
        replace(BARE, identifiers=("20250017",), source="/nfs/swing/20250018-1/scan.nxs"),
        replace(BARE, identifiers=("20259999",), instruments=("SWING",), moments=(day(2),)),
        replace(BARE, identifiers=("20259999",), source="/nfs/swing/20250017-1/scan.nxs"),
        replace(BARE, identifiers=("20250017",), instruments=("SWING", "ANATOMIX")),
        replace(BARE, identifiers=("20250018",), instruments=("ANATOMIX",), moments=(day(5),)),
    ],
)
def test_contradictions_wait_for_a_person(said: Signals) -> None:
    found = MATCHER.match(said)
    assert found.visit_id is None
    assert found.findings[0].code == "visit-contradicted"
    assert found.candidates


def test_the_name_of_a_scan_in_the_place_of_the_identifier_does_no_harm() -> None:
    said = replace(BARE, identifiers=("com_05551",), instruments=("SWING",), moments=(day(2),))
    assert MATCHER.match(said).visit_id == "20250017-1"


def test_data_reduced_long_after_the_visit_are_of_it_and_not_of_the_visit_of_that_day() -> None:
    said = replace(BARE, identifiers=("20250017",), instruments=("SWING",), moments=(day(21),), is_processed=True)
    assert MATCHER.match(said).visit_id == "20250017-1"
    assert MATCHER.match(replace(said, identifiers=())).visit_id is None


def test_an_unknown_instrument_is_told_and_the_identifier_counts() -> None:
    found = MATCHER.match(replace(BARE, identifiers=("20250017",), instruments=("X99",)))
    assert found.visit_id == "20250017-1"
    assert [note.code for note in found.findings] == ["instrument-unknown"]


def test_a_sample_of_the_proposal_is_found_by_its_name() -> None:
    assert MATCHER.match(replace(BARE, identifiers=("20250017",), samples=("lipid a",))).sample_id == "S-1"
    assert (
        MATCHER.match(replace(BARE, identifiers=("20250018",), moments=(day(5),), samples=("lipid a",))).sample_id
        is None
    )


MOMENTS = st.datetimes(datetime(2025, 2, 20), datetime(2025, 4, 1), timezones=st.just(UTC))  # noqa: DTZ001
SIGNALS = st.builds(
    Signals,
    source=st.sampled_from(
        ["/data/a.nxs", "/swing/20250017-1/a.nxs", "/swing/20250018/a.nxs", "/swing/20259999/a.nxs"]
    ),
    identifiers=st.lists(
        st.sampled_from(["20250017", "20250018-2", "20250018", "setup", "20259999", "20250020"]), max_size=2
    ).map(tuple),
    instruments=st.lists(st.sampled_from(["SWING", "i11", "ANATOMIX", "X99"]), max_size=2).map(tuple),
    moments=st.lists(MOMENTS, max_size=2).map(lambda moments: tuple(sorted(moments))),
    is_processed=st.booleans(),
)


@given(said=SIGNALS)
def test_a_visit_that_is_found_is_contradicted_by_nothing(said: Signals) -> None:
    found = MATCHER.match(said)
    if found.visit_id is None:
        assert found.findings[0].code in {"visit-unknown", "visit-ambiguous", "visit-contradicted"}
        return
    visit = next(visit for visit in VISITS if visit.id == found.visit_id)
    slack = timedelta(hours=12)
    for identifier in said.identifiers:
        assert identifier in {visit.id, visit.proposal_id, "setup"}
    for name, number in (("SWING", "SWING"), ("i11", "SWING"), ("ANATOMIX", "ANATOMIX")):
        assert name not in said.instruments or visit.instrument_id == number
    for moment in said.moments:
        assert visit.start - slack <= moment
        assert said.is_processed or moment <= visit.end + slack
    if "/swing/" in said.source:
        assert said.source.split("/")[2] in {visit.id, visit.proposal_id}


@given(said=SIGNALS, order=st.randoms())
def test_the_order_of_what_is_known_does_not_matter(said: Signals, order: "object") -> None:
    visits = sorted(VISITS, key=lambda visit: hash((visit.id, str(order))))
    again = Matcher(visits, [Proposal("20250020", "x"), Proposal("20250017", "y")], INSTRUMENTS[::-1], [], RULES)
    assert again.match(said).visit_id == MATCHER.match(said).visit_id
