"""The part of the catalogue that knows proposals, visits, instruments and samples."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement

from verriere.catalogue import beamtime, datasets, history, publications, tables
from verriere.catalogue.desks.base import Desk
from verriere.catalogue.history import Entry
from verriere.model import Instrument, Proposal, Sample, Visit


class BeamtimeDesk(Desk):
    """Proposals, visits, instruments and samples."""

    def put_instruments(self, found: Sequence[Instrument], *, now: datetime, by: str = "import") -> list[Entry]:
        """Enter instruments, or what is newly known of them."""
        return self._put(found, tables.dataset.c.instrument_id, now, by)

    def put_proposals(self, found: Sequence[Proposal], *, now: datetime, by: str = "import") -> list[Entry]:
        """Enter proposals, or what is newly known of them."""
        return self._put(found, tables.dataset.c.proposal_id, now, by)

    def put_visits(self, found: Sequence[Visit], *, now: datetime, by: str = "import") -> list[Entry]:
        """Enter visits, or what is newly known of them: their end and decisions move the end of embargoes.

        Raises
        ------
        InputInvalid
            A visit is of a proposal that there is not.
        """
        return self._put(found, tables.dataset.c.visit_id, now, by)

    def put_samples(self, found: Sequence[Sample], *, now: datetime, by: str = "import") -> list[Entry]:
        """Enter samples, or what is newly known of them; raises as `put_visits` does."""
        return self._put(found, tables.dataset.c.sample_id, now, by)

    def instrument(self, identifier: str) -> Instrument:
        """An instrument; raises `NotFound`."""
        return self._one(Instrument, identifier)

    def proposal(self, identifier: str) -> Proposal:
        """A proposal; raises `NotFound`."""
        return self._one(Proposal, identifier)

    def visit(self, identifier: str) -> Visit:
        """A visit; raises `NotFound`."""
        return self._one(Visit, identifier)

    def sample(self, identifier: str) -> Sample:
        """A sample; raises `NotFound`."""
        return self._one(Sample, identifier)

    def instruments(self) -> list[Instrument]:
        """All instruments, by identifier."""
        return self._every(Instrument)

    def proposals(self) -> list[Proposal]:
        """All proposals, by identifier."""
        return self._every(Proposal)

    def visits(self, **of: str) -> list[Visit]:
        """Visits by identifier: all, or those with ``proposal_id="..."`` or ``instrument_id="..."``."""
        return self._every(Visit, **of)

    def samples(self, **of: str) -> list[Sample]:
        """Samples by identifier: all, or those with ``proposal_id="..."``."""
        return self._every(Sample, **of)

    def visits_at(self, instrument_id: str, moment: datetime, slack: timedelta) -> list[Visit]:
        """The visits on an instrument around a moment, the earliest first."""
        with self._database.read() as connection:
            return beamtime.visits_at(connection, instrument_id, moment, slack)

    def visits_of(self, person: str) -> list[Visit]:
        """The visits of whose team a person is (`verriere.model.Person.key`), the latest first."""
        with self._database.read() as connection:
            return beamtime.visits_of(connection, person)

    def team(self, visit_id: str) -> frozenset[str]:
        """Keys of the people of a visit and its proposal."""
        with self._database.read() as connection:
            return beamtime.team_of(connection, visit_id)

    def _put(
        self,
        found: Sequence[Instrument | Proposal | Visit | Sample],
        column: ColumnElement[str | None],
        now: datetime,
        by: str,
    ) -> list[Entry]:
        with self._database.write() as connection:
            events = beamtime.put(connection, found)
            changed = [each.subject.partition(":")[2] for each in events if each.event == "changed"]
            datasets.refresh(connection, self._text, self.embargo, column, changed)
            return history.append(connection, [*events, *publications.follow(connection, events, now)], now, by)

    def _one(self, kind: type[beamtime.Thing], identifier: str) -> beamtime.Thing:
        with self._database.read() as connection:
            return beamtime.one(connection, kind, identifier)

    def _every(self, kind: type[beamtime.Thing], **of: str) -> list[beamtime.Thing]:
        with self._database.read() as connection:
            return beamtime.every(connection, kind, **of)
