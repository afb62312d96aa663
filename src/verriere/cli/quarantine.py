"""``verriere quarantine``: datasets whose visit nobody knows yet."""

from typing import Annotated

import typer

from verriere.cli import output
from verriere.cli.options import DryRun, InFacility, Json, opened
from verriere.cli.shape import Command, noun

app = noun(
    examples="""\
        verriere quarantine list
        verriere quarantine assign 9f3k2m7q 20250123-1
    """,
    summary="Datasets whose visit nobody knows yet.",
)


@app.command(
    "list",
    cls=Command,
    epilog="""\
        verriere quarantine list
        verriere quarantine list --json
    """,
)
def list_(facility: InFacility = None, json: Json = False) -> None:
    """List the datasets in quarantine, with the visits that each could belong to."""
    with opened(facility) as open_facility:
        waiting = open_facility.catalogue.quarantined()
    if json:
        output.as_json(
            [
                {"id": d.id, "title": d.title, "source": d.source, "candidates": d.candidates, "since": d.ingested_at}
                for d in waiting
            ]
        )
        return
    output.table(
        ("id", "title", "could be of", "source"),
        [(d.id, d.title, ", ".join(d.candidates) or "no visit known", d.source) for d in waiting],
    )
    if waiting:
        typer.echo("\nnext: verriere quarantine assign ID VISIT")


@app.command(
    "assign",
    cls=Command,
    epilog="""\
        verriere quarantine assign 9f3k2m7q 20250123-1
        verriere quarantine assign 9f3k2m7q 20250123-1 --dry-run
    """,
)
def assign(
    dataset_id: Annotated[str, typer.Argument(metavar="ID", help="Identifier of the dataset.")],
    visit_id: Annotated[str, typer.Argument(metavar="VISIT", help="Identifier of its visit.")],
    *,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who decides, for the history.")] = "operator",
    facility: InFacility = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Say which visit a dataset belongs to: its team sees it from then on, and its embargo counts from that visit."""
    from verriere.ingest.assign import assign as assign_visit

    with opened(facility) as open_facility:
        zone = open_facility.settings.facility.zone
        before = open_facility.catalogue.dataset(dataset_id)
        visit = open_facility.catalogue.visit(visit_id)
        if not dry_run:
            assign_visit(open_facility, dataset_id, visit_id, by=by)
        after = open_facility.catalogue.dataset(dataset_id)
    if json:
        output.as_json({"id": dataset_id, "visit_id": visit.id, "state": after.state, "made": not dry_run})
        return
    done = "would be assigned" if dry_run else f"{before.state} -> {after.state}, assigned"
    typer.echo(f"{dataset_id}: {done} to {visit.id} ({visit.instrument_id}, ended {output.day(visit.end, zone)})")
