"""The part of the catalogue that knows what hangs together, as far as anyone may know."""

from collections.abc import Collection as Some
from dataclasses import dataclass

from sqlalchemy import and_, func, select

from verriere.catalogue import linked
from verriere.catalogue.desks.base import Desk
from verriere.catalogue.linked import Link
from verriere.catalogue.tables import dataset, publication
from verriere.catalogue.visibility import visible
from verriere.model import ANONYMOUS, PidKind, PidState, State, Viewer
from verriere.policy import Access

_CHUNK = 500
"""How many identifiers go into one query."""


@dataclass(frozen=True, slots=True)
class Tied:
    """A dataset that something hangs together with, under the title that everyone may know."""

    id: str
    title: str
    state: State


class TieDesk(Desk):
    """Which datasets belong to a visit, an instrument, a sample, and which DOIs they are known by."""

    def dois(self, kind: PidKind, subjects: Some[str]) -> dict[str, str]:
        """The DOIs that things of one kind are known by, as `PublicationDesk.publication_of` tells them; no drafts.

        What was withdrawn is told where nothing has come after it.
        """
        of = publication.c
        columns = select(of.subject_id, of.doi).where(of.kind == kind.value, of.wanted != PidState.DRAFT.value)
        if kind is PidKind.DATASET:
            columns = columns.where(of.version.is_not(None))
        columns = columns.order_by(of.wanted != PidState.FINDABLE.value, of.version.desc(), of.created_at.desc())
        found: dict[str, str] = {}
        wanted = sorted(subjects)
        with self._database.read() as connection:
            for start in range(0, len(wanted), _CHUNK):
                part = columns.where(of.subject_id.in_(wanted[start : start + _CHUNK]))
                for identifier, doi in connection.execute(part):
                    found.setdefault(identifier, doi)
        return found

    def public_datasets(
        self, *, at_least: Access = Access.CITATION, most: int = 1_000, viewer: Viewer = ANONYMOUS, **of: str
    ) -> tuple[int, list[Tied]]:
        """How many datasets of a thing anyone may see ``at_least`` so much of, and the first of them.

        Parameters
        ----------
        viewer
            Someone who may see more than anyone.
        of
            ``visit_id="..."``, ``sample_id="..."``, ``instrument_id="..."``, ``state="..."``.
        """
        known = visible(viewer, self.access_rules, at_least=at_least)
        condition = and_(known, *(dataset.c[name] == value for name, value in of.items()))
        with self._database.read() as connection:
            total = connection.scalar(select(func.count()).select_from(dataset).where(condition)) or 0
            columns = select(dataset.c.id, dataset.c.public_title, dataset.c.state)
            rows = (
                connection.execute(columns.where(condition).order_by(dataset.c.key).limit(most)).all() if total else []
            )
        return total, [Tied(row.id, row.public_title, State(row.state)) for row in rows]

    def links(self) -> tuple[set[str], set[Link], set[Link]]:
        """All that there is, what its records name, and by what the other ends find it."""
        with self._database.read() as connection:
            return set(linked.things(connection)), set(linked.stated(connection)), set(linked.found(connection))

    def public_pages(self, *, after: int = 0, most: int = 10_000) -> list[Tied]:
        """The datasets that anyone may see, in the order they were entered: what search engines are told of."""
        known = visible(ANONYMOUS, self.access_rules)
        columns = select(dataset.c.id, dataset.c.public_title, dataset.c.state).where(known)
        query = columns.order_by(dataset.c.key).offset(after).limit(most)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return [Tied(row.id, row.public_title, State(row.state)) for row in rows]
