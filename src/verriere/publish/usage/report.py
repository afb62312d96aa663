"""The dataset report (DSR) of COUNTER's Code of Practice for Research Data, release 1, as SUSHI sends it."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime
from itertools import groupby
from typing import Any

from verriere import __version__
from verriere.errors import InputInvalid, NotFound
from verriere.ingest.holdings import Holdings
from verriere.model import ANONYMOUS, PidKind
from verriere.policy.usage import Counts

METRICS = (
    ("total-dataset-investigations", "total_investigations"),
    ("unique-dataset-investigations", "unique_investigations"),
    ("total-dataset-requests", "total_requests"),
    ("unique-dataset-requests", "unique_requests"),
)


def period(begin: str, end: str) -> tuple[date, date]:
    """The first and the last day of a period that is said in days or months.

    Raises
    ------
    InputInvalid
        It cannot be understood, or ends before it begins.
    """
    try:
        first = date.fromisoformat(begin if len(begin) > len("2026-01") else f"{begin}-01")
        last = date.fromisoformat(end) if len(end) > len("2026-01") else _last_of(date.fromisoformat(f"{end}-01"))
    except ValueError as error:
        raise InputInvalid("a period is said in days or months", hint="2026-01 or 2026-01-31") from error
    if last < first:
        raise InputInvalid("the period ends before it begins", hint="say the earlier one first")
    return first, last


def report(holdings: Holdings, first: date, last: date, now: datetime) -> dict[str, Any]:
    """What was looked at and downloaded from the first to the last day, of what everybody may know of."""
    settings = holdings.settings
    rows = holdings.catalogue.usage_by_month(first.isoformat(), last.isoformat())
    datasets = [
        _dataset(holdings, identifier, [row[1:] for row in part], first, last)
        for identifier, part in groupby(rows, key=lambda row: row[0])
    ]
    return {
        "report-header": {
            "report-name": "dataset report",
            "report-id": "DSR",
            "release": "rd1",
            "created": now.date().isoformat(),
            "created-by": settings.facility.publisher or settings.facility.name,
            "reporting-period": {"begin-date": first.isoformat(), "end-date": last.isoformat()},
            "report-filters": [],
            "report-attributes": [{"name": "counted-by", "value": f"verriere {__version__}"}],
            "exceptions": [],
        },
        "report-datasets": [each for each in datasets if each is not None],
    }


def _dataset(
    holdings: Holdings, identifier: str, rows: list[tuple[str, str, Counts]], first: date, last: date
) -> dict[str, Any] | None:
    settings = holdings.settings
    try:
        shown, _ = holdings.catalogue.shown(identifier, ANONYMOUS)
    except NotFound:  # hidden since it was counted
        return None
    publication = holdings.catalogue.publication_of(PidKind.DATASET, identifier)
    doi = (publication.concept or publication.doi) if publication is not None and publication.is_public else None
    published = publication.published_at if publication is not None and publication.published_at else shown.ingested_at
    return {
        "dataset-title": shown.title,
        "dataset-id": [{"type": "DOI", "value": doi} if doi else {"type": "Proprietary", "value": identifier}],
        "publisher": settings.facility.publisher or settings.facility.name,
        "publisher-id": [],
        "platform": settings.facility.name,
        "yop": str(published.year),
        "data-type": "dataset",
        "dataset-dates": [{"type": "pub-date", "value": published.date().isoformat()}],
        "performance": [
            {
                "period": _within(month, first, last),
                "instance": [each for _, access, counts in part for each in _instances(access, counts)],
            }
            for month, part in groupby(rows, key=lambda row: row[0])
        ],
    }


def _instances(access: str, counts: Counts) -> Iterator[dict[str, Any]]:
    for metric, name in METRICS:
        count = getattr(counts, name)
        if count:
            yield {"metric-type": metric, "access-method": access, "count": count}


def _within(month: str, first: date, last: date) -> dict[str, str]:
    begin = date.fromisoformat(f"{month}-01")
    return {
        "begin-date": max(first, begin).isoformat(),
        "end-date": min(last, _last_of(begin)).isoformat(),
    }


def _last_of(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])
