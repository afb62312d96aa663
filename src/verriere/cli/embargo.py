"""``verriere embargo``: how embargoes stand, what was asked about them, and deciding."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from verriere.cli import output
from verriere.cli.options import OPERATOR, InFacility, Json, opened
from verriere.cli.shape import Command, noun
from verriere.errors import InputInvalid
from verriere.model import DecisionKind, Duty

if TYPE_CHECKING:
    from verriere.model import EmbargoRequest

app = noun(
    examples="""\
        verriere embargo show 20250123-1
        verriere embargo request 20250123-1 --extend --reason "thesis under way"
        verriere embargo request 9f3k2m7q --release 2027-01-01 --reason "paper accepted"
        verriere embargo list
        verriere embargo decide 5f0c9a1b22 --approve
        verriere embargo policy 20250123-1 2026 --reason "agreed with the team"
    """,
    summary="How embargoes stand, what was asked about them, and deciding.",
)

Subject = Annotated[str, typer.Argument(metavar="ID", help="Identifier of a visit or a dataset.")]
By = Annotated[str, typer.Option(metavar="NAME", help="Who, for the history.")]


@app.command(
    "show",
    cls=Command,
    epilog="""\
        verriere embargo show 20250123-1
        verriere embargo show dataset:9f3k2m7q --json
    """,
)
def show(name: Subject, *, facility: InFacility = None, json: Json = False) -> None:
    """Show when something opens, what was decided about it, and what may still be asked."""
    from verriere.stewardship.embargo import outlook

    with opened(facility) as open_facility:
        zone = open_facility.settings.facility.zone
        seen = outlook(open_facility, name)
        rules = open_facility.catalogue.embargo.of(seen.subject.visit, seen.subject.decisions)
    decisions = (*seen.subject.visit.decisions, *seen.subject.decisions)
    if json:
        output.as_json(
            {
                "subject": seen.subject.name,
                "state": seen.subject.state,
                "opens_at": seen.ends_at,
                "policy": {"version": rules.name, "years": rules.years, "extensions": rules.extensions},
                "decisions": decisions,
                "requests": seen.requests,
                "extension": seen.extension,
                "release": seen.release,
            }
        )
        return
    output.facts(
        [
            ("subject", seen.subject.name),
            ("proposal", f"{seen.subject.proposal.id}: {seen.subject.proposal.title}"),
            ("opens", output.day(seen.ends_at, zone)),
            ("policy", rules.name),
            ("extension", _said(seen.extension.refusal, seen.extension.needs_director)),
            ("early release", _said(seen.release.refusal, seen.release.needs_director)),
        ]
    )
    if decisions:
        output.heading("decisions")
        output.table(
            ("on", "what", "by", "reason"),
            [(output.day(d.decided_at, zone), d.policy or d.kind, d.by, d.reason) for d in decisions],
        )
    if seen.requests:
        output.heading("requests")
        _table(seen.requests, zone)


@app.command(
    "list",
    cls=Command,
    epilog="""\
        verriere embargo list
        verriere embargo list --all --json
    """,
)
def list_(
    *,
    every: Annotated[bool, typer.Option("--all", help="Also those that were decided.", show_default=False)] = False,
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """List the requests that wait for a decision."""
    with opened(facility) as open_facility:
        zone = open_facility.settings.facility.zone
        found = open_facility.catalogue.requests() if every else open_facility.catalogue.requests(state="waiting")
    if json:
        output.as_json(found)
        return
    _table(found, zone)


@app.command(
    "request",
    cls=Command,
    epilog="""\
        verriere embargo request 20250123-1 --extend --reason "thesis under way"
        verriere embargo request 20250123-1 --release now
        verriere embargo request 9f3k2m7q --release 2027-01-01 --reason "paper accepted"
    """,
)
def request(
    name: Subject,
    *,
    extend: Annotated[bool, typer.Option("--extend", help="Ask for a longer embargo.", show_default=False)] = False,
    release: Annotated[
        str | None, typer.Option(metavar="DATE|now", help="Ask for an early release, on that day or now.")
    ] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; kept for good.")] = "",
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Ask on a team's behalf for a longer embargo, or for an early release."""
    from verriere.stewardship.embargo import ask

    if extend == (release is not None):
        raise InputInvalid("say either --extend or --release DATE")
    with opened(facility) as open_facility:
        zone = open_facility.settings.facility.zone
        kind = DecisionKind.EXTENSION if extend else DecisionKind.EARLY_RELEASE
        day = None if release in (None, "now") else _day(release or "", zone)
        made = ask(open_facility, name, kind, by=OPERATOR, reason=reason, effective_at=day)
    _tell(made, json=json)


