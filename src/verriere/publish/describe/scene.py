"""What every description needs: the facility, its addresses and clock, and who publishes what it has."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Self

from verriere.ingest.holdings import Holdings
from verriere.model import PidKind, Publication
from verriere.publish import vocabularies
from verriere.publish.landing import Agent, Openness, Rights, Tie
from verriere.urls import Addresses


@dataclass(frozen=True, slots=True)
class Scene:
    """A facility as a description sees it.

    Parameters
    ----------
    publisher
        Who publishes what the facility has.
    name
        Of the facility.
    """

    holdings: Holdings
    addresses: Addresses
    publisher: Agent
    name: str

    @classmethod
    def of(cls, holdings: Holdings, origin: str = "") -> Self:
        """The scene of a facility whose portal people reach at ``origin``."""
        chosen = holdings.settings
        base = origin or chosen.serve.public_url or f"http://{chosen.serve.host}:{chosen.serve.port}"
        own = chosen.facility
        publisher = Agent(own.publisher or own.name, is_organisation=True, ror=own.ror)
        return cls(holdings, Addresses(base.rstrip("/")), publisher, own.name)

    def day(self, moment: datetime) -> date:
        """The day of a moment, at the facility."""
        return moment.astimezone(self.holdings.settings.facility.zone).date()

    def rights(self, openness: Openness, *, opens: datetime | None = None, begin: datetime | None = None) -> Rights:
        """Who may do what: the facility's licence, from the day it opens.

        Parameters
        ----------
        opens, begin
            End and begin of exclusive use, where there is or was any.
        """
        licence = vocabularies.licence(self.holdings.settings.embargo.licence)
        return Rights(
            openness=openness,
            licence=licence.spdx,
            licence_name=licence.name,
            licence_url=licence.url,
            opens_on=self.day(opens) if opens else None,
            embargoed_from=self.day(begin) if begin and opens else None,
        )

    def tie(self, relation: str, kind: PidKind, identifier: str, title: str) -> Tie:
        """A tie to another thing of the facility, by its DOI where it has one."""
        return next(self.ties(relation, kind, [(identifier, title)]))

    def ties(self, relation: str, kind: PidKind, things: Iterable[tuple[str, str]]) -> Iterator[Tie]:
        """The same for many things, given as identifier and title."""
        listed = list(things)
        dois = self.holdings.catalogue.dois(kind, [identifier for identifier, _ in listed])
        for identifier, title in listed:
            doi = dois.get(identifier, "")
            url = self.addresses.doi(doi) if doi else self.addresses.thing(kind, identifier)
            yield Tie(relation, kind, identifier, title, url, doi)

    def proposal_tie(self, identifier: str, title: str) -> Tie:
        """A tie to a proposal, which has no DOI."""
        return Tie("IsPartOf", None, identifier, title, self.addresses.proposal(identifier))

    def version_tie(self, relation: str, publication: Publication) -> Tie:
        """A tie to another version of the data, or to all versions together."""
        number = f"{publication.subject_id} {publication.version}" if publication.version else publication.subject_id
        url = self.addresses.doi(publication.doi)
        return Tie(relation, publication.kind, publication.subject_id, number, url, publication.doi)
