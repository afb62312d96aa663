"""What a facility holds, as the rooms below `verriere.facility` see it."""

import fcntl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from verriere.archive import Archive
from verriere.catalogue import Catalogue, Entry
from verriere.policy import AccessRules, EmbargoRules
from verriere.settings import Settings

STATE = "state"


def machine_clock() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Holdings:
    """Settings, catalogue and archive of a facility, its folder and its clock.

    Parameters
    ----------
    folder
        Where ``verriere.toml`` is.
    clock
        Says what time it is, with a zone.
    """

    folder: Path
    settings: Settings
    catalogue: Catalogue
    archive: Archive
    clock: Callable[[], datetime] = machine_clock

    @property
    def state(self) -> Path:
        """Folder of what may be lost: unfinished work, previews."""
        folder = self.folder / STATE
        folder.mkdir(exist_ok=True)
        return folder

    def now(self) -> datetime:
        """What time it is at the facility."""
        return self.clock()

    @property
    def database(self) -> str:
        """Address of the catalogue's database."""
        return database_url(self.folder, self.settings)

    def journal(self) -> None:
        """Bring the archive's copy of the history up to the catalogue's; nothing where it is."""
        with (self.state / "journal.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            last = self.archive.history.last()
            number = Entry.of_line(last).number if last else 0
            self.archive.append_history([entry.line() for entry in self.catalogue.history(after=number)])


def database_url(folder: Path, settings: Settings) -> str:
    """Address of the database that the settings name: ``catalogue.db`` in the facility's folder where they name none.

    A relative path of SQLite is one in the facility's folder.
    """
    url = make_url(settings.database.url or "sqlite:///catalogue.db")
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        url = url.set(database=str((folder / url.database).absolute()))
    return url.render_as_string(hide_password=False)


def embargo_rules(settings: Settings) -> EmbargoRules:
    """The facility's data policy."""
    chosen = settings.embargo
    return EmbargoRules(chosen.years, chosen.extension_years, chosen.extensions, settings.facility.zone)


def access_rules(settings: Settings) -> AccessRules:
    """What the facility shows to whom."""
    return AccessRules(settings.embargo.public_metadata, settings.embargo.open_to)
