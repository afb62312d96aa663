"""The facility that is described, with both policies on what others see of embargoed data."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.landing import world as building
from tests.landing.world import World


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Of embargoed data, others see the citation."""
    built = building.build(tmp_path_factory.mktemp("world"))
    with built.facility:
        yield built


@pytest.fixture(scope="session")
def candid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Of embargoed data, others see all that is recorded, but no bytes."""
    built = building.build(tmp_path_factory.mktemp("candid"), settings='public_metadata = "full"\n')
    with built.facility:
        yield built


@pytest.fixture(scope="session")
def standards(shared: Path) -> Path:
    """Schemas that others wrote."""
    return shared / "standards"
