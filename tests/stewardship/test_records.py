"""Records and accounts are in the archive before, and as they are, in the catalogue."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from verriere.errors import InputInvalid, RecordInvalid
from verriere.facility import Facility
from verriere.model import (
    Account,
    Decision,
    DecisionKind,
    Duty,
    Instrument,
    Member,
    Person,
    Proposal,
    Role,
    Sample,
    Visit,
)
from verriere.stewardship import accounts, records
from verriere.stewardship.proposals import Beamtime

PERSON = Person("Doe, Jane", "jane.doe@example.org")
PROPOSAL = Proposal("P1", "Silver behenate", members=(Member(PERSON, Role.PRINCIPAL_INVESTIGATOR),))
VISIT = Visit("V1", "P1", "SWING", datetime(2025, 3, 1, 8, tzinfo=UTC), datetime(2025, 3, 3, 8, tzinfo=UTC))
SWING = Instrument("SWING", "SWING", aliases=("I11-1",))
SAID = Beamtime((SWING,), (PROPOSAL,), (VISIT,), (Sample("S1", "P1", "powder"),))


@pytest.mark.parametrize(
    ("written", "meant"), [("SWNG", "'SWING'"), ("swing", "'SWING'"), ("i11_1", "'SWING'"), ("PX", "")]
)
def test_a_visit_on_an_instrument_that_nobody_knows_is_refused_and_nothing_is_taken(
    facility: Facility, written: str, meant: str
) -> None:
    with pytest.raises(InputInvalid, match=f"visit:V1 is on instrument '{written}'") as refused:
        records.take(facility, replace(SAID, visits=(replace(VISIT, instrument_id=written),)))
    assert (f"did you mean {meant}" if meant else "--create-instruments") in refused.value.hint
    assert facility.catalogue.proposals() == []


def test_an_instrument_that_only_a_visit_names_is_taken_under_that_name_where_that_is_wanted(
    facility: Facility,
) -> None:
    alone = replace(SAID, instruments=())
    records.take(facility, alone, create_instruments=True)
    assert facility.catalogue.instruments() == [Instrument("SWING", "SWING")]
    described = Instrument("SWING", "SWING", "Small-angle scattering", ("I11",))
    records.take(facility, replace(SAID, instruments=(described,)))
    records.take(facility, alone)
    assert facility.catalogue.instruments() == [described]


def test_a_decision_of_the_facility_stays_when_the_user_office_speaks_again(facility: Facility) -> None:
    records.take(facility, SAID)
    decision = Decision(DecisionKind.EXTENSION, facility.now(), "office", "thesis")
    facility.catalogue.put_visits([replace(VISIT, decisions=(decision,))], now=facility.now())
    records.take(facility, replace(SAID, visits=(replace(VISIT, end=datetime(2025, 3, 4, 8, tzinfo=UTC)),)))
    kept = facility.catalogue.visit("V1")
    assert (kept.decisions, kept.end.day) == ((decision,), 4)


def test_nothing_is_taken_where_one_record_cannot_be(facility: Facility) -> None:
    orphan = Sample("S2", "P9", "of nobody")
    with pytest.raises(InputInvalid, match="sample:S2 is of proposal 'P9'"):
        records.take(facility, replace(SAID, samples=(orphan,)))
    assert facility.catalogue.proposals() == []
    assert list(facility.archive.objects()) == []


def test_records_and_accounts_come_back_when_the_database_is_lost(facility: Facility) -> None:
    records.take(facility, SAID)
    account = Account("jdoe", "jane.doe@example.org", "Doe, Jane", Duty.DATA_OFFICE, "fr")
    accounts.keep(facility, account, "the hash")
    before = list(facility.catalogue.dump())
    facility.close()
    (facility.folder / "catalogue.db").unlink()
    Facility.rebuild(facility.folder)
    with Facility.open(facility.folder) as again:
        assert accounts.restore(again) == 1
        assert list(again.catalogue.dump()) == before
        assert again.catalogue.account("jdoe") == (account, "the hash")


def test_accounts_that_cannot_be_read_are_reported_and_none_is_made(facility: Facility) -> None:
    facility.archive.write_accounts(b'{"accounts": [{"username": "x"}]}')
    with pytest.raises(RecordInvalid, match="accounts cannot be read"):
        accounts.restore(facility)
    assert facility.catalogue.accounts() == []
