"""Ten years of a facility: no embargo ends early, none later than the service can.

``TEN_YEARS_VISITS=500`` makes ten thousand datasets of it, which takes some minutes; twelve hundred are the rule.
"""

import os
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from verriere.archive import Deposit, sidecar
from verriere.archive.deposit import Refused
from verriere.errors import InputInvalid
from verriere.facility import Facility
from verriere.model import ANONYMOUS, Datafile, Dataset, DecisionKind, Duty, Research, State, Viewer, Visit
from verriere.policy import Access
from verriere.stewardship import clock, embargo
from verriere.stewardship.proposals import Beamtime
from verriere.stewardship.records import take
from verriere.testing import FrozenClock
from verriere.testing.facilities import CLAIRE, SWING
from verriere.testing.records import proposal

PARIS = ZoneInfo("Europe/Paris")
BEGIN = datetime(2020, 1, 6, 9, tzinfo=UTC)
YEARS = 10
VISITS, EACH = int(os.environ.get("TEN_YEARS_VISITS", "60")), 20
OFFICE = Viewer("office@facility.example", Duty.DATA_OFFICE)
FINGERPRINT = "5" * 64


@dataclass
class Oracle:
    """What must become of a visit, kept by hand: years as a calendar counts them, and nothing of the code's own."""

    end: datetime
    years: int = 3
    proprietary: bool = False
    released: datetime | None = None
    datasets: list[str] = field(default_factory=list)
    released_alone: dict[str, datetime] = field(default_factory=dict)

    def opens(self, dataset: str) -> datetime | None:
        """The first midnight in Paris after the last anniversary of the end."""
        if self.proprietary:
            return None
        local = self.end.astimezone(PARIS)
        day = date(local.year + self.years, local.month, min(local.day, 28))
        at_midnight = (local.hour, local.minute, local.second) == (0, 0, 0)
        midnight = datetime(day.year, day.month, day.day, tzinfo=PARIS) + timedelta(days=0 if at_midnight else 1)
        moments = [midnight.astimezone(UTC), self.released, self.released_alone.get(dataset)]
        return min(moment for moment in moments if moment is not None)


@pytest.fixture
def now() -> FrozenClock:
    return FrozenClock(BEGIN)


@pytest.fixture
def facility(tmp_path: Path, now: FrozenClock) -> Iterator[Facility]:
    with Facility.create(tmp_path / "facility", name="Light", clock=now) as made:
        yield made


def fill(facility: Facility, rng: random.Random, folder: Path) -> dict[str, Oracle]:
    """Visits over six years, some proprietary, with their datasets in archive and catalogue."""
    bytes_of = folder / "one.dat"
    bytes_of.write_bytes(b"counts")
    oracles: dict[str, Oracle] = {}
    visits = []
    for number in range(VISITS):
        end = BEGIN + timedelta(days=rng.randrange(6 * 365), hours=rng.randrange(24))
        if end.astimezone(PARIS).day > 28:  # the oracle's calendar has no 29 February; tests/policy has
            end -= timedelta(days=3)
        secret = number % 10 == 0
        name = f"V{number:03}"
        visits.append(Visit(name, "P2" if secret else "P1", SWING.id, end - timedelta(days=2), end))
        oracles[name] = Oracle(end, proprietary=secret, datasets=[f"{name}-{i:02}" for i in range(EACH)])
    people = (proposal("P1", "Silver", CLAIRE), proposal("P2", "Secret", CLAIRE, research=Research.PROPRIETARY))
    take(facility, Beamtime((SWING,), people, tuple(visits)))
    datasets = [
        Dataset(
            id=identifier,
            version=1,
            source=f"/beamline/{identifier}.dat",
            title=identifier,
            state=State.PROPRIETARY if oracles[visit.id].proprietary else State.EMBARGOED,
            ingested_at=visit.start,
            visit_id=visit.id,
            instrument_id=SWING.id,
            files=(Datafile("one.dat", 6, FINGERPRINT, FINGERPRINT, visit.start),),
        )
        for visit in visits
        for identifier in oracles[visit.id].datasets
    ]
    for start in range(0, len(datasets), 500):
        part = datasets[start : start + 500]
        deposits = [Deposit(each.id, (), sidecar.encode(each), created=BEGIN) for each in part]
        assert not [each for each in facility.archive.put_many(deposits) if isinstance(each, Refused)]
        facility.catalogue.register(part, now=BEGIN)
    facility.journal()
    return oracles


