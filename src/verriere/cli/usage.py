"""``verriere usage``: how often datasets are looked at and downloaded."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli import output
from verriere.cli.options import InFacility, Json, opened
from verriere.cli.shape import Command, noun

if TYPE_CHECKING:
    from verriere.facility import Facility

app = noun(
    examples="""\
        verriere usage report
        verriere usage report --from 2026-01 --to 2026-06
        verriere usage report --from 2026-01 --to 2026-12 --json > dsr.json
    """,
    summary="How often datasets are looked at and downloaded, as COUNTER and Make Data Count ask.",
)


@app.command(
    "report",
    cls=Command,
    epilog="""\
        verriere usage report
        verriere usage report --from 2026-01 --to 2026-06
        verriere usage report --from 2026-01 --to 2026-12 --json > dsr.json
    """,
)
def report(
    first: Annotated[str, typer.Option("--from", metavar="MONTH", help="First month or day.", show_default=False)] = "",
    last: Annotated[str, typer.Option("--to", metavar="MONTH", help="Last month or day.", show_default=False)] = "",
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Report looks and downloads of every dataset that anyone may know of; without a period, of this month.

    --json writes the dataset report (DSR) of COUNTER's Code of Practice for Research Data. Robots and double clicks are
    left out; what programs such as curl fetched is counted apart from people.
    """
    from verriere.publish.usage.report import period
    from verriere.publish.usage.report import report as dataset_report

    with opened(facility) as open_facility:
        month = f"{_today(open_facility):%Y-%m}"
        begin, end = period(first or month, last or first or month)
        if json:
            output.as_json(dataset_report(open_facility, begin, end, open_facility.now()))
            return
        rows = open_facility.catalogue.usage_by_month(begin.isoformat(), end.isoformat())
    output.table(
        ("dataset", "month", "access", "looks", "unique", "downloads", "unique downloads"),
        [
            (
                identifier,
                when,
                access,
                counts.total_investigations,
                counts.unique_investigations,
                counts.total_requests,
                counts.unique_requests,
            )
            for identifier, when, access, counts in rows
        ],
        right=("looks", "unique", "downloads", "unique downloads"),
    )


def _today(facility: "Facility") -> date:
    return facility.now().astimezone(facility.settings.facility.zone).date()
