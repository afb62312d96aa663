"""``verriere publish``: a DOI for a dataset, a visit, an instrument, a sample or a collection."""

from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli import output
from verriere.cli.options import By, DryRun, InFacility, Json, opened
from verriere.cli.shape import Command, noun
from verriere.errors import InputInvalid

if TYPE_CHECKING:
    from verriere.facility import Facility
    from verriere.model import Publication

app = noun()


@app.command(
    cls=Command,
    epilog="""\
        verriere publish 9f3k2m7q                       a dataset
        verriere publish visit:20250123-1               where an identifier alone could be several things
        verriere publish --waiting                      what the registrar does not know yet, and why
        verriere publish --sync                         tell it now
    """,
)
def publish(
    identifier: Annotated[str | None, typer.Argument(metavar="ID", help="Of what gets a DOI.")] = None,
    *,
    waiting: Annotated[
        bool, typer.Option("--waiting", help="Show what the registrar does not know yet.", show_default=False)
    ] = False,
    sync: Annotated[
        bool, typer.Option("--sync", help="Tell the registrar all that waits, now.", show_default=False)
    ] = False,
    by: By = "operator",
    facility: InFacility = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Give something a DOI that the world may know, and tell the registrar.

    What is proprietary or in quarantine is refused. Of what is under embargo, the description is public and the data
    are not. While the registrar is out of reach the change waits, and is tried again by the portal or with --sync.
    """
    if identifier is None and not (waiting or sync):
        raise InputInvalid("nothing to publish was named", hint="verriere publish ID, --waiting or --sync")
    with opened(facility) as open_facility:
        if identifier is not None:
            _publish(open_facility, identifier, by=by, json=json and not waiting, dry_run=dry_run)
        if sync and not dry_run:
            _sync(open_facility, json=json and not waiting and identifier is None)
        if waiting:
            _waiting(open_facility, json=json)


def _publish(facility: "Facility", identifier: str, *, by: str, json: bool, dry_run: bool) -> None:
    from verriere.publish import allowed, desk, queue

    kind, subject = allowed.subject_called(facility, identifier)
    if dry_run:
        allowed.require_publishable(facility, kind, subject)
        typer.echo(f"{kind} {subject} would be published")
        return
    published = desk.publish(facility, kind, subject, by=by)
    queue.deliver_quietly(facility)
    published = facility.catalogue.publication(published.doi)
    if json:
        output.as_json(published)
        return
    typer.echo(f"{kind} {subject}: {published.doi}")
    for line in _remarks(facility, published):
        typer.echo(line)


def _remarks(facility: "Facility", published: "Publication") -> list[str]:
    said = []
    if published.concept:
        said.append(f"all its versions: {published.concept}")
    if published.registrar == "offline":
        said.append("not registered: no registrar is set, nobody else knows this DOI (docs/publishing.md)")
    elif published.is_waiting:
        said.append("waiting for the registrar: verriere publish --waiting")
    if not facility.settings.serve.public_url:
        said.append("note: serve.public_url is not set, so no DOI can lead to this portal")
    return said


def _sync(facility: "Facility", *, json: bool) -> None:
    from verriere.publish import queue

    delivery = queue.deliver(facility, all_of_it=True)
    if json:
        output.as_json(delivery)
    else:
        typer.echo(f"{output.number_of(delivery.told, 'DOI')} told, {delivery.refused} refused")
        if delivery.trouble:
            typer.echo(f"the rest waits: {delivery.trouble}", err=True)
    if delivery.trouble or delivery.refused:
        raise typer.Exit(1)


def _waiting(facility: "Facility", *, json: bool) -> None:
    waits = facility.catalogue.waiting()
    if json:
        output.as_json(waits)
        return
    zone = facility.settings.facility.zone
    output.table(
        ("doi", "of", "wanted", "since", "attempts", "next", "trouble"),
        [
            (
                each.publication.doi,
                f"{each.publication.kind}:{each.publication.subject_id}",
                each.publication.wanted,
                f"{each.since.astimezone(zone):%Y-%m-%d %H:%M}",
                each.attempts,
                f"{each.next_at.astimezone(zone):%Y-%m-%d %H:%M}",
                each.trouble,
            )
            for each in waits
        ],
        right=("attempts",),
    )
