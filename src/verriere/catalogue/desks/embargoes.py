"""The part of the catalogue that knows what was asked and decided about embargoes, and whom to write to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, func, insert, literal_column, select

from verriere.catalogue import beamtime, datasets, history, mails, publications, requests, tables
from verriere.catalogue.codec import decode
from verriere.catalogue.desks.base import Desk
from verriere.catalogue.history import Entry, Event
from verriere.catalogue.mails import Mail
from verriere.model import Dataset, EmbargoRequest, State, Visit

_POLICY = "embargo"


class EmbargoDesk(Desk):
    """Requests, decisions, mails."""

    def request(self, identifier: str) -> EmbargoRequest:
        """A request; raises `NotFound`."""
        with self._database.read() as connection:
            return requests.get(connection, identifier)

    def requests(self, **of: str) -> list[EmbargoRequest]:
        """Requests, the earliest first: all, or those with ``state="waiting"``, ``subject="visit:..."``."""
        with self._database.read() as connection:
            return requests.every(connection, **of)

    def decide(
        self,
        event: Event,
        *,
        now: datetime,
        by: str,
        request: EmbargoRequest | None = None,
        visit: Visit | None = None,
        dataset: Dataset | None = None,
        told: Sequence[Mail] = (),
    ) -> list[Entry]:
        """Enter what was asked or decided, what that changes, and who is written to, in one transaction.

        Parameters
        ----------
        event
            For the history, of the visit or the dataset that it is about.
        visit, dataset
            As they are from now on; the end of the embargo follows.
        """
        with self._database.write() as connection:
            if request is not None:
                requests.put(connection, [request])
            touched = []
            if visit is not None:
                touched += beamtime.put(connection, [visit])
                column = tables.dataset.c.visit_id
                datasets.refresh(connection, self._text, self.embargo, column, [visit.id])
            if dataset is not None:
                touched += datasets.put(connection, self._text, self.embargo, [dataset])
            mails.write(connection, told, now)
            events = [
                event,
                *publications.follow(connection, [replace(each, event="decided") for each in touched], now),
            ]
            return history.append(connection, events, now, by)

    def visits_ending(self, until: datetime) -> list[tuple[Visit, datetime]]:
        """The visits of which something is still under embargo that ends by ``until``, with the first end of each."""
        of = tables.dataset.c
        ending = (
            select(of.visit_id, func.min(of.opens_at).label("ends"))
            .where(of.state == literal_column(f"'{State.EMBARGOED.value}'"), of.opens_at <= until)
            .group_by(of.visit_id)
        )
        with self._database.read() as connection:
            rows = connection.execute(ending).all()
            found = beamtime.some(connection, Visit, {row.visit_id for row in rows if row.visit_id})
        ends = {row.visit_id: row.ends for row in rows}
        return [(found[name], ends[name]) for name in sorted(found)]

    def visits_over(self, since: datetime, until: datetime) -> list[Visit]:
        """The visits that ended between two moments."""
        of = tables.visit.c
        query = select(of.record).where(of.end_at > since, of.end_at <= until).order_by(of.end_at, of.id)
        with self._database.read() as connection:
            return [decode(Visit, record) for record in connection.scalars(query)]

    def recorded_in(self, visit_id: str) -> tuple[int, int, int]:
        """How many datasets a visit has, their bytes, and the findings that somebody should look at."""
        of = tables.dataset.c
        query = select(func.count(), func.sum(of.size), func.sum(of.findings)).where(of.visit_id == visit_id)
        with self._database.read() as connection:
            count, size, findings = connection.execute(query).one()
        return int(count), int(size or 0), int(findings or 0)

    def follow_policy(self, now: datetime) -> list[Entry]:
        """Work out again when each dataset opens, where the facility's policy is not the one it was worked out with.

        Returns
        -------
        list of Entry
            What was entered in the history: that the policy changed, and which. Nothing where it is the same, or where
            this is the first one that the catalogue sees.
        """
        written, of = repr(self.embargo), tables.noted.c
        noted = select(of.value).where(of.name == _POLICY)
        with self._database.read() as connection:
            if connection.scalar(noted) == written:
                return []
        with self._database.write() as connection:
            before = connection.scalar(noted)
            connection.execute(delete(tables.noted).where(of.name == _POLICY))
            connection.execute(insert(tables.noted).values(name=_POLICY, value=written))
            if before in (None, written):
                return []
            visits = beamtime.every(connection, Visit)
            for visit in visits:  # one at a time: what bounds the memory
                datasets.refresh(connection, self._text, self.embargo, tables.dataset.c.visit_id, [visit.id])
            # What is published says the day on which it opens.
            followed = publications.follow(connection, [Event(f"visit:{each.id}", "changed") for each in visits], now)
            event = Event("facility:policy", "policy-changed", {"before": before, "after": written})
            return history.append(connection, [event, *followed], now, "settings")

    # Mails

    def write_mails(self, found: Sequence[Mail], *, now: datetime) -> int:
        """Let mails wait to be sent; returns how many were not told before."""
        with self._database.write() as connection:
            return mails.write(connection, found, now)

    def take_mails(self, now: datetime, most: int) -> list[Mail]:
        """The mails whose turn it is, marked as being sent."""
        with self._database.write() as connection:
            return mails.take(connection, now, most)

    def mail_sent(self, event: str, *, now: datetime) -> list[Entry]:
        """A mail was taken by the server; the history keeps that, so that a rebuilt catalogue sends no second."""
        with self._database.write() as connection:
            mails.sent(connection, event)
            return history.append(connection, [Event(f"mail:{event}", "sent")], now, "mail")

    def mail_failed(self, each: Mail, trouble: str, *, now: datetime) -> None:
        """A mail was not taken by the server; it is tried again later."""
        with self._database.write() as connection:
            mails.failed(connection, each, trouble, now)

    def mails(self, state: str) -> list[Mail]:
        """The mails that are ``waiting``, ``sending`` (and may have gone out) or ``sent``."""
        with self._database.read() as connection:
            return mails.in_state(connection, state)
