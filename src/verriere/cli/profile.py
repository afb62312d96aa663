"""``verriere profile``: what a complete record of a technique has."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verriere.cli import output
from verriere.cli.options import InFacility, InLanguage, Json, language, opened
from verriere.cli.shape import Command, noun

if TYPE_CHECKING:
    from verriere.techniques.profile import Field, Profiles

app = noun(
    """\
    verriere profile list
    verriere profile show saxs
    verriere profile lint my-technique.toml
    """,
    "What a complete record of a technique has.",
)


@app.command(
    "list",
    cls=Command,
    epilog="""\
        verriere profile list
        verriere --facility my-facility profile list --language fr
    """,
)
def list_(facility: InFacility = None, speaks: InLanguage = None, json: Json = False) -> None:
    """List the profiles: those that are shipped, and those of the facility."""
    known = _profiles(facility)
    if json:
        output.as_json({"profiles": list(known.by_id.values())})
        return
    spoken = language(speaks)
    output.table(
        ("id", "for", "fields", "asked of people", "NeXus"),
        [
            (
                each.id,
                each.label[spoken],
                len(each.fields),
                sum(field.person for field in each.fields),
                ", ".join(each.definitions),
            )
            for each in known.by_id.values()
        ],
        right=("fields", "asked of people"),
    )


@app.command(
    cls=Command,
    epilog="""\
        verriere profile show saxs
        verriere profile show nmr --language fr
    """,
)
def show(
    profile_id: Annotated[str, typer.Argument(metavar="ID", help="Identifier of the profile.")],
    facility: InFacility = None,
    speaks: InLanguage = None,
    json: Json = False,
) -> None:
    """Show what one profile asks for, and where it is found."""
    from verriere.errors import NotFound

    known = _profiles(facility)
    profile = known.by_id.get(profile_id)
    if profile is None:
        raise NotFound(f"no profile {profile_id}", hint=f"one of {', '.join(known.by_id)}")
    if json:
        output.as_json(profile)
        return
    spoken = language(speaks)
    output.facts(
        [
            ("for", profile.label[spoken]),
            ("techniques", ", ".join(profile.techniques)),
            ("NeXus", ", ".join(profile.definitions)),
            ("sources", ", ".join(profile.sources)),
        ]
    )
    output.table(
        ("field", "need", "what it is", "range", "found in"),
        [
            (each.name, each.need, each.definition[spoken], _range(each), ", ".join((*each.capture, *each.parameters)))
            for each in profile.fields
        ],
    )


@app.command(
    cls=Command,
    epilog="""\
        verriere profile lint my-technique.toml
        verriere profile lint profiles/*.toml --json
    """,
)
def lint(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of profiles.")], json: Json = False
) -> None:
    """Check the files of profiles: each problem with its line and what to do.

    The exit code is 1 where there is a problem.
    """
    from verriere.techniques.lint import lint as check

    found = {str(path): check(path).problems for path in files}
    if json:
        output.as_json({"files": found})
    else:
        for path, problems in found.items():
            for problem in problems:
                typer.echo(f"{output.clean(path)}:{problem.line}: {output.clean(problem.text)} → {problem.fix}")
            if not problems:
                typer.echo(f"{output.clean(path)}: a profile")
    if any(found.values()):
        raise typer.Exit(1)


def _profiles(facility: "Path | None") -> "Profiles":
    from verriere.errors import FacilityNotFound
    from verriere.techniques.profile import shipped

    try:
        with opened(facility) as open_facility:
            return open_facility.profiles
    except FacilityNotFound:
        if facility is not None:
            raise
        return shipped()


def _range(field: "Field") -> str:
    if field.choices:
        return ", ".join(field.choices)
    ends = ["" if end is None else f"{end:g}" for end in (field.minimum, field.maximum)]
    return f"{' .. '.join(ends) if any(ends) else ''} {field.unit}".strip()
