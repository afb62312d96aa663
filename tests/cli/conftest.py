"""A real facility and the real command."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from verriere.simulate.visit import SimulatedVisit, simulate_visit
from verriere.testing.command import Run, run


@pytest.fixture(scope="session")
def verriere() -> Run:
    return run


@pytest.fixture(scope="session")
def beamlines(tmp_path_factory: pytest.TempPathFactory) -> SimulatedVisit:
    """Files of three beamlines, and what the user office knows of them."""
    return simulate_visit(tmp_path_factory.mktemp("beamlines"), now=datetime.now(UTC))


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, beamlines: SimulatedVisit) -> Path:
    """A facility that has taken in the beamlines' files; tests read it and do not change it."""
    folder = tmp_path_factory.mktemp("filled") / "facility"
    places = sorted(place for place in beamlines.folder.iterdir() if place.is_dir())
    for words in (
        ("init", folder, "--name", "Synchrotron of the tests"),
        ("--facility", folder, "proposal", "import", beamlines.proposals),
        ("--facility", folder, "ingest", *places),
        ("--facility", folder, "user", "add", "claire", "--email", beamlines.investigator.email, "--generate"),
    ):
        told = run(*words)
        assert told.code == 0, told.err
    return folder


@pytest.fixture
def facility(tmp_path: Path) -> Path:
    """A new, empty facility."""
    folder = tmp_path / "facility"
    assert run("init", folder).code == 0
    return folder
