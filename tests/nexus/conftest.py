"""What the tests of the reader share."""

from collections.abc import Callable
from pathlib import Path

import h5py
import pytest

from verriere.model import Capture
from verriere.nexus import capture

Write = Callable[[h5py.File], None]


@pytest.fixture
def captured(tmp_path: Path) -> Callable[..., Capture]:
    def of(write: Write, name: str = "scan.nxs") -> Capture:
        path = tmp_path / name
        with h5py.File(path, "w") as file:
            write(file)
        return capture(path)

    return of
