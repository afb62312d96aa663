"""``verriere history``: what happened."""

from typing import Annotated

import typer

from verriere.cli import output
from verriere.cli.options import InFacility, Json, opened
from verriere.cli.shape import Command, noun

app = noun()


@app.command(
    cls=Command,
    epilog="""\
        verriere history
        verriere history dataset:9f3k2m7q
        verriere history --check
        verriere history --json
    """,
)
def history(
    subject: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="A dataset, or KIND:ID of something else (visit:20250123-1).")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether the chain holds.", show_default=False)
    ] = False,
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Show what happened, in the order it happened.

    Every entry holds the hash of the one before it: --check reads them all and ends with exit code 1 where one was
    altered or removed.
    """
    with opened(facility) as open_facility:
        zone = open_facility.settings.facility.zone
        if check:
            count = open_facility.catalogue.check_history(open_facility.archive.read_history())
            if json:
                output.as_json({"entries": count, "whole": True})
            else:
                typer.echo(f"{count} {'entry' if count == 1 else 'entries'}, and none was altered")
            return
        about = f"dataset:{subject}" if subject and ":" not in subject else subject
        entries = list(open_facility.catalogue.history(about))
    if json:
        output.as_json(entries)
        return
    output.table(
        ("number", "when", "what", "happened", "by", "details"),
        [
            (
                e.number,
                e.at.astimezone(zone).isoformat(" ", "seconds"),
                e.subject,
                e.event,
                e.by,
                _listed(dict(e.details)),
            )
            for e in entries
        ],
        right=("number",),
    )


def _listed(details: dict[str, str]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in details.items())
