"""One database, SQLite or PostgreSQL: how it is opened, read and written.

Writers stand in line on both: SQLite has one writer by nature; on PostgreSQL a transaction that writes takes an
advisory lock first. That is what lets the history be one chain and keys be given in order.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError

from verriere.errors import DatabaseUnreachable, SettingsInvalid, StorageFull

_WRITERS = 7_390_184_233
"""Any number, so long as all writers of this catalogue know it."""

_POSTGRESQL = "-c random_page_cost=1.1 -c work_mem=32MB -c jit=off"
"""An index is read about as fast as a table, and no search lasts long enough for its plan to be compiled."""

_FULL = ("database or disk is full", "No space left on device")


class Database:
    """Connections to one database.

    Parameters
    ----------
    url
        ``sqlite:///PATH`` or ``postgresql://USER:PASSWORD@HOST/NAME``.

    Raises
    ------
    SettingsInvalid
        The address is not one of these.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)
        self.dialect = self.engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that only reads, and sees one state of the database throughout."""
        with self._told(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction that writes: all of it happens, or nothing."""
        with self._told(), self.engine.connect() as plain:
            connection = plain.execution_options(begin="IMMEDIATE")
            with connection.begin():
                if self.dialect == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _WRITERS})
                yield connection

    def optimise(self) -> None:
        """Gather statistics on all tables."""
        with self._told(), self.engine.connect() as connection:
            alone = connection.execution_options(isolation_level="AUTOCOMMIT")
            alone.exec_driver_sql("ANALYZE" if self.dialect == "sqlite" else "VACUUM ANALYZE")

    def close(self) -> None:
        """Close every connection."""
        self.engine.dispose()

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in our own words that the database does not answer or has no room."""
        driver: Any = self.engine.dialect.loaded_dbapi
        try:
            yield
        except (OperationalError, driver.OperationalError) as error:
            cause = str(getattr(error, "orig", error))
            if any(words in cause for words in _FULL):
                raise StorageFull("the database has no room left", hint="free some space, then do it again") from error
            raise DatabaseUnreachable(
                f"the database does not answer: {cause.strip()}",
                hint="see database.url in verriere.toml; is it running?",
            ) from error
        except (DatabaseError, driver.DatabaseError) as error:
            if "not a database" not in (cause := str(getattr(error, "orig", error))) and "malformed" not in cause:
                raise
            raise DatabaseUnreachable(
                f"the database is damaged: {cause.strip()}", hint="make it again from the archive: verriere rebuild"
            ) from error


def _engine(url: str) -> Engine:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise SettingsInvalid(
            f"{url!r} is not the address of a database", hint="sqlite:///PATH or postgresql://..."
        ) from error
    if parsed.drivername.partition("+")[0] in {"postgresql", "postgres"}:
        # Whatever driver is named, or none: this is the one that is installed.
        parsed = parsed.set(drivername="postgresql+psycopg")
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        engine = create_engine(parsed, connect_args={"timeout": 60})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    if backend == "postgresql":
        return create_engine(
            parsed,
            isolation_level="REPEATABLE READ",
            pool_pre_ping=True,
            connect_args={"prepare_threshold": 2, "options": _POSTGRESQL},
        )
    raise SettingsInvalid(f"{backend} is not a database that the catalogue knows", hint="sqlite or postgresql")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver shall not begin transactions by itself: `_begin_sqlite` does, also before the first SELECT.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "journal_mode=WAL",
        # A commit that was answered survives a power cut; in WAL mode that needs FULL.
        "synchronous=FULL",
        "foreign_keys=ON",
        "cache_size=-65536",
        "mmap_size=1073741824",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer that begins DEFERRED and finds another one at work fails at once instead of waiting.
    mode = connection.get_execution_options().get("begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")
