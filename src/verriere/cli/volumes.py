"""``verriere volumes``: how much was recorded, and how much there will be."""

from pathlib import Path
from typing import Annotated

import typer

from verriere.cli import output
from verriere.cli.options import InFacility, Json, opened
from verriere.cli.shape import Command, noun

app = noun(
    examples="""\
        verriere volumes show
        verriere volumes show --csv volumes.csv --svg volumes.svg
        verriere volumes survey survey.csv --year 2026
    """,
    summary="How much was recorded by year and beamline, and how much there will be.",
)

COLUMNS = ("beamline", "year", "datasets", "recorded", "projected", "surveyed")


@app.command(
    cls=Command,
    epilog="""\
        verriere volumes show
        verriere volumes show --json
        verriere volumes show --csv volumes.csv --svg volumes.svg
    """,
)
def show(
    facility: InFacility = None,
    json: Json = False,
    table: Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Write the table, in bytes.")] = None,
    picture: Annotated[Path | None, typer.Option("--svg", metavar="FILE", help="Write the chart.")] = None,
) -> None:
    """Show what was recorded by year and beamline, and two projections of this year.

    Projected: what this year recorded, carried on at the same rate from the first measurement of the year to its end.
    Surveyed: what the scientists of the beamline expect (rate, part of the beamtime, hours). Neither knows of the
    other.
    """
    from shutil import disk_usage

    from verriere.stewardship import volumes

    with opened(facility) as open_facility:
        now = open_facility.now()
        catalogue = open_facility.catalogue
        rows = volumes.rows(catalogue.volumes_by_year(), catalogue.surveys(), now)
        usage = disk_usage(open_facility.archive.root)
        room = volumes.room(rows, usage.total, usage.free, now)
    if table is not None:
        _written(table, volumes.as_csv(rows))
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


@app.command(
    cls=Command,
    epilog="""\
        verriere volumes survey survey.csv --year 2026
        verriere volumes survey survey.csv --year 2026 --json
    """,
)
def survey(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="CSV: beamline, detector, rate, duty, hours.")],
    year: Annotated[int, typer.Option("--year", min=1990, max=2999, help="The year that it is about.")],
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Take what the scientists of the beamlines expect of a year; it takes the place of an earlier answer.

    A line a detector: `SWING,EIGER 4M,2.5 GB/s,30 %,4000`.
    """
    from verriere.stewardship import survey as surveys

    with opened(facility) as open_facility:
        known = frozenset(each.id for each in open_facility.catalogue.instruments())
        taken = surveys.take(open_facility, year, surveys.read(file, known))
    if json:
        output.as_json(taken)
        return
    typer.echo(f"{len(taken.rows)} detectors in {year}")


def _written(path: Path, text: str) -> None:
    from verriere.errors import InputInvalid

    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputInvalid(f"{path} cannot be written: {error.strerror}", hint="choose another file") from error
