"""``verriere volumes``: how much was recorded, and how much there will be."""

from pathlib import Path
from typing import Annotated

import typer

from verriere.cli import output
from verriere.cli.options import DryRun, InFacility, Json, opened
from verriere.cli.shape import Command, noun

app = noun()

COLUMNS = ("beamline", "year", "datasets", "recorded", "projected", "surveyed")


@app.command(
    cls=Command,
    epilog="""\
        verriere volumes
        verriere volumes --json
        verriere volumes --csv volumes.csv --svg volumes.svg
        verriere volumes --survey survey.csv --year 2026
    """,
)
def volumes(
    facility: InFacility = None,
    *,
    json: Json = False,
    table: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the table, in bytes.")] = None,
    picture: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the chart.")] = None,
    survey: Annotated[
        Path | None,
        typer.Option("--survey", metavar="FILE", help="Take a survey (CSV) first."),
    ] = None,
    year: Annotated[
        int | None, typer.Option("--year", min=1990, max=2999, help="The year that the survey is about; else this one.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """How much was recorded, by year and beamline, and how much there will be.

    Two projections of this year stand apart. Projected: what this year recorded, carried on at the same rate from the
    first measurement of the year to its end. Surveyed: what the scientists of the beamline expect, rate times part of
    the beamtime times hours. Neither knows of the other.

    A survey has the columns beamline, detector, rate, duty and hours (`SWING,EIGER 4M,2.5 GB/s,30 %,4000`); it takes
    the place of an earlier one of that year.
    """
    from shutil import disk_usage

    from verriere.stewardship import survey as surveys
    from verriere.stewardship import volumes as reckoned

    with opened(facility) as open_facility:
        now = open_facility.now()
        catalogue = open_facility.catalogue
        if survey is not None:
            answers = surveys.read(survey, frozenset(each.id for each in catalogue.instruments()))
            if not dry_run:
                surveys.take(open_facility, year or now.year, answers)
        rows = reckoned.rows(catalogue.volumes_by_year(), catalogue.surveys(), now)
        usage = disk_usage(open_facility.archive.root)
        room = reckoned.room(rows, usage.total, usage.free, now)
    if table is not None:
        _written(table, reckoned.as_csv(rows))
    if picture is not None:
        from verriere.stewardship.chart import ENGLISH, chart

        _written(picture, chart(rows, ENGLISH))
    if json:
        output.as_json({"rows": rows, "room": room})
        return
    output.table(
        COLUMNS,
        [
            (
                row.instrument_id or "?",
                row.year or "?",
                row.datasets,
                output.size(row.recorded),
                "" if row.projected is None else output.size(row.projected),
                "" if row.surveyed is None else output.size(row.surveyed),
            )
            for row in rows
        ],
        right=COLUMNS[2:],
    )
    full = f"full about {room.full_at:%Y-%m-%d}" if room.full_at else "it will do"
    typer.echo(f"room: {output.size(room.free)} of {output.size(room.total)} free; at this year's rate, {full}")


def _written(path: Path, text: str) -> None:
    from verriere.errors import InputInvalid

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputInvalid(f"{path} cannot be written: {error.strerror}", hint="choose another file") from error
