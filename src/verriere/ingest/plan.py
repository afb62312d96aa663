"""Which files of the given paths belong together as one dataset, and what each of them is to it.

The rules are the tables of ``grouping.toml`` and one thing that only files can say: a master's links name the files
that belong to it. A link counts as far as the master's own folder and what is below it; what lies elsewhere belongs to
somebody else. Each file ends in a group, among the left out or among the deferred: nothing is lost silently. The same
files give the same groups in the same order.
"""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from verriere.errors import InputInvalid
from verriere.ingest.gather import Gathering, Group, Member
from verriere.ingest.look import Look, look
from verriere.ingest.rules import Rules, rules
from verriere.ingest.tree import Folder, read_file, read_folder, shown
from verriere.model import Finding
from verriere.wording import finding

__all__ = ["Group", "Looker", "Member", "Plan", "plan"]

Looker = Callable[[Sequence[Path]], Iterable[Look]]
PARENTS_OF_A_FILE = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """The datasets of the given paths, what was left out and what has to wait, each with its reason."""

    groups: tuple[Group, ...] = ()
    left_out: tuple[Finding, ...] = ()
    deferred: tuple[Finding, ...] = ()

    @property
    def size(self) -> int:
        """Bytes in all groups."""
        return sum(group.size for group in self.groups)


def look_one_by_one(paths: Sequence[Path]) -> Iterable[Look]:
    """Look at files in this process."""
    return map(look, paths)


def plan(
    paths: Iterable[Path], *, looker: Looker = look_one_by_one, now: float | None = None, settle_seconds: float = 60.0
) -> Plan:
    """Group the files of the given paths into datasets.

    Parameters
    ----------
    paths
        Files and folders; of a file, the whole dataset that it is of is taken.
    looker
        Looks at many HDF5 files; by default one after the other.
    now
        Seconds since 1970; by default the clock of this machine.
    settle_seconds
        A file that is open for writing waits while it was changed less than so long ago; a mark of an open file that
        is older was left by a program that died.

    Raises
    ------
    InputInvalid
        There is nothing at one of the paths.
    """
    tables, left_out = rules(), list[Finding]()
    given, tops = set[Path](), dict[Path, bool]()
    for path in paths:
        real = Path(os.path.realpath(path))
        if real.is_dir():
            tops[real] = True
        elif real.is_file():
            given.add(real)
            tops.setdefault(_folder_of(real, tables), False)
        else:
            raise InputInvalid(f"there is nothing at {path}", hint="check the path")
    wholes = {top for top, whole in tops.items() if whole}
    groups, deferred = list[Group](), list[Finding]()
    for top in sorted(tops):
        if any(parent in wholes for parent in top.parents):
            continue
        wanted = None if top in wholes else frozenset(path for path in given if top in path.parents)
        unasked = left_out if wanted is None else []
        folder = read_folder(top, tables, unasked) if wanted is None else _around(top, wanted, tables)
        gathering = Gathering(tables, looker, wanted)
        gathering.gather(folder)
        groups += gathering.groups
        left_out += [found for found in gathering.left_out if wanted is None or Path(found.where) in wanted]
        deferred += [found for found in gathering.deferred if wanted is None or Path(found.where) in wanted]
    ready, waiting = _settled(groups, time.time() if now is None else now, settle_seconds)
    return Plan(tuple(ready), tuple(left_out), (*deferred, *waiting))


def _folder_of(path: Path, tables: Rules) -> Path:
    """The folder to look at for one file: its own, or the one above that is a dataset as a whole."""
    for parent in list(path.parents)[:PARENTS_OF_A_FILE]:
        if any(rule.fits(parent.name, _names(parent)) for rule in tables.folders):
            return parent.parent
    return path.parent


def _names(folder: Path) -> frozenset[str]:
    try:
        return frozenset(entry.name for entry in folder.iterdir())
    except OSError:
        return frozenset()


def _around(top: Path, wanted: frozenset[Path], tables: Rules) -> Folder:
    """The folder of single files, and of the folders in it those that can be of the same dataset."""
    folder = read_folder(top, tables, [], deep=False)
    stems = {path.relative_to(top).parts[0] for path in wanted} | {tables.stem_and_suffix(p.name)[0] for p in wanted}
    folder.folders = [read_folder(f.path, tables, []) for f in folder.folders if f.path.name in stems]
    return folder


def _settled(groups: list[Group], now: float, settle_seconds: float) -> tuple[list[Group], list[Finding]]:
    ready, waiting = [], []
    for group in groups:
        busy = [path for path in group.writing if now - _modified(path) < settle_seconds]
        if busy:
            waiting.append(finding("deferred-writing", shown(busy[0])))
        else:
            ready.append(group)
    return ready, waiting


def _modified(path: Path) -> float:
    try:
        return read_file(path).modified
    except OSError:
        return 0.0
