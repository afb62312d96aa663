"""Datestamps: UTC, to the second; harvesters may also ask by day."""

import re
from datetime import UTC, datetime, timedelta

GRANULARITY = "YYYY-MM-DDThh:mm:ssZ"

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)


def write(moment: datetime) -> str:
    """A moment as a datestamp; what is below a second is cut."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ").rjust(20, "0")


def is_day(text: str) -> bool:
    """Whether a date that was asked for is a whole day."""
    return _DAY.fullmatch(text) is not None


def first(text: str) -> datetime:
    """The first moment of a day or of a second, as ``from`` means it.

    Raises
    ------
    ValueError
        It is neither, or there is no such day.
    """
    if _DAY.fullmatch(text):
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    if _SECOND.fullmatch(text):
        return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    raise ValueError(f"{text} is not a date of this repository")


def after(text: str) -> datetime:
    """The first moment after a day or a second, as ``until``, which is inclusive, means it; raises as `first` does."""
    start = first(text)
    step = timedelta(days=1) if is_day(text) else timedelta(seconds=1)
    return start + step if start < datetime.max.replace(tzinfo=UTC) - step else datetime.max.replace(tzinfo=UTC)
