"""A disk that is full stops a deposit with a clear message and leaves the archive as it was."""

import functools
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from verriere.archive import Archive, Source
from verriere.errors import StorageFull

Validate = Callable[[Archive], None]
Write = Callable[[str, bytes], Source]

SOURCE = Path(__file__).parents[2] / "src"


@functools.cache
def own_mount() -> list[str] | None:
    """Command that runs another with mounts of its own, as root or as anybody; None where the system allows neither."""
    unshare = shutil.which("unshare")
    for options in ("--mount", "-rm") if unshare else ():
        command = [str(unshare), options, "--"]
        trial = [*command, "mount", "-t", "tmpfs", "-o", "size=1m", "none", "/mnt"]
        if subprocess.run(trial, capture_output=True, check=False).returncode == 0:
            return command
    return None


FILL = """
import itertools, resource, sys
from contextlib import contextmanager
from pathlib import Path
from verriere.archive import Archive, Deposit, Source
from verriere.errors import StorageFull

disk, spool, way, step = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])

@contextmanager
def only(free):
    # All that the disk has left, or all that a file may have.
    if way == "limit":
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (free, before[1]))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        return
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        while True:
            try:
                file.write(bytes(4096))
            except OSError:
                break
        file.truncate(max(0, file.tell() - free))
    yield
    filler.unlink()

full = made = 0
archive = Archive.create(disk / "archive")
(spool / "old.nxs").write_bytes(b"first" * 1000)
archive.put("old", [Source(spool / "old.nxs", "scan.nxs")], b"1")
for free in itertools.count(0, step):
    (spool / "old.nxs").write_bytes(b"%d" % free * 1000)
    (spool / "large").write_bytes(b"%d" % free * 5_000)
    deposits = [
        Deposit(f"new-{free}", [Source(spool / "old.nxs", "scan.nxs"), Source(spool / "large", "raw")], b"1"),
        Deposit("old", [Source(spool / "old.nxs", "scan.nxs")], b"%d" % free),
    ]
    before = archive.revision("old")
    with only(free):
        try:
            archive.put_many(deposits)
            made += 1
        except StorageFull as error:
            full += 1
            assert "room" in error.message and error.hint
            assert archive.revision("old") == before
            assert not archive.exists(f"new-{free}")
        assert [entry.name for entry in (archive.root / "staging").iterdir()] == ["lock"]
    for name, findings in archive.verify_many(archive.objects()):
        assert findings == (), (name, findings)
    if made == 3:
        break
print(full, made)
"""
VALIDATOR = Path(sys.executable).parent / "ocfl-validate.py"


def fill(command: list[str]) -> None:
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(SOURCE)}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    full, made = map(int, done.stdout.split()[:2])
    assert full > 10
    assert made == 3


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """A disk for the archive, and a spool that never is full."""
    disk, spool = tmp_path / "disk", tmp_path / "spool"
    disk.mkdir()
    spool.mkdir()
    return disk, spool


@pytest.mark.skipif(own_mount() is None, reason="no mounts here: the quota of the next test stands for the disk")
def test_a_small_disk_that_fills_at_any_step_keeps_what_was_there(places: tuple[Path, Path]) -> None:
    disk, spool = places
    script = f"""
        mount -t tmpfs -o size=1m none {disk} &&
        "$0" -c "$1" {disk} {spool} disk 4096 &&
        "$0" {VALIDATOR} --quiet {disk}/archive/ocfl
    """
    fill([*(own_mount() or []), "sh", "-c", script, sys.executable, FILL])


def test_a_quota_that_is_met_by_any_file_keeps_what_was_there(places: tuple[Path, Path]) -> None:
    disk, spool = places
    fill([sys.executable, "-c", FILL, str(disk), str(spool), "limit", "512"])
    subprocess.run([sys.executable, str(VALIDATOR), "--quiet", str(disk / "archive/ocfl")], check=True)


@pytest.fixture
def small_files_only() -> Iterator[None]:
    """No file may grow past 2 MB in this process, as under a quota."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_limit_on_files_stops_a_deposit_and_keeps_what_was_there(
    archive: Archive, write: Write, validate: Validate, request: pytest.FixtureRequest
) -> None:
    large = write("large.h5", bytes(9_000_000))
    archive.put("old", [write("scan.nxs", b"first")], b"1")
    request.getfixturevalue("small_files_only")
    with pytest.raises(StorageFull) as stopped:
        archive.put("old", [write("scan.nxs", b"second"), large], b"2")
    assert "no room is left" in stopped.value.message
    assert stopped.value.hint
    assert archive.revision("old") == 1
    assert [entry.name for entry in (archive.root / "staging").iterdir()] == ["lock"]
    assert archive.put("old", [write("scan.nxs", b"second")], b"2").revision == 2
    validate(archive)


def test_a_journal_that_cannot_grow_keeps_its_lines(archive: Archive, request: pytest.FixtureRequest) -> None:
    archive.append_history(["first"])
    request.getfixturevalue("small_files_only")
    with pytest.raises(StorageFull):
        archive.append_history(["x" * 3_000_000])
    archive.append_history(["second"])
    assert list(archive.read_history()) == ["first", "second"]
