"""The schema: made by migrations, what the code says on both databases, refused when of another age."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Boolean, DateTime, MetaData, Table, insert, inspect, select, text
from tests.catalogue.world import NOW, STRANGER, dataset, found, furnish, keV

from verriere.archive.sidecar import Record
from verriere.catalogue import Catalogue, schema, tables, upgrade
from verriere.catalogue.database import Database
from verriere.errors import DatabaseOutdated, DatabaseUnreachable, SettingsInvalid
from verriere.model import State


def test_the_migrations_make_the_tables_that_the_code_knows(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: kind != "table" or name in tables.metadata.tables}
        )
        assert compare_metadata(context, tables.metadata) == []


def test_the_code_works_with_the_last_migration() -> None:
    configuration = Config()
    configuration.set_main_option("script_location", str(Path(schema.__file__).parent / "migrations"))
    assert ScriptDirectory.from_config(configuration).get_current_head() == schema.HEAD


def test_an_outdated_database_is_refused_with_the_command_that_upgrades_it(empty_url: str) -> None:
    database = Database(empty_url)
    schema.migrate(database, to="0001")
    database.close()
    with pytest.raises(DatabaseOutdated, match="older") as refused:
        Catalogue.open(empty_url)
    assert "verriere upgrade" in refused.value.hint
    assert upgrade(empty_url)
    assert not upgrade(empty_url)
    Catalogue.open(empty_url).close()


def test_an_upgrade_derives_what_is_searched_from_the_records(empty_url: str, tmp_path: Path) -> None:
    with Catalogue.create(f"sqlite:///{tmp_path / 'present.db'}") as present:
        furnish(present)
        present.register([dataset("a1", energy=keV(12.0)), dataset("b2", state=State.EMBARGOED)], now=NOW)
        expected = list(present.dump())
        old = Database(empty_url)
        schema.migrate(old, to="0002")
        with present._database.read() as source, old.write() as target:
            there = inspect(target)
            for table in tables.metadata.sorted_tables:
                known = {each["name"] for each in there.get_columns(table.name)} if there.has_table(table.name) else {}
                rows = [{n: v for n, v in row._mapping.items() if n in known} for row in source.execute(select(table))]
                if rows and table not in {tables.dataset, tables.dataset_parameter, tables.shelf}:
                    target.execute(insert(table), rows)
            if old.dialect == "sqlite":
                target.execute(text("INSERT INTO dataset_text (rowid, title) VALUES (1, 'stale')"))
        old.close()
    assert upgrade(empty_url)
    with Catalogue.open(empty_url) as upgraded:
        assert list(upgraded.dump()) == expected
        assert found(upgraded, "silver energy:12keV") == {"a1"}
        assert found(upgraded, "stale") == set()


def test_a_catalogue_of_the_first_release_needs_nothing_but_the_upgrade(empty_url: str, tmp_path: Path) -> None:
    """The rows are those that version 0.1.0 wrote; what is read of them is what a rebuild would make of the records."""
    rows = json.loads((Path(__file__).parent / "release_0_1_0.json").read_text(encoding="utf-8"))
    old = Database(empty_url)
    schema.migrate(old, to="0002")
    with old.write() as target:
        there = MetaData()
        there.reflect(target, only=list(rows))
        for name, held in rows.items():
            target.execute(insert(there.tables[name]), [_typed(there.tables[name], row) for row in held])
    old.close()
    assert upgrade(empty_url)
    with (
        Catalogue.open(empty_url) as upgraded,
        Catalogue.create(f"sqlite:///{tmp_path / 'again.db'}") as again,
    ):
        assert upgraded.check_history() == len(upgraded.history())
        records: list[Record] = [*upgraded.instruments(), *upgraded.proposals(), *upgraded.visits()]
        records += [*upgraded.samples(), *upgraded.datasets()]
        again.restore(records, journal=[entry.line() for entry in upgraded.history()])
        assert [line for line in upgraded.dump() if not line.startswith("account ")] == list(again.dump())
        assert found(upgraded, "silver energy:12keV sample:agbeh") == {"a1"}
        assert found(upgraded, "technique:tomography status:embargoed") == {"b2"}
        assert found(upgraded, "teeth", STRANGER) == set()
        assert upgraded.account("eloise")[1] == "argon2-hash"


def _typed(table: Table, row: dict[str, object]) -> dict[str, object]:
    """A row of JSON with the types that the database's columns have."""
    made: dict[str, object] = {}
    for name, value in row.items():
        kind = table.c[name].type
        if isinstance(kind, DateTime) and isinstance(value, str):
            moment = datetime.fromisoformat(value)
            made[name] = moment.replace(tzinfo=UTC) if kind.timezone else moment
        else:
            made[name] = bool(value) if isinstance(kind, Boolean) else value
    return made


def test_a_database_of_a_newer_version_is_refused(url: str) -> None:
    database = Database(url)
    with database.write() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    database.close()
    with pytest.raises(DatabaseOutdated, match="newer"):
        Catalogue.open(url)


def test_a_database_without_a_catalogue_is_refused(empty_url: str) -> None:
    with pytest.raises(DatabaseOutdated, match="no catalogue"):
        Catalogue.open(empty_url)


def test_a_database_that_does_not_answer_is_said_to(tmp_path: Path) -> None:
    for address in (f"sqlite:///{tmp_path}/none/c.db", "postgresql://nobody@127.0.0.1:1/none"):
        with pytest.raises(DatabaseUnreachable, match="does not answer"):
            Catalogue.open(address)


@pytest.mark.parametrize("address", ["", "what is this", "mysql://x/y"])
def test_an_address_of_no_known_database_is_refused(address: str) -> None:
    with pytest.raises(SettingsInvalid):
        Catalogue.open(address)


def test_a_damaged_database_is_said_to_be_and_how_it_comes_back(tmp_path: Path) -> None:
    (tmp_path / "catalogue.db").write_bytes(b"no database " * 1000)
    with pytest.raises(DatabaseUnreachable, match="damaged") as caught:
        Catalogue.open(f"sqlite:///{tmp_path / 'catalogue.db'}")
    assert "rebuild" in caught.value.hint
