"""A facility with a clock that stands still until it is told to go on."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from verriere.facility import Facility
from verriere.testing import FrozenClock


@pytest.fixture
def facility(tmp_path: Path) -> Iterator[Facility]:
    clock = FrozenClock(datetime(2025, 6, 1, 12, tzinfo=UTC))
    with Facility.create(tmp_path / "facility", name="Tests", clock=clock) as made:
        yield made
