"""``verriere citation``: what was cited, and whether it still gives what it gave."""

from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli import output
from verriere.cli.options import OPERATOR, InFacility, InLanguage, Json, language, opened
from verriere.cli.shape import Command, noun

if TYPE_CHECKING:
    from verriere.facility import Facility
    from verriere.model import Citation

Identifier = Annotated[str, typer.Argument(metavar="ID", help="Identifier of the citation.")]

app = noun(
    examples="""\
        verriere citation list
        verriere citation show k3j5h2m7q4r6s8t2
        verriere citation verify
        verriere citation part 9f3k2m7q --path /entry/data/data --slices 0:100
    """,
    summary="Cited queries and parts of datasets: list, show, check them.",
)


@app.command(
    "list",
    cls=Command,
    epilog="""\
        verriere citation list
        verriere citation list --json
    """,
)
def list_(facility: InFacility = None, json: Json = False) -> None:
    """List what was cited, the earliest first."""
    with opened(facility) as open_facility:
        zone = open_facility.settings.facility.zone
        found = open_facility.catalogue.citations()
    if json:
        output.as_json([_summary(each) for each in found])
        return
    output.table(
        ("id", "on", "by", "datasets", "what"),
        [(c.id, output.day(c.asked_at, zone), c.by, len(c.datasets), c.title or _asked(c)) for c in found],
        right=("datasets",),
    )


@app.command(
    "show",
    cls=Command,
    epilog="""\
        verriere citation show k3j5h2m7q4r6s8t2
        verriere citation show k3j5h2m7q4r6s8t2 --json
    """,
)
def show(citation_id: Identifier, *, facility: InFacility = None, json: Json = False) -> None:
    """Show a citation: its sentence, its datasets, and what became of them since."""
    from verriere.publish.citing import MOST, resolve

    with opened(facility) as open_facility:
        cited = resolve(open_facility, citation_id, OPERATOR, size=MOST)
        if json:
            output.as_json({**_summary(cited.citation), "members": cited.members, "today": cited.today})
            return
        tell(open_facility, cited.citation, json=False)
    output.heading("result")
    output.table(
        ("dataset", "version", "title", "since"),
        [(m.id, m.version, m.title, "" if m.current == m.version else m.change) for m in cited.members],
        right=("version",),
    )
    if cited.today is not None:
        typer.echo(f"\nthe same query today: {cited.today}")


@app.command(
    "verify",
    cls=Command,
    epilog="""\
        verriere citation verify
        verriere citation verify k3j5h2m7q4r6s8t2 --language fr
    """,
)
def verify(
    citation_id: Annotated[str | None, typer.Argument(metavar="[ID]", help="One of them; else all.")] = None,
    *,
    facility: InFacility = None,
    chosen: InLanguage = None,
    json: Json = False,
) -> None:
    """Check that citations give what they gave, version by version; exit code 1 where one does not."""
    from verriere.publish import citing
    from verriere.wording import describe

    speak = language(chosen)
    with opened(facility) as open_facility:
        names = [citation_id] if citation_id else [each.id for each in open_facility.catalogue.citations()]
        found = {name: citing.verify(open_facility, name) for name in names}
    broken = {name: findings for name, findings in found.items() if findings}
    if json:
        output.as_json({"checked": len(found), "broken": broken})
    else:
        for name, findings in broken.items():
            typer.echo(name)
            for each in findings:
                said = describe(each, speak)
                typer.echo(f"  {output.clean(said.text)} {output.clean(said.fix)}")
        typer.echo(f"{len(found) - len(broken)} of {len(found)} as they were cited")
    if broken:
        raise typer.Exit(1)


@app.command(
    "part",
    cls=Command,
    epilog="""\
        verriere citation part 9f3k2m7q --path /entry/data/data --slices 0:100
        verriere citation part 9f3k2m7q --path /entry/data/data --slices "10:20,:,512" --title "The ring"
    """,
)
def part(
    dataset_id: Annotated[str, typer.Argument(metavar="DATASET", help="Identifier of the dataset.")],
    *,
    path: Annotated[str, typer.Option(metavar="PATH", help="HDF5 path of the array.")],
    slices: Annotated[str, typer.Option(metavar="SLICES", help="As numpy writes them; frames are counted from 0.")],
    file: Annotated[str, typer.Option(metavar="NAME", help="File of the dataset; else the one that speaks.")] = "",
    title: Annotated[str, typer.Option(metavar="TEXT", help="A title for the part.")] = "",
    by: Annotated[str, typer.Option(metavar="NAME", help="Who cites, for the history.")] = "operator",
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Cite part of a dataset: a range of frames of a scan, with the digest of its values."""
    from verriere.publish.citing import cite_part

    with opened(facility) as open_facility:
        made = cite_part(open_facility, dataset_id, path=path, slices=slices, by=by, file=file, title=title)
        tell(open_facility, made, json=json)


def tell(facility: "Facility", cited: "Citation", *, json: bool) -> None:
    """Write a citation: its sentence and its facts."""
    if json:
        output.as_json(_summary(cited))
        return
    from verriere.publish.citing.text import sentence

    settings = facility.settings
    address = f"{settings.serve.public_url.rstrip('/')}/citations/{cited.id}"
    publisher = settings.facility.publisher or settings.facility.name
    zone = settings.facility.zone
    typer.echo(output.clean(sentence(cited, publisher=publisher, address=address, zone=zone, language="en")))
    typer.echo("")
    output.facts(
        [
            ("id", cited.id),
            ("asked", _asked(cited)),
            ("datasets", len(cited.datasets)),
            ("checksum", cited.checksum),
        ]
    )


def _asked(cited: "Citation") -> str:
    if cited.selection is None:
        return cited.normal
    return f"{cited.datasets[0].id} {cited.selection.path}[{cited.selection.slices}]"


def _summary(cited: "Citation") -> dict[str, object]:
    return {
        "id": cited.id,
        "title": cited.title,
        "query": cited.normal,
        "selection": cited.selection,
        "asked_at": cited.asked_at,
        "by": cited.by,
        "checksum": cited.checksum,
        "datasets": [{"id": each.id, "version": each.version} for each in cited.datasets],
    }
