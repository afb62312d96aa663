"""The part of the catalogue that counts how often datasets are used."""

from collections.abc import Sequence
from datetime import datetime

from verriere.catalogue import usage
from verriere.catalogue.desks.base import Desk
from verriere.policy.usage import Counts, Use


class UsageDesk(Desk):
    """Looks and downloads."""

    def usage_salt(self, day: str) -> str:
        """What users are hashed with on a day; those of other days are thrown away."""
        with self._database.write() as connection:
            return usage.salt(connection, day)

    def note_usage(self, uses: Sequence[Use], *, now: datetime) -> None:
        """Count uses, in one transaction."""
        with self._database.write() as connection:
            usage.note(connection, uses, now)

    def usage(self, identifier: str) -> dict[str, Counts]:
        """All that was counted of a dataset, by way of access (``regular``, ``machine``)."""
        with self._database.read() as connection:
            return usage.of_dataset(connection, identifier)

    def usage_by_month(self, first: str, last: str) -> list[tuple[str, str, str, Counts]]:
        """Dataset, month, access and counts from the first to the last day, of what everybody may know of."""
        with self._database.read() as connection:
            return usage.by_month(connection, self.access_rules, first, last)
