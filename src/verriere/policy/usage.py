"""Counting use as COUNTER's Code of Practice for Research Data (release 1) does: a pure function of what was asked for.

An *investigation* is any look at a dataset, a download included; a *request* is a download. The same thing asked for
again by the same user within thirty seconds is a double click, and counts once. However often a user looks at a dataset
in one hour of the clock, that is one *unique* investigation, and so for requests.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

DOUBLE_CLICK = timedelta(seconds=30)
SESSION = timedelta(hours=1)
"""Without a session of the user's own: an hour of the clock."""

Seen = Mapping[tuple[str, str, str], datetime]
"""When who asked last for what of which dataset."""


@dataclass(frozen=True, slots=True)
class Use:
    """Somebody asked for something of a dataset.

    Parameters
    ----------
    who
        A pseudonym of the user that changes every day.
    target
        What was asked for: a page, a file.
    access
        ``regular`` (by a person) or ``machine`` (by a program for a person).
    day
        Of the facility's calendar, ISO.
    """

    who: str
    dataset_id: str
    target: str
    at: datetime
    day: str
    is_request: bool = False
    access: str = "regular"


@dataclass(frozen=True, slots=True)
class Counts:
    """How often, by the four metrics."""

    total_investigations: int = 0
    unique_investigations: int = 0
    total_requests: int = 0
    unique_requests: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.total_investigations + other.total_investigations,
            self.unique_investigations + other.unique_investigations,
            self.total_requests + other.total_requests,
            self.unique_requests + other.unique_requests,
        )


NOTHING = Counts()


def keys(use: Use) -> tuple[tuple[str, str, str], ...]:
    """What a use is told by: the thing itself, and the hour in which the dataset was looked at or downloaded."""
    hour = use.at.astimezone(UTC).strftime("%Y-%m-%dT%H")
    ways = ("i", "r") if use.is_request else ("i",)
    return (use.who, use.dataset_id, f"={use.target}"), *((use.who, use.dataset_id, f"{way}@{hour}") for way in ways)


def tally(
    uses: Iterable[Use], seen: Seen
) -> tuple[dict[tuple[str, str, str], Counts], dict[tuple[str, str, str], datetime]]:
    """What uses add to the counts of each (dataset, day, access), and what was seen then.

    Counting some uses, and then others with what was seen of the first, is the same as counting all at once.
    """
    known = dict(seen)
    counts: dict[tuple[str, str, str], Counts] = {}
    for use in sorted(uses, key=lambda each: each.at):
        target, *hours = keys(use)
        before = known.get(target)
        known[target] = max(use.at, before or use.at)
        if before is not None and use.at - before <= DOUBLE_CLICK:
            continue
        first = [hour not in known for hour in hours]
        known |= {hour: use.at for hour in hours if hour not in known}
        request, first_request = use.is_request, use.is_request and first[-1]
        place = (use.dataset_id, use.day, use.access)
        counts[place] = counts.get(place, NOTHING) + Counts(1, int(first[0]), int(request), int(first_request))
    return counts, known


def forgotten(now: datetime) -> datetime:
    """What was seen before this moment is told by nothing any more."""
    return now - SESSION - DOUBLE_CLICK
