"""Telling registrars what they do not know yet.

What waits is in the catalogue, written in the transaction of each change, so a power cut loses nothing; what is told is
whole and can be told again, so it registers nothing twice. What is told is made of what is known now, at the level of
someone who has not logged in: an embargo that ended while a registrar was out of reach is over in what it hears.
"""

import fcntl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta

from verriere.catalogue.outbox import Waiting
from verriere.errors import FacilityBusy, RegistrarUnreachable, VerriereError
from verriere.ingest.holdings import Holdings
from verriere.model import PidState, Publication
from verriere.publish.describe import landing_of
from verriere.publish.formats.datacite import attributes
from verriere.publish.registrar import Message, Registrar, registrar_called

BATCH = 20
"""Confirmed together: so many are told again after a power cut, which changes nothing."""

_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of the changes that were due.

    Parameters
    ----------
    told
        How many a registrar has confirmed.
    refused
        How many it did not take.
    trouble
        Why it could not be reached; the rest waits.
    """

    told: int = 0
    refused: int = 0
    trouble: str = ""


def deliver(holdings: Holdings, *, all_of_it: bool = False) -> Delivery:
    """Tell registrars all that is due.

    Parameters
    ----------
    all_of_it
        Also what is to be tried again later.

    Raises
    ------
    FacilityBusy
        Another process is telling them.
    """
    told = refused = 0
    with _alone(holdings), ExitStack() as stack:
        registrars: dict[str, Registrar] = {}
        seen: set[str] = set()
        while batch := _next(holdings, seen, all_of_it=all_of_it):
            seen |= {each.publication.doi for each in batch}
            confirmed: list[tuple[Publication, PidState]] = []
            try:
                for each in batch:
                    publication = each.publication
                    try:
                        registrar = _registrar(holdings, publication.registrar, registrars, stack)
                        confirmed.append((publication, registrar.tell(message_of(holdings, publication))))
                    except RegistrarUnreachable:
                        raise
                    except VerriereError as error:
                        _postpone(holdings, [each], error)
                        refused += 1
            except RegistrarUnreachable as error:
                # What it cannot hear now, it cannot hear of any DOI: one long wait, not one for each.
                waits = holdings.catalogue.waiting(due=None if all_of_it else holdings.now())
                met = {publication.doi for publication, _ in confirmed}
                _postpone(holdings, [each for each in waits if each.publication.doi not in met], error)
                return Delivery(told + _confirm(holdings, confirmed), refused, error.message)
            told += _confirm(holdings, confirmed)
    return Delivery(told, refused)


def deliver_quietly(holdings: Holdings) -> None:
    """Tell registrars what is due, unless another process does; what cannot be told waits and says why."""
    with suppress(FacilityBusy):
        deliver(holdings)


def message_of(holdings: Holdings, publication: Publication) -> Message:
    """What a registrar is to know of a DOI now."""
    if publication.wanted is PidState.DRAFT:
        return Message(publication.doi, publication.wanted, {})
    landing = landing_of(holdings, publication, publication.kind, publication.subject_id)
    return Message(publication.doi, publication.wanted, attributes(landing))


def _next(holdings: Holdings, seen: set[str], *, all_of_it: bool) -> list[Waiting]:
    """The next ones that are due, but for those that were tried just now."""
    due = None if all_of_it else holdings.now()
    waits = holdings.catalogue.waiting(due=due, limit=BATCH + len(seen) if all_of_it else BATCH)
    return [each for each in waits if each.publication.doi not in seen][:BATCH]


def _registrar(holdings: Holdings, name: str, registrars: dict[str, Registrar], stack: ExitStack) -> Registrar:
    if name not in registrars:
        registrars[name] = registrar_called(name, holdings.settings)
        stack.callback(registrars[name].close)
    return registrars[name]


def _confirm(holdings: Holdings, confirmed: list[tuple[Publication, PidState]]) -> int:
    holdings.catalogue.confirm(confirmed, now=holdings.now(), by="registrar")
    holdings.journal()
    return len(confirmed)


def _postpone(holdings: Holdings, waits: list[Waiting], error: VerriereError) -> None:
    now = holdings.now()
    for each in waits:
        trouble = f"{error.message} ({error.hint})" if error.hint else error.message
        holdings.catalogue.postpone(each.publication.doi, trouble, next_at=now + pause_after(each.attempts))


def pause_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts in vain before that last one: twice as long each time."""
    return min(_FIRST_PAUSE * (1 << min(attempts, 16)), _LONGEST_PAUSE)


@contextmanager
def _alone(holdings: Holdings) -> Iterator[None]:
    with (holdings.state / "registrar.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FacilityBusy(
                "another process is telling the registrar", hint="the portal does so by itself: wait a little"
            ) from error
        yield
