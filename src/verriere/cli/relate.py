"""``verriere relate``: papers, structures and software that data belong with."""

from typing import Annotated

import typer

from verriere.cli import output
from verriere.cli.options import By, InFacility, Json, opened
from verriere.cli.shape import Command, noun

app = noun()


@app.command(
    cls=Command,
    epilog="""\
        verriere relate 9f3k2m7q IsSupplementTo 10.1107/S1600577518002278 --kind JournalArticle
        verriere relate 9f3k2m7q IsSourceOf 1LYZ                                a structure in the PDB
        verriere relate proposal:20250123 IsCitedBy https://theses.fr/2026UPAST001
        verriere relate sample:20250123-S1 IsDocumentedBy 10.1107/S1600577518002278
        verriere relate 9f3k2m7q IsSourceOf 1LYZ --remove
    """,
)
def relate(
    identifier: Annotated[str, typer.Argument(metavar="ID", help="Of a dataset, a sample or a proposal.")],
    relation: Annotated[str, typer.Argument(metavar="RELATION", help="What it is to the other, in DataCite's words.")],
    work: Annotated[str, typer.Argument(metavar="IDENTIFIER", help="A DOI, an address, or a PDB code.")],
    *,
    scheme: Annotated[
        str, typer.Option(metavar="NAME", help="What kind of identifier: DOI, PDB, URL, IGSN, Handle, arXiv.")
    ] = "",
    title: Annotated[str, typer.Option(metavar="TEXT", help="Title of the other.")] = "",
    kind: Annotated[str, typer.Option(metavar="KIND", help="What it is: JournalArticle, Dataset, Software.")] = "",
    remove: Annotated[
        bool, typer.Option("--remove", help="Take back what was entered by mistake.", show_default=False)
    ] = False,
    by: By = "operator",
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Say what a dataset, a sample or a proposal belongs with: a paper, a structure, software, other data.

    It is shown on its page and told to the registrar; of a dataset of this facility, it is said on both pages.
    """
    from verriere.publish import relate as relating

    with opened(facility) as open_facility:
        if remove:
            works = relating.unrelate(open_facility, identifier, relation, work, by=by)
        else:
            new = relating.related(relation, work, scheme=scheme, title=title, kind=kind)
            works = relating.relate(open_facility, identifier, new, by=by)
    if json:
        output.as_json(works)
        return
    output.table(
        ("relation", "identifier", "scheme", "title"), [(w.relation, w.identifier, w.scheme, w.title) for w in works]
    )
