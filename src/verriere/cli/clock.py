"""``verriere clock``: open what is due to open."""

from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from verriere.cli import output
from verriere.cli.options import DryRun, InFacility, Json, opened
from verriere.cli.shape import Command, noun
from verriere.errors import InputInvalid

app = noun()


@app.command(
    cls=Command,
    epilog="""\
        verriere clock --dry-run
        verriere clock
        verriere clock --at 2030-01-01 --dry-run        what will be open on New Year's Day of 2030
    """,
)
def clock(
    at: Annotated[
        str | None, typer.Option(metavar="DATE", help="Look from this moment: 2030-01-01, or 2030-01-01T12:00.")
    ] = None,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="Really open what is due at a moment that has not come.", show_default=False),
    ] = False,
    facility: InFacility = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Apply every change of state that is due: open what is due to open, and tell the registrar.

    What was opened is open for good: a moment that has not come needs --dry-run, or --yes. Mails that are due go out as
    well, unless --at names another moment. `verriere serve` does the same by itself, once a minute; this is for those
    who serve with something else.
    """
    from verriere.publish import automatic, queue
    from verriere.stewardship import clock as stewards_clock
    from verriere.stewardship import mail
    from verriere.stewardship.embargo import letters

    with opened(facility) as open_facility:
        zone = open_facility.settings.facility.zone
        today = open_facility.now()
        now = (_moment(at, zone) if at else today).astimezone(zone)
        if now > today and not dry_run and not yes:
            raise InputInvalid(
                f"{now:%Y-%m-%d %H:%M} has not come, and what is opened stays open",
                hint="look with --dry-run; to open it all the same, before its embargo ends: --yes",
            )
        changes = list(stewards_clock.tick(open_facility, now, dry_run=dry_run))
        if not dry_run:
            automatic.catch_up(open_facility)
            queue.deliver_quietly(open_facility)
        if at is None and not dry_run:
            letters.announce(open_facility, now)
            mail.deliver(open_facility)
    if json:
        output.as_json({"at": now, "changes": changes, "made": not dry_run})
        return
    if changes:
        output.table(
            ("dataset", "title", "from", "to", "due"),
            [(c.dataset_id, c.title, c.before, c.after, output.day(c.due_at, zone)) for c in changes],
        )
    typer.echo(f"{len(changes)} {'would change' if dry_run else 'changed'} at {now:%Y-%m-%d %H:%M}")


def _moment(text: str, zone: ZoneInfo) -> datetime:
    from verriere.nexus import times

    moment = times.said(text, zone)
    if moment is None:
        raise InputInvalid(f"{text!r} is not a date", hint="write 2030-01-01, or 2030-01-01T12:00")
    return moment
