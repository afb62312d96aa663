"""A clock that stands still until it is told to move."""

from datetime import UTC, datetime, timedelta


class FrozenClock:
    """Give it wherever the time is asked for: calling it says the time it was set to.

    Parameters
    ----------
    at
        With its zone.

    Examples
    --------
    >>> clock = FrozenClock(datetime(2027, 3, 2, 23, 0, tzinfo=UTC))
    >>> clock.move(hours=2)
    >>> clock()
    datetime.datetime(2027, 3, 3, 1, 0, tzinfo=datetime.timezone.utc)
    """

    def __init__(self, at: datetime) -> None:
        if at.tzinfo is None:
            raise ValueError("a clock without a zone stands nowhere")
        self._at = at.astimezone(UTC)

    def __call__(self) -> datetime:
        """The time, in UTC."""
        return self._at

    def set(self, at: datetime) -> None:
        """Stand at another time."""
        self._at = at.astimezone(UTC)

    def move(self, *, days: float = 0, hours: float = 0, minutes: float = 0, seconds: float = 0) -> None:
        """Move on by so much."""
        self._at += timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
