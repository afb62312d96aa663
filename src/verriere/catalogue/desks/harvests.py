"""The part of the catalogue that harvesters are answered from."""

from collections.abc import Sequence
from datetime import datetime

from verriere.catalogue import harvest
from verriere.catalogue.desks.base import Desk
from verriere.catalogue.harvest import Head, Kinds, Span


class HarvestDesk(Desk):
    """Items and their records."""

    def harvest_page(self, span: Span, *, after: tuple[datetime, str] | None, size: int) -> list[Head]:
        """The next items of a list, in the order of (datestamp, DOI)."""
        with self._database.read() as connection:
            return harvest.page(connection, self.access_rules, span, after, size)

    def harvest_count(self, span: Span) -> int:
        """How many items a list has."""
        with self._database.read() as connection:
            return harvest.count(connection, self.access_rules, span)

    def harvest_head(self, doi: str) -> Head | None:
        """The item of a DOI; None where there is none that everybody may know."""
        with self._database.read() as connection:
            return harvest.head(connection, self.access_rules, doi)

    def earliest_change(self) -> datetime | None:
        """The earliest datestamp of all items; None where there is none."""
        with self._database.read() as connection:
            return harvest.earliest(connection, self.access_rules)

    def harvest_kinds(self) -> Kinds:
        """What items are in sets by."""
        with self._database.read() as connection:
            return harvest.kinds(connection, self.access_rules)

    def harvest_payloads(self, heads: Sequence[Head], prefix: str, maker: str) -> dict[str, str]:
        """The records that were made already of items as they are, by DOI."""
        with self._database.read() as connection:
            return harvest.payloads(connection, heads, prefix, maker)

    def harvest_unmade(self, prefix: str, maker: str, *, most: int) -> list[Head]:
        """Items as they are of which no record was made yet."""
        with self._database.read() as connection:
            return harvest.unmade(connection, self.access_rules, prefix, maker, most)

    def keep_payloads(self, made: Sequence[tuple[Head, str]], prefix: str, maker: str) -> None:
        """Keep records beside the items that they were made of."""
        with self._database.write() as connection:
            harvest.keep(connection, made, prefix, maker)
