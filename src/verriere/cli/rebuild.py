"""``verriere rebuild``: the database again, from the archive."""

import typer

from verriere.cli import output
from verriere.cli.options import DryRun, InFacility, Json, folder
from verriere.cli.shape import Command, noun

app = noun()


@app.command(
    cls=Command,
    epilog="""\
        verriere rebuild --dry-run
        verriere rebuild
    """,
)
def rebuild(facility: InFacility = None, json: Json = False, dry_run: DryRun = False) -> None:
    """Make the database again from the archive.

    Every dataset, proposal, visit, account, and the history. For a database that was lost or is damaged. Nothing in
    the archive changes; people have to log in again.
    """
    from verriere.archive import Archive
    from verriere.facility import Facility
    from verriere.settings import load
    from verriere.stewardship import accounts

    where = folder(facility)
    if dry_run:
        count = sum(1 for _ in Archive(where / load(where).archive.path).objects())
    else:
        count = Facility.rebuild(where)
        with Facility.open(where) as facility_again:
            accounts.restore(facility_again)
    if json:
        output.as_json({"objects": count, "made": not dry_run})
    else:
        would = "would be" if dry_run else "was"
        typer.echo(f"the database {would} made again from {count} objects in the archive")
