"""What every room's tests share."""

import os
from pathlib import Path

import pytest

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
