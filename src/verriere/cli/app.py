"""The command ``verriere`` itself: the list of commands, what they share, and how errors are told."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

from verriere import __version__
from verriere.cli import table
from verriere.cli.shape import Group
from verriere.errors import VerriereError

UNEXPECTED = 70
INTERRUPTED = 130
PIPE_CLOSED = 141

EXAMPLES = """\
verriere demo                                   a facility to look at, with data in it
verriere init my-facility                       a new, empty one
verriere check scan.nxs                         what a file says, and what is missing
verriere --facility my-facility ingest DATA     take files in
verriere --facility my-facility search SAXS     find them again
verriere COMMAND --help                         examples and options of a command
"""


class Root(Group):
    """The commands by name, each imported when it is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names, in the order of the table."""
        return [entry.name for entry in table.ENTRIES]

    def get_command(self, ctx: Any, cmd_name: str) -> TyperCommand | TyperGroup | None:
        """Import the command's module and make the command; None where there is no such command."""
        entry = table.BY_NAME.get(cmd_name)
        if entry is None:
            near = get_close_matches(cmd_name, table.BY_NAME, n=1)
            if near and not ctx.resilient_parsing:
                ctx.fail(f"there is no command {cmd_name!r}. Did you mean {near[0]!r}?")
            return None
        made = typer.main.get_command(import_module(entry.module).app)
        assert isinstance(made, TyperCommand | TyperGroup)
        return made

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the table, without importing a command."""
        for section in dict.fromkeys(entry.section for entry in table.ENTRIES):
            with formatter.section(section):
                formatter.write_dl([(e.name, e.summary) for e in table.ENTRIES if e.section == section])

    def invoke(self, ctx: Any) -> Any:
        """Run the command; what goes wrong is told in a sentence, and becomes an exit code."""
        with _told(debug=bool(ctx.params.get("debug"))):
            return super().invoke(ctx)


@contextmanager
def _told(*, debug: bool) -> Iterator[None]:
    try:
        yield
    except (typer.Exit, typer.Abort, TyperException):
        raise
    except KeyboardInterrupt:
        if debug:
            raise
        typer.echo("interrupted; nothing half-done is left behind", err=True)
        raise typer.Exit(INTERRUPTED) from None
    except BrokenPipeError:
        # Who read our output has read enough (`verriere search | head`). Python would complain when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise typer.Exit(PIPE_CLOSED) from None
    except VerriereError as error:
        if debug:
            raise
        tell(error)
        raise typer.Exit(error.exit_code) from None
    except Exception as error:
        if debug:
            raise
        typer.echo(f"error: unexpected {type(error).__name__}: {error}", err=True)
        typer.echo("this is a fault of the program: run it again with `verriere --debug ...` and report it", err=True)
        raise typer.Exit(UNEXPECTED) from None


def tell(error: VerriereError) -> None:
    """Write an error to standard error: what went wrong, what to do, and the code to look it up with."""
    typer.echo(f"error: {error.message}", err=True)
    if error.hint:
        typer.echo(f"hint: {error.hint}", err=True)
    typer.echo(f"code: {error.code}", err=True)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


def _root(
    facility: Annotated[
        Path | None,
        typer.Option("--facility", "-F", envvar="VERRIERE_FACILITY", metavar="DIR", help="Folder of the facility."),
    ] = None,
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where in the program an error comes from.", show_default=False)
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version.", show_default=False),
    ] = False,
) -> None:
    """From the detector's file to open, citable data.

    Exit codes: 0 done; 1 done, and something is wrong with the data, or it could not be done; 2 an argument, a file or
    a setting cannot be used; 3 no such thing; 4 not allowed; 70 a fault of the program; 130 interrupted; 141 the
    reader of the output went away.
    """


def root() -> TyperGroup:
    """Make the command ``verriere``."""
    app = typer.Typer(
        cls=Root, epilog=EXAMPLES, rich_markup_mode=None, no_args_is_help=True, add_completion=True, name="verriere"
    )
    app.callback()(_root)
    made = typer.main.get_command(app)
    assert isinstance(made, TyperGroup)
    return made
