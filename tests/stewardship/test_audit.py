"""The archive is read again by itself: in time, resumed after a stop, and never silent about what it finds."""

import os
import shutil
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from verriere.facility import Facility
from verriere.model import Account, Duty
from verriere.stewardship import audit
from verriere.testing import FrozenClock
from verriere.testing.facilities import Samples, furnish

NOW = datetime(2026, 9, 14, 10, tzinfo=UTC)
OFFICE = Account("office", "office@facility.example", "Data office", Duty.DATA_OFFICE, "fr")


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(NOW)


@pytest.fixture
def facility(tmp_path: Path, clock: FrozenClock) -> Iterator[Facility]:
    with Facility.create(tmp_path / "facility", name="Light", clock=clock) as made:
        made.catalogue.add_account(OFFICE, "!")
        yield made


@pytest.fixture
def samples(facility: Facility) -> Samples:
    return furnish(facility)


def with_second_copy(facility: Facility, clock: FrozenClock, copy: Path) -> Facility:
    """The same facility, with a second copy of its archive named in its settings."""
    shutil.copytree(facility.folder / "archive", copy)
    file = facility.folder / "verriere.toml"
    file.write_text(file.read_text().replace("[archive]", f'[archive]\nsecond_copy = "{copy}"', 1))
    return Facility.open(facility.folder, clock=clock)


def flip(facility: Facility, dataset_id: str) -> Path:
    """Change one bit of a file; its size and its time stay, as on a disk that goes bad."""
    path = facility.archive.path_of(dataset_id, facility.archive.files(dataset_id)[0].name)
    times, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    return path


def run(facility: Facility, clock: FrozenClock, days: float, *, step: float = 1) -> list[str]:
    """A round every so many days; which objects were read."""
    read = []
    for _ in range(round(days / step)):
        clock.move(days=step)
        read += [name for name, _ in audit.due(facility)]
    return read


def events(facility: Facility, subject: str) -> list[str]:
    return [entry.event for entry in facility.catalogue.history(subject)]


def test_every_object_is_read_within_the_days_and_not_all_at_once(
    facility: Facility, samples: Samples, clock: FrozenClock
) -> None:
    everything = set(facility.archive.objects())
    assert not list(audit.due(facility))
    first = run(facility, clock, 30)
    assert 0 < len(first) < len(everything)
    assert set(first) | set(run(facility, clock, 60)) == everything
    assert audit.coverage(facility).late == 0
    assert audit.coverage(facility).read == len(everything)


def test_after_a_year_without_service_all_is_late_then_read_once(
    facility: Facility, samples: Samples, clock: FrozenClock
) -> None:
    list(audit.due(facility))
    clock.move(days=365)
    assert audit.coverage(facility).late == len(list(facility.archive.objects()))
    read = [name for name, _ in audit.due(facility)]
    assert sorted(read) == sorted(facility.archive.objects())
    assert audit.coverage(facility).late == 0
    assert not list(audit.due(facility))


def test_a_round_that_is_bounded_or_stopped_goes_on_where_it_was(
    facility: Facility, samples: Samples, clock: FrozenClock
) -> None:
    list(audit.due(facility))
    clock.move(days=90)
    everything = sorted(facility.archive.objects())
    stopped = threading.Event()
    stopped.set()
    assert audit.round_(facility, stopped) == 0
    assert audit.coverage(facility).read == 0
    read = []
    while part := [name for name, _ in audit.due(facility, most=1)]:
        assert len(part) == 1
        read += part
    assert sorted(read) == everything


