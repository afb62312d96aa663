"""The part of the catalogue that knows DOIs, what waits to be told to their registrar, and collections."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Table, select

from verriere.catalogue import collections, history, outbox, publications, visibility
from verriere.catalogue.desks.base import Desk
from verriere.catalogue.history import Entry
from verriere.catalogue.outbox import Waiting
from verriere.catalogue.tables import citation, collection, dataset, instrument, proposal, publication, sample, visit
from verriere.model import ANONYMOUS, Collection, PidKind, PidState, Publication, Research
from verriere.policy import Access


class PublicationDesk(Desk):
    """DOIs and collections."""

    def publication(self, doi: str) -> Publication:
        """The record of a DOI, withdrawn ones included; raises `NotFound`."""
        with self._database.read() as connection:
            return publications.get(connection, doi)

    def publications(
        self,
        kind: PidKind | None = None,
        subject_id: str | None = None,
        *,
        changed_from: datetime | None = None,
        changed_until: datetime | None = None,
        public: bool = False,
        wanted: PidState | None = None,
    ) -> list[Publication]:
        """Records of DOIs, by the time of their last change: all, or some.

        Parameters
        ----------
        changed_from, changed_until
            Both inclusive.
        public
            Only those that the world may know: not drafts, not what was withdrawn.
        wanted
            Only those of which this was decided.
        """
        of = publication.c
        conditions = []
        if kind is not None:
            conditions.append(of.kind == kind.value)
        if subject_id is not None:
            conditions.append(of.subject_id == subject_id)
        if changed_from is not None:
            conditions.append(of.changed_at >= changed_from)
        if changed_until is not None:
            conditions.append(of.changed_at <= changed_until)
        if (wanted := PidState.FINDABLE if public else wanted) is not None:
            conditions.append(of.wanted == wanted.value)
        with self._database.read() as connection:
            return list(publications.where(connection, *conditions))

    def publication_of(self, kind: PidKind, subject_id: str, version: int | None = None) -> Publication | None:
        """The DOI that a subject is known by: of a dataset that of a version, the last one where none is named.

        One that was not withdrawn, where there is any; None where the subject has no DOI.
        """
        found = [
            each
            for each in self.publications(kind, subject_id)
            if (each.version is not None) == (kind is PidKind.DATASET) and version in (None, each.version)
        ]
        return max(found, key=lambda each: (not each.is_withdrawn, each.version or 0, each.created_at), default=None)

    def put_publications(
        self, found: Sequence[Publication], *, now: datetime, by: str, event: str = "published"
    ) -> list[Entry]:
        """Enter publications, or what was decided of them, with the history of it and what is to be told to registrars.

        ``changed_at`` is set here.

        Raises
        ------
        InputInvalid
            One of the DOIs stands for another thing.
        """
        with self._database.write() as connection:
            return history.append(connection, publications.put(connection, found, event, now), now, by)

    def confirm(self, told: Sequence[tuple[Publication, PidState]], *, now: datetime, by: str) -> list[Entry]:
        """Note what a registrar has confirmed: each record as it was told, and the state of its DOI there."""
        with self._database.write() as connection:
            return history.append(connection, publications.confirm(connection, told, now), now, by)

    def postpone(self, doi: str, trouble: str, *, next_at: datetime) -> None:
        """Note that a registrar could not be told, and when it is tried again."""
        with self._database.write() as connection:
            outbox.postpone(connection, doi, trouble, next_at)

    def waiting(self, *, due: datetime | None = None, limit: int | None = None) -> list[Waiting]:
        """What waits to be told to a registrar, the longest first; with ``due`` what is to be tried by then."""
        with self._database.read() as connection:
            return outbox.waiting(connection, due=due, limit=limit)

    def without_doi(self, kind: PidKind, *, begun: datetime | None = None) -> list[str]:
        """The instruments, visits, samples or datasets without a DOI that others may know of, by identifier.

        Parameters
        ----------
        begun
            Of visits: those that have started by then.
        """
        known = visibility.visible(ANONYMOUS, self.access_rules)
        described = visibility.visible(ANONYMOUS, self.access_rules, at_least=Access.METADATA)
        with self._database.read() as connection:
            match kind:
                case PidKind.DATASET:
                    return publications.without_doi(connection, kind, dataset.c.id, known)
                case PidKind.SAMPLE:
                    seen = select(dataset.c.sample_id).where(described)
                    return publications.without_doi(connection, kind, sample.c.id, sample.c.id.in_(seen))
                case PidKind.INSTRUMENT:
                    return publications.without_doi(connection, kind, instrument.c.id)
                case PidKind.VISIT:
                    public = select(proposal.c.id).where(proposal.c.research == Research.PUBLIC.value)
                    conditions: list[ColumnElement[bool]] = [visit.c.proposal_id.in_(public)]
                    if begun is not None:
                        conditions.append(visit.c.start_at <= begun)
                    return publications.without_doi(connection, kind, visit.c.id, *conditions)
                case _:
                    return []

    def is_there(self, kind: PidKind, identifier: str) -> bool:
        """Whether there is a thing of that kind and identifier."""
        table = _SUBJECTS[kind]
        with self._database.read() as connection:
            return connection.scalar(select(table.c.id).where(table.c.id == identifier)) is not None

    def is_sample_known(self, sample_id: str) -> bool:
        """Whether a dataset shows this sample to everyone."""
        described = visibility.visible(ANONYMOUS, self.access_rules, at_least=Access.METADATA)
        with self._database.read() as connection:
            query = select(dataset.c.id).where(dataset.c.sample_id == sample_id, described).limit(1)
            return connection.scalar(query) is not None

    def put_collections(self, found: Sequence[Collection], *, now: datetime, by: str) -> list[Entry]:
        """Enter collections; raises `InputInvalid` where a dataset of one is not there."""
        with self._database.write() as connection:
            events = collections.put(connection, found)
            return history.append(connection, [*events, *publications.follow(connection, events, now)], now, by)

    def published_records(self, subjects: Sequence[str]) -> dict[str, Publication | Collection]:
        """The records of subjects of the history: ``publication:10.5072/9f3k``, ``collection:silver``."""
        found: dict[str, Publication | Collection] = {}
        with self._database.read() as connection:
            for each in subjects:
                kind, _, identifier = each.partition(":")
                reader = publications.get if kind == "publication" else collections.get
                found[each] = reader(connection, identifier)
        return found

    def collection(self, identifier: str) -> Collection:
        """A collection; raises `NotFound`."""
        with self._database.read() as connection:
            return collections.get(connection, identifier)

    def collections(self, *, dataset_id: str | None = None) -> list[Collection]:
        """Collections by identifier: all, or those with a dataset in them."""
        with self._database.read() as connection:
            return collections.every(connection, dataset_id=dataset_id)


_SUBJECTS: Mapping[PidKind, Table] = {
    PidKind.DATASET: dataset,
    PidKind.VISIT: visit,
    PidKind.INSTRUMENT: instrument,
    PidKind.SAMPLE: sample,
    PidKind.COLLECTION: collection,
    PidKind.QUERY: citation,
}
