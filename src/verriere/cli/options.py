"""Options and arguments that several commands share, and the facility they work on."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from verriere.errors import FacilityNotFound, InputInvalid
from verriere.model import Duty, Viewer

if TYPE_CHECKING:
    from verriere.facility import Facility
    from verriere.wording import Language

OPERATOR = Viewer(person="operator", duty=Duty.DATA_OFFICE)
"""Whoever can run commands on the facility's machine can read its files: nothing is hidden from them here."""

Json = Annotated[bool, typer.Option("--json", help="Write JSON on standard output.", show_default=False)]
DryRun = Annotated[
    bool, typer.Option("--dry-run", "-n", help="Say what would be done, and do nothing.", show_default=False)
]
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who decides, for the history.")]


def _named(ctx: typer.Context, value: Path | None) -> Path | None:
    """Take what was said before the noun (or in the environment) where nothing is said after it."""
    inherited: Path | None = ctx.find_root().params.get("facility")
    return value or inherited


InFacility = Annotated[
    Path | None,
    typer.Option(
        "--facility",
        "-F",
        metavar="DIR",
        callback=_named,
        help="Folder of the facility; else VERRIERE_FACILITY, else the current folder.",
    ),
]

InLanguage = Annotated[
    str | None, typer.Option("--language", metavar="en|fr", help="Language of findings; else that of LANG.")
]


def folder(named: Path | None) -> Path:
    """Folder of the facility that was named, or the current one where that is a facility.

    Raises
    ------
    FacilityNotFound
        None was named, and the current folder is none.
    """
    if named is not None:
        return named
    here = Path.cwd()
    if (here / "verriere.toml").is_file():
        return here
    raise FacilityNotFound(
        "no facility was named, and this folder is none",
        hint="add --facility DIR, set VERRIERE_FACILITY, or make one with: verriere init DIR",
    )


@contextmanager
def opened(named: Path | None) -> Iterator["Facility"]:
    """Open the facility for as long as a command needs it."""
    from verriere.facility import Facility

    with Facility.open(folder(named)) as facility:
        yield facility


def language(chosen: str | None) -> "Language":
    """Language to speak: the one chosen, else that of the person's locale, else English.

    Raises
    ------
    InputInvalid
        The language chosen is none of ours.
    """
    if chosen not in (None, "en", "fr"):
        raise InputInvalid(f"there is no text in {chosen!r}", hint="--language en, or --language fr")
    if chosen is not None:
        return "fr" if chosen == "fr" else "en"
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "fr" if locale.startswith("fr") else "en"
