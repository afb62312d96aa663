"""What waits for a registrar: nothing is lost, nothing is told twice, and a person sees that it waits."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.publish.world import EMBARGOED, OPEN, furnish

from verriere.errors import FacilityBusy
from verriere.facility import Facility
from verriere.model import PidKind, PidState
from verriere.publish import desk, queue
from verriere.publish.registrar import PASSWORD
from verriere.settings import load
from verriere.testing import FrozenClock
from verriere.testing.datacite import FakeDataCite

SETTINGS = """
[facility]
name = "Test"
[serve]
public_url = "https://data.example.org"
[publish]
registrar = "datacite"
endpoint = "{endpoint}"
repository = "{repository}"
timeout_seconds = {timeout}
"""

Join = Callable[..., Facility]


@pytest.fixture
def fake() -> Iterator[FakeDataCite]:
    with FakeDataCite() as answering:
        yield answering


@pytest.fixture
def joined(either: Facility, fake: FakeDataCite, monkeypatch: pytest.MonkeyPatch) -> Facility:
    """The facility, with its account at the stand-in for DataCite."""
    return join(either, fake, monkeypatch)


def join(facility: Facility, fake: FakeDataCite, monkeypatch: pytest.MonkeyPatch, timeout: float = 10.0) -> Facility:
    monkeypatch.setenv(PASSWORD, fake.password)
    database = f'[database]\nurl = "{facility.settings.database.url}"\n' if facility.settings.database.url else ""
    told = SETTINGS.format(endpoint=fake.url, repository=fake.repository, timeout=timeout)
    (facility.folder / "verriere.toml").write_text(told + database)
    return replace(facility, settings=load(facility.folder))


def test_what_is_published_is_told_once_and_waits_no_longer(joined: Facility, fake: FakeDataCite) -> None:
    published = desk.publish(joined, PidKind.DATASET, EMBARGOED, by="office")
    desk.reserve(joined, PidKind.VISIT, ["V2"], by="policy")
    assert queue.deliver(joined).told == 3
    assert queue.deliver(joined).told == 0
    assert joined.catalogue.waiting() == []
    assert joined.catalogue.publication(published.doi).state is PidState.FINDABLE
    assert sorted(map(tuple, fake.states.values())) == [("draft",), ("draft", "findable"), ("draft", "findable")]
    assert fake.dois[published.doi]["url"] == f"https://data.example.org/doi/{published.doi}"
    events = joined.catalogue.history(f"publication:{published.doi}")
    assert [(each.event, each.by) for each in events] == [("published", "office"), ("confirmed", "registrar")]


def test_offline_nothing_waits_and_nothing_is_more_than_a_draft(either: Facility) -> None:
    desk.publish(either, PidKind.DATASET, OPEN, by="office")
    queue.deliver(either)
    assert either.catalogue.waiting() == []
    assert {each.state for each in either.catalogue.publications()} == {PidState.DRAFT}


def test_a_withdrawn_doi_goes_on_resolving_and_is_in_no_index(joined: Facility, fake: FakeDataCite) -> None:
    published = desk.publish(joined, PidKind.DATASET, OPEN, by="office")
    queue.deliver(joined)
    desk.withdraw(joined, published.doi, "mistake", by="office")
    queue.deliver(joined)
    assert fake.states[published.doi] == ["draft", "findable", "registered"]
    assert "mistake" in str(fake.dois[published.doi]["descriptions"])


def test_what_was_withdrawn_before_anyone_was_told_resolves_to_its_tombstone(
    joined: Facility, fake: FakeDataCite
) -> None:
    published = desk.publish(joined, PidKind.DATASET, OPEN, by="office")
    desk.withdraw(joined, published.doi, "mistake", by="office")
    queue.deliver(joined)
    assert fake.states[published.doi] == ["draft", "registered"]


def test_while_datacite_is_out_of_reach_the_change_waits_and_says_so(
    joined: Facility, clock: FrozenClock, fake: FakeDataCite
) -> None:
    desk.publish(joined, PidKind.DATASET, OPEN, by="office")
    desk.publish(joined, PidKind.VISIT, "V1", by="office")
    fake.failures.extend([503] * 3)
    delivery = queue.deliver(joined)
    assert delivery.told == 0
    assert "cannot at present" in delivery.trouble
    waits = joined.catalogue.waiting()
    assert {(each.attempts, each.next_at - clock()) for each in waits} == {(1, timedelta(minutes=1))}
    assert all("cannot at present" in each.trouble for each in waits)
    assert queue.deliver(joined).told == 0  # not before it is time
    clock.move(minutes=1)
    assert queue.deliver(joined).told == 3
    assert joined.catalogue.waiting() == []


def test_a_person_need_not_wait_for_the_next_attempt(joined: Facility, fake: FakeDataCite) -> None:
    desk.publish(joined, PidKind.VISIT, "V1", by="office")
    fake.failures.extend([503] * 3)
    queue.deliver(joined)
    assert queue.deliver(joined, all_of_it=True).told == 1


def test_pauses_double_up_to_a_quarter_of_a_day() -> None:
    pauses = [queue.pause_after(attempts) for attempts in range(40)]
    assert pauses[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=6)


def test_what_datacite_refuses_keeps_nobody_else_waiting(joined: Facility, fake: FakeDataCite) -> None:
    desk.publish(joined, PidKind.VISIT, "V1", by="office")
    desk.publish(joined, PidKind.VISIT, "V2", by="office")
    fake.failures.append(422)
    delivery = queue.deliver(joined)
    assert (delivery.told, delivery.refused) == (1, 1)
    (waits,) = joined.catalogue.waiting()
    assert "Out of order" in waits.trouble


def test_a_change_while_datacite_is_told_is_told_as_well(joined: Facility, fake: FakeDataCite) -> None:
    desk.publish(joined, PidKind.VISIT, "V1", by="office")
    queue.deliver(joined)
    proposal = joined.catalogue.proposal("P1")
    joined.catalogue.put_proposals([replace(proposal, title="Gold")], now=joined.now())
    fake.failures.extend([503] * 3)
    queue.deliver(joined)
    joined.catalogue.put_proposals([replace(proposal, title="Platinum")], now=joined.now())
    assert queue.deliver(joined).told == 1  # a new change is tried at once
    assert "Platinum" in str(fake.dois)
    assert "Gold" not in str(fake.dois)


def test_only_one_process_tells_the_registrar(either: Facility) -> None:
    import fcntl

    with (either.state / "registrar.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(FacilityBusy):
            queue.deliver(either)


def test_dois_of_datacite_wait_while_it_is_not_set_up(
    joined: Facility, monkeypatch: pytest.MonkeyPatch, fake: FakeDataCite
) -> None:
    desk.publish(joined, PidKind.VISIT, "V1", by="office")
    monkeypatch.delenv(PASSWORD)
    assert queue.deliver(joined).refused == 1
    assert PASSWORD in joined.catalogue.waiting()[0].trouble
    assert fake.dois == {}


@pytest.mark.slow
def test_a_process_killed_while_it_tells_loses_nothing_and_registers_nothing_twice(
    tmp_path: Path, fake: FakeDataCite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Facility.create(tmp_path / "facility", name="Test") as made:
        furnish(made)
        facility = join(made, fake, monkeypatch)
        for kind, identifiers in ((PidKind.DATASET, [OPEN, EMBARGOED]), (PidKind.VISIT, ["V1", "V2", "V4"])):
            desk.publish_many(facility, kind, identifiers, by="office")
        waiting = {each.publication.doi for each in facility.catalogue.waiting()}
        fake.delay = 0.2
        command = [sys.executable, "-m", "verriere", "--facility", str(facility.folder), "publish", "--sync"]
        surroundings = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        for enough in (1, 4):
            process = subprocess.Popen(command, env=surroundings, stdout=subprocess.DEVNULL)
            end = time.monotonic() + 60
            while len(fake.dois) < enough and time.monotonic() < end:
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
            assert process.wait(10) == -signal.SIGKILL
            assert facility.catalogue.waiting()
        fake.delay = 0.0
        queue.deliver(facility)
        assert facility.catalogue.waiting() == []
        assert set(fake.dois) == waiting
        assert {tuple(states) for states in fake.states.values()} == {("draft", "findable")}
        assert {each.state for each in facility.catalogue.publications()} == {PidState.FINDABLE}
        facility.catalogue.check_history(facility.archive.read_history())
