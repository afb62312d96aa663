"""When an object of the archive is read again: every so many days, each at a moment of its own."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256

_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_KEPT_FREE = 10
"""One part in so many of the days is kept free, for what is late because nothing ran."""

AGAIN = timedelta(days=1)
"""What is damaged is looked at again so much later: somebody may have mended it."""


def period(days: int) -> timedelta:
    """Time between two readings of one object, so that ``days`` are kept also when the service was down for some."""
    return timedelta(days=days) * (_KEPT_FREE - 1) / _KEPT_FREE


def next_audit(object_id: str, after: datetime, days: int) -> datetime:
    """When an object that was read (or written) at ``after`` is read next, within `period`.

    Each object has its place in the period, drawn from its identifier. So what was written in one night is not read
    in one night, and a service that was down goes on with the order it had.

    Parameters
    ----------
    after
        With its zone.
    """
    length = period(days)
    drawn = int.from_bytes(sha256(object_id.encode("utf-8", "surrogatepass")).digest()[:6]) / 2**48
    place = _BEGINNING + length * drawn
    return place + length * ((after - place) // length + 1)
