"""Every command, whichever it is: its help, its summary, its switches."""

from typing import Any

import pytest
import typer
from typer.core import TyperGroup

from verriere.cli import table
from verriere.cli.app import root


def every_command() -> dict[str, Any]:
    top = root()
    context = typer.Context(top, info_name="verriere")
    found: dict[str, Any] = {}
    for entry in table.ENTRIES:
        command = top.get_command(context, entry.name)
        assert command is not None
        found[entry.name] = command
        if isinstance(command, TyperGroup):
            found |= {f"{entry.name} {name}": inner for name, inner in command.commands.items()}
    return found


COMMANDS = every_command()
WRITERS = {
    "init",
    "upgrade",
    "rebuild",
    "ingest",
    "download",
    "quarantine assign",
    "user add",
    "proposal import",
    "dmp import",
    "volumes",
    "clock",
    "verify",
}
NOUNS = {name for name, command in COMMANDS.items() if isinstance(command, TyperGroup)}
TELLERS = set(COMMANDS) - NOUNS - {"serve", "export", "dmp export", "person export"}
"""All but those that write a file in a format of its own."""
WITHOUT_FACILITY = {"init", "demo", "check", "convert", "profile lint"}


def help_of(name: str) -> str:
    context = typer.Context(COMMANDS[name], info_name=f"verriere {name}")
    return str(COMMANDS[name].get_help(context))


@pytest.mark.parametrize("name", COMMANDS)
def test_help_begins_with_examples_of_this_command(name: str) -> None:
    lines = help_of(name).splitlines()
    assert lines[0] == "Examples:"
    examples = lines[1 : lines.index("")]
    assert any(f"verriere {name}" in line or f" {name} " in f"{line} " for line in examples)
    assert all(line.startswith("  ") for line in examples)


@pytest.mark.parametrize("entry", table.ENTRIES, ids=lambda entry: entry.name)
def test_the_list_of_commands_says_what_the_command_says_of_itself(entry: table.Entry) -> None:
    command = COMMANDS[entry.name]
    assert command.help.splitlines()[0] == f"{entry.summary}."


@pytest.mark.parametrize("name", sorted(TELLERS))
def test_what_lists_or_shows_has_json(name: str) -> None:
    assert "--json" in help_of(name)


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_what_writes_has_a_dry_run(name: str) -> None:
    assert "--dry-run" in help_of(name)


@pytest.mark.parametrize("name", sorted(set(COMMANDS) - NOUNS - WITHOUT_FACILITY))
def test_what_works_on_a_facility_takes_its_folder(name: str) -> None:
    assert "--facility" in help_of(name)
