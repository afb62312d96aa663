"""The part of the catalogue that knows plans, and how much was recorded."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from verriere.catalogue import beamtime, history, tables, volumes
from verriere.catalogue.codec import decode
from verriere.catalogue.desks.base import Desk
from verriere.catalogue.history import Entry
from verriere.catalogue.volumes import VisitVolume, YearVolume
from verriere.model import Dataset, Plan, Proposal, State, Survey


class PlanDesk(Desk):
    """Data management plans, surveys, volumes."""

    def put_plans(self, found: Sequence[Plan], *, now: datetime, by: str) -> list[Entry]:
        """Enter plans, or what is newly known of them."""
        with self._database.write() as connection:
            return history.append(connection, beamtime.put(connection, found), now, by)

    def plan(self, identifier: str) -> Plan:
        """A plan; raises `NotFound`."""
        with self._database.read() as connection:
            return beamtime.one(connection, Plan, identifier)

    def plans(self, **of: str) -> list[Plan]:
        """Plans by identifier: all, or those with ``proposal_id="..."``."""
        with self._database.read() as connection:
            return beamtime.every(connection, Plan, **of)

    def proposals_without_plan(self) -> list[Proposal]:
        """The proposals that have no plan yet."""
        planned = select(tables.plan.c.proposal_id).where(tables.plan.c.proposal_id.is_not(None))
        query = select(tables.proposal.c.record).where(tables.proposal.c.id.not_in(planned))
        with self._database.read() as connection:
            found = connection.scalars(query.order_by(tables.proposal.c.id))
            return [decode(Proposal, record) for record in found]

    def put_surveys(self, found: Sequence[Survey], *, now: datetime, by: str) -> list[Entry]:
        """Enter surveys, or what is newly known of them."""
        with self._database.write() as connection:
            return history.append(connection, beamtime.put(connection, found), now, by)

    def surveys(self) -> list[Survey]:
        """All surveys, by year."""
        with self._database.read() as connection:
            return beamtime.every(connection, Survey)

    def volumes_by_visit(self, *visit_ids: str, states: Sequence[State] = tuple(State)) -> list[VisitVolume]:
        """How much each visit recorded, by technique; of all visits or some, over datasets in some states."""
        with self._database.read() as connection:
            return volumes.by_visit(connection, states, *visit_ids)

    def volumes_by_year(self) -> list[YearVolume]:
        """How much each instrument recorded in each year."""
        with self._database.read() as connection:
            return volumes.by_year(connection)

    def newest_open(self, instrument_id: str, size: int) -> list[Dataset]:
        """The newest open datasets of an instrument: its past, as far as everyone may know it."""
        of, record = tables.dataset.c, tables.dataset_record.c
        query = (
            select(record.record)
            .join_from(tables.dataset, tables.dataset_record, record.dataset_key == of.key)
            .where(of.state == State.OPEN.value, of.instrument_id == instrument_id)
            .order_by(of.moment.desc(), of.key.desc())
            .limit(size)
        )
        with self._database.read() as connection:
            return [decode(Dataset, text) for text in connection.scalars(query)]
