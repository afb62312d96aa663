"""What a facility holds, as the rooms below `verriere.facility` see it."""

import fcntl
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from verriere.archive import Archive, Deposit, Refused
from verriere.archive.sidecar import encode
from verriere.catalogue import Catalogue, Entry
from verriere.policy import AccessRules, EmbargoRules
from verriere.settings import EmbargoSettings, PolicyVersion, Settings
from verriere.techniques.profile import Profiles, profiles

STATE = "state"
_FOLLOWING = ("publication:", "collection:")


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

    @property
    def profiles(self) -> Profiles:
        """The technique profiles, with the facility's own.

        Raises
        ------
        InputInvalid
            One of the facility's own is no profile.
        """
        return profiles(self.folder / self.settings.profiles.folder)

    def journal(self) -> None:
        """Bring the archive's copy of the history up to the catalogue's; nothing where it is.

        What is published follows datasets inside the catalogue's transactions, so the archive learns of it here: the
        records that the new entries are about come first, and what was cut off in between is done again.
        """
        with (self.state / "journal.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            last = self.archive.history.last()
            entries = self.catalogue.history(after=Entry.of_line(last).number if last else 0)
            self._keep_publications(entries)
            self.archive.append_history([entry.line() for entry in entries])

    def _keep_publications(self, entries: Sequence[Entry]) -> None:
        subjects = dict.fromkeys(entry.subject for entry in entries)
        records = self.catalogue.published_records([each for each in subjects if each.startswith(_FOLLOWING)])
        now = self.now()
        deposits = [
            Deposit(name, (), encode(record), message="follow", created=now) for name, record in records.items()
        ]
        for result in self.archive.put_many(deposits) if deposits else ():
            if isinstance(result, Refused):
                raise result.error


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
    chosen, zone = settings.embargo, settings.facility.zone

    def rules(of: PolicyVersion | EmbargoSettings) -> EmbargoRules:
        return EmbargoRules(of.years, of.extension_years, of.extensions, zone, of.version, of.since)

    return replace(rules(chosen), earlier=tuple(rules(version) for version in chosen.earlier))


def access_rules(settings: Settings) -> AccessRules:
    """What the facility shows to whom."""
    return AccessRules(settings.embargo.public_metadata, settings.embargo.open_to)
