"""The protocol's rules, each answer valid against its schemas: what a conformance validator would ask."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.catalogue.world import NOW
from tests.oai.conftest import Ask, publish

from verriere.facility import Facility
from verriere.model import PidState, State
from verriere.publish.oai import Repository, answer, dates, identifiers, sets

DOMAIN = "data.example.org"
SILVER = f"oai:{identifiers.FALLBACK}:10.5072/silver.v1"


def harvested(ask: Ask, now: datetime = NOW, **arguments: str) -> list[str]:
    """Every identifier of a list, page by page."""
    found = []
    asked = ask(verb="ListIdentifiers", now=now, **arguments)
    while True:
        found += asked.identifiers
        if not asked.token:
            return [each.rpartition("/")[2] for each in found]
        asked = ask(verb="ListIdentifiers", resumptionToken=asked.token, now=now)


def test_identify_says_what_the_repository_is(ask: Ask) -> None:
    asked = ask(verb="Identify")
    facts = {each.tag.rpartition("}")[2]: each.text for each in asked.all("//o:Identify/*")}
    assert facts["deletedRecord"] == "persistent"
    assert facts["granularity"] == "YYYY-MM-DDThh:mm:ssZ"
    assert facts["baseURL"] == asked.all("//o:request/text()")[0] == "https://data.example.org/oai"
    assert facts["earliestDatestamp"] == "2026-01-01T00:00:00Z"
    assert "@" in facts["adminEmail"]


def test_everything_public_is_listed_and_nothing_else(ask: Ask) -> None:
    found = harvested(ask, metadataPrefix="oai_dc")
    assert sorted(found) == ["gold.v1", "hidden.v1", "silver.v1", "swing", "v1"]


def test_records_are_had_one_by_one_in_each_format(ask: Ask) -> None:
    formats = ask(verb="ListMetadataFormats", identifier=SILVER).all("//o:metadataPrefix/text()")
    assert {"oai_dc", "oai_datacite"} <= set(formats)
    for prefix in formats:
        asked = ask(verb="GetRecord", identifier=SILVER, metadataPrefix=prefix)
        assert asked.identifiers == [SILVER]
        assert "Silver Behenate, 2 m" in "".join(asked.tree.itertext())


@pytest.mark.parametrize(
    ("pairs", "code"),
    [
        ([], "badVerb"),
        ([("verb", "Steal")], "badVerb"),
        ([("verb", "Identify"), ("verb", "Identify")], "badVerb"),
        ([("verb", "Identify"), ("set", "x")], "badArgument"),
        ([("verb", "Identify"), ("", "")], "badArgument"),
        ([("verb", "GetRecord")], "badArgument"),
        ([("verb", "GetRecord"), ("identifier", SILVER)], "badArgument"),
        ([("verb", "GetRecord"), ("identifier", SILVER), ("metadataPrefix", "")], "badArgument"),
        ([("verb", "GetRecord"), ("identifier", "a\x01b"), ("metadataPrefix", "oai_dc")], "badArgument"),
        ([("verb", "GetRecord"), ("identifier", 'in"valid'), ("metadataPrefix", "oai_dc")], "idDoesNotExist"),
        ([("verb", "GetRecord"), ("identifier", SILVER), ("metadataPrefix", "marc")], "cannotDisseminateFormat"),
        ([("verb", "GetRecord"), ("identifier", SILVER), ("metadataPrefix", "a b")], "badArgument"),
        ([("verb", "ListMetadataFormats"), ("identifier", "oai:x.org:1")], "idDoesNotExist"),
        ([("verb", "ListRecords")], "badArgument"),
        ([("verb", "ListRecords"), ("metadataPrefix", "marc")], "cannotDisseminateFormat"),
        ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("metadataPrefix", "oai_dc")], "badArgument"),
        ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "2026")], "badArgument"),
        ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "2026-02-30")], "badArgument"),
        ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "2026-01-01T00:00:00")], "badArgument"),
        ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "2026-01-01T00:00:00.5Z")], "badArgument"),
        (
            [
                ("verb", "ListRecords"),
                ("metadataPrefix", "oai_dc"),
                ("from", "2026-01-01"),
                ("until", "2026-01-02T00:00:00Z"),
            ],
            "badArgument",
        ),
        (
            [("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "2026-01-02"), ("until", "2026-01-01")],
            "badArgument",
        ),
        ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("until", "1900-01-01")], "noRecordsMatch"),
        ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("from", "9999-12-31")], "noRecordsMatch"),
        ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("set", "year:1066")], "noRecordsMatch"),
        ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("set", "nothing")], "noRecordsMatch"),
        ([("verb", "ListRecords"), ("metadataPrefix", "oai_dc"), ("set", "a set")], "badArgument"),
        ([("verb", "ListRecords"), ("resumptionToken", "made up")], "badResumptionToken"),
        ([("verb", "ListRecords"), ("resumptionToken", "made-up")], "badResumptionToken"),
        ([("verb", "ListRecords"), ("resumptionToken", "x" * 9_000)], "badResumptionToken"),
        ([("verb", "ListRecords"), ("resumptionToken", "x"), ("metadataPrefix", "oai_dc")], "badArgument"),
        ([("verb", "ListSets"), ("resumptionToken", "x")], "badResumptionToken"),
    ],
)
def test_each_fault_has_its_error(ask: Ask, pairs: list[tuple[str, str]], code: str) -> None:
    asked = ask(*pairs)
    assert asked.errors == [code]
    attributes = dict(asked.all("//o:request")[0].attrib)
    if code in {"badVerb", "badArgument"}:
        assert attributes == {}
    else:
        assert attributes == dict(pairs)


def test_what_nobody_may_know_of_does_not_exist(ask: Ask) -> None:
    for name in ("private.v1", "lost.v1", "v3", "draft.v1", "silver", "SILVER.v1"):
        identifier = f"oai:{identifiers.FALLBACK}:10.5072/{name}"
        assert ask(verb="GetRecord", identifier=identifier, metadataPrefix="oai_dc").errors == ["idDoesNotExist"]


def test_a_list_is_cut_into_pages_that_tell_how_long_it_is(ask: Ask) -> None:
    first = ask(verb="ListRecords", metadataPrefix="oai_dc")
    second = ask(verb="ListRecords", resumptionToken=first.token)
    last = ask(verb="ListRecords", resumptionToken=second.token)
    assert [len(each.identifiers) for each in (first, second, last)] == [2, 2, 1]
    tokens = [each.all("//o:resumptionToken")[0] for each in (first, second, last)]
    assert [(each.get("cursor"), each.get("completeListSize")) for each in tokens] == [
        ("0", "5"),
        ("2", "5"),
        ("4", "5"),
    ]
    assert last.token == ""
    assert "expirationDate" in tokens[0].attrib
    again = ask(verb="ListRecords", resumptionToken=first.token)
    assert again.identifiers == second.identifiers


def test_a_short_list_has_no_token(ask: Ask) -> None:
    asked = ask(verb="ListIdentifiers", metadataPrefix="oai_dc", set="beamline:PX1")
    assert (len(asked.identifiers), asked.all("//o:resumptionToken")) == (1, [])


def test_tokens_are_of_their_verb_and_grow_old(ask: Ask) -> None:
    token = ask(verb="ListRecords", metadataPrefix="oai_dc").token
    assert ask(verb="ListIdentifiers", resumptionToken=token).errors == ["badResumptionToken"]
    late = ask(verb="ListRecords", resumptionToken=token, now=NOW + timedelta(days=8))
    assert late.errors == ["badResumptionToken"]
    garbled = token[:-4] + ("A" if token[-4] != "A" else "B") + token[-3:]
    assert ask(verb="ListRecords", resumptionToken=garbled).errors == ["badResumptionToken"]


def test_nothing_is_skipped_or_sent_twice_while_the_catalogue_changes(ask: Ask, facility: Facility) -> None:
    later = NOW + timedelta(hours=1)
    first = ask(verb="ListIdentifiers", metadataPrefix="oai_dc")
    publish(facility, "both", now=later)
    enamel = facility.catalogue.proposal("P2")
    facility.catalogue.put_proposals([replace(enamel, title="Renamed")], now=later)
    rest = []
    token = first.token
    while token:
        asked = ask(verb="ListIdentifiers", resumptionToken=token, now=later)
        rest += asked.identifiers
        token = asked.token
    begun = {*first.identifiers, *rest}
    assert len(begun) == len(first.identifiers) + len(set(rest))
    since = dates.write(NOW + timedelta(seconds=1))
    next_visit = set(harvested(ask, now=later, metadataPrefix="oai_dc", from_=since))
    assert next_visit == {"both.v1", "hidden.v1"}
    every = set(harvested(ask, now=later, metadataPrefix="oai_dc"))
    assert {each.rpartition("/")[2] for each in begun} | next_visit == every


def test_a_list_whose_rest_has_changed_ends_without_being_empty(ask: Ask, facility: Facility) -> None:
    later = NOW + timedelta(hours=1)
    first = ask(verb="ListRecords", metadataPrefix="oai_dc")
    for name in ("SWING", "PX1"):
        changed = replace(facility.catalogue.instrument(name), description="Renewed.")
        facility.catalogue.put_instruments([changed], now=later)
    for name in ("P1", "P2"):
        changed_too = replace(facility.catalogue.proposal(name), title="Renamed")
        facility.catalogue.put_proposals([changed_too], now=later)
    ended = ask(verb="ListRecords", resumptionToken=first.token, now=later)
    assert ended.identifiers == first.identifiers[-1:]
    assert ended.token == ""


def test_lists_are_cut_by_second_and_by_day(ask: Ask, facility: Facility) -> None:
    later = NOW + timedelta(days=3, hours=5)
    publish(facility, "both", now=later)

    def between(**bounds: str) -> set[str]:
        return set(harvested(ask, now=later, metadataPrefix="oai_dc", **bounds))

    old = {"gold.v1", "hidden.v1", "silver.v1", "swing", "v1"}
    new = {"both.v1"}
    assert between(until="2026-01-01") == between(until="2026-01-01T00:00:00Z") <= old
    assert new <= between(from_="2026-01-04") == between(from_="2026-01-04T05:00:00Z")
    assert between(from_="2026-01-01", until="2026-01-04") == old | new
    assert ask(verb="ListRecords", metadataPrefix="oai_dc", from_="2026-01-04T05:00:01Z", now=later).errors == [
        "noRecordsMatch"
    ]


def test_withdrawn_records_are_deleted_and_stay(ask: Ask, facility: Facility) -> None:
    later = NOW + timedelta(days=1)
    known = facility.catalogue.publication("10.5072/gold.v1")
    gone = replace(known, withdrawn_at=later, wanted=PidState.REGISTERED, reason="wrong sample")
    facility.catalogue.put_publications([gone], now=later, by="office", event="withdrawn")
    gold = SILVER.replace("silver", "gold")
    asked = ask(verb="GetRecord", identifier=gold, metadataPrefix="oai_datacite", now=later)
    assert asked.all("//o:header/@status") == ["deleted"]
    assert asked.all("//o:metadata") == []
    assert asked.all("//o:datestamp/text()") == ["2026-01-02T00:00:00Z"]
    assert "gold.v1" in harvested(ask, now=later, metadataPrefix="oai_dc", from_="2026-01-02")
    assert ask(verb="ListMetadataFormats", identifier=gold).errors == []


def test_sets_hold_what_they_say(ask: Ask, facility: Facility) -> None:
    catalogue = facility.catalogue
    catalogue.put_proposals([replace(catalogue.proposal("P1"), kind="block & allocation")], now=NOW)
    every = ask(verb="ListSets").all("//o:setSpec/text()")
    assert len(every) == len(set(every))
    kinds = {each for each in every if each.startswith("proposal:")}
    assert kinds == {sets.spec("proposal", "block & allocation")}
    members = {each: set(harvested(ask, metadataPrefix="oai_dc", set=each)) for each in every}
    assert members["openaire_data"] == {"silver.v1", "gold.v1", "hidden.v1"}
    assert members["beamline:PX1"] == {"hidden.v1"}
    assert members["beamline:SWING"] == {"silver.v1", "gold.v1", "swing", "v1"}
    assert members["year:2024"] == {"silver.v1", "gold.v1", "hidden.v1", "v1"}
    assert members["technique:PaNET01124"] == {"silver.v1", "gold.v1"}
    assert members[kinds.pop()] == {"silver.v1", "gold.v1", "v1"}
    for spec, found in members.items():
        assert found
        if ":" not in spec:
            continue
        for name in found:
            record = ask(verb="GetRecord", identifier=SILVER.replace("silver.v1", name), metadataPrefix="oai_dc")
            assert spec in record.all("//o:setSpec/text()")


def test_on_release_day_record_and_datestamp_change_together(ask: Ask, facility: Facility) -> None:
    later = NOW + timedelta(days=500)
    hidden = SILVER.replace("silver", "hidden")
    before = ask(verb="GetRecord", identifier=hidden, metadataPrefix="oai_dc", now=later)
    assert before.all("//o:datestamp/text()") == ["2026-01-01T00:00:00Z"]
    assert "info:eu-repo/semantics/embargoedAccess" in "".join(before.tree.itertext())
    opened = replace(facility.catalogue.dataset("hidden"), state=State.OPEN, opened_at=later, revision=2)
    facility.catalogue.transition([opened], event="opened", now=later, by="clock")
    after = ask(verb="GetRecord", identifier=hidden, metadataPrefix="oai_dc", now=later)
    assert after.all("//o:datestamp/text()") == [dates.write(later)]
    assert "info:eu-repo/semantics/openAccess" in "".join(after.tree.itertext())


def test_a_record_is_made_once_and_again_when_it_changes_or_the_settings_do(facility: Facility, ask: Ask) -> None:
    ask(verb="GetRecord", identifier=SILVER.replace("silver", "gold"), metadataPrefix="oai_dc")
    kept = Repository(facility, "https://data.example.org", page_size=2)
    heads = [kept.head("10.5072/gold.v1")]
    assert heads[0]
    made = facility.catalogue.harvest_payloads([heads[0]], "oai_dc", kept._maker)
    assert "Gold foil" in made["10.5072/gold.v1"]
    elsewhere = Repository(facility, "https://other.example.org")
    assert facility.catalogue.harvest_payloads([heads[0]], "oai_dc", elsewhere._maker) == {}
    assert "https://other.example.org/" in elsewhere.payloads([heads[0]], "oai_dc")["10.5072/gold.v1"]


def test_records_are_prepared_before_anybody_asks(facility: Facility) -> None:
    repository = Repository(facility, "https://data.example.org")
    assert [repository.prepare(3), repository.prepare(3), repository.prepare(3)] == [3, 2, 0]
    changed = replace(facility.catalogue.instrument("SWING"), description="Renewed.")
    facility.catalogue.put_instruments([changed], now=NOW + timedelta(hours=1))
    assert repository.prepare(9) > 0


@pytest.mark.parametrize("prefix", ["oai_dc", "oai_datacite"])
def test_rich_records_are_valid_in_every_format(
    described: Facility, valid: Callable[[bytes], Any], prefix: str
) -> None:
    repository = Repository(described, "https://data.example.org")
    tree = valid(answer(repository, [("verb", "ListRecords"), ("metadataPrefix", prefix)], described.now()))
    found = tree.xpath("//*[local-name()='header']/*[local-name()='identifier']/text()")
    names = {each.rpartition("/")[2] for each in found}
    assert names == {"open.v1", "embargoed.v1", "orphan.v1", "swing%3C1%3E&co", "agbeh", "rings", "visit"}
    text = "".join(tree.itertext())
    assert "secret powder" not in text or "open" in names
    assert "lab.example" not in text


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_NAMES = st.sampled_from(["verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken", "", "x"])
_SENSE = ["Identify", "ListRecords", "ListSets", "GetRecord", "oai_dc", "2026-01-01", "2026-01-01T00:00:00Z", "year"]
_VALUES = st.one_of(_TEXT, st.sampled_from([*_SENSE, SILVER]))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pairs=st.lists(st.tuples(_NAMES, _VALUES), max_size=5))
def test_whatever_is_asked_the_answer_is_valid(
    described: Facility, valid: Callable[[bytes], Any], pairs: list[tuple[str, str]]
) -> None:
    valid(answer(Repository(described, "https://data.example.org"), pairs, described.now()))


@given(kind=st.sampled_from(sorted(sets.KINDS)), value=st.text(min_size=1, max_size=20))
def test_each_value_has_a_set_of_its_own(kind: str, value: str) -> None:
    named = sets.spec(kind, value)
    assert sets.is_spec(named)
    assert sets.read(named) == sets.Asked(kind, value)


@given(doi=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30))
def test_each_doi_has_one_identifier(doi: str) -> None:
    assert identifiers.read(DOMAIN, identifiers.write(DOMAIN, doi)) == doi
