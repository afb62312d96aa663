"""The one place that reads dates and times: as files write them, and as people do."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

_CLOCK = r"(?P<hour>\d{1,2})[:hH](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,9}))?)?"
_ZONE = r"(?P<zone>Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2})?"
_DAY_NAME = r"(?:[A-Za-zéû]{3,9}\.?,?\s+)?"
_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?P<year>\d{4})[-/](?P<month>\d{1,2})[-/](?P<day>\d{1,2})"
        rf"(?:[T ,_]\s*{_CLOCK})?\s*{_ZONE}(?:\[[\w/]+\])?",
        # SOLEIL's 2013-09-28T04-50-47.669
        r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)[T_ ](?P<hour>\d\d)-(?P<minute>\d\d)-(?P<second>\d\d)"
        r"(?:\.(?P<part>\d{1,9}))?",
        r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)[T_ -]?(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)"
        rf"(?:[.,](?P<part>\d{{1,9}}))?{_ZONE}",
        # C's asctime, with or without a zone
        rf"{_DAY_NAME}(?P<month>[A-Za-zéû]{{3,9}})\.?\s+(?P<day>\d{{1,2}}),?\s+{_CLOCK}"
        r"(?:\s+(?P<zone>UTC|GMT|[+-]\d{4})|\s+[A-Z]{3,4})?\s+(?P<year>\d{4})",
        rf"{_DAY_NAME}(?P<day>\d{{1,2}})[-/ .](?P<month>[A-Za-zéû]{{3,9}})\.?[-/ ,.]+"
        rf"(?P<year>\d{{4}}|\d{{2}})[T ,]+{_CLOCK}\s*{_ZONE}",
        rf"(?P<day>\d{{1,2}})[/.](?P<month>\d{{1,2}})[/.](?P<year>\d{{4}})[T ,]+{_CLOCK}"
        rf"\s*(?P<half>[AaPp][Mm])?\s*{_ZONE}",
        rf"{_DAY_NAME}(?P<month>[A-Za-z]{{3,9}})\.?\s+(?P<day>\d{{1,2}}),?\s+(?P<year>\d{{4}})[ ,]+"
        rf"{_CLOCK}\s*(?P<half>[AaPp][Mm])?",
    )
)
_NAMES = (
    "jan feb mar apr may jun jul aug sep oct nov dec",
    "janv févr mars avr mai juin juil août sept oct nov déc",
)
_BARE = re.compile(r"\d{4}-?\d\d-?\d\d")
_MONTHS = {name: number for names in _NAMES for number, name in enumerate(names.split(), 1)}


@lru_cache(maxsize=4096)
def parse(text: str) -> datetime | None:
    """A date and time, with an offset only where one is written; None where it is not one.

    Understood are ISO 8601 and its relatives (``2013-09-28T04:50:48+0100``, ``2016-06-03 17:41:03``,
    ``20180613T104656``, a bare date), C's ``Wed Jun 06 10:46:56 2018``, ``11-May-2016 12:20:43``, and
    ``30/09/2020 01:12:15 UTC`` (day first, unless that is impossible).
    """
    written = " ".join(text[:200].split()).strip("'\"")
    for pattern in _PATTERNS:
        match = pattern.fullmatch(written)
        if match is not None:
            return _make(match.groupdict())
    return None


def said(text: str, zone: tzinfo, *, is_end: bool = False) -> datetime | None:
    """A moment as a person writes it, in their zone where they name none; None where it is not one.

    Only ISO 8601 is understood: of 03/04/2025 nobody knows the month. A bare date is the beginning of that day, or,
    where ``is_end``, the midnight at which it ends.
    """
    try:
        moment = datetime.fromisoformat(text)
        if is_end and _BARE.fullmatch(text):
            moment += timedelta(days=1)
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)


def from_epoch(seconds: float) -> datetime | None:
    """A time of a Unix clock, in UTC; None outside of 1980 to 2100, where it is something else."""
    if not 315_532_800 <= seconds <= 4_102_444_800:
        return None
    return datetime.fromtimestamp(seconds, tz=UTC)


def iso(moment: datetime) -> str:
    """A time as ISO 8601, with ``Z`` for UTC, and parts of a second only where there are any."""
    text = moment.isoformat()
    if moment.microsecond:
        text = text.replace(f"{moment.microsecond:06d}", f"{moment.microsecond:06d}".rstrip("0"), 1)
    return text.replace("+00:00", "Z")


def _make(parts: dict[str, str | None]) -> datetime | None:
    month = parts["month"] or ""
    number = int(month) if month.isdigit() else _month(month)
    year, day = int(parts["year"] or 0), int(parts["day"] or 0)
    if year < 100:  # ILL's 12-Feb-13
        year += 2000 if year < 70 else 1900
    if number is not None and number > 12 >= day and "half" in parts:  # 12/31/2019: the month first
        number, day = day, number
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    if (parts.get("half") or "").upper() == "PM" and hour < 12:
        hour += 12
    fraction = int(((parts.get("part") or "") + "000000")[:6])
    try:
        return datetime(year, number or 0, day, hour, minute, second, fraction, tzinfo=_zone(parts.get("zone")))
    except ValueError:
        return None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[3:].replace(":", "") or 0)
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def _month(name: str) -> int | None:
    name = name.casefold()
    return _MONTHS.get(name) or _MONTHS.get(name[:3])