def test_fewer_days_in_the_settings_hold_at_once(
    facility: Facility, samples: Samples, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(audit.due(facility))
    monkeypatch.setenv("VERRIERE_ARCHIVE__AUDIT_DAYS", "2")
    clock.move(days=2)
    with Facility.open(facility.folder, clock=clock) as again:
        assert {name for name, _ in audit.due(again)} == set(again.archive.objects())


def test_silent_corruption_is_found_told_once_and_stays_told_until_somebody_mends_it(
    facility: Facility, samples: Samples, clock: FrozenClock
) -> None:
    list(audit.due(facility))
    path, name = flip(facility, samples.embargoed.id), f"dataset:{samples.embargoed.id}"
    whole = bytearray(path.read_bytes())
    run(facility, clock, 90)
    (kept,) = facility.catalogue.damaged()
    assert (kept.object_id, kept.whole) == (samples.embargoed.id, False)
    assert [each.code for each in kept.findings] == ["fixity-changed"]
    assert events(facility, name).count("damaged") == 1
    (mail,) = facility.catalogue.mails("waiting")
    assert mail.address == OFFICE.email
    assert "endommagée" in mail.subject
    assert samples.embargoed.title not in mail.subject + mail.text
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)
    run(facility, clock, 2)
    assert not facility.catalogue.damaged()
    assert events(facility, name)[-1] == "whole-again"


def test_what_is_damaged_is_mended_from_the_second_copy_and_that_is_told_too(
    facility: Facility, samples: Samples, clock: FrozenClock, tmp_path: Path
) -> None:
    with with_second_copy(facility, clock, tmp_path / "copy") as mirrored:
        list(audit.due(mirrored))
        path = mirrored.archive.path_of(samples.open.id, mirrored.archive.files(samples.open.id)[0].name)
        whole = path.read_bytes()
        assert flip(mirrored, samples.open.id).read_bytes() != whole
        run(mirrored, clock, 90)
        assert path.read_bytes() == whole
        assert not mirrored.catalogue.damaged()
        assert [each for each in events(mirrored, f"dataset:{samples.open.id}") if each in {"damaged", "mended"}] == [
            "damaged",
            "mended",
        ]
        assert len(mirrored.catalogue.mails("waiting")) == 2


def test_bytes_of_the_second_copy_that_are_damaged_too_are_not_taken(
    facility: Facility, samples: Samples, clock: FrozenClock, tmp_path: Path
) -> None:
    flip(facility, samples.open.id)
    with with_second_copy(facility, clock, tmp_path / "copy") as mirrored:
        run(mirrored, clock, 90)
        assert [kept.object_id for kept in mirrored.catalogue.damaged()] == [samples.open.id]
        assert "mended" not in events(mirrored, f"dataset:{samples.open.id}")


def test_an_object_that_vanished_is_damage_and_not_an_object_less(
    facility: Facility, samples: Samples, clock: FrozenClock
) -> None:
    list(audit.due(facility))
    shutil.rmtree(facility.archive.folder_of(samples.open.id))
    run(facility, clock, 90)
    (kept,) = facility.catalogue.damaged()
    assert [each.code for each in kept.findings] == ["fixity-object-missing"]


def test_damage_is_entered_before_anything_is_mended(
    facility: Facility, samples: Samples, clock: FrozenClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with with_second_copy(facility, clock, tmp_path / "copy") as mirrored:
        list(audit.due(mirrored))
        flip(mirrored, samples.open.id)
        verify = mirrored.archive.verify

        def cut_off(object_id: str, repair_from: Path | None = None, **how: object) -> object:
            if repair_from is not None:
                verify(object_id, repair_from)
                raise KeyboardInterrupt
            return verify(object_id, **how)  # type: ignore[arg-type]

        monkeypatch.setattr(mirrored.archive, "verify", cut_off)
        with pytest.raises(KeyboardInterrupt):
            run(mirrored, clock, 90)
        monkeypatch.undo()
        assert [kept.object_id for kept in mirrored.catalogue.damaged()] == [samples.open.id]
        run(mirrored, clock, 90)
        assert not mirrored.catalogue.damaged()
        told = [each for each in events(mirrored, f"dataset:{samples.open.id}") if each in {"damaged", "whole-again"}]
        assert told == ["damaged", "whole-again"]
