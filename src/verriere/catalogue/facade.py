"""The catalogue as the other rooms know it: one name for each thing that can be asked of it.

Nothing is decided here. Each method opens a transaction and hands on to the module that knows: `datasets`,
`beamtime`, `search`, `history`; accounts and sessions are in `logins`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

from sqlalchemy import ColumnElement, and_, true

from verriere.catalogue import beamtime, datasets, dump, history, schema, tables
from verriere.catalogue.database import Database
from verriere.catalogue.fulltext import full_text
from verriere.catalogue.history import Entry
from verriere.catalogue.logins import LoginDesk
from verriere.catalogue.search import Page, Searcher, Sort
from verriere.errors import NotFound
from verriere.model import Dataset, Instrument, Proposal, Sample, State, Viewer, Visit
from verriere.policy import Access, AccessRules, EmbargoRules, access, disclose


class Catalogue(LoginDesk):
    """What a facility remembers.

    Parameters
    ----------
    database
        With the present schema; `Catalogue.open` makes sure of it.
    embargo, access_rules
        What the facility chose in its settings.
    """

    def __init__(self, database: Database, *, embargo: EmbargoRules, access_rules: AccessRules) -> None:
        super().__init__(database)
        self.url = database.url
        self._text = full_text(database.dialect)
        self._search = Searcher(self._text, access_rules, embargo)
        self.embargo = embargo
        self.access_rules = access_rules

    @classmethod
    def create(cls, url: str, *, embargo: EmbargoRules | None = None, access: AccessRules | None = None) -> Self:
        """Make the tables in an empty database, then open it; in one that has them already, only open it."""
        upgrade(url)
        return cls.open(url, embargo=embargo, access=access)

    @classmethod
    def open(cls, url: str, *, embargo: EmbargoRules | None = None, access: AccessRules | None = None) -> Self:
        """Open a catalogue.

        Parameters
        ----------
        url
            ``sqlite:///PATH`` or ``postgresql://USER:PASSWORD@HOST/NAME``.

        Raises
        ------
        DatabaseOutdated
            Another version of verriere made it; the hint is the command that upgrades it.
        DatabaseUnreachable
            It does not answer.
        """
        database = Database(url)
        try:
            schema.require_current(database)
        except BaseException:
            database.close()
            raise
        return cls(database, embargo=embargo or EmbargoRules(), access_rules=access or AccessRules())

    def close(self) -> None:
        """Close every connection."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # Datasets

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
            return history.append(connection, events, now, by)

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
        with self._database.read() as connection:
            return list(datasets.where(connection, and_(true(), *(tables.dataset.c[n] == v for n, v in of.items()))))

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
            return self._search.search(
                connection, text, viewer, sort=sort, page=page, size=size, facets=facets, filters=filters
            )

    # Time and people

    def due(self, now: datetime) -> list[tuple[Dataset, datetime]]:
        """The embargoed datasets that were to open by ``now``, each with the moment of it, the earliest first."""
        with self._database.read() as connection:
            return datasets.due_now(connection, now)

    def transition(self, changed: Sequence[Dataset], *, event: str, now: datetime, by: str) -> list[Entry]:
        """Enter datasets in a new state, with the history of it, in one transaction."""
        with self._database.write() as connection:
            events = datasets.put(connection, self._text, self.embargo, changed)
            return history.append(connection, [replace(each, event=event) for each in events], now, by)

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
            history.append(connection, [replace(each, event="assigned") for each in events], now, by)
            return changed

    # Proposals, visits, instruments, samples

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

    # History

    def history(self, subject: str | None = None, *, after: int = 0) -> list[Entry]:
        """What happened, in order: to one subject (``dataset:9f3k``) or all, from entry ``after + 1`` on."""
        with self._database.read() as connection:
            return list(history.entries(connection, subject=subject, after=after))

    def check_history(self, journal: Iterable[str] = ()) -> int:
        """How many entries there are, once the chain was found to hold and to be that of the archive's journal.

        Raises
        ------
        HistoryBroken
            Names the first entry that is not as it was written.
        """
        with self._database.read() as connection:
            return history.check(history.entries(connection), journal)

    def restore(
        self,
        *,
        beamtimes: Sequence[Instrument | Proposal | Visit | Sample] = (),
        found: Sequence[Dataset] = (),
        journal: Iterable[str] = (),
    ) -> None:
        """Put back what the archive holds: records and history as they were, and nothing new in the history."""
        lines = list(journal)
        entered = {subject: place for place, subject in reversed(list(enumerate(history.subjects(lines))))}
        found = sorted(found, key=lambda dataset: (entered.get(f"dataset:{dataset.id}", len(lines)), dataset.id))
        with self._database.write() as connection:
            for kind in (Instrument, Proposal, Visit, Sample):
                beamtime.put(connection, [each for each in beamtimes if isinstance(each, kind)])
            datasets.put(connection, self._text, self.embargo, found)
            history.restore(connection, lines)

    def optimise(self) -> None:
        """Let the database look at how its values are spread: after many were entered, it plans better."""
        self._database.optimise()

    def dump(self) -> Iterator[str]:
        """All that the catalogue knows, as canonical lines, without passwords and sessions."""
        with self._database.read() as connection:
            yield from dump.dump(connection)

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
            return history.append(connection, events, now, by)

    def _one(self, kind: type[beamtime.Thing], identifier: str) -> beamtime.Thing:
        with self._database.read() as connection:
            return beamtime.one(connection, kind, identifier)

    def _every(self, kind: type[beamtime.Thing], **of: str) -> list[beamtime.Thing]:
        with self._database.read() as connection:
            return beamtime.every(connection, kind, **of)


def upgrade(url: str) -> bool:
    """Bring the database at ``url`` to the present schema; whether there was anything to do."""
    database = Database(url)
    try:
        if schema.revision(database) == schema.HEAD:
            return False
        schema.migrate(database)
        return True
    finally:
        database.close()


def drop(url: str) -> None:
    """Remove all that the catalogue has in the database at ``url``; what others have there stays."""
    database = Database(url)
    try:
        schema.drop(database)
    finally:
        database.close()
