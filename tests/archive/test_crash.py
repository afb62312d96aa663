"""Whatever moment the power goes, each deposit is whole or not there, and `heal` leaves nothing behind."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from verriere.archive import Archive, Deposit, Source

Validate = Callable[[Archive], None]

STEPS = ("os.rename", "os.mkdir", "os.remove", "os.rmdir", "open")
"""What Python tells an audit hook before it does it: every moment at which the disk's names are about to change."""


def deposit_and_die(root: Path, deposits: list[Deposit], step: int) -> bool:
    """Make the deposits in a child process that is killed before its ``step``-th change; whether it was."""
    child = os.fork()
    if child == 0:
        left = step

        def hook(event: str, _: tuple[object, ...]) -> None:
            nonlocal left
            if event in STEPS:
                left -= 1
                if left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        archive = Archive(root)
        sys.addaudithook(hook)
        archive.put_many(deposits)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


@pytest.mark.slow
def test_a_batch_killed_before_any_of_its_steps_leaves_whole_objects(tmp_path: Path, validate: Validate) -> None:
    files = [tmp_path / name for name in ("a.nxs", "b.nxs")]
    step, finished, taken_back = 0, 0, 0
    while True:
        archive = Archive.create(tmp_path / f"archive-{step}")
        files[0].write_bytes(b"first")
        archive.put("old", [Source(files[0], "scan.nxs")], b"1")
        files[0].write_bytes(b"second")
        files[1].write_bytes(b"new")
        deposits = [
            Deposit("old", [Source(files[0], "scan.nxs")], b"2"),
            Deposit("new", [Source(files[1], "scan.nxs")], b"1"),
        ]
        died = deposit_and_die(archive.root, deposits, step)
        seen = (archive.revision("old"), archive.exists("new"))
        archive.heal()
        for name in archive.objects():
            assert archive.verify(name) == ()
        revision = archive.revision("old")
        assert revision in (seen[0], 2), "healing finishes, it does not take back what could be seen"
        assert archive.exists("new") == seen[1]
        assert archive.read_sidecar("old") == str(revision).encode()
        assert archive.path_of("old", "scan.nxs").read_bytes() == (b"first" if revision == 1 else b"second")
        assert [entry.name for entry in (archive.root / "staging").iterdir()] == ["lock"]
        finished += revision == 2
        taken_back += revision == 1
        if not died or step % 12 == 0 or revision == 2:
            validate(archive)
        archive.put_many(deposits)
        assert (archive.revision("old"), archive.revision("new")) == (2, 1), "what was cut off can be done again"
        if not died:
            break
        step += 1
    assert finished > 1
    assert taken_back > 10


PUT_FOR_EVER = """
import itertools, sys
from pathlib import Path
from verriere.archive import Archive, Deposit, Source
archive, folder = Archive(Path(sys.argv[1])), Path(sys.argv[2])
archive.heal()
print("ready", flush=True)
for turn in itertools.count():
    files = []
    for name in range(3):
        path = folder / f"{name}.nxs"
        path.write_bytes(f"{sys.argv[3]} {turn} {name}".encode() * 200_000)
        files.append(Source(path, path.name))
    archive.put_many([Deposit(f"scan-{name}", [file], b"%d" % turn) for name, file in enumerate(files)])
"""


@pytest.mark.slow
def test_sigkill_at_random_moments_loses_nothing_that_was_there(
    archive: Archive, tmp_path: Path, validate: Validate
) -> None:
    dice = random.Random(20241122)
    before: dict[str, int] = {}
    for turn in range(8):
        command = [sys.executable, "-c", PUT_FOR_EVER, str(archive.root), str(tmp_path), str(turn)]
        source = str(Path(__file__).parents[2] / "src")
        environment = {**os.environ, "PYTHONPATH": source}
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            time.sleep(dice.uniform(0.0, 0.25))
            child.kill()
        archive.heal()
        revisions = {name: archive.revision(name) for name in archive.objects()}
        assert all(revisions[name] >= revision for name, revision in before.items())
        before = revisions
    assert before
    for _, findings in archive.verify_many(before):
        assert findings == ()
    validate(archive)


def test_what_a_living_process_stages_is_left_alone(archive: Archive, tmp_path: Path) -> None:
    path = tmp_path / "scan.nxs"
    path.write_bytes(b"x" * 3_000_000)
    healed: list[int] = []

    def heal(_: int) -> None:
        healed.append(Archive(archive.root).heal())

    archive.put("scan-1", [Source(path, "scan.nxs")], b"{}", progress=heal)
    assert healed
    assert not any(healed)
    assert archive.verify("scan-1") == ()


def test_many_processes_write_one_object_and_no_revision_is_lost(archive: Archive, validate: Validate) -> None:
    archive.put("visit:1", [], b"start")
    children = []
    for writer in range(4):
        child = os.fork()
        if child == 0:
            for turn in range(5):
                archive.put_sidecar("visit:1", f"{writer} {turn}".encode(), "a decision")
            os._exit(0)
        children.append(child)
    assert all(os.waitpid(child, 0)[1] == 0 for child in children)
    assert archive.revision("visit:1") == 21
    assert {archive.read_sidecar("visit:1", number) for number in range(2, 22)} == {
        f"{writer} {turn}".encode() for writer in range(4) for turn in range(5)
    }
    validate(archive)
