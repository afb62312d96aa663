"""``verriere withdraw``: a tombstone in the place of what was published."""

from typing import Annotated

import typer

from verriere.cli import output
from verriere.cli.options import By, DryRun, InFacility, Json, opened
from verriere.cli.shape import Command, noun
from verriere.errors import NotFound

app = noun()


@app.command(
    cls=Command,
    epilog="""\
        verriere withdraw 9f3k2m7q --reason "The sample was another one"
        verriere withdraw 10.60000/9f3k2m7q.v1 --reason "Miscounted"        one version of it
    """,
)
def withdraw(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="What was published, or its DOI.")],
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; shown on the page that is left.")],
    by: By = "operator",
    facility: InFacility = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Withdraw what was published: its DOI leads to its citation and the reason from then on.

    Nothing is deleted. Of a dataset, nobody outside its team has the bytes any more; the archive keeps them.
    """
    from verriere.publish import allowed, desk, queue

    with opened(facility) as open_facility:
        kind, subject = allowed.subject_called(open_facility, identifier)
        known = open_facility.catalogue.publication_of(kind, subject)
        if known is None:
            raise NotFound(f"{kind} {subject} has no DOI", hint="there is nothing to withdraw")
        doi = identifier if identifier.startswith("10.") else known.concept or known.doi
        if dry_run:
            dois = [open_facility.catalogue.publication(doi).doi]
        else:
            dois = [each.doi for each in desk.withdraw(open_facility, doi, reason, by=by)]
            queue.deliver_quietly(open_facility)
    if json:
        output.as_json({"withdrawn": dois, "reason": reason, "made": not dry_run})
        return
    for gone in dois:
        typer.echo(f"{gone}: {'would be ' if dry_run else ''}withdrawn")
