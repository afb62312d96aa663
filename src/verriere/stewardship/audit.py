"""Every object of the archive is read again, within so many days; what is damaged is told, and mended from a copy.

What is found is entered before anything is mended, so that no damage is silent, not even one that was mended just
before the power went.
"""

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import islice
from pathlib import Path

from verriere.archive import Progress, layout
from verriere.catalogue.fixity import Coverage, Kept
from verriere.catalogue.history import Event
from verriere.errors import NotFound
from verriere.ingest.holdings import Holdings
from verriere.model import Finding, Severity
from verriere.policy.audits import AGAIN, next_audit, period
from verriere.stewardship import office
from verriere.wording import finding

BY = "audit"
_LISTED_EVERY = timedelta(days=1)
_TOGETHER = 5_000
_ASKED = 50
_LOWEST = 19
_GIGA = 1_000_000_000


def second_copy(holdings: Holdings) -> Path | None:
    """Where the settings say that another copy of the archive is."""
    named = holdings.settings.archive.second_copy
    return holdings.folder / named if named else None


def coverage(holdings: Holdings) -> Coverage:
    """How far the reading is, by what the settings promise."""
    return holdings.catalogue.audit_coverage(
        holdings.now() - timedelta(days=holdings.settings.archive.audit_days) - _LISTED_EVERY
    )


def due(
    holdings: Holdings, *, most: float = float("inf"), progress: Progress | None = None, by: str = BY
) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Read what is due, one object after the other, and enter how it was.

    Whoever stops in between loses nothing: what was not read is due still.

    Parameters
    ----------
    most
        Bytes after which no other object is begun.
    progress
        Called with the number of bytes read since the last call; what it raises ends the reading.

    Yields
    ------
    tuple
        An object, and what is wrong with it or was mended.
    """
    _list(holdings)
    spent = 0

    def count(size: int) -> None:
        nonlocal spent
        spent += size
        if progress is not None:
            progress(size)

    copy, now = second_copy(holdings), holdings.now()
    since = now - period(holdings.settings.archive.audit_days)
    while found := holdings.catalogue.due_for_audit(now, since, _ASKED):
        for each in found:
            if spent >= most:
                return
            yield each.object_id, look(holdings, each.object_id, copy, by=by, progress=count)


def look(
    holdings: Holdings, object_id: str, copy: Path | None, *, by: str, progress: Progress | None = None
) -> tuple[Finding, ...]:
    """Read an object, enter how it was, and mend it from a copy where there is one; returns what was found.

    Raises
    ------
    NotFound
        There is no such object, and never was.
    StorageFull, StorageUnfit
        What would be mended cannot be written; that it is damaged is entered.
    """
    found = _read(holdings, object_id, progress)
    _enter(holdings, object_id, found, by)
    if copy is None or not found or not holdings.archive.folder_of(object_id).is_dir():
        return found
    found = holdings.archive.verify(object_id, copy)
    _enter(holdings, object_id, found, by)
    return found


def round_(holdings: Holdings, stopped: threading.Event) -> int:
    """Read what is due, as much as one round may, in a thread that gives way to all others; how many objects.

    Parameters
    ----------
    stopped
        Ends the round within a chunk of a file once it is set.
    """

    def progress(_: int) -> None:
        if stopped.is_set():
            raise _StoppedReading

    def work() -> int:
        count = 0
        try:
            for _ in due(holdings, most=holdings.settings.archive.audit_gigabytes * _GIGA, progress=progress):
                count += 1
                if stopped.is_set():
                    break
        except _StoppedReading:
            pass
        holdings.journal()
        return count

    with ThreadPoolExecutor(1, "verriere-audit", initializer=_give_way) as pool:
        return pool.submit(work).result()


class _StoppedReading(Exception):
    """The service ends."""


def _give_way() -> None:
    # On Linux a thread has a niceness of its own, and those that it starts take it over.
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _LOWEST)


def _list(holdings: Holdings) -> None:
    """Look after what the archive holds and nobody looks after yet."""
    now, days = holdings.now(), holdings.settings.archive.audit_days
    last = holdings.catalogue.archive_listed()
    if last is not None and now - last < _LISTED_EVERY:
        return
    objects = holdings.archive.objects()
    while names := list(islice(objects, _TOGETHER)):
        holdings.catalogue.look_after(((name, next_audit(name, now, days)) for name in names), now=now)
    holdings.catalogue.look_after((), now=now, complete=True)


def _read(holdings: Holdings, object_id: str, progress: Progress | None) -> tuple[Finding, ...]:
    try:
        return holdings.archive.verify(object_id, progress=progress)
    except NotFound:
        if holdings.catalogue.kept(object_id) is None:
            raise
        where = layout.object_path(object_id)
        return (finding("fixity-object-missing", str(where), object=object_id),)


def _enter(holdings: Holdings, object_id: str, found: tuple[Finding, ...], by: str) -> None:
    now, days = holdings.now(), holdings.settings.archive.audit_days
    before = holdings.catalogue.kept(object_id)
    wrong = [each for each in found if each.severity is Severity.ERROR]
    mended = [each for each in found if each.code == "fixity-repaired"]
    at = next_audit(object_id, now, days) if not wrong else now + AGAIN
    kept = Kept(object_id, now, now, at, not wrong, found)
    event, letter = "", ""
    if wrong and (before is None or before.whole or not _same(before.findings, found)):
        event, letter = "damaged", "damage-found"
    elif mended and not wrong:
        event, letter = "mended", "damage-mended"
    elif not wrong and before is not None and not before.whole:
        event = "whole-again"
    subject = object_id if ":" in object_id else f"dataset:{object_id}"
    events = [Event(subject, event, {"files": str(len(wrong or mended))})] if event else []
    told = office.letters(holdings, letter, object_id) if letter else ()
    holdings.catalogue.enter_audit(kept, events, now=now, by=by, told=told)


def _same(before: tuple[Finding, ...], found: tuple[Finding, ...]) -> bool:
    return {(each.code, each.where) for each in before} == {(each.code, each.where) for each in found}
