"""What is kept of a person is told, handed out, and erased, and the scientific record stays."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy.strategies import capture

from verriere.archive import sidecar
from verriere.archive.sidecar import Record
from verriere.catalogue.desks.people import AMENDABLE
from verriere.catalogue.mails import Mail
from verriere.errors import AccessRefused, InputInvalid, NotFound
from verriere.facility import Facility
from verriere.ingest.erased import Erased
from verriere.model import (
    Account,
    Citation,
    Dataset,
    DecisionKind,
    Duty,
    Member,
    Parameter,
    Publication,
    RecordedUser,
    Role,
    State,
    Viewer,
)
from verriere.policy import disclosures
from verriere.stewardship import accounts, records
from verriere.stewardship.embargo import decisions
from verriere.stewardship.personal.erase import erase
from verriere.stewardship.personal.kept import document, traces
from verriere.stewardship.proposals import Beamtime
from verriere.testing import FrozenClock
from verriere.testing.facilities import ANATOMIX, CLAIRE, DANIEL, beamtime, furnish, keep, measured
from verriere.testing.records import dataset

NOW = datetime(2026, 9, 14, 10, tzinfo=UTC)
KEY = CLAIRE.key
OFFICE = Viewer("office@facility.example", Duty.DATA_OFFICE)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> str:
    """SQLite, where a test does not say otherwise."""
    wanted = getattr(request, "param", "sqlite")
    return "" if wanted == "sqlite" else str(request.getfixturevalue("postgres_url"))


@pytest.fixture
def facility(tmp_path: Path, database: str) -> Iterator[Facility]:
    """A facility that Claire has left traces in, everywhere that a person can."""
    with Facility.create(tmp_path / "facility", name="Tests", database=database, clock=FrozenClock(NOW)) as made:
        furnish(made)
        accounts.keep(made, Account("claire", CLAIRE.email, "Claire Fontaine"), "hash-of-claire")
        accounts.keep(made, Account("daniel", DANIEL.email, "Daniel Okafor"), "hash-of-daniel")
        made.catalogue.open_session("token", "claire", now=NOW, expires=NOW + timedelta(hours=8))
        for name in ("claire", "Claire@Lab.example"):
            made.catalogue.note_login_failure(f"192.0.2.7 on {name.lower()}", now=NOW, window=timedelta(hours=1))
        made.catalogue.write_mails([Mail("e1", CLAIRE.email, "Your data", "Dear Claire")], now=NOW)
        keep(made, named())
        decisions.ask(made, "visit:20260415-A", DecisionKind.EXTENSION, by=Viewer(KEY, Duty.USER), reason="a thesis")
        yield made


def named() -> Dataset:
    """A dataset whose file names Claire, her address, her telephone, and speaks of her in its title."""
    base = measured("ds-named", f"Grains, ask {CLAIRE.email}", State.EMBARGOED, "20260415-A", ANATOMIX, "named.nxs")
    said = replace(
        base.captures[0][1],
        users=(RecordedUser("Claire Fontaine", "/entry/user/name", email="Claire@Lab.Example"),),
        parameters=(
            Parameter("telephone_number", "/entry/user/telephone_number", "+33 1 69 35 00 00", personal=True),
            Parameter("temperature", "/entry/t", 295.0, "K"),
        ),
    )
    return replace(base, captures=(("named.nxs", said),))


def with_successor(facility: Facility) -> None:
    said = next(each for each in beamtime(NOW).proposals if each.id == "20260415")
    heir = replace(
        said, members=(*said.members, Member(replace(DANIEL, email="heir@lab.example"), Role.PRINCIPAL_INVESTIGATOR))
    )
    records.take(facility, Beamtime(proposals=(heir,)))


def everything(facility: Facility) -> str:
    """All that the catalogue knows, in every record and every table; the history, which is for ever, apart."""
    found = [line for line in facility.catalogue.dump() if not line.startswith("history")]
    found += [sidecar.encode(each).decode() for each in facility.catalogue.records_with("claire@")]
    found += [repr(facility.catalogue.logins("claire", KEY)), str(facility.archive.read_accounts())]
    return "\n".join(found).lower()


def test_a_person_is_told_all_that_is_kept_and_nothing_of_others(facility: Facility) -> None:
    found = traces(facility, "Claire@lab.example ")
    assert {each.where for each in found} >= {
        "account",
        "session",
        "failed login",
        "mail",
        "proposal:20260415",
        "dataset:ds-named",
        "request:" + facility.catalogue.requests()[0].id,
        "history",
    }
    text = document(facility, KEY, found)
    assert json.loads(text)["person"] == KEY
    assert "hash-of-claire" not in text
    for other in (DANIEL.email, "Okafor", "maja@lab.example"):
        assert other not in text


def test_who_leads_data_under_embargo_is_erased_only_after_a_successor_is_named(facility: Facility) -> None:
    before = list(facility.catalogue.dump())
    with pytest.raises(AccessRefused, match="20260415") as refused:
        erase(facility, KEY, reason="their request", by="office")
    assert "proposal import" in refused.value.hint
    assert list(facility.catalogue.dump()) == before
    with_successor(facility)
    assert erase(facility, KEY, reason="their request", by="office").account == "claire"


@pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)
def test_after_an_erasure_the_address_is_nowhere_and_a_rebuilt_catalogue_does_not_bring_it_back(
    facility: Facility,
) -> None:
    with_successor(facility)
    foreseen = erase(facility, KEY, reason="their request", by="office", dry_run=True)
    assert KEY in everything(facility)
    done = erase(facility, KEY, reason="their request", by="office")
    assert (done.records, done.left) == (foreseen.records, ())
    after = everything(facility)
    assert KEY not in after
    assert "35 00 00" not in after
    assert DANIEL.key in after
    assert "fontaine, claire" in after  # the author of what is cited
    assert not any(KEY in line.lower() for line in facility.catalogue.dump())
    assert facility.catalogue.session_account("token", now=NOW) is None
    facility.catalogue.check_history(facility.archive.read_history())
    assert facility.catalogue.visits_of(KEY) == []
    before = [line for line in facility.catalogue.dump() if not line.startswith("account")]
    facility.close()
    Facility.rebuild(facility.folder, clock=facility.clock)
    with Facility.open(facility.folder, clock=facility.clock) as rebuilt:
        accounts.restore(rebuilt)
        assert KEY not in everything(rebuilt)
        assert [line for line in rebuilt.catalogue.dump() if not line.startswith("account")] == before


def test_neither_the_user_office_nor_a_new_version_of_the_file_brings_the_address_back(facility: Facility) -> None:
    with_successor(facility)
    erase(facility, KEY, reason="their request", by="office")
    records.take(facility, beamtime(NOW))
    erased = Erased.of(facility.archive)
    assert KEY not in everything(facility)
    assert KEY.encode() not in sidecar.encode(erased.clean(named())).lower()
    pseudonym = erased.pseudonym(KEY) or ""
    assert facility.catalogue.write_mails([Mail("e2", pseudonym, "To nobody", "")], now=NOW) == 0
    with pytest.raises(NotFound):
        erase(facility, KEY, reason="again", by="office")


def test_the_history_says_that_and_why_but_not_who(facility: Facility) -> None:
    with_successor(facility)
    with pytest.raises(InputInvalid):
        erase(facility, KEY, reason=f"{CLAIRE.email} asked", by="office")
    done = erase(facility, KEY, reason="their request", by="office")
    (entry,) = facility.catalogue.history("person:" + done.pseudonym.partition("@")[0])
    assert (entry.event, entry.by, entry.details) == ("erased", "office", {"reason": "their request"})


def test_whatever_the_archive_keeps_can_be_written_again_but_what_holds_usernames_alone() -> None:
    assert set(get_args(Record)) - set(AMENDABLE) == {Citation, Publication}


@given(st.sampled_from([None, "Grains", "Grains of claire", f"ask {KEY}", "Claire@LAB.example"]), st.booleans())
def test_others_are_told_after_an_erasure_what_they_were_told_before(title: str | None, named_so: bool) -> None:
    user = RecordedUser("Claire Fontaine" if named_so else "cf", "/entry/user/name", email=CLAIRE.email)
    said = capture(title)
    texts = (Parameter("note", "/entry/n", "by claire"), Parameter("mail", "/entry/m", CLAIRE.email.upper()))
    said = replace(said, users=(*said.users, user), parameters=(*said.parameters, *texts))
    found = replace(dataset("d", said=said), title=title or "d")
    cleaned = Erased("salt", {}).with_person(KEY).clean(found)
    assert KEY not in sidecar.encode(cleaned).decode().lower()
    assert disclosures(cleaned) == disclosures(found)
