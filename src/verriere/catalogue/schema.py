"""Which version of the schema a database has, and how it gets this one."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from verriere.catalogue.database import Database
from verriere.catalogue.tables import metadata
from verriere.errors import DatabaseOutdated, DatabaseUnfit

HEAD = "0009"
"""Revision that this code works with; a test holds it equal to the last migration."""

_OURS = (
    *(table.name for table in reversed(metadata.sorted_tables)),
    "dataset_text",
    "dataset_place",
    "technique_set",
    "alembic_version",
)
_MIGRATIONS = Path(__file__).parent / "migrations"


def revision(database: Database) -> str | None:
    """The revision of the schema; None where there is none."""
    with database.read() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def require_current(database: Database) -> None:
    """Refuse to work with a schema of another version.

    Raises
    ------
    DatabaseOutdated
        The database was made by an older version.
    DatabaseUnfit
        It was made by a newer one, or holds no catalogue.
    """
    found = revision(database)
    if found == HEAD:
        return
    if found is None:
        raise DatabaseUnfit("the database holds no catalogue", hint="make it from the archive: verriere rebuild")
    if found > HEAD:
        raise DatabaseUnfit(
            f"the database was made by a newer version of verriere (schema {found}, this one knows {HEAD})",
            hint="install that version: pip install --upgrade verriere",
        )
    raise DatabaseOutdated(
        f"the database is of an older version of verriere (schema {found}, this one needs {HEAD})",
        hint="upgrade it with: verriere upgrade",
    )


def migrate(database: Database, to: str = HEAD, *, then: Callable[[Connection], None] = lambda _: None) -> None:
    """Bring the schema to a revision, in one transaction; at that revision already, nothing happens.

    Parameters
    ----------
    then
        What else belongs into the transaction.
    """
    from alembic import command  # noqa: PLC0415 - a third of a second that only an upgrade should take
    from alembic.config import Config  # noqa: PLC0415

    configuration = Config()
    configuration.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    with database.write() as connection:
        configuration.attributes["connection"] = connection
        command.upgrade(configuration, to)
        then(connection)


def drop(database: Database) -> None:
    """Drop the tables of the catalogue, whatever their version; those of others in the database stay."""
    with database.write() as connection:
        there = inspect(connection).get_table_names()
        for name in _OURS:
            if name in there:
                cascade = "" if is_sqlite(connection) else " CASCADE"
                connection.execute(text(f'DROP TABLE "{name}"{cascade}'))
        if not is_sqlite(connection):
            connection.execute(text("DROP FUNCTION IF EXISTS history_is_append_only"))


def is_sqlite(connection: Connection) -> bool:
    """Whether a connection is to SQLite."""
    return connection.dialect.name == "sqlite"
