"""``verriere person``: what is kept of a person, a copy of it, and its erasure."""

from pathlib import Path
from typing import Annotated

import typer

from verriere.cli import output
from verriere.cli.options import By, DryRun, InFacility, Json, opened
from verriere.cli.shape import Command, noun

app = noun(
    examples="""\
        verriere person show jane.doe@example.org
        verriere person export jane.doe@example.org -o jane.json
        verriere person erase jane.doe@example.org --reason "their request" --dry-run
    """,
    summary="What is kept of a person and why, a copy of it for them, and its erasure.",
)

Address = Annotated[str, typer.Argument(metavar="EMAIL", help="The person's address.")]


@app.command(
    "show",
    cls=Command,
    epilog="""\
        verriere person show jane.doe@example.org
        verriere person show jane.doe@example.org --json
    """,
)
def show(email: Address, facility: InFacility = None, json: Json = False) -> None:
    """Show where a person appears, and why that is kept; docs/personal-data.md explains each purpose."""
    from verriere.stewardship.personal.kept import traces

    with opened(facility) as open_facility:
        found = traces(open_facility, email)
    if json:
        output.as_json(found)
        return
    output.table(("where", "purpose"), [(each.where, each.purpose) for each in found])


@app.command("export", cls=Command, epilog="verriere person export jane.doe@example.org -o jane.json")
def export(
    email: Address,
    *,
    to: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it.")],
    facility: InFacility = None,
) -> None:
    """Write a copy of all that is kept of a person, as JSON, to give to them (GDPR, articles 15 and 20)."""
    import os

    from verriere.errors import InputInvalid
    from verriere.stewardship.personal.kept import document, traces

    with opened(facility) as open_facility:
        key = email.strip().lower()
        text = document(open_facility, key, traces(open_facility, key))
    try:
        with os.fdopen(os.open(to, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise InputInvalid(f"{to} cannot be written: {error.strerror}", hint="choose another file") from error
    typer.echo(f"{to}: written, readable by you alone")


@app.command(
    "erase",
    cls=Command,
    epilog="""\
        verriere person erase jane.doe@example.org --reason "their request" --dry-run
        verriere person erase jane.doe@example.org --reason "their request"
    """,
)
def erase(
    email: Address,
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; for the history, without the person's name.")],
    by: By = "operator",
    facility: InFacility = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Erase account, sessions, address and telephone of a person; the scientific record stays (GDPR, article 17).

    Names of authors stay where data are cited, and usernames in the history. Earlier revisions in the archive, the
    files themselves and backups keep what they hold: docs/personal-data.md says what to do about them.
    """
    from verriere.stewardship.personal import erase as erasing

    with opened(facility) as open_facility:
        done = erasing.erase(open_facility, email, reason=reason, by=by, dry_run=dry_run)
        before = sorted(open_facility.folder.glob("*.before*"))
    if json:
        output.as_json({**output.fields(done), "made": not dry_run, "copies": before})
        return
    would = "would be " if dry_run else ""
    output.facts([("account", done.account), ("stands for the address", done.pseudonym)])
    typer.echo(f"{output.number_of(len(done.records), 'record')} {would}written again without the address")
    for each in done.left:
        typer.echo(f"still holds it: {each}", err=True)
    for path in before:
        typer.echo(f"an earlier database is still there: {path}; remove it", err=True)
