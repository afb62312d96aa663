"""Where a dataset stands: the few columns that most questions are about."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from verriere.catalogue.tables import dataset


@dataclass(frozen=True, slots=True)
class Place:
    """The same five columns, in the table of datasets or beside the words of the full-text index.

    Parameters
    ----------
    shelf
        Says state, beamline, year and techniques (`verriere.catalogue.tables.shelf`).
    moment
        What the newest and the oldest are by.
    """

    key: ColumnElement[int]
    state: ColumnElement[str]
    visit_id: ColumnElement[str | None]
    shelf: ColumnElement[int]
    moment: ColumnElement[Any]


OF_DATASET = Place(dataset.c.key, dataset.c.state, dataset.c.visit_id, dataset.c.shelf, dataset.c.moment)
