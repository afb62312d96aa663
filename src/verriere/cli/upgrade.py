"""``verriere upgrade``: the database, to this version."""

import typer

from verriere.cli import output
from verriere.cli.options import DryRun, InFacility, Json, folder
from verriere.cli.shape import Command, noun

app = noun()


@app.command(
    cls=Command,
    epilog="""\
        verriere upgrade --dry-run
        verriere upgrade
    """,
)
def upgrade(facility: InFacility = None, json: Json = False, dry_run: DryRun = False) -> None:
    """Bring the database up to this version of Verriere.

    One that is up to date stays as it is. Stop `verriere serve` and back up the database first. The archive needs no
    upgrade. A database that holds no catalogue is not upgraded but made again: verriere rebuild.
    """
    from verriere import catalogue
    from verriere.errors import DatabaseOutdated, DatabaseUnfit
    from verriere.ingest.holdings import database_url, embargo_rules
    from verriere.settings import load

    where = folder(facility)
    settings = load(where)
    url = database_url(where, settings)
    try:
        catalogue.Catalogue.open(url).close()
        outdated = ""
    except DatabaseUnfit:
        raise
    except DatabaseOutdated as error:
        outdated = error.message
    if outdated and not dry_run:
        catalogue.upgrade(url, embargo=embargo_rules(settings))
    if json:
        output.as_json({"outdated": bool(outdated), "upgraded": bool(outdated) and not dry_run})
    elif outdated:
        typer.echo(f"{outdated}: {'it would be upgraded' if dry_run else 'it was upgraded'}")
    else:
        typer.echo("the database is of this version")
