"""The composition root: opens a facility's database and archive from its settings, and hands them out.

A facility is a folder with ``verriere.toml``, the catalogue (``catalogue.db``, unless the settings name another
database), the archive and ``state/``, which holds nothing that cannot be made again.
"""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Self, TypedDict

from sqlalchemy import make_url

from verriere import settings as settings_file
from verriere.archive import Archive
from verriere.catalogue import Catalogue, drop
from verriere.errors import FacilityExists, StorageUnfit
from verriere.ingest.holdings import Holdings, access_rules, database_url, embargo_rules, machine_clock
from verriere.ingest.rebuild import restore
from verriere.policy import AccessRules, EmbargoRules
from verriere.settings import Settings

_SQLITE_FILES = ("", "-wal", "-shm")


class Facility(Holdings):
    """A facility that is open; use it as a context manager, or `close` it."""

    @classmethod
    def create(
        cls, folder: Path, *, name: str = "", database: str = "", clock: Callable[[], datetime] = machine_clock
    ) -> Self:
        """Make a facility in a folder that is empty or not there yet, and open it.

        Parameters
        ----------
        name
            Shown on every page and in every citation.
        database
            ``postgresql://...``; SQLite in the folder where empty.

        Raises
        ------
        FacilityExists
            There is a facility already.
        StorageUnfit
            The folder cannot be made.
        DatabaseUnreachable
            The database does not answer.
        """
        file = folder / settings_file.FILE_NAME
        if file.exists():
            raise FacilityExists(f"there is a facility in {folder}", hint="choose another folder")
        try:
            # Addresses of people, password hashes and embargoed data are for the account that runs the facility.
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise StorageUnfit(f"{folder} cannot be made: {error.strerror}", hint="choose another folder") from error
        text = settings_file.template(name=name, database=database)
        file.write_text(text, encoding="utf-8")
        try:
            chosen = settings_file.load(folder)
            Catalogue.create(database_url(folder, chosen)).close()
            Archive.create(folder / chosen.archive.path)
        except BaseException:
            # What is begun must not look like a facility; the folder may hold other things, and stays.
            with suppress(OSError):
                file.unlink()
            raise
        return cls.open(folder, clock=clock)

    @classmethod
    def open(cls, folder: Path, *, clock: Callable[[], datetime] = machine_clock) -> Self:
        """Open the facility in a folder.

        Raises
        ------
        FacilityNotFound
            There is none.
        SettingsInvalid
            Its settings cannot be used.
        DatabaseOutdated, DatabaseUnreachable
            Its catalogue cannot be used.
        """
        root = folder.absolute()
        chosen = settings_file.load(root)
        archive = Archive(root / chosen.archive.path)
        catalogue = Catalogue.open(database_url(root, chosen), **_rules(chosen))
        facility = cls(root, chosen, catalogue, archive, clock)
        if catalogue.follow_policy(clock()):
            facility.journal()
        return facility

    @classmethod
    def rebuild(cls, folder: Path, *, clock: Callable[[], datetime] = machine_clock) -> int:
        """Make the catalogue again from the archive, whatever is or is not in the database; returns what it holds.

        The database that was there is kept beside as ``catalogue.db.before``; of PostgreSQL, its tables are dropped.

        Raises
        ------
        FacilityNotFound
            There is no facility, or it has no archive.
        RecordInvalid, HistoryBroken
            The archive cannot be read; the database is as it was.
        """
        root = folder.absolute()
        chosen = settings_file.load(root)
        archive = Archive(root / chosen.archive.path)
        url = make_url(database_url(root, chosen))
        if url.get_backend_name() == "sqlite" and url.database:
            return cls._rebuild_file(Path(url.database), archive, chosen)
        drop(url.render_as_string(hide_password=False))
        with Catalogue.create(url.render_as_string(hide_password=False), **_rules(chosen)) as catalogue:
            return restore(archive, catalogue)

    @staticmethod
    def _rebuild_file(path: Path, archive: Archive, chosen: Settings) -> int:
        fresh = path.with_name(path.name + ".rebuilding")
        _remove(fresh)
        with Catalogue.create(f"sqlite:///{fresh}", **_rules(chosen)) as catalogue:
            count = restore(archive, catalogue)
        if path.exists():
            _remove(path.with_name(path.name + ".before"))
            for suffix in _SQLITE_FILES:
                with suppress(FileNotFoundError):
                    Path(f"{path}{suffix}").rename(f"{path}.before{suffix}")
        fresh.rename(path)
        return count

    def close(self) -> None:
        """Close the database."""
        self.catalogue.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class _Rules(TypedDict):
    embargo: EmbargoRules
    access: AccessRules


def _rules(chosen: Settings) -> _Rules:
    return {"embargo": embargo_rules(chosen), "access": access_rules(chosen)}


def _remove(database: Path) -> None:
    for suffix in _SQLITE_FILES:
        Path(f"{database}{suffix}").unlink(missing_ok=True)
