"""Ingest as a whole: plan, then batches of read, match, keep, register; and what to do after a crash."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from verriere.errors import FacilityBusy
from verriere.ingest.gather import Group
from verriere.ingest.holdings import Holdings
from verriere.ingest.memory import Step, has_unfinished
from verriere.ingest.plan import Plan, plan
from verriere.ingest.readers import Readers
from verriere.ingest.store import Intake, Wish
from verriere.ingest.summary import Outcome, Summary, Taken
from verriere.model import Store

BATCH_BYTES = 256 * 2**20


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an ingest is: datasets and bytes that are done, and of how many."""

    done: int
    total: int
    bytes_done: int
    bytes_total: int


Watcher = Callable[[Progress], None]


def run(
    holdings: Holdings,
    paths: Sequence[Path],
    *,
    visit: str | None = None,
    store: Store | None = None,
    dry_run: bool = False,
    progress: Watcher | None = None,
) -> Summary:
    """Take files and folders into a facility.

    What was left unfinished by a process that died is finished first. Killed at any moment and run again, this has each
    dataset once.

    Parameters
    ----------
    visit
        The visit that all of it is of; without it, each dataset finds its own.
    store
        How the bytes enter the archive; the facility's setting, where None.
    dry_run
        Only say what would be done.
    progress
        Called after each batch.

    Raises
    ------
    InputInvalid
        There is nothing at one of the paths.
    NotFound
        There is no such visit.
    FacilityBusy
        Another ingest is running.
    StorageFull, StorageUnfit
        The archive does not take it; what it took is whole.
    """
    started = time.monotonic()
    request = {
        "paths": [os.path.realpath(path) for path in paths],
        "visit": visit,
        "store": (store or Store(holdings.settings.archive.store)).value,
        "now": holdings.now().isoformat(),
        # Steps are remembered by their number: after a crash the same groups must stand in the same batch.
        "batch": holdings.settings.ingest.batch,
    }
    with Readers(holdings.settings.ingest.workers) as readers:
        work = _Work(holdings, readers, progress)
        if dry_run:
            summary = replace(work.rehearse(request), dry_run=True)
        else:
            from verriere.ingest.durable import durable  # noqa: PLC0415 - see `verriere.ingest.memory`

            with durable(holdings.state, holdings.database, work) as workflows:
                holdings.archive.heal()
                before = workflows.finish()
                summary = _summary(workflows.run(request)).after(
                    _summary(result) for earlier, result in before if _same(earlier, request)
                )
                summary = replace(summary, resumed=len(before))
                holdings.journal()
    return replace(summary, seconds=time.monotonic() - started)


def resume(holdings: Holdings) -> int:
    """Finish the ingests that a crash cut off; returns their number. Nothing where another process is at it."""
    if not has_unfinished(holdings.state, holdings.database):
        return 0
    from verriere.ingest.durable import durable  # noqa: PLC0415 - see `verriere.ingest.memory`

    try:
        with (
            Readers(holdings.settings.ingest.workers) as readers,
            durable(holdings.state, holdings.database, _Work(holdings, readers, None)) as workflows,
        ):
            holdings.archive.heal()
            finished = len(workflows.finish())
            holdings.journal()
            return finished
    except FacilityBusy:
        return 0


class _Work:
    """The workflow: one step plans, one step takes each batch in."""

    def __init__(self, holdings: Holdings, readers: Readers, watcher: Watcher | None) -> None:
        self._holdings = holdings
        self._readers = readers
        self._watcher = watcher

    def __call__(self, request: dict[str, Any], step: Step) -> dict[str, Any]:
        planned = step("plan", lambda: self._plan(request))
        return self._take(request, planned, step, dry_run=False)

    def rehearse(self, request: dict[str, Any]) -> Summary:
        return _summary(self._take(request, self._plan(request), lambda _, part: part(), dry_run=True))

    def _plan(self, request: dict[str, Any]) -> Plan:
        settle = self._holdings.settings.ingest.settle_seconds
        return plan([Path(path) for path in request["paths"]], looker=self._readers.look, settle_seconds=settle)

    def _take(self, request: dict[str, Any], planned: Plan, step: Step, *, dry_run: bool) -> dict[str, Any]:
        wish = Wish(request["visit"], Store(request["store"]), datetime.fromisoformat(request["now"]))
        intake = Intake(self._holdings, wish, self._readers.read_soon)
        parts = list(_batches(planned.groups, request["batch"]))
        taken, size = list[Taken](), 0
        self._tell(0, 0, planned)
        for number, part in enumerate(parts):
            ahead = parts[number + 1] if number + 1 < len(parts) else ()

            def work(part: Sequence[Group] = part, ahead: Sequence[Group] = ahead) -> list[Taken]:
                intake.prepare((*part, *ahead))
                return intake.take(part, dry_run=dry_run)

            taken += step(f"take {number}", work)
            size += sum(group.size for group in part)
            self._tell(len(taken), size, planned)
        return {"taken": tuple(taken), "left_out": planned.left_out, "deferred": planned.deferred}

    def _tell(self, done: int, size: int, planned: Plan) -> None:
        if self._watcher is not None:
            self._watcher(Progress(done, len(planned.groups), size, planned.size))


def _batches(groups: Sequence[Group], most: int) -> Iterator[tuple[Group, ...]]:
    part, size = list[Group](), 0
    for group in groups:
        if part and (len(part) >= most or size + group.size > BATCH_BYTES):
            yield tuple(part)
            part, size = [], 0
        part.append(group)
        size += group.size
    if part:
        yield tuple(part)


def _summary(result: dict[str, Any]) -> Summary:
    return Summary(**result)


def _same(earlier: dict[str, Any], request: dict[str, Any]) -> bool:
    return all(earlier[name] == request[name] for name in ("paths", "visit", "store"))


__all__ = ["Outcome", "Progress", "resume", "run"]
