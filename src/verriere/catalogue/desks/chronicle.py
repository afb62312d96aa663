"""The part of the catalogue that knows what happened."""

from collections.abc import Iterable

from verriere.catalogue import history
from verriere.catalogue.desks.base import Desk
from verriere.catalogue.history import Entry


class ChronicleDesk(Desk):
    """The history."""

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

    def last_entry(self) -> int:
        """Number of the last entry; 0 where nothing happened yet."""
        with self._database.read() as connection:
            return history.last_number(connection)
