"""What the tests of the archive share."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from verriere.archive import Archive, Source


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An empty archive."""
    return Archive.create(tmp_path / "archive")


@pytest.fixture
def validate() -> Callable[[Archive], None]:
    """Fail unless OCFL's own validator accepts the storage root and every object in it."""

    def run(archive: Archive) -> None:
        validator = Path(sys.executable).parent / "ocfl-validate.py"
        command = [sys.executable, str(validator), "--quiet", str(archive.ocfl)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    return run


@pytest.fixture
def write(tmp_path: Path) -> Callable[[str, bytes], Source]:
    """Write a file as a beamline would, and name it as a source of the same name."""
    spool = tmp_path / "spool"

    def run(name: str, data: bytes) -> Source:
        path = spool / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return Source(path, name)

    return run
