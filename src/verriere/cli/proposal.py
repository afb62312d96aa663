"""``verriere proposal``: proposals, visits, their teams and samples."""

from pathlib import Path
from typing import Annotated

import typer

from verriere.cli import output
from verriere.cli.options import DryRun, InFacility, Json, opened
from verriere.cli.shape import Command, noun

app = noun(
    examples="""\
        verriere proposal import proposals.json
        verriere proposal list
        verriere proposal show 20250123
    """,
    summary="Proposals, visits, their teams and samples.",
)


@app.command(
    "import",
    cls=Command,
    epilog="""\
        verriere proposal import proposals.json
        verriere proposal import proposals.csv --dry-run
        verriere proposal import proposals.csv --create-instruments
    """,
)
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="JSON, or a table named .csv.")],
    *,
    create_instruments: Annotated[
        bool,
        typer.Option("--create-instruments", help="Take in instruments that only visits name.", show_default=False),
    ] = False,
    facility: InFacility = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Take proposals, visits, members, samples and instruments from a file.

    What is known already is brought up to date; nothing is removed, and decisions on embargoes stay. docs/proposals.md
    shows both formats.
    """
    from verriere.publish import automatic
    from verriere.stewardship import proposals, records

    with opened(facility) as open_facility:
        said = proposals.read(file, open_facility.settings.facility.zone)
        changes = records.take(open_facility, said, by="import", create_instruments=create_instruments, dry_run=dry_run)
        if not dry_run:
            automatic.catch_up(open_facility)
    if json:
        output.as_json({"changes": changes, "made": not dry_run})
        return
    rows = [(c.kind, c.id, c.change) for c in changes if c.change != "same"]
    if rows:
        output.table(("kind", "id", "change"), rows)
    would = "would be " if dry_run else ""
    typer.echo(f"{len(rows)} {would}new or changed, {len(changes) - len(rows)} stay as they are")


@app.command(
    "list",
    cls=Command,
    epilog="""\
        verriere proposal list
        verriere proposal list --json
    """,
)
def list_(facility: InFacility = None, json: Json = False) -> None:
    """List the proposals."""
    with opened(facility) as open_facility:
        proposals = open_facility.catalogue.proposals()
    if json:
        output.as_json(proposals)
        return
    output.table(
        ("id", "title", "research", "members"), [(p.id, p.title, p.research, len(p.members)) for p in proposals]
    )


@app.command(
    "show",
    cls=Command,
    epilog="""\
        verriere proposal show 20250123
        verriere proposal show 20250123 --json
    """,
)
def show(
    proposal_id: Annotated[str, typer.Argument(metavar="ID", help="Identifier of the proposal.")],
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Show one proposal with its team, its visits and its samples."""
    with opened(facility) as open_facility:
        zone = open_facility.settings.facility.zone
        proposal = open_facility.catalogue.proposal(proposal_id)
        visits = open_facility.catalogue.visits(proposal_id=proposal_id)
        samples = open_facility.catalogue.samples(proposal_id=proposal_id)
    if json:
        output.as_json({"proposal": proposal, "visits": visits, "samples": samples})
        return
    output.facts([("id", proposal.id), ("title", proposal.title), ("research", proposal.research)])
    output.heading("Team")
    output.table(("name", "e-mail", "role"), [(m.person.name, m.person.email, m.role) for m in proposal.members])
    output.heading("Visits")
    output.table(
        ("id", "instrument", "start", "end"),
        [(v.id, v.instrument_id, output.day(v.start, zone), output.last_day(v.end, zone)) for v in visits],
    )
    output.heading("Samples")
    output.table(("id", "name", "formula"), [(s.id, s.name, s.formula) for s in samples])
