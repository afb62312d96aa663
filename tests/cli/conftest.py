"""A real facility and the real command."""

from pathlib import Path

import pytest

from verriere.simulate.visit import SimulatedVisit
from verriere.testing.command import Run


@pytest.fixture(scope="session")
def filled(verriere: Run, tmp_path_factory: pytest.TempPathFactory, beamlines: SimulatedVisit) -> Path:
    """A facility that has taken in the beamlines' files; tests read it and do not change it."""
    folder = tmp_path_factory.mktemp("filled") / "facility"
    places = sorted(place for place in beamlines.folder.iterdir() if place.is_dir())
    for words in (
        ("init", folder, "--name", "Synchrotron of the tests"),
        ("--facility", folder, "proposal", "import", beamlines.proposals),
        ("--facility", folder, "ingest", *places),
        ("--facility", folder, "user", "add", "claire", "--email", beamlines.investigator.email, "--generate"),
    ):
        told = verriere(*words)
        assert told.code == 0, told.err
    return folder


@pytest.fixture
def facility(verriere: Run, tmp_path: Path) -> Path:
    """A new, empty facility."""
    folder = tmp_path / "facility"
    assert verriere("init", folder).code == 0
    return folder
