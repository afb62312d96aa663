"""``verriere init``: a new facility."""

from pathlib import Path
from typing import Annotated

import typer

from verriere.cli import output
from verriere.cli.options import DryRun, Json
from verriere.cli.shape import Command, noun

app = noun()


@app.command(
    cls=Command,
    epilog="""\
        verriere init my-facility
        verriere init /srv/verriere --name "Synchrotron of Nowhere"
        verriere init /srv/verriere --database postgresql://verriere@localhost/verriere
    """,
)
def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder to make it in: new, or empty.")],
    name: Annotated[str, typer.Option(help="Name shown on every page and in every citation.")] = "My facility",
    database: Annotated[
        str, typer.Option(metavar="URL", help="sqlite:///PATH or postgresql://...; else SQLite in the facility.")
    ] = "",
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Make a new, empty facility.

    The folder gets a commented verriere.toml, a database of this version and an archive. A folder that holds a facility
    is left as it is.
    """
    from verriere.errors import FacilityExists
    from verriere.facility import Facility
    from verriere.settings import FILE_NAME

    if (folder / FILE_NAME).exists():
        raise FacilityExists(f"{folder} is a facility already", hint=f"use it with: verriere --facility {folder} ...")
    if not dry_run:
        with Facility.create(folder, name=name, database=database):
            pass
    if json:
        output.as_json({"facility": folder.resolve(), "name": name, "made": not dry_run})
        return
    typer.echo(f"{folder.resolve()}: {'a facility would be made here' if dry_run else 'a new facility'}")
    typer.echo(f"next: look through {folder / FILE_NAME}, then: verriere --facility {folder} proposal import FILE")
