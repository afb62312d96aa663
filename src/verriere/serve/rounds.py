"""What the portal does by itself while it runs: embargoes, DOIs, registrars, mails, audits.

Registrars and the post have rounds of their own: one that is slow to answer must not hold up the end of an embargo.
So has the reading of the archive, which takes as long as it takes.
"""

import asyncio
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

from anyio import to_thread

from verriere.facility import Facility
from verriere.publish import automatic, queue
from verriere.publish.oai import Repository
from verriere.serve.meter import Meter
from verriere.stewardship import audit, clock, mail
from verriere.stewardship.dmp import keeping
from verriere.stewardship.embargo import letters

_LOG = logging.getLogger(__name__)
_COUNTING_SECONDS = 5.0
_LETTERS_SECONDS = 3600.0
"""They tell of days: looking at every visit that ends within half a year is not for each minute."""
_PREPARED = 300


@asynccontextmanager
async def rounds(facility: Facility, meter: Meter) -> AsyncIterator[None]:
    """Do all of it, again and again, for as long as the ``with`` lasts."""
    seconds = facility.settings.serve.clock_seconds
    stopped = threading.Event()
    tasks = [
        asyncio.create_task(_repeat(partial(do_what_is_due, facility), seconds)),
        # What waits for an answer from far away can be cut off at any moment.
        asyncio.create_task(_repeat(partial(queue.deliver_quietly, facility), seconds, abandon=True)),
        asyncio.create_task(_repeat(meter.flush, _COUNTING_SECONDS)),
        asyncio.create_task(_repeat(partial(prepare_harvests, facility), seconds)),
        asyncio.create_task(_repeat(partial(_announce, facility), _LETTERS_SECONDS)),
        asyncio.create_task(_repeat(partial(mail.deliver, facility), seconds)),
        asyncio.create_task(_repeat(partial(audit.round_, facility, stopped), seconds)),
    ]
    try:
        yield
    finally:
        stopped.set()
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
        await to_thread.run_sync(meter.flush)


def do_what_is_due(facility: Facility) -> None:
    """Open what is due to open, give the DOIs that the settings want given, and bring the archive up to date."""
    clock.tick(facility, facility.now())
    keeping.ensure(facility, by="portal")
    automatic.catch_up(facility)
    facility.journal()


def _announce(facility: Facility) -> None:
    letters.announce(facility, facility.now())


def prepare_harvests(facility: Facility) -> None:
    """Some at a time: a portal that begins to publish has other things to do as well."""
    if facility.settings.serve.public_url:  # else no record can be made before somebody says where this is
        Repository(facility, facility.settings.serve.public_url.rstrip("/")).prepare(_PREPARED)


async def _repeat(work: Callable[[], object], seconds: float, *, abandon: bool = False) -> None:
    while True:
        try:
            await to_thread.run_sync(work, abandon_on_cancel=abandon)
        except Exception:
            # An embargo that ends a tick late is better than a clock that has stopped.
            _LOG.exception("a round of the portal could not be done")
        await asyncio.sleep(seconds)
