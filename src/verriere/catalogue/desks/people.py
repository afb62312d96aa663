"""The part of the catalogue that knows where people are, and can forget them."""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

from verriere.archive.sidecar import Record
from verriere.catalogue import beamtime, collections, datasets, history, people, publications, requests, tables
from verriere.catalogue.desks.base import Desk
from verriere.catalogue.history import Entry, Event
from verriere.catalogue.people import Logins
from verriere.model import Collection, Dataset, EmbargoRequest, Instrument, Proposal, Visit

_COLUMNS = {
    Instrument: tables.dataset.c.instrument_id,
    Proposal: tables.dataset.c.proposal_id,
    Visit: tables.dataset.c.visit_id,
}
AMENDABLE = tuple(kind for kind in (*get_args(beamtime.Beamtime), Collection, Dataset, EmbargoRequest))
"""Records that can be written again without what they said of a person; the others hold usernames alone."""


class PeopleDesk(Desk):
    """Where people are."""

    def records_with(self, *texts: str, visit_ids: Sequence[str] | None = None) -> list[Record]:
        """The records that hold one of these texts, datasets of all visits or of some; see `people.records_with`."""
        with self._database.read() as connection:
            return list(people.records_with(connection, texts, visit_ids))

    def acts(self, *names: str) -> list[Entry]:
        """What the history says that somebody of these names did."""
        with self._database.read() as connection:
            return people.acts(connection, names)

    def logins(self, username: str, key: str) -> Logins:
        """What is kept of somebody's logging in."""
        with self._database.read() as connection:
            return people.logins(connection, username, key)

    def forget_person(self, username: str, key: str, event: Event, *, now: datetime, by: str) -> list[Entry]:
        """Forget account, sessions, failures and mails of a person; the history keeps that, under another name."""
        with self._database.write() as connection:
            people.forget(connection, username, key)
            return history.append(connection, [event], now, by)

    def amend(self, found: Sequence[Record], *, now: datetime, by: str, event: str) -> list[Entry]:
        """Enter records again that say less of a person, in one transaction.

        Raises
        ------
        TypeError
            One is of a kind that is never amended.
        """
        with self._database.write() as connection:
            events: list[Event] = []
            for kind in sorted({type(each) for each in found}, key=lambda one: one.__name__):
                some = [each for each in found if type(each) is kind]
                if kind not in AMENDABLE:
                    raise TypeError(f"{kind.__name__} is not amended")
                if kind is Dataset:
                    events += datasets.put(connection, self._text, self.embargo, some)  # type: ignore[arg-type]
                elif kind is Collection:
                    events += collections.put(connection, some)  # type: ignore[arg-type]
                elif kind is EmbargoRequest:
                    requests.put(connection, some)  # type: ignore[arg-type]
                    events += [Event(f"request:{each.id}", event) for each in some]  # type: ignore[union-attr]
                else:
                    events += beamtime.put(connection, some)  # type: ignore[arg-type]
                if kind in _COLUMNS:
                    names = [each.id for each in some]  # type: ignore[union-attr]
                    datasets.refresh(connection, self._text, self.embargo, _COLUMNS[kind], names)
            events = [Event(each.subject, event, each.details) for each in events]
            return history.append(connection, [*events, *publications.follow(connection, events, now)], now, by)
