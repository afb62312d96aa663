"""``verriere cite``: a query as something that can be cited."""

from typing import Annotated

import typer

from verriere.cli import citation
from verriere.cli.options import InFacility, Json, opened
from verriere.cli.shape import Command, noun

app = noun()


@app.command(
    cls=Command,
    context_settings={"ignore_unknown_options": True},  # a query may begin with what it leaves out
    epilog="""\
        verriere cite "technique:SAXS sample:lysozyme"
        verriere cite "beamline:SWING year:2025" --title "SWING, 2025" --json
        verriere citation verify
    """,
)
def cite(
    query: Annotated[str, typer.Argument(metavar="QUERY", help="In the language of verriere search.")],
    *,
    title: Annotated[str, typer.Option(metavar="TEXT", help="A title for the result.")] = "",
    by: Annotated[str, typer.Option(metavar="NAME", help="Who cites, for the history.")] = "operator",
    facility: InFacility = None,
    json: Json = False,
) -> None:
    """Cite what everybody finds with a query now.

    The same question with the same answer is the same citation, however it is written. What only a team may know of is
    not in it, so that it says the same to every reader.
    """
    from verriere.publish.citing import cite_query

    with opened(facility) as open_facility:
        made = cite_query(open_facility, query, by=by, title=title)
        citation.tell(open_facility, made, json=json)
