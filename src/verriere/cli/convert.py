"""``verriere convert``: files of other formats as NeXus, without a facility."""

from pathlib import Path
from typing import Annotated

import typer

from verriere.cli import output
from verriere.cli.options import Json
from verriere.cli.shape import Command, noun

app = noun()


@app.command(
    cls=Command,
    epilog="""\
        verriere convert spectrum.DSC -o spectrum.nxs
        verriere convert 20240312/10 --output-folder nexus
        verriere convert *.mzML --output-folder nexus --json
    """,
)
def convert(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files, or folders of a spectrometer.")],
    target: Annotated[Path | None, typer.Option("-o", "--output", help="Where to write, for one dataset.")] = None,
    folder: Annotated[Path, typer.Option("--output-folder", help="Folder to write to, for several.")] = Path(),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files that are there already.")] = False,
    json: Json = False,
) -> None:
    """Convert NMR, EPR, mass spectra, diffraction frames and XDI to NeXus.

    The numbers stay as they are, and every field of the headers is in the new file, under /entry/original. What belongs
    together (DSC, DTA and YGF; the folder of an experiment; all frames of a series) becomes one file. The exit code is
    1 where something could not be converted.
    """
    from verriere.errors import InputInvalid, VerriereError
    from verriere.ingest.plan import plan
    from verriere.techniques.formats.converting import convert as write

    planned = plan(files)
    if target is not None and len(planned.groups) != 1:
        raise InputInvalid(
            f"{len(planned.groups)} datasets cannot go into one file", hint="name a folder: --output-folder FOLDER"
        )
    rows = []
    for group in planned.groups:
        made = target or folder / f"{group.title.replace('/', '_')}.nxs"
        trouble = ""
        if made.exists() and not overwrite:
            trouble = f"{made} is there already; --overwrite replaces it"
        else:
            made.parent.mkdir(parents=True, exist_ok=True)
            try:
                write({member.name: member.path for member in group.members}, group.members[0].name, made)
            except VerriereError as error:
                trouble = error.message
        rows.append({"source": group.source, "target": "" if trouble else str(made), "trouble": trouble})
    if json:
        output.as_json({"converted": rows})
    else:
        output.table(("from", "to", ""), [tuple(row.values()) for row in rows])
    if any(row["trouble"] for row in rows):
        raise typer.Exit(1)
