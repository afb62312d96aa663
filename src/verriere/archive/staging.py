"""Changes of objects, made ready beside the storage root and then moved in.

Every batch has a folder of its own under ``staging/`` and holds a lock in it while its process lives::

    staging/<token>/lock
                    intent.json          which changes are complete and may be moved in
                    <number>/object/     a whole new object, moved in by one rename
                    <number>/v3/         a new version of an object that exists ...
                             inventory.json, inventory.json.sha256      ... and what then replaces its inventory

``intent.json`` is written after everything else of the batch is on the disk. A folder whose process has died is
*settled*: a version that was moved in gets its inventory (the change is finished), everything else is taken back.
Readers follow the inventory only, so they never see a version before it is whole.
"""

import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from verriere.archive import disk
from verriere.archive.inventory import DIGEST_NAME, FILE_NAME

OBJECT = "object"
_INTENT = "intent.json"
_LOCK = "lock"


@dataclass(frozen=True, slots=True)
class Change:
    """One object's change, ready in ``staging/<token>/<number>``.

    Parameters
    ----------
    number
        Of the change in its batch.
    path
        Folder of the object, relative to the storage root.
    version
        Number of the version that the change brings.
    """

    number: int
    path: str
    version: int


@contextmanager
def batch(staging: Path) -> Iterator[Path]:
    """A new folder under ``staging``, locked; whatever is in it at the end is removed."""
    folder = staging / secrets.token_hex(8)
    # The lock on the whole keeps `heal` from taking the folder for a dead one before its own lock is held.
    with ExitStack() as ending:
        with disk.locked(staging / _LOCK):
            folder.mkdir()
            ending.callback(disk.remove, folder)
            lock = disk.try_lock(folder / _LOCK)
        assert lock is not None
        ending.callback(os.close, lock)
        yield folder


def move_in(folder: Path, ocfl: Path, changes: Sequence[Change]) -> None:
    """Make the staged changes visible, after they are on the disk, and wait until that is on the disk too.

    Raises
    ------
    OSError
        Something could not be written; what was begun is settled.
    """
    disk.sync_all(folder)
    disk.replace(folder / _INTENT, json.dumps([asdict(change) for change in changes]).encode())
    try:
        for change in changes:
            _move_in(folder / str(change.number), ocfl / change.path, change.version)
    except OSError:
        settle(folder, ocfl)
        raise
    disk.sync_all(ocfl)


def settle(folder: Path, ocfl: Path) -> int:
    """Finish what was begun of a batch; returns the number of changes that are in. The rest is still only staged."""
    try:
        intent = [Change(**row) for row in json.loads((folder / _INTENT).read_bytes())]
    except FileNotFoundError:
        return 0
    settled = 0
    for change in intent:
        staged, target = folder / str(change.number), ocfl / change.path
        if change.version == 1:
            done = not (staged / OBJECT).exists()
        else:
            done = not (staged / f"v{change.version}").exists()
            if done:
                _replace_inventory(staged, target)
        if not done:
            disk.drop_empty([target.parent])
        settled += done
    if settled:
        disk.sync_all(ocfl)
    return settled


def heal(staging: Path, ocfl: Path) -> int:
    """Settle and remove the folders of processes that died; returns the number of changes that were finished."""
    finished = 0
    with disk.locked(staging / _LOCK):
        for folder in sorted(entry for entry in staging.iterdir() if entry.is_dir()):
            try:
                lock = disk.try_lock(folder / _LOCK)
            except FileNotFoundError:
                continue  # its process has just removed it
            if lock is None:
                continue  # its process lives
            finished += settle(folder, ocfl)
            disk.remove(folder)
            os.close(lock)
    return finished


def _move_in(staged: Path, target: Path, version: int) -> None:
    if version > 1:
        (staged / f"v{version}").rename(target / f"v{version}")
        _replace_inventory(staged, target)
        return
    while True:
        target.parent.mkdir(exist_ok=True)
        try:
            (staged / OBJECT).rename(target)
        except FileNotFoundError:
            if target.parent.exists():
                raise
            continue  # another process has just dropped the empty folder
        return


def _replace_inventory(staged: Path, target: Path) -> None:
    for name in (FILE_NAME, DIGEST_NAME):
        with suppress(FileNotFoundError):
            (staged / name).rename(target / name)
