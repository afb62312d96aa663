"""Reading an object again, and mending it: what `Archive.verify` does, one object at a time."""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock

from verriere.archive import examine
from verriere.archive.digest import Progress
from verriere.archive.examine import Damage, Look
from verriere.archive.repair import Repair
from verriere.model import Finding
from verriere.wording import finding


def verify(
    folder: Path,
    object_id: str,
    lock: AbstractContextManager[None],
    *,
    progress: Progress | None,
    pool: Executor | None,
) -> tuple[Finding, ...]:
    """What is wrong with an object.

    Parameters
    ----------
    lock
        Held while the structure is looked at, so that a version that is just being added is not taken for damage.
        Bytes that are in an object never change, so they are read without it.
    pool
        Reads files side by side.
    """
    with lock:
        look = examine.structure(folder, object_id)
    return tuple(damage.finding for damage in _all(folder, look, progress, pool))


def mend(
    repair: Repair, folder: Path, object_id: str, *, progress: Progress | None, pool: Executor | None
) -> tuple[Finding, ...]:
    """Mend what can be mended; what was mended and what is still wrong. The object must be locked.

    A dry repair mends nothing: beside what is wrong it says where whole bytes are.
    """
    findings: list[Finding] = []
    look = examine.structure(folder, object_id)
    for damage in look.damage:
        origin = repair.structure(damage, look.inventory)
        if origin is not None:
            findings.append(_mended(damage, object_id, origin, dry=repair.dry))
    look = examine.structure(folder, object_id)
    sizes = examine.sizes(folder, look.inventory) if look.inventory else {}
    for damage in _all(folder, look, progress, pool):
        origin = repair.content(damage, sizes.get(damage.sha256)) if damage.sha256 else None
        if origin is None or repair.dry:
            findings.append(damage.finding)
        if origin is not None:
            findings.append(_mended(damage, object_id, origin, dry=repair.dry))
    return tuple(findings)


def one_at_a_time(progress: Progress) -> Progress:
    """The same progress, for several threads that would call it at once."""
    lock = Lock()

    def call(count: int) -> None:
        with lock:
            progress(count)

    return call


def _all(folder: Path, look: Look, progress: Progress | None, pool: Executor | None) -> Iterator[Damage]:
    yield from look.damage
    if look.inventory is not None:
        yield from examine.content(folder, look.inventory, progress, pool)


def _mended(damage: Damage, object_id: str, origin: Path, *, dry: bool) -> Finding:
    code = "fixity-repairable" if dry else "fixity-repaired"
    return finding(code, damage.path, file=damage.finding.file, source=origin, object=object_id)
