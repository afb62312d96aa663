"""A catalogue on each database."""

from collections.abc import Iterator

import pytest
from tests.catalogue.world import furnish

from verriere.catalogue import Catalogue
from verriere.catalogue.database import Database


@pytest.fixture
def catalogue(url: str) -> Iterator[Catalogue]:
    """An empty catalogue."""
    with Catalogue.open(url) as opened:
        yield opened


@pytest.fixture
def furnished(catalogue: Catalogue) -> Catalogue:
    """A catalogue with the people, beamlines and visits of `tests.catalogue.world`, and no dataset."""
    furnish(catalogue)
    return catalogue


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """The same database, without the catalogue around it."""
    opened = Database(url)
    yield opened
    opened.close()
