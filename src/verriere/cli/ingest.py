"""``verriere ingest``: files into the archive and the catalogue."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli import output
from verriere.cli.options import DryRun, InFacility, InLanguage, Json, language, opened
from verriere.cli.shape import Command, noun
from verriere.errors import InputInvalid
from verriere.model import Store

if TYPE_CHECKING:
    from verriere.ingest.summary import Summary
    from verriere.wording import Language

app = noun()

LISTED = 40
"""Datasets that are listed one by one; of more, only those that need somebody."""


@app.command(
    cls=Command,
    epilog="""\
        verriere ingest /data/swing/20250123
        verriere ingest /data/swing/20250123 --dry-run
        verriere ingest /data/swing/20250123 --visit 20250123-1 --store link
        verriere ingest scan_0042.nxs --json
    """,
)
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files and folders.")],
    *,
    visit: Annotated[
        str | None, typer.Option(metavar="ID", help="Visit that all of it is of; else each file finds its own.")
    ] = None,
    store: Annotated[
        str | None, typer.Option(metavar="copy|link|in-place", help="How bytes are kept; else as in the settings.")
    ] = None,
    facility: InFacility = None,
    speaks: InLanguage = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Take files into the archive and the catalogue.

    Files that belong together become one dataset. It can be interrupted at any moment and run again: each dataset is
    taken once, and what is known already changes nothing. A dataset whose visit is unknown waits in quarantine. The
    exit code is 1 where a dataset could not be kept; findings do not change it.
    """
    from verriere.ingest.run import run
    from verriere.publish import automatic

    with opened(facility) as open_facility, output.progress("ingesting") as step:
        summary = run(
            open_facility,
            paths,
            visit=visit,
            store=_store(store),
            dry_run=dry_run,
            progress=lambda so_far: step(so_far.done, so_far.total),
        )
        if not dry_run:
            automatic.catch_up(open_facility)
    if json:
        output.as_json(summary.as_json())
    else:
        show_summary(summary, language(speaks))
    if any(each.reason for each in summary.taken):
        raise typer.Exit(1)


def _store(chosen: str | None) -> Store | None:
    if chosen is None:
        return None
    try:
        return Store(chosen)
    except ValueError:
        raise InputInvalid(f"--store is {chosen!r}", hint=f"it can be: {', '.join(Store)}") from None


def show_summary(summary: "Summary", spoken: "Language") -> None:
    """Show what an ingest did: the datasets, what was found, and what is left for a person to do."""
    from verriere.ingest.summary import Outcome

    listed = summary.taken
    if len(listed) > LISTED:
        idle = {Outcome.UNCHANGED, Outcome.KNOWN}
        listed = tuple(each for each in listed if each.outcome not in idle and (each.is_quarantined or each.reason))
        typer.echo(f"of {len(summary.taken)} datasets, those that need somebody ({len(listed)}):")
    output.table(
        ("id", "title", "visit", "outcome", "files", "size", "findings"),
        [
            (
                each.dataset_id,
                each.title,
                each.visit_id or "quarantine",
                each.outcome,
                each.files,
                output.size(each.size),
                len(each.findings),
            )
            for each in listed[:LISTED]
        ],
        right=("files", "size", "findings"),
    )
    if len(listed) > LISTED:
        typer.echo(f"and {len(listed) - LISTED} more: see --json")
    for each in summary.taken:
        if each.reason:
            typer.echo(f"\n{output.clean(each.source)}: {output.clean(each.reason)}. {output.clean(each.hint)}")
    _show_findings(summary, spoken)
    counts = {outcome: n for outcome, n in summary.as_json()["datasets"].items() if n}
    told = ", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "nothing to take"
    typer.echo(
        f"\n{'would be: ' if summary.dry_run else ''}{told}; {output.size(summary.size)} in {summary.seconds:.1f} s"
    )
    if summary.left_out or summary.deferred:
        _show_passed_over(summary, spoken)
    if summary.quarantined and not summary.dry_run:
        typer.echo(f"{output.number_of(len(summary.quarantined), 'dataset')} without a visit: verriere quarantine list")


def _show_passed_over(summary: "Summary", spoken: "Language") -> None:
    from verriere.wording import describe

    passed = (*summary.left_out, *summary.deferred)
    output.heading(f"Not taken: {len(summary.left_out)} left out, {len(summary.deferred)} not complete yet")
    for each in passed[:LISTED]:
        typer.echo(output.clean(describe(each, spoken).text))
    if len(passed) > LISTED:
        typer.echo(f"and {len(passed) - LISTED} more: see --json")


def _show_findings(summary: "Summary", spoken: "Language") -> None:
    from verriere.wording import describe, word

    first = {found.code: found for each in reversed(summary.taken) for found in reversed(each.findings)}
    counts = {code: count for code, count in summary.findings().items() if code in first}
    if not counts:
        return
    say = partial(word, language=spoken)
    output.heading(say("Findings"))
    output.table(
        (say("times"), say("severity"), say("code"), say("for example")),
        [(n, say(first[code].severity), code, describe(first[code], spoken).text) for code, n in counts.items()],
        right=(say("times"),),
    )
