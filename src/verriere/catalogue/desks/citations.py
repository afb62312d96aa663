"""The part of the catalogue that knows what was cited."""

from collections.abc import Sequence
from datetime import datetime

from verriere.catalogue import citations, history
from verriere.catalogue.desks.base import Desk
from verriere.catalogue.history import Entry
from verriere.catalogue.query import parse, write
from verriere.catalogue.query.canonical import canonical
from verriere.model import Citation, CitedDataset


class CitationDesk(Desk):
    """Cited queries."""

    def public_result(self, text: str, *, most: int) -> tuple[str, int, tuple[CitedDataset, ...]]:
        """What everybody finds with a query, for good.

        Parameters
        ----------
        most
            So many datasets, and one more, are listed at most.

        Returns
        -------
        tuple
            The canonical form of the query, the number of the last entry of the history, and the datasets by time of
            measurement, then by identifier: all of one moment.

        Raises
        ------
        QueryInvalid
            The text cannot be parsed.
        """
        tree = canonical(parse(text))
        with self._database.read() as connection:
            found = citations.result(connection, tree, self._text, self.access_rules, self.embargo, most=most)
            return write(tree), history.last_number(connection), found

    def standing(self, identifiers: Sequence[str]) -> dict[str, CitedDataset]:
        """Datasets as they are now, by identifier; those that are not there are left out."""
        with self._database.read() as connection:
            return citations.standing(connection, identifiers)

    def citation(self, identifier: str) -> Citation:
        """A cited query; raises `NotFound`."""
        with self._database.read() as connection:
            return citations.get(connection, identifier)

    def citations(self, **of: str) -> list[Citation]:
        """All cited queries, the earliest first; ``by="..."`` for those of one person."""
        with self._database.read() as connection:
            return list(citations.every(connection, **of))

    def put_citation(self, cited: Citation, *, now: datetime) -> list[Entry]:
        """Enter a citation; one with its identifier that is there stays as it is."""
        with self._database.write() as connection:
            return history.append(connection, citations.put(connection, [cited]), now, cited.by)
