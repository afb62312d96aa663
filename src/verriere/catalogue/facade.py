"""The catalogue as the other rooms know it: one name for each thing that can be asked of it.

Nothing is decided here, nor at the desks it is made of: each method opens a transaction and hands on to the module that
knows, `datasets`, `beamtime`, `search`, `history`, `accounts`. A new subject gets a desk of its own.
"""

from collections.abc import Iterable, Iterator, Sequence
from types import TracebackType
from typing import Self

from sqlalchemy import Connection

from verriere.archive.sidecar import Record, T
from verriere.catalogue import (
    beamtime,
    citations,
    collections,
    datasets,
    dump,
    history,
    mails,
    publications,
    requests,
    schema,
)
from verriere.catalogue.database import Database
from verriere.catalogue.desks.beamtimes import BeamtimeDesk
from verriere.catalogue.desks.chronicle import ChronicleDesk
from verriere.catalogue.desks.citations import CitationDesk
from verriere.catalogue.desks.datasets import DatasetDesk
from verriere.catalogue.desks.embargoes import EmbargoDesk
from verriere.catalogue.desks.federated import FederatedDesk
from verriere.catalogue.desks.harvests import HarvestDesk
from verriere.catalogue.desks.keeping import KeepingDesk
from verriere.catalogue.desks.logins import LoginDesk
from verriere.catalogue.desks.people import PeopleDesk
from verriere.catalogue.desks.plans import PlanDesk
from verriere.catalogue.desks.publications import PublicationDesk
from verriere.catalogue.desks.ties import TieDesk
from verriere.catalogue.desks.usage import UsageDesk
from verriere.catalogue.fulltext import full_text
from verriere.model import (
    Citation,
    Collection,
    Dataset,
    EmbargoRequest,
    Instrument,
    Plan,
    Proposal,
    Publication,
    Sample,
    Survey,
    Visit,
)
from verriere.policy import AccessRules, EmbargoRules


class Catalogue(
    DatasetDesk,
    BeamtimeDesk,
    EmbargoDesk,
    PlanDesk,
    PublicationDesk,
    HarvestDesk,
    FederatedDesk,
    UsageDesk,
    CitationDesk,
    ChronicleDesk,
    KeepingDesk,
    LoginDesk,
    PeopleDesk,
    TieDesk,
):
    """What a facility remembers."""

    @classmethod
    def create(cls, url: str, *, embargo: EmbargoRules | None = None, access: AccessRules | None = None) -> Self:
        """Make the tables in an empty database, then open it; in one that has them already, only open it."""
        upgrade(url, embargo=embargo)
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

    def restore(self, records: Sequence[Record], *, journal: Iterable[str] = ()) -> None:
        """Put back what the archive holds: records and history as they were, and nothing new in the history."""
        lines = list(journal)
        entered = {subject: place for place, subject in reversed(list(enumerate(history.subjects(lines))))}
        found = _of(Dataset, records)
        found.sort(key=lambda dataset: (entered.get(f"dataset:{dataset.id}", len(lines)), dataset.id))
        with self._database.write() as connection:
            for kind in (Instrument, Proposal, Visit, Sample, Plan, Survey):
                beamtime.put(connection, _of(kind, records))
            datasets.put(connection, self._text, self.embargo, found)
            citations.put(connection, _of(Citation, records))
            collections.put(connection, _of(Collection, records))
            publications.restore(connection, _of(Publication, records))
            requests.put(connection, _of(EmbargoRequest, records))
            history.restore(connection, lines)
            mails.restore(connection, history.named(lines, "mail"))

    def optimise(self) -> None:
        """Let the database look at how its values are spread: after many were entered, it plans better."""
        self._database.optimise()

    def dump(self) -> Iterator[str]:
        """All that the catalogue knows, as canonical lines, without passwords and sessions."""
        with self._database.read() as connection:
            yield from dump.dump(connection)


def _of(kind: type[T], records: Sequence[Record]) -> list[T]:
    return [each for each in records if isinstance(each, kind)]


def upgrade(url: str, *, embargo: EmbargoRules | None = None) -> bool:
    """Bring the database at ``url`` to the present schema; whether there was anything to do.

    What is searched is derived again from the records, all in one transaction.

    Parameters
    ----------
    embargo
        What the facility chose: ends of embargoes and years of measurements follow from it.
    """
    database = Database(url)
    try:
        before = schema.revision(database)
        if before == schema.HEAD:
            return False
        text = full_text(database.dialect)

        def derive(connection: Connection) -> None:
            datasets.derive_all(connection, text, embargo or EmbargoRules())

        schema.migrate(database, then=derive)
        if before is not None:
            database.optimise()
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
