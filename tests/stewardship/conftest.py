"""A facility with a clock that stands still until it is told to go on."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from verriere.facility import Facility


@dataclass
class StandingClock:
    """Says the same time until it is set."""

    at: datetime = datetime(2025, 6, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def facility(tmp_path: Path, clock: StandingClock) -> Iterator[Facility]:
    with Facility.create(tmp_path / "facility", name="Tests", clock=clock) as made:
        yield made
