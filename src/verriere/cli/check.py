"""``verriere check``: what files say, without a facility."""

from pathlib import Path
from typing import Annotated

import typer

from verriere.cli import output
from verriere.cli.options import InLanguage, Json, language
from verriere.cli.shape import Command, noun
from verriere.cli.show import show_capture, show_findings

app = noun()


@app.command(
    cls=Command,
    epilog="""\
        verriere check scan_0042.nxs
        verriere check *.nxs --language fr
        verriere check /data/swing/20250123 --json
    """,
)
def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files and folders to look into.")],
    speaks: InLanguage = None,
    json: Json = False,
) -> None:
    """Say what would be captured from files, and what is missing.

    No facility is needed: this is for the beamline. Each file gets a score of 0 to 100: how much of what its technique
    asks for it says. The exit code is 1 where a file has a finding that is an error.
    """
    from verriere.ingest import check as looking
    from verriere.model import Severity
    from verriere.techniques.complete import assess

    plan, datasets = looking.check(files)
    if json:
        output.as_json({"datasets": datasets, "left_out": plan.left_out, "deferred": plan.deferred})
    else:
        for dataset in datasets:
            for name, capture in dataset.captures:
                found = assess(capture)
                show_capture(capture, name, language(speaks), found.score if found else None)
        show_findings((*plan.left_out, *plan.deferred), language(speaks))
    findings = (found for dataset in datasets for _, capture in dataset.captures for found in capture.findings)
    if any(found.severity is Severity.ERROR for found in findings):
        raise typer.Exit(1)
