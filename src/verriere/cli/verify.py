"""``verriere verify``: the bytes against their digests."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli import output
from verriere.cli.options import DryRun, InFacility, InLanguage, Json, language, opened
from verriere.cli.shape import Command, noun
from verriere.errors import InputInvalid

if TYPE_CHECKING:
    from verriere.model import Finding

BY = "operator"

app = noun()


@app.command(
    cls=Command,
    epilog="""\
        verriere verify
        verriere verify 9f3k2m7q
        verriere verify --due
        verriere verify --repair-from /backup/archive --dry-run
        verriere verify --repair-from /backup/archive
        verriere verify --json
    """,
)
def verify(
    dataset_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="One dataset; else all.")] = None,
    *,
    repair_from: Annotated[
        Path | None,
        typer.Option(
            "--repair-from",
            metavar="DIR",
            help="Folder with good copies of what is damaged.",
            exists=True,
            file_okay=False,
            show_default=False,
        ),
    ] = None,
    due: Annotated[
        bool, typer.Option("--due", help="What is due by setting archive.audit_days, and no more.", show_default=False)
    ] = False,
    facility: InFacility = None,
    speaks: InLanguage = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Read the archive again and compare every byte with its digest.

    With --repair-from, a damaged file is replaced by a copy whose digest is right, and by no other; with --due, from
    the second copy that setting archive.second_copy names. What is found is entered in the history. The exit code is 1
    where something is still damaged.
    """
    from verriere.model import Severity
    from verriere.stewardship import audit
    from verriere.wording import describe, word

    if due and (dataset_id or repair_from or dry_run):
        raise InputInvalid("--due stands alone", hint="it reads what is due, and mends from archive.second_copy")
    found: dict[str, tuple[Finding, ...]] = {}
    with opened(facility) as open_facility:
        archive = open_facility.archive
        if due:
            found.update(audit.due(open_facility, by=BY))
        else:
            objects = [dataset_id] if dataset_id else sorted(archive.objects())
            with output.progress("verifying") as step:
                for number, object_id in enumerate(objects):
                    step(number, len(objects), object_id)
                    if dry_run:
                        found[object_id] = archive.verify(object_id, repair_from, dry_run=True)
                    else:
                        found[object_id] = audit.look(open_facility, object_id, repair_from, by=BY)
        open_facility.journal()
    spoken = language(speaks)
    told = [
        {
            "dataset": object_id,
            "code": each.code,
            "severity": each.severity,
            "file": each.file,
            "where": each.where,
            "text": describe(each, spoken).text,
            "fix": describe(each, spoken).fix,
        }
        for object_id, findings in found.items()
        for each in findings
    ]
    damaged = any(row["severity"] is Severity.ERROR for row in told)
    if json:
        output.as_json({"objects": len(found), "whole": not damaged, "findings": told})
    else:
        if told:
            rows = [(t["dataset"], word(str(t["severity"]), spoken), t["file"], t["text"]) for t in told]
            output.table([word(name, spoken) for name in ("object", "severity", "file", "what it is")], rows)
        whole = sum(not any(f.severity is Severity.ERROR for f in findings) for findings in found.values())
        typer.echo(f"{output.number_of(len(found), 'object')} read, {whole} whole")
    if damaged:
        raise typer.Exit(1)