def something_happens(facility: Facility, rng: random.Random, oracles: dict[str, Oracle]) -> None:
    """A renewal, a refusal, an early release, or a visit whose dates were wrong."""
    at = facility.now()
    name = rng.choice(sorted(oracles))
    oracle = oracles[name]
    dataset = rng.choice(oracle.datasets)
    try:
        match rng.choice(("renewal", "refusal", "release", "one", "moved")):
            case "renewal":
                asked = embargo.ask(facility, f"visit:{name}", DecisionKind.EXTENSION, by=OFFICE, reason="thesis")
                duty = Duty.DIRECTOR if asked.needs_director else Duty.DATA_OFFICE
                embargo.decide(facility, asked.id, approve=True, by="office", duty=duty, reason="agreed")
                oracle.years += 1
            case "refusal":
                asked = embargo.ask(facility, f"visit:{name}", DecisionKind.EXTENSION, by=OFFICE, reason="thesis")
                embargo.decide(facility, asked.id, approve=False, by="office", duty=Duty.DATA_OFFICE, reason="no")
            case "release":
                asked = embargo.ask(facility, f"visit:{name}", DecisionKind.EARLY_RELEASE, by=OFFICE)
                embargo.decide(facility, asked.id, approve=True, by="office", duty=Duty.DATA_OFFICE)
                oracle.released = at
            case "one":
                asked = embargo.ask(facility, f"dataset:{dataset}", DecisionKind.EARLY_RELEASE, by=OFFICE)
                embargo.decide(facility, asked.id, approve=True, by="office", duty=Duty.DATA_OFFICE)
                oracle.released_alone[dataset] = at
            case "moved" if not oracle.proprietary and all(
                (o := oracle.opens(each)) is None or o > at + timedelta(days=30) for each in oracle.datasets
            ):
                visit = facility.catalogue.visit(name)
                by = timedelta(days=rng.randrange(-7, 8))
                moved = replace(visit, start=visit.start + by, end=visit.end + by)
                if moved.end.astimezone(PARIS).day <= 28:
                    take(facility, Beamtime(visits=(moved,)))
                    oracle.end = moved.end
    except InputInvalid:
        # Refused by the policy: only what is open already, or never opens, has nothing to ask.
        ends = [oracle.opens(each) for each in oracle.datasets]
        assert oracle.proprietary or any(end is not None and end <= at for end in ends)


def opened_by_the_oracle(oracles: dict[str, Oracle], at: datetime) -> set[str]:
    return {
        name for each in oracles.values() for name in each.datasets if (o := each.opens(name)) is not None and o <= at
    }


def test_ten_years_open_everything_on_its_day_and_nothing_before(
    facility: Facility, now: FrozenClock, tmp_path: Path
) -> None:
    rng = random.Random(11)
    oracles = fill(facility, rng, tmp_path)
    everything = {name for each in oracles.values() for name in each.datasets}
    assert len(everything) == VISITS * EACH
    down = {(BEGIN + timedelta(days=1500 + day)).date() for day in range(7)}
    last = BEGIN
    while now() < BEGIN + timedelta(days=365 * YEARS):
        now.move(days=rng.choice((1, 2, 5)), hours=rng.randrange(24))
        if now().date() in down:
            continue
        opened = clock.tick(facility, now())
        for each in opened:
            assert last < each.due_at <= now(), "what opens was due since the last look, and not before"
        last = now()
        if opened:
            seen = facility.catalogue.search("status:open", ANONYMOUS, size=1).total
            assert seen == len(opened_by_the_oracle(oracles, now()))
        if rng.random() < 0.12:
            something_happens(facility, rng, oracles)
            last = now()
        if rng.random() < 0.02:
            _compare(facility, oracles, rng)
    _compare(facility, oracles, rng, every=True)
    assert clock.tick(facility, now()) == ()
    _history_explains(facility, oracles)
    assert facility.catalogue.check_history(facility.archive.read_history()) > len(everything)


def _compare(facility: Facility, oracles: dict[str, Oracle], rng: random.Random, *, every: bool = False) -> None:
    """Access, search and archive say of each dataset what the oracle says."""
    expected = opened_by_the_oracle(oracles, facility.now())
    found = {row.id for row in facility.catalogue.public_result("status:open", most=20_000)[2]}
    assert found == expected
    names = sorted({name for each in oracles.values() for name in each.datasets})
    for name in names if every else rng.sample(names, 50):
        secret = oracles[name.split("-")[0]].proprietary
        access = Access.NONE if secret else Access.DATA if name in expected else Access.CITATION
        assert facility.catalogue.access(name, ANONYMOUS) is access
    for name in rng.sample(names, 20):
        kept = sidecar.decode(Dataset, facility.archive.read_sidecar(name))
        assert (kept.state is State.OPEN) == (name in expected)


def _history_explains(facility: Facility, oracles: dict[str, Oracle]) -> None:
    """Whatever is open was opened once, at the moment that its record says, and never closed."""
    opened = [entry.subject for entry in facility.catalogue.history() if entry.event == "opened"]
    assert len(opened) == len(set(opened))
    expected = {f"dataset:{name}" for name in opened_by_the_oracle(oracles, facility.now())}
    assert set(opened) == expected
