"""The part of the catalogue that knows datasets: entering, showing, searching them, and what time does to them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, and_, true

from verriere.catalogue import beamtime, datasets, history, publications, tables
from verriere.catalogue.desks.base import Desk
from verriere.catalogue.history import Entry
from verriere.catalogue.search import Hit, Page, Searcher, Sort
from verriere.catalogue.suggest import Advice, advise
from verriere.errors import NotFound
from verriere.model import Dataset, Publication, State, Viewer
from verriere.policy import Access, access, disclose


class DatasetDesk(Desk):
    """Datasets."""

    def register(self, found: Sequence[Dataset], *, now: datetime, by: str = "ingest") -> list[Entry]:
        """Enter datasets, or what is newly known of them, with the history of it, in one transaction.

        What is known already changes nothing and is not entered again.

        Returns
        -------
        list of Entry
            What was entered in the history; belongs into the archive's journal.

        Raises
        ------
        InputInvalid
            A dataset is of a visit that there is not.
        """
        with self._database.write() as connection:
            events = datasets.put(connection, self._text, self.embargo, found)
            return history.append(connection, [*events, *publications.follow(connection, events, now)], now, by)

    def dataset(self, identifier: str) -> Dataset:
        """The whole record of a dataset; what of it a viewer may see, `verriere.policy.disclose` says.

        Raises
        ------
        NotFound
            There is none.
        """
        with self._database.read() as connection:
            return datasets.get(connection, identifier)

    def datasets(self, **of: str) -> list[Dataset]:
        """Whole records by identifier: all, or those with ``visit_id="..."``, ``state="open"``, ``source="..."``."""
        conditions = [tables.dataset.c[name] == value for name, value in of.items() if name != "state"]
        if "state" in of:
            conditions.append(datasets.in_state(State(of["state"])))
        with self._database.read() as connection:
            return list(datasets.where(connection, and_(true(), *conditions)))

    def datasets_by_source(self, *sources: str) -> list[Dataset]:
        """What was ingested from these places; a thousand at most."""
        with self._database.read() as connection:
            return list(datasets.where(connection, tables.dataset.c.source.in_(sources)))

    def datasets_of_size(self, visit_id: str, size: int) -> list[Dataset]:
        """The datasets of a visit whose files have so many bytes together: what a copy would have."""
        with self._database.read() as connection:
            of = tables.dataset.c
            return list(datasets.where(connection, and_(of.visit_id == visit_id, of.size == size)))

    def access(self, identifier: str, viewer: Viewer) -> Access:
        """How much of a dataset a viewer may see; `Access.NONE` also where there is no such dataset."""
        with self._database.read() as connection:
            standing = datasets.standing(connection, identifier)
            if standing is None:
                return Access.NONE
            state, visit_id = standing
            return access(state, beamtime.team_of(connection, visit_id), viewer, self.access_rules)

    def shown(self, identifier: str, viewer: Viewer) -> tuple[Dataset, Access]:
        """What a viewer may see of a dataset, and how much that is.

        Raises
        ------
        NotFound
            There is none, or none that this viewer may know of.
        """
        with self._database.read() as connection:
            # Before the record is read: how long that takes must not tell that there is one.
            state, visit_id = datasets.standing(connection, identifier) or (State.QUARANTINED, None)
            level = access(state, beamtime.team_of(connection, visit_id), viewer, self.access_rules)
            if level is Access.NONE:
                raise NotFound(f"no dataset {identifier}")
            found = datasets.get(connection, identifier)
        return disclose(found, level), level

    def opens_at(self, identifier: str) -> datetime | None:
        """When the embargo of a dataset ends or ended; None in quarantine and for proprietary research."""
        with self._database.read() as connection:
            return datasets.opens_at(connection, identifier)

    def search(
        self,
        text: str,
        viewer: Viewer,
        *,
        sort: Sort = "relevance",
        page: int = 1,
        size: int = 20,
        facets: bool = False,
        filters: Mapping[str, str | Collection[str]] | None = None,
    ) -> Page:
        """One page of what a viewer may find; see `verriere.catalogue.search.Searcher.search`."""
        with self._database.read() as connection:
            searcher = Searcher(self._text, self.access_rules, self.embargo)
            found = searcher.search(
                connection, text, viewer, sort=sort, page=page, size=size, facets=facets, filters=filters
            )
            hits = tuple(_titled(connection, hit) if hit.access is Access.TEAM else hit for hit in found.hits)
        return replace(found, hits=hits)

    def advise(self, text: str, viewer: Viewer) -> Advice:
        """What in a search that found nothing nobody knows, and what was probably meant; see `suggest.advise`."""
        with self._database.read() as connection:
            return advise(connection, text, viewer, self.access_rules)

    def due(self, now: datetime, *, most: int | None = None) -> list[tuple[Dataset, datetime]]:
        """The embargoed datasets that were to open by ``now``, each with the moment of it, the earliest first."""
        with self._database.read() as connection:
            return datasets.due_now(connection, now, most)

    def transition(
        self,
        changed: Sequence[Dataset],
        *,
        event: str,
        now: datetime,
        by: str,
        decided: Sequence[Publication] = (),
    ) -> list[Entry]:
        """Enter datasets in a new state, with the history of it, in one transaction.

        What is published about them changes in that same transaction: from the moment a dataset is open, its DOI waits
        to be told so, and harvesters see a new datestamp.

        Parameters
        ----------
        decided
            What becomes of their DOIs by the same decision.
        """
        with self._database.write() as connection:
            events = datasets.put(connection, self._text, self.embargo, changed)
            events = [replace(each, event=event) for each in events]
            events += publications.put(connection, decided, event, now)
            events += publications.follow(connection, events, now)
            return history.append(connection, events, now, by)

    def quarantined(self) -> list[Dataset]:
        """The datasets of which nobody knows the visit."""
        return self.datasets(state=State.QUARANTINED.value)

    def assign(self, identifier: str, visit_id: str, *, by: str, now: datetime) -> Dataset:
        """Say which visit a dataset in quarantine belongs to; its state follows from the visit.

        The record that comes back has the next revision, and belongs into the archive as well.

        Raises
        ------
        NotFound
            There is no such dataset or no such visit.
        InputInvalid
            The dataset is not in quarantine.
        """
        with self._database.write() as connection:
            changed = datasets.assigned(connection, identifier, visit_id, self.embargo, now)
            events = datasets.put(connection, self._text, self.embargo, [changed])
            events = [replace(each, event="assigned") for each in events]
            history.append(connection, [*events, *publications.follow(connection, events, now)], now, by)
            return changed


def _titled(connection: Connection, hit: Hit) -> Hit:
    """A hit with the title that its team knows: the search tables withhold one that names a person."""
    return replace(hit, title=datasets.get(connection, hit.id).title) if hit.title == hit.id else hit
