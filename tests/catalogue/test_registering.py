"""What the catalogue remembers of datasets, visits and accounts."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.catalogue.world import BEN, NOW, OFFICE, START, dataset, found, member

from verriere.catalogue import Catalogue
from verriere.errors import InputInvalid, NotFound
from verriere.model import (
    ANONYMOUS,
    Account,
    Decision,
    DecisionKind,
    Duty,
    Parameter,
    Proposal,
    Sample,
    State,
    Visit,
)

PARIS = ZoneInfo("Europe/Paris")


def test_a_dataset_comes_back_as_it_was(furnished: Catalogue) -> None:
    put = dataset("a1", sample="rod", parameters=(Parameter("odd", "/x", "a\x00b"), Parameter("nan", "/y", 1.5)))
    furnished.register([put], now=NOW)
    assert furnished.dataset("a1") == put
    assert furnished.datasets_by_source(put.source) == [put]
    with pytest.raises(NotFound):
        furnished.dataset("none")


def test_texts_that_no_database_holds_do_not_stop_it(furnished: Catalogue) -> None:
    furnished.register([dataset("a1", title="nul \x00 and half \udcff of a character")], now=NOW)
    assert furnished.search("half character", OFFICE).hits[0].title == "nul � and half ? of a character"


def test_registering_twice_changes_nothing(furnished: Catalogue) -> None:
    furnished.register([dataset("a1"), dataset("b2")], now=NOW)
    before = list(furnished.dump())
    assert furnished.register([dataset("b2"), dataset("a1"), dataset("a1")], now=NOW + timedelta(days=1)) == []
    assert list(furnished.dump()) == before


def test_a_new_revision_replaces_what_was_searched_and_an_old_one_does_not(furnished: Catalogue) -> None:
    furnished.register([dataset("a1", title="Silver", sample="rod")], now=NOW)
    furnished.register([replace(dataset("a1", title="Gold"), revision=2)], now=NOW)
    assert found(furnished, "silver or rod") == set()
    assert found(furnished, "gold") == {"a1"}
    assert furnished.register([dataset("a1", title="Silver", sample="rod")], now=NOW) == []
    assert found(furnished, "gold") == {"a1"}


def test_a_batch_is_entered_whole_or_not_at_all(furnished: Catalogue) -> None:
    before = list(furnished.dump())
    with pytest.raises(InputInvalid, match="V9"):
        furnished.register([dataset("a1"), dataset("b2", visit="V9")], now=NOW)
    assert list(furnished.dump()) == before


def test_assigning_a_visit_takes_a_dataset_out_of_quarantine(furnished: Catalogue) -> None:
    furnished.register([dataset(name, state=State.QUARANTINED) for name in ("a1", "b2")], now=NOW)
    assert [each.id for each in furnished.quarantined()] == ["a1", "b2"]
    assert furnished.assign("a1", "V1", by="office", now=NOW).state is State.EMBARGOED
    assert furnished.assign("b2", "V3", by="office", now=NOW).state is State.PROPRIETARY
    assert furnished.quarantined() == []
    assert found(furnished, "", ANONYMOUS) == {"a1"}
    with pytest.raises(InputInvalid, match="V1"):
        furnished.assign("a1", "V2", by="office", now=NOW)


def test_a_visit_that_there_is_not_cannot_be_assigned(furnished: Catalogue) -> None:
    furnished.register([dataset("a1", state=State.QUARANTINED)], now=NOW)
    with pytest.raises(NotFound, match="V9"):
        furnished.assign("a1", "V9", by="office", now=NOW)
    assert len(furnished.quarantined()) == 1


def test_what_is_assigned_after_its_embargo_is_open_at_once(furnished: Catalogue) -> None:
    furnished.register([dataset("a1", state=State.QUARANTINED)], now=NOW)
    opened = furnished.assign("a1", "V1", by="office", now=NOW + timedelta(days=2000))
    assert (opened.state, opened.opened_at) == (State.OPEN, furnished.opens_at("a1"))


def test_the_end_of_an_embargo_follows_the_decisions_on_its_visit(furnished: Catalogue) -> None:
    furnished.register([dataset("a1", state=State.EMBARGOED)], now=NOW)
    visit = furnished.visit("V1")
    assert furnished.opens_at("a1") == datetime(2027, 3, 7, tzinfo=PARIS)
    longer = replace(visit, decisions=(Decision(DecisionKind.EXTENSION, NOW, "director"),))
    furnished.put_visits([longer], now=NOW)
    assert furnished.opens_at("a1") == datetime(2028, 3, 7, tzinfo=PARIS)
    early = replace(visit, decisions=(*longer.decisions, Decision(DecisionKind.EARLY_RELEASE, NOW, "pi")))
    furnished.put_visits([early], now=NOW)
    assert furnished.due(NOW - timedelta(seconds=1)) == []
    assert [(each.id, at) for each, at in furnished.due(NOW)] == [("a1", NOW)]


def test_a_new_member_sees_the_team_s_datasets_and_is_found_with_them(furnished: Catalogue) -> None:
    furnished.register([dataset("a1", state=State.PROPRIETARY, visit="V3")], now=NOW)
    assert found(furnished, "person:marsh") == {"a1"}
    proposal = furnished.proposal("P3")
    furnished.put_proposals([replace(proposal, members=())], now=NOW)
    assert found(furnished, "person:marsh or marsh") == set()
    visit = furnished.visit("V3")
    furnished.put_visits([replace(visit, members=(member(BEN),))], now=NOW)
    assert found(furnished, "marsh") == {"a1"}
    assert [each.id for each in furnished.visits_of(BEN.key)] == ["V2", "V3"]


def test_a_sample_that_is_named_later_is_found(furnished: Catalogue) -> None:
    furnished.register([replace(dataset("a1"), sample_id="S1")], now=NOW)
    assert found(furnished, 'sample:"agbeh standard"') == {"a1"}
    furnished.put_samples([Sample("S1", "P1", "Renamed rod")], now=NOW)
    assert found(furnished, "sample:renamed") == {"a1"}
    assert found(furnished, "sample:standard") == set()


def test_a_visit_or_a_sample_of_no_known_proposal_is_refused(furnished: Catalogue) -> None:
    with pytest.raises(InputInvalid, match="P9"):
        furnished.put_visits([Visit("V9", "P9", "SWING", START, START)], now=NOW)
    with pytest.raises(InputInvalid, match="P9"):
        furnished.put_samples([Sample("S9", "P9", "rod")], now=NOW)


def test_visits_are_found_by_instrument_and_time(furnished: Catalogue) -> None:
    slack = timedelta(hours=12)
    during, before = START + timedelta(hours=3), START - timedelta(hours=13)
    assert [visit.id for visit in furnished.visits_at("SWING", during, slack)] == ["V1", "V2", "V3"]
    assert furnished.visits_at("SWING", before, slack) == []
    assert furnished.visits_at("PX1", during, slack) == []


def test_what_is_put_again_unchanged_is_not_entered_in_the_history(furnished: Catalogue) -> None:
    before = len(furnished.history())
    assert furnished.put_proposals([furnished.proposal("P1")], now=NOW) == []
    assert len(furnished.history()) == before
    furnished.put_proposals([Proposal("P1", "Silver, revised")], now=NOW)
    assert furnished.history("proposal:P1")[-1].event == "changed"


def test_people_log_in_by_username_or_address_until_their_session_ends(catalogue: Catalogue) -> None:
    ada = Account("ada", "Ada@Lab.example", "Ada", Duty.USER, "fr")
    catalogue.add_account(ada, "hash")
    known, password_hash = catalogue.account("ada@lab.example ")
    assert (known.username, known.key, password_hash) == ("ada", ada.key, "hash")
    catalogue.open_session("token", "ada", now=NOW, expires=NOW + timedelta(hours=12))
    assert catalogue.session_account("token", now=NOW) == known
    assert catalogue.session_account("token", now=NOW + timedelta(hours=12)) is None
    assert catalogue.session_account("other", now=NOW) is None
    catalogue.close_session("token")
    assert catalogue.session_account("token", now=NOW) is None
    with pytest.raises(InputInvalid, match="another account"):
        catalogue.add_account(replace(ada, username="eve"), "hash")
    assert not any("hash" in line and line.startswith("account") for line in catalogue.dump())


def test_failed_logins_are_counted_within_a_window(catalogue: Catalogue) -> None:
    window = timedelta(minutes=15)
    for minute in (0, 1, 20):
        catalogue.note_login_failure("ada", now=NOW + timedelta(minutes=minute), window=window)
    assert catalogue.login_failures("ada", since=NOW + timedelta(minutes=5)) == 1
    assert catalogue.login_failures("eve", since=NOW) == 0
    catalogue.forget_login_failures("ada")
    assert catalogue.login_failures("ada", since=NOW) == 0
