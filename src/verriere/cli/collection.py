"""``verriere collection``: datasets that are cited together."""

from typing import Annotated

import typer

from verriere.cli import output
from verriere.cli.options import By, InFacility, Json, opened
from verriere.cli.shape import Command, noun

app = noun(
    examples="""\
        verriere collection create "Silver behenate, 2019 to 2025" 9f3k2m7q 4hx2a7bd
        verriere collection list
        verriere publish collection:ID
    """,
    summary="Datasets that are cited together.",
)


@app.command(
    cls=Command,
    epilog="""\
        verriere collection create "Silver behenate, 2019 to 2025" 9f3k2m7q 4hx2a7bd
    """,
)
def create(
    title: Annotated[str, typer.Argument(metavar="TITLE", help="What it is cited under.")],
    dataset_ids: Annotated[list[str], typer.Argument(metavar="ID...", help="Identifiers of the datasets.")],
    *,
    description: Annotated[str, typer.Option(metavar="TEXT", help="What holds them together.")] = "",
    by: By = "operator",
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Put datasets together under a title of their own; `verriere publish` gives the collection a DOI."""
    from verriere.publish.gather import gather

    with opened(facility) as open_facility:
        made = gather(open_facility, title, dataset_ids, by=by, description=description)
    if json:
        output.as_json(made)
        return
    typer.echo(f"{made.id}: {output.clean(made.title)}, {output.number_of(len(made.dataset_ids), 'dataset')}")
    typer.echo(f"next: verriere publish collection:{made.id}")


@app.command(
    "list",
    cls=Command,
    epilog="""\
        verriere collection list
        verriere collection list --json
    """,
)
def list_(facility: InFacility = None, json: Json = False) -> None:
    """List the collections, with the DOIs of those that are published."""
    from verriere.model import PidKind

    with opened(facility) as open_facility:
        catalogue = open_facility.catalogue
        found = [(each, catalogue.publication_of(PidKind.COLLECTION, each.id)) for each in catalogue.collections()]
    if json:
        output.as_json([{"collection": each, "publication": known} for each, known in found])
        return
    output.table(
        ("id", "title", "datasets", "doi"),
        [(each.id, each.title, len(each.dataset_ids), known.doi if known else "") for each, known in found],
        right=("datasets",),
    )


@app.command(
    cls=Command,
    epilog="""\
        verriere collection show ID
    """,
)
def show(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Identifier of the collection.")],
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Show a collection and what is in it."""
    from verriere.model import PidKind

    with opened(facility) as open_facility:
        zone = open_facility.settings.facility.zone
        found = open_facility.catalogue.collection(identifier)
        known = open_facility.catalogue.publication_of(PidKind.COLLECTION, identifier)
        members = [open_facility.catalogue.dataset(each) for each in found.dataset_ids]
    if json:
        output.as_json({"collection": found, "publication": known})
        return
    output.facts(
        [
            ("id", found.id),
            ("title", found.title),
            ("description", found.description),
            ("by", found.by),
            ("made", output.day(found.created_at, zone)),
            ("doi", known.doi if known else ""),
        ]
    )
    output.heading("Datasets")
    output.table(("id", "title", "state"), [(each.id, each.title, each.state) for each in members])
