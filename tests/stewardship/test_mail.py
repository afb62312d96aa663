"""Mails reach people once, in their language, through a real SMTP server."""

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from verriere.facility import Facility
from verriere.model import Account, DecisionKind, Duty, Person, Viewer
from verriere.stewardship import clock as embargo_clock
from verriere.stewardship import embargo, mail
from verriere.stewardship.embargo import letters
from verriere.stewardship.records import take
from verriere.testing import FrozenClock
from verriere.testing.facilities import CLAIRE, Samples, beamtime, furnish

NOW = datetime(2026, 9, 14, 10, tzinfo=UTC)
ENDS = datetime(2029, 9, 3, 22, tzinfo=UTC)
"""Midnight in Paris at which the embargo of the visits of September 2026 ends."""
VISIT = "visit:20260415-A"


def round_of(facility: Facility) -> None:
    """What the portal does by itself, once."""
    embargo_clock.tick(facility, facility.now())
    letters.announce(facility, facility.now())
    mail.deliver(facility)


class Post:
    """What an SMTP server took; it refuses for some addresses, or altogether."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, EmailMessage]] = []
        self.refused: set[str] = set()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        (address,) = envelope.rcpt_tos
        if address in self.refused:
            return "451 come back later"
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append((address, message))
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [message for name, message in self.taken if name == address]


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def server(post: Post) -> Iterator[Controller]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    running = Controller(post, hostname="127.0.0.1", port=port)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def facility(tmp_path: Path, clock: FrozenClock, server: Controller) -> Iterator[Facility]:
    with Facility.create(tmp_path / "facility", name="Light", clock=clock) as made:
        chosen = made.settings
        post = chosen.mail.model_copy(update={"host": "127.0.0.1", "port": server.port})
        named = chosen.facility.model_copy(update={"contact": "data@light.example", "name": "Lumière"})
        settings = chosen.model_copy(update={"mail": post, "facility": named})
        told = replace(made, settings=settings)
        told.catalogue.add_account(Account("claire", CLAIRE.email, "Claire Fontaine", language="fr"), "hash")
        told.catalogue.add_account(Account("office", "office@light.example", "Data Office", Duty.DATA_OFFICE), "hash")
        yield told


@pytest.fixture
def samples(facility: Facility) -> Samples:
    return furnish(facility)


def test_a_team_is_told_180_60_and_7_days_ahead_in_its_language_and_only_once(
    facility: Facility, samples: Samples, clock: FrozenClock, post: Post
) -> None:
    round_of(facility)
    post.taken.clear()  # what was recorded
    told = []
    clock.move(days=(ENDS - NOW).days - 200)
    for _ in range(205):
        round_of(facility)
        round_of(facility)
        if found := [m for m in post.to(CLAIRE.key) if "20260415-A" in str(m["Subject"])]:
            told.append((ENDS - facility.now()).days)
            assert len(found) == 1
            assert found[0]["Subject"] == "Vos données de la visite 20260415-A seront ouvertes le 4 septembre 2029"
            post.taken.clear()
        clock.move(days=1)
    assert told == [180 - 1, 60 - 1, 7 - 1]


def test_after_a_long_absence_one_mail_says_what_counts_now(
    facility: Facility, samples: Samples, clock: FrozenClock, post: Post
) -> None:
    clock.move(days=(ENDS - NOW).days - 5)
    round_of(facility)
    assert len([m for m in post.to(CLAIRE.key) if "20260415-A" in str(m["Subject"])]) == 1


def test_who_leads_a_visit_hears_what_was_recorded(facility: Facility, samples: Samples, post: Post) -> None:
    round_of(facility)
    (message,) = [m for m in post.to(CLAIRE.key) if "20260415-P" in str(m["Subject"])]
    assert message["Subject"] == "Ce qui a été enregistré pendant votre visite 20260415-P"
    text = message.get_content()
    assert "Claire Fontaine" in text
    assert "2 jeux de données" in text
    assert message.get_content_type() == "text/plain"
    assert message["Auto-Submitted"] == "auto-generated"


def test_nothing_is_written_about_proprietary_research(facility: Facility, samples: Samples, post: Post) -> None:
    for _ in range(2):
        round_of(facility)
    assert "20269031" not in "".join(str(message) for _, message in post.taken)


def test_the_data_office_hears_of_a_request_and_who_asked_of_the_decision(
    facility: Facility, samples: Samples, post: Post
) -> None:
    leader = Viewer(CLAIRE.key, Duty.USER)
    request = embargo.ask(facility, VISIT, DecisionKind.EXTENSION, by=leader, reason="Thèse")
    embargo.decide(facility, request.id, approve=False, by="office", duty=Duty.DATA_OFFICE, reason="Soutenue")
    assert mail.deliver(facility).sent == 2
    (asked,) = post.to("office@light.example")
    assert asked["Subject"] == "Claire Fontaine asks about the embargo of visit 20260415-A"
    (told,) = post.to(CLAIRE.key)
    assert told["Subject"] == "Votre demande pour la visite 20260415-A est refusée"
    assert "Soutenue" in told.get_content()


def test_a_mail_that_is_not_taken_waits_and_is_sent_later(
    facility: Facility, samples: Samples, clock: FrozenClock, post: Post
) -> None:
    post.refused = {CLAIRE.key}
    round_of(facility)
    assert post.to(CLAIRE.key) == []
    waiting = facility.catalogue.mails("waiting")
    assert {each.address for each in waiting} == {CLAIRE.key}
    assert all("come back later" in each.trouble for each in waiting)
    post.refused = set()
    mail.deliver(facility)
    assert post.to(CLAIRE.key) == []
    clock.move(minutes=2)
    mail.deliver(facility)
    assert len(post.to(CLAIRE.key)) == len(waiting)


def test_a_server_that_is_away_loses_nothing(
    facility: Facility, samples: Samples, clock: FrozenClock, post: Post
) -> None:
    letters.announce(facility, facility.now())
    nowhere = facility.settings.mail.model_copy(update={"port": 1})
    away = replace(facility, settings=facility.settings.model_copy(update={"mail": nowhere}))
    assert mail.deliver(away).failed == len(facility.catalogue.mails("waiting")) > 0
    clock.move(minutes=2)
    assert mail.deliver(facility).failed == 0
    assert post.to(CLAIRE.key)


def test_a_mail_that_may_have_gone_out_when_the_power_went_is_not_sent_again(
    facility: Facility, samples: Samples, post: Post
) -> None:
    letters.announce(facility, facility.now())
    in_hand = facility.catalogue.take_mails(facility.now(), 100)  # and here the power goes
    round_of(facility)
    assert post.taken == []
    assert [each.event for each in facility.catalogue.mails("sending")] == [each.event for each in in_hand]


def test_what_was_sent_is_not_sent_again_by_a_rebuilt_catalogue_and_no_address_is_kept(
    facility: Facility, samples: Samples, post: Post
) -> None:
    round_of(facility)
    count = len(post.taken)
    assert count
    assert CLAIRE.key not in str(facility.catalogue.mails("sent"))
    folder, settings = facility.folder, facility.settings
    facility.catalogue.close()
    Facility.rebuild(folder)
    with Facility.open(folder, clock=lambda: NOW) as again:
        round_of(replace(again, settings=settings))
    assert len(post.taken) == count


def test_no_name_writes_a_header_of_its_own(facility: Facility, post: Post) -> None:
    said = beamtime(NOW)
    spite = Person("Evil\r\nBcc: all@lab.example", "spite@lab.example")
    member = replace(said.proposals[1].members[0], person=spite)
    take(
        facility,
        replace(said, proposals=(replace(said.proposals[1], members=(member,)),), visits=said.visits[1:2], samples=()),
    )
    embargo.ask(facility, VISIT, DecisionKind.EXTENSION, by=Viewer(spite.key), reason="x\r\n.\r\nMAIL FROM:<a@b>")
    mail.deliver(facility)
    (message,) = post.to("office@light.example")
    assert message["Bcc"] is None
    assert "Bcc: all@lab.example" in message["Subject"]
    assert [address for address, _ in post.taken] == ["office@light.example"]