@app.command(
    "decide",
    cls=Command,
    epilog="""\
        verriere embargo decide 5f0c9a1b22 --approve
        verriere embargo decide 5f0c9a1b22 --refuse --reason "the thesis was defended"
        verriere embargo decide 5f0c9a1b22 --approve --as-director --by martin --reason "patent pending"
    """,
)
def decide(
    request_id: Annotated[str, typer.Argument(metavar="REQUEST", help="Identifier of the request.")],
    *,
    approve: Annotated[bool | None, typer.Option("--approve/--refuse", help="Grant it, or not.")] = None,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; kept for good, and told to who asked.")] = "",
    by: By = "operator",
    director: Annotated[
        bool, typer.Option("--as-director", help="Decide what goes beyond the policy.", show_default=False)
    ] = False,
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Grant or refuse a request."""
    from verriere.stewardship.embargo import decide as decide_

    if approve is None:
        raise InputInvalid("say either --approve or --refuse")
    duty = Duty.DIRECTOR if director else Duty.DATA_OFFICE
    with opened(facility) as open_facility:
        made = decide_(open_facility, request_id, approve=approve, by=by, duty=duty, reason=reason)
    _tell(made, json=json)


@app.command(
    "policy",
    cls=Command,
    epilog="""\
        verriere embargo policy 20250123-1 2026 --reason "agreed with the team"
    """,
)
def policy(
    name: Subject,
    version: Annotated[str, typer.Argument(metavar="VERSION", help="Of the policy, as verriere.toml names it.")],
    *,
    reason: Annotated[str, typer.Option(metavar="TEXT", help="Why; kept for good.")] = "",
    by: By = "operator",
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Let a visit or a dataset follow another version of the policy than the one of its time."""
    from verriere.stewardship.embargo import follow

    with opened(facility) as open_facility:
        zone = open_facility.settings.facility.zone
        subject = follow(open_facility, name, version, by=by, reason=reason)
        ends = subject.ends_at(open_facility)
    if json:
        output.as_json({"subject": subject.name, "policy": version, "opens_at": ends})
        return
    typer.echo(f"{subject.name} follows {version} and opens on {output.day(ends, zone)}")


def _said(refusal: object, needs_director: bool) -> str:
    if refusal is not None:
        return f"no: {refusal}"
    return "a director decides" if needs_director else "may be asked for"


def _day(written: str, zone: ZoneInfo) -> datetime:
    from verriere.nexus import times

    found = times.said(written, zone)
    if found is None:
        raise InputInvalid(f"{written!r} is no day", hint="write 2027-01-01, or now")
    return found


def _tell(made: "EmbargoRequest", *, json: bool) -> None:
    if json:
        output.as_json(made)
        return
    typer.echo(f"request {made.id}: {made.kind} of {made.subject}, {made.state}")
    if made.state == "waiting":
        who = " --as-director" if made.needs_director else ""
        typer.echo(f"next: verriere embargo decide {made.id} --approve{who}")


def _table(found: "list[EmbargoRequest] | tuple[EmbargoRequest, ...]", zone: ZoneInfo) -> None:
    output.table(
        ("id", "asked on", "by", "what", "of", "reason", "state"),
        [
            (
                each.id,
                output.day(each.asked_at, zone),
                each.by,
                each.kind,
                each.subject,
                each.reason,
                "for a director" if each.needs_director and each.state == "waiting" else each.state,
            )
            for each in found
        ],
    )
