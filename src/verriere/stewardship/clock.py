"""The clock of the embargoes: what is due to open opens by itself."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from verriere.archive import Receipt
from verriere.archive.sidecar import encode
from verriere.ingest.holdings import Holdings
from verriere.model import Dataset, State

BATCH = 500
"""Datasets that are opened together: what is lost when the power goes is done again by the next tick."""

BY = "clock"


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of state that was due, and since when."""

    dataset_id: str
    title: str
    before: State
    after: State
    due_at: datetime


def tick(holdings: Holdings, now: datetime, *, dry_run: bool = False) -> tuple[Transition, ...]:
    """Open every dataset whose embargo has ended by ``now``, in the archive and in the catalogue.

    A dataset is open from the moment its embargo ended, whenever the clock looks; so a tick that was cut off and one
    that follows it write the same record.

    Raises
    ------
    StorageFull, StorageUnfit
        The archive does not take the new records; what was opened before stays so.
    """
    if dry_run:
        return tuple(_transition(*each) for each in holdings.catalogue.due(now))
    opened: list[Transition] = []
    # Some at a time: what bounds the memory, however long nobody looked.
    while found := holdings.catalogue.due(now, most=BATCH):
        _open(holdings, found, now)
        opened += (_transition(*each) for each in found)
    return tuple(opened)


def _transition(dataset: Dataset, due_at: datetime) -> Transition:
    return Transition(dataset.id, dataset.title, dataset.state, State.OPEN, due_at)


def _open(holdings: Holdings, found: list[tuple[Dataset, datetime]], now: datetime) -> None:
    opened: dict[str, Dataset] = {}

    def record(dataset: Dataset, at: datetime) -> Callable[[Receipt], bytes]:
        def text(receipt: Receipt) -> bytes:
            opened[dataset.id] = replace(dataset, state=State.OPEN, opened_at=at, revision=receipt.revision)
            return encode(opened[dataset.id])

        return text

    # The archive first: what only it knows, the next tick finds due again and enters.
    holdings.archive.put_sidecars({each.id: record(each, at) for each, at in found}, "embargo ended", created=now)
    holdings.catalogue.transition(list(opened.values()), event="opened", now=now, by=BY)
    holdings.journal()
