"""``verriere sample``: samples, what they were cut from, and what was measured of them."""

from pathlib import Path
from typing import Annotated

import typer

from verriere.cli import output
from verriere.cli.options import By, DryRun, InFacility, Json, opened
from verriere.cli.shape import Command, noun

app = noun(
    examples="""\
        verriere sample import samples.csv --dry-run
        verriere sample list --proposal 20250123
        verriere sample show 20250123-S1
    """,
    summary="Samples: declared by a table, shown, listed, with what they were cut from.",
)
_UNFIT = 2


@app.command(
    "import",
    cls=Command,
    epilog="""\
        verriere sample import samples.csv --dry-run      name each row that cannot be taken, and what to do
        verriere sample import samples.csv
        verriere sample import samples.csv --json
    """,
)
def import_(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table (CSV); docs/samples.md shows its columns.")],
    *,
    by: By = "import",
    facility: InFacility = None,
    json: Json = False,
    dry_run: DryRun = False,
) -> None:
    """Take samples from a table: all of it, or nothing where a row cannot be taken.

    What is known already is brought up to date; an empty cell leaves what is known.
    """
    from verriere.stewardship import samples

    with opened(facility) as open_facility:
        sheet = samples.read(open_facility, file)
        changes = () if sheet.troubles else samples.take(open_facility, sheet, by=by, dry_run=dry_run)
    if json:
        output.as_json({"changes": changes, "troubles": sheet.troubles, "made": not dry_run and not sheet.troubles})
    elif sheet.troubles:
        rows = [(each.line, each.column, each.message, each.fix) for each in sheet.troubles]
        output.table(("line", "column", "what is wrong", "what to do"), rows, right=("line",))
    else:
        output.table(("id", "change"), [(each.id, each.change) for each in changes])
    if sheet.troubles:
        bad = output.number_of(len({each.line for each in sheet.troubles}), "row")
        typer.echo(f"{bad} cannot be taken: nothing was", err=True)
        raise typer.Exit(_UNFIT)


@app.command(
    "list",
    cls=Command,
    epilog="""\
        verriere sample list
        verriere sample list --proposal 20250123 --json
        verriere sample list --work 10.1107/S1600577518002278     those that a publication is about
    """,
)
def list_(
    *,
    proposal: Annotated[str, typer.Option(metavar="ID", help="Only those of a proposal.")] = "",
    work: Annotated[str, typer.Option(metavar="IDENTIFIER", help="Only those related to a DOI, PDB or IGSN.")] = "",
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """List samples."""
    with opened(facility) as open_facility:
        of = {"proposal_id": proposal} if proposal else {}
        samples = [
            each
            for each in open_facility.catalogue.samples(**of)
            if not work or any(one.identifier.casefold() == work.casefold() for one in each.related)
        ]
    if json:
        output.as_json(samples)
        return
    output.table(
        ("id", "proposal", "name", "kind", "cut from"),
        [(s.id, s.proposal_id, s.name, s.kind, s.parent_id or "") for s in samples],
    )


@app.command(
    "show",
    cls=Command,
    epilog="""\
        verriere sample show 20250123-S1
        verriere sample show 20250123-S1 --json
    """,
)
def show(
    sample_id: Annotated[str, typer.Argument(metavar="ID", help="Identifier of the sample.")],
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Show one sample: what it was cut from, its pieces, what was measured of it and written about it.

    Location, shipment and hazards are shown here as the operator may see them; nobody outside the team does.
    """
    from verriere.model import PidKind
    from verriere.policy.samples import ancestors

    with opened(facility) as open_facility:
        catalogue = open_facility.catalogue
        sample = catalogue.sample(sample_id)
        family = {each.id: each for each in catalogue.samples(proposal_id=sample.proposal_id)}
        datasets = catalogue.datasets(sample_id=sample_id)
        known = catalogue.publication_of(PidKind.SAMPLE, sample_id)
    lines = list(ancestors(sample, family))
    pieces = [each for each in family.values() if each.parent_id == sample_id]
    doi = known.doi if known else None
    if json:
        output.as_json(
            {
                "sample": sample,
                "doi": doi,
                "cut_from": [each.id for each in lines],
                "pieces": [each.id for each in pieces],
                "datasets": [each.id for each in datasets],
            }
        )
        return
    output.facts([*output.fields(sample).items(), ("doi", doi)][:10])
    output.heading("Cut from")
    output.table(("id", "name"), [(s.id, s.name) for s in lines])
    output.heading("Pieces")
    output.table(("id", "name"), [(s.id, s.name) for s in pieces])
    output.heading("Datasets")
    output.table(("id", "title", "state"), [(d.id, d.title, d.state) for d in datasets])
    output.heading("Related works")
    output.table(("relation", "identifier", "title"), [(r.relation, r.identifier, r.title) for r in sample.related])


@app.command(
    "measured",
    cls=Command,
    epilog="""\
        verriere sample measured 9f3k2m7q 20250123-S1
        verriere sample measured 9f3k2m7q --none
    """,
)
def measured(
    dataset_id: Annotated[str, typer.Argument(metavar="DATASET", help="Identifier of the dataset.")],
    sample_id: Annotated[str, typer.Argument(metavar="SAMPLE", help="Identifier of the sample.")] = "",
    *,
    none: Annotated[bool, typer.Option("--none", help="It is of no sample that is known.", show_default=False)] = False,
    by: By = "operator",
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Say which sample a dataset was measured of."""
    from verriere.errors import InputInvalid
    from verriere.stewardship import samples

    if none == bool(sample_id):
        raise InputInvalid("name a sample, or say --none")
    with opened(facility) as open_facility:
        dataset = samples.measured(open_facility, dataset_id, sample_id or None, by=by)
    if json:
        output.as_json({"dataset": dataset.id, "sample": dataset.sample_id})
        return
    typer.echo(f"{dataset.id}: {dataset.sample_id or 'of no sample that is known'}")
