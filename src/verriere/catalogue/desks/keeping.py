"""The part of the catalogue that knows how the objects of the archive were when they were last read."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, insert, select

from verriere.catalogue import fixity, history, mails, tables
from verriere.catalogue.desks.base import Desk
from verriere.catalogue.fixity import Coverage, Kept
from verriere.catalogue.history import Event
from verriere.catalogue.mails import Mail

_LISTED = "archive-listed"


class KeepingDesk(Desk):
    """Objects of the archive, when they were read again, and how they were."""

    def archive_listed(self) -> datetime | None:
        """When the archive was last listed for objects to look after."""
        with self._database.read() as connection:
            found = connection.scalar(select(tables.noted.c.value).where(tables.noted.c.name == _LISTED))
        return None if found is None else datetime.fromisoformat(found)

    def look_after(self, found: Iterable[tuple[str, datetime]], *, now: datetime, complete: bool = False) -> int:
        """Look after objects from now on, each first read at its moment; returns how many are new.

        Parameters
        ----------
        complete
            With these, the whole archive was listed.
        """
        with self._database.write() as connection:
            new = fixity.enter(connection, found, now)
            if complete:
                connection.execute(delete(tables.noted).where(tables.noted.c.name == _LISTED))
                connection.execute(insert(tables.noted).values(name=_LISTED, value=now.isoformat()))
        return new

    def due_for_audit(self, now: datetime, since: datetime, most: int) -> list[Kept]:
        """The objects to read, the most urgent first: due at ``now``, or last read before ``since``."""
        with self._database.read() as connection:
            return fixity.due(connection, now, since, most)

    def kept(self, object_id: str) -> Kept | None:
        """How an object was when it was last read; None where it is not looked after yet."""
        with self._database.read() as connection:
            return fixity.get(connection, object_id)

    def damaged(self) -> list[Kept]:
        """The objects that are not whole."""
        with self._database.read() as connection:
            return fixity.damaged(connection)

    def audit_coverage(self, since: datetime) -> Coverage:
        """How far the reading is; what was last read before ``since`` is late."""
        with self._database.read() as connection:
            return fixity.coverage(connection, since)

    def enter_audit(
        self, kept: Kept, events: Sequence[Event] = (), *, now: datetime, by: str, told: Sequence[Mail] = ()
    ) -> None:
        """How an object was, what to enter in the history for it, and who is written to, in one transaction."""
        with self._database.write() as connection:
            before = fixity.get(connection, kept.object_id)
            fixity.put(connection, kept if before is None else replace(kept, entered_at=before.entered_at))
            mails.write(connection, told, now)
            history.append(connection, list(events), now, by)
