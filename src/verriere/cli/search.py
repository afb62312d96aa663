"""``verriere search``: find datasets."""

import shlex
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from verriere.cli import output
from verriere.cli.options import OPERATOR, InFacility, InLanguage, Json, language, opened
from verriere.cli.shape import Command, noun
from verriere.errors import QueryInvalid

if TYPE_CHECKING:
    from verriere.catalogue import Page

app = noun()


@app.command(
    cls=Command,
    context_settings={"ignore_unknown_options": True},  # a query may begin with what it leaves out: -calibration
    epilog="""\
        verriere search "silver behenate"
        verriere search "technique:SAXS beamline:SWING energy:>12keV"
        verriere search "wavelength:0.9..1.1Å after:2024-01 status:open" --json
        verriere search "" --facets
    """,
)
def search(
    query: Annotated[str, typer.Argument(metavar="QUERY", help='What to look for; "" finds everything.')],
    *,
    facets: Annotated[
        bool, typer.Option("--facets", help="Count by beamline, technique, year and status.", show_default=False)
    ] = False,
    sort: Annotated[str, typer.Option(metavar="ORDER", help="relevance, newest, oldest, title or size.")] = "relevance",
    page: Annotated[int, typer.Option(min=1, help="Which page of the results.")] = 1,
    size: Annotated[int, typer.Option(min=1, max=500, help="Datasets on a page.")] = 20,
    facility: InFacility = None,
    speaks: InLanguage = None,
    json: Json = False,
) -> None:
    """Find datasets.

    Words match titles, samples, people's public names and parameters; docs/search.md lists the fields. Units are
    converted: energy:12keV finds 12000 eV.
    """
    from verriere.catalogue import Advice

    with opened(facility) as open_facility:
        zone = open_facility.settings.facility.zone
        try:
            found = open_facility.catalogue.search(
                query,
                OPERATOR,
                sort=sort,  # type: ignore[arg-type]  # the catalogue refuses an order that it does not know
                page=page,
                size=size,
                facets=facets,
            )
        except QueryInvalid as error:
            typer.echo(f"  {output.clean(query)}\n  {' ' * error.position}^", err=True)
            raise
        advice = Advice() if found.total else open_facility.catalogue.advise(query, OPERATOR)
    if json:
        output.as_json({**output.fields(found), "unknown": advice.unknown, "instead": advice.query})
        return
    _show(found, zone)
    for each in advice.unknown:
        typer.echo(f"hint: {output.clean(each.told(language(speaks)))}")
    if advice.query:
        typer.echo(f"try: verriere search {shlex.quote(advice.query)}")


def _show(found: "Page", zone: ZoneInfo) -> None:
    output.table(
        ("id", "title", "instrument", "techniques", "start", "state", "opens"),
        [
            (
                hit.id,
                hit.title,
                hit.instrument,
                ", ".join(term.label for term in hit.techniques),
                output.day(hit.start, zone),
                hit.state,
                output.day(hit.opens_at, zone),
            )
            for hit in found.hits
        ],
    )
    for name, counts in found.facets.items():
        output.heading(name)
        output.table(("value", "datasets"), [(each.label, each.count) for each in counts], right=("datasets",))
    typer.echo(
        f"\n{output.number_of(found.total, 'dataset')}"
        + (f", page {found.page} of {found.pages}" if found.pages > 1 else "")
    )
