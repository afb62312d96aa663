"""How much was recorded, where, when, by which technique: sums, which the database makes without reading a record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from verriere.catalogue.tables import dataset
from verriere.model import State


@dataclass(frozen=True, slots=True)
class VisitVolume:
    """What one visit recorded on one instrument with one set of techniques.

    Parameters
    ----------
    techniques
        PaNET codes (``PaNET01188``); empty where nothing is known.
    size
        Bytes.
    first, last
        Of the moments at which the datasets begin.
    """

    instrument_id: str
    visit_id: str | None
    techniques: tuple[str, ...]
    datasets: int
    size: int
    first: datetime
    last: datetime


@dataclass(frozen=True, slots=True)
class YearVolume:
    """What one instrument recorded in one year; ``year`` is None where no file says when."""

    instrument_id: str
    year: int | None
    datasets: int
    size: int
    first: datetime
    last: datetime


def by_visit(connection: Connection, states: Sequence[State], *visit_ids: str) -> list[VisitVolume]:
    """Sums for each visit, or for some visits, over datasets in these states."""
    of = dataset.c
    where = [of.state.in_([state.value for state in states]), of.visit_id.is_not(None)]
    if visit_ids:
        where.append(of.visit_id.in_(visit_ids))
    query = (
        select(of.instrument_id, of.visit_id, of.techniques, *_SUMS)
        .where(*where)
        .group_by(of.instrument_id, of.visit_id, of.techniques)
        .order_by(of.instrument_id, of.visit_id, of.techniques)
    )
    return [
        VisitVolume(row[0] or "", row[1], tuple(row[2].split()), row[3], int(row[4]), row[5], row[6])
        for row in connection.execute(query)
    ]


def by_year(connection: Connection) -> list[YearVolume]:
    """Sums for each instrument and year over all datasets."""
    of = dataset.c
    keys = (func.coalesce(of.instrument_id, ""), of.year)
    query = select(*keys, *_SUMS).group_by(*keys).order_by(*keys)
    return [YearVolume(row[0], row[1], row[2], int(row[3]), row[4], row[5]) for row in connection.execute(query)]


_SUMS = (func.count(), func.sum(dataset.c.size), func.min(dataset.c.moment), func.max(dataset.c.moment))
