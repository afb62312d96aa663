"""The part of the catalogue that answers the PaNOSC search API: what everybody may know."""

from collections.abc import Collection, Mapping
from typing import Literal

from verriere.catalogue import beamtime
from verriere.catalogue.desks.base import Desk
from verriere.catalogue.facets import Term, terms
from verriere.catalogue.federated.compile import Ids
from verriere.catalogue.federated.find import Finder, Found, Question, Summary
from verriere.catalogue.tables import dataset
from verriere.model import Proposal, Sample

_GROUPS = {"document": dataset.c.proposal_id, "instrument": dataset.c.instrument_id}


class FederatedDesk(Desk):
    """Datasets as other facilities ask for them."""

    def federated_find(self, question: Question, ids: dict[str, Ids], *, skip: int, limit: int) -> list[Found]:
        """The datasets from the ``skip``th on that answer; ``ids`` says what answers among things of other kinds."""
        with self._database.read() as connection:
            return Finder(connection, self.access_rules, self._text, ids).find(question, skip=skip, limit=limit)

    def federated_count(self, question: Question, ids: dict[str, Ids]) -> int:
        """How many datasets answer."""
        with self._database.read() as connection:
            return Finder(connection, self.access_rules, self._text, ids).count(question)

    def federated_one(self, identifier: str) -> Found | None:
        """The dataset of an identifier or a DOI; None where there is none that everybody may know of."""
        with self._database.read() as connection:
            return Finder(connection, self.access_rules, self._text).one(identifier)

    def federated_groups(
        self, by: Literal["document", "instrument"], question: Question, ids: dict[str, Ids]
    ) -> dict[str, Summary]:
        """What the datasets that answer say of their proposals or instruments, by the identifiers of these."""
        with self._database.read() as connection:
            return Finder(connection, self.access_rules, self._text, ids).groups(_GROUPS[by], question)

    def terms(self, codes: Collection[str]) -> Mapping[str, Term]:
        """The techniques of these codes."""
        with self._database.read() as connection:
            return terms(connection, codes)

    def some_proposals(self, identifiers: Collection[str]) -> dict[str, Proposal]:
        """The proposals of these identifiers that there are."""
        with self._database.read() as connection:
            return beamtime.some(connection, Proposal, identifiers)

    def some_samples(self, identifiers: Collection[str]) -> dict[str, Sample]:
        """The samples of these identifiers that there are."""
        with self._database.read() as connection:
            return beamtime.some(connection, Sample, identifiers)
