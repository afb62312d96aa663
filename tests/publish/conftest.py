"""A facility on each database, with a public and a proprietary visit, and datasets in every state."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.publish.world import furnish

from verriere.facility import Facility
from verriere.testing import FrozenClock

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.fixture
def clock() -> FrozenClock:
    """Stands at some morning until it is moved."""
    return FrozenClock(NOW)


@pytest.fixture
def facility(tmp_path: Path, clock: FrozenClock) -> Iterator[Facility]:
    """A facility on SQLite, furnished."""
    with Facility.create(tmp_path / "facility", name="Test", clock=clock) as made:
        furnish(made)
        yield made


@pytest.fixture
def either(empty_url: str, tmp_path: Path, clock: FrozenClock) -> Iterator[Facility]:
    """The same facility on each of the databases."""
    with Facility.create(tmp_path / "either", name="Test", database=empty_url, clock=clock) as made:
        furnish(made)
        yield made
