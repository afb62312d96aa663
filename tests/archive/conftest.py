"""What the tests of the archive share."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from verriere.archive import Archive

Validate = Callable[[Archive], None]


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An empty archive."""
    return Archive.create(tmp_path / "archive")


@pytest.fixture
def validate() -> Validate:
    """Fail unless OCFL's own validator accepts the storage root and every object in it."""

    def run(archive: Archive) -> None:
        validator = Path(sys.executable).parent / "ocfl-validate.py"
        command = [sys.executable, str(validator), "--quiet", str(archive.ocfl)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    return run
