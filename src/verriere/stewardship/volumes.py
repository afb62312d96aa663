"""How much was recorded by year and beamline, and how much there will be: two projections, shown apart.

From the beginning of the year
    What an instrument has recorded this year, divided by the part of the year that is over, counted from its first
    measurement of the year where that is later than 1 January; what is projected is the rest of the year at that rate.
    Nothing is projected from less than `SHORTEST`.
From the survey
    What its scientists expect: bytes a second, times the part of the beamtime in which the detector records, times the
    hours of beamtime of the year, summed over the detectors.

Neither knows of the other; where they differ, somebody should ask why.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from verriere.catalogue.volumes import YearVolume
from verriere.model import Survey

SHORTEST = timedelta(days=14)
"""A rate over less tells of one visit, not of a year."""


@dataclass(frozen=True, slots=True)
class Row:
    """One instrument in one year.

    Parameters
    ----------
    recorded
        Bytes, so far.
    projected
        Bytes by the end of the year, from its beginning; None for years that are over, and where too little is known.
    surveyed
        Bytes in the year as its scientists expect them; None where nobody asked.
    """

    instrument_id: str
    year: int | None
    datasets: int
    recorded: int
    projected: int | None = None
    surveyed: int | None = None


def rows(recorded: Iterable[YearVolume], surveys: Iterable[Survey], now: datetime) -> tuple[Row, ...]:
    """One row for each instrument and year in which something was recorded or is expected, by year and instrument."""
    expected: dict[tuple[str, int | None], int] = dict(_surveyed(surveys).items())
    found = {(each.instrument_id, each.year): each for each in recorded}
    made = []
    for instrument_id, year in sorted({*found, *expected}, key=lambda key: (key[1] or 0, key[0])):
        known = found.get((instrument_id, year))
        made.append(
            Row(
                instrument_id,
                year,
                known.datasets if known else 0,
                known.size if known else 0,
                projection(known, now) if known else None,
                expected.get((instrument_id, year)),
            )
        )
    return tuple(made)


def projection(volume: YearVolume, now: datetime) -> int | None:
    """Bytes that an instrument will have recorded by the end of this year, from its beginning.

    Law: never less than what is recorded; what was recorded at a constant rate is projected to that rate.
    """
    moment = now.astimezone(UTC)
    if volume.year != moment.year:
        return None
    begin = max(datetime(moment.year, 1, 1, tzinfo=UTC), min(volume.first.astimezone(UTC), moment))
    end = datetime(moment.year + 1, 1, 1, tzinfo=UTC)
    over = moment - begin
    if over < SHORTEST:
        return None
    return volume.size + round(volume.size * ((end - moment) / over))


@dataclass(frozen=True, slots=True)
class Room:
    """The room on a disk, and when it will be used up.

    Parameters
    ----------
    rate
        Bytes a day that this year brings, by the larger of the two projections.
    full_at
        None where nothing is known to come, or it is further off than a century.
    """

    total: int
    free: int
    rate: float
    full_at: datetime | None

    def is_short(self, now: datetime, days: int) -> bool:
        """Whether the disk will be full within so many days."""
        return self.full_at is not None and self.full_at <= now + timedelta(days=days)


def room(found: Sequence[Row], total: int, free: int, now: datetime) -> Room:
    """When a disk will be full at the rate at which this year fills it."""
    moment = now.astimezone(UTC)
    end = datetime(moment.year + 1, 1, 1, tzinfo=UTC)
    days = max((end - moment) / timedelta(days=1), 1.0)
    to_come = sum(
        max((each.projected or each.recorded) - each.recorded, (each.surveyed or 0) - each.recorded, 0)
        for each in found
        if each.year == moment.year
    )
    rate = to_come / days
    left = free / rate if rate > 0 else float("inf")
    return Room(total, free, rate, moment + timedelta(days=left) if left < 36_525 else None)


def as_csv(found: Iterable[Row]) -> str:
    """The rows as a table, in bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("beamline", "year", "datasets", "recorded", "projected", "surveyed"))
    for each in found:
        writer.writerow((each.instrument_id, each.year, each.datasets, each.recorded, each.projected, each.surveyed))
    return text.getvalue()


def by_year(found: Iterable[Row]) -> dict[int, int]:
    """Bytes recorded in each year, over all instruments."""
    sums = defaultdict[int, int](int)
    for each in found:
        if each.year is not None:
            sums[each.year] += each.recorded
    return dict(sorted(sums.items()))


def _surveyed(surveys: Iterable[Survey]) -> dict[tuple[str, int], int]:
    sums = defaultdict[tuple[str, int], float](float)
    for survey in surveys:
        for row in survey.rows:
            sums[row.instrument_id, int(survey.id)] += row.rate * row.duty * row.hours * 3600
    return {key: round(size) for key, size in sums.items()}
