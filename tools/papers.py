"""Write the pages of the documentation that the code knows best: settings, findings, commands.

``python tools/papers.py`` writes them, ``--check`` says which are old.
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import typer
from pydantic_core import PydanticUndefined
from typer.core import TyperGroup

from verriere import wording
from verriere.cli.app import root
from verriere.settings import Settings, template

DOCS = Path(__file__).parents[1] / "docs"
NOTE = "<!-- Written by `make papers` from the code; edit the code. -->\n"


def settings_page() -> str:
    """Every setting with its meaning, default and variable."""
    lines = [
        "# Settings",
        "",
        NOTE,
        "A facility's choices stand in `verriere.toml` in its folder. `verriere init` writes that file with every",
        "setting in it, commented out where the default holds. A variable of the environment wins over the file.",
        "",
    ]
    for part_name, part_field in Settings.model_fields.items():
        part: Any = part_field.annotation
        lines += [f"## [{part_name}]", "", (part.__doc__ or "").strip().splitlines()[0], ""]
        lines += ["| setting | default | meaning | variable |", "|---|---|---|---|"]
        for name, field in part.model_fields.items():
            variable = f"VERRIERE_{part_name}__{name}".upper()
            default = "" if field.default is PydanticUndefined else _toml(field.default)
            lines.append(f"| `{name}` | {default} | {_choices(field.annotation, field.description)} | `{variable}` |")
        lines.append("")
        for name, field in part.model_fields.items():
            lines += list(_inner(f"{part_name}.{name}", field.annotation))
    written = template(name="My facility").strip()
    lines += ["## The file as `verriere init` writes it", "", "```toml", written, "```", ""]
    return "\n".join(lines)


def _toml(default: object) -> str:
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    if default in ("", ()):
        return "empty"
    return f"`{default}`"


def _choices(annotation: Any, description: str | None) -> str:
    choices = [choice for choice in get_args(annotation) if isinstance(choice, str)]
    said = _cell(description or "")
    return f"{said} ({' or '.join(f'`{choice}`' for choice in choices)})" if choices else said


def _inner(name: str, annotation: Any) -> Iterator[str]:
    """The fields of each entry of a list."""
    for entry in get_args(annotation):
        fields = getattr(entry, "model_fields", None)
        if fields:
            yield f"Each entry `[[{name}]]` has:"
            yield ""
            yield from (f"- `{field_name}`: {field.description}" for field_name, field in fields.items())
            yield ""


def findings_page() -> str:
    """Every finding with its sentences in both languages."""
    table = wording.table()
    lines = [
        "# Findings",
        "",
        NOTE,
        "What a check of a file, a match with a visit or an audit of the archive can say. **error**: data or metadata",
        "are lost or wrong. **warning**: something a person should complete or correct. **info**: good to know.",
        "",
        "Words in braces are filled in with what was found.",
        "",
    ]
    for code, row in sorted(table.items()):
        lines += [f"## `{code}`", "", f"*{row['severity']}*", ""]
        for language, name in (("en", "English"), ("fr", "Français")):
            fix = f" **→** {_cell(row[f'fix_{language}'])}" if row[f"fix_{language}"] else ""
            lines.append(f"- {name}: {_cell(row[f'text_{language}'])}{fix}")
        lines.append("")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("|", "\\|").replace("<", "&lt;")).strip()


def commands_page() -> str:
    """The help of every command."""
    lines = [
        "# Commands",
        "",
        NOTE,
        "Data go to standard output, progress and errors to standard error. `--json` is there wherever something is",
        "listed or shown, `--dry-run` wherever something is written, and `--facility DIR` before or after the command;",
        "without it `VERRIERE_FACILITY` is used, or the current folder where that is a facility.",
        "",
        "| exit code | meaning |",
        "|---|---|",
        "| 0 | done |",
        "| 1 | it could not be done, or it was done and something is wrong with the data |",
        "| 2 | an argument, a file or a setting cannot be used |",
        "| 3 | there is no such thing |",
        "| 4 | not allowed |",
        "| 70 | a fault of the program |",
        "| 130 | interrupted |",
        "| 141 | the reader of the output went away |",
        "",
    ]
    for words, text in commands():
        lines += [f"## {' '.join(words)}", "", "```text", text.rstrip(), "```", ""]
    return "\n".join(lines)


def commands() -> Iterator[tuple[tuple[str, ...], str]]:
    """Every command, as the words that call it and its help."""
    # Typer wraps at the width of the terminal: the page shall not depend on who writes it.
    top = root()
    context = typer.Context(top, info_name="verriere", terminal_width=100, max_content_width=100)
    yield from _walk(("verriere",), top, context)


def _walk(words: tuple[str, ...], command: Any, context: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    yield words, command.get_help(context)
    if not isinstance(command, TyperGroup):
        return
    for name in command.list_commands(context):
        inner: Any = command.get_command(context, name)
        if inner is not None:
            yield from _walk((*words, name), inner, type(context)(inner, info_name=name, parent=context))


def decisions_page() -> str:
    """The list of decisions, by number."""
    lines = ["# Decisions", "", NOTE, "Each has its context, the decision and its consequences.", ""]
    for page in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        title = page.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ")
        number, _, words = title.partition(" ")
        lines.append(f"- [{number}]({page.name}) {words}")
    return "\n".join([*lines, ""])


PAGES = {
    "decisions/index.md": decisions_page,
    "settings.md": settings_page,
    "findings.md": findings_page,
    "cli.md": commands_page,
}


def main(arguments: list[str]) -> int:
    """Write the pages, or check them."""
    old = []
    for name, make in PAGES.items():
        path, text = DOCS / name, make()
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        old.append(name)
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
    if old and "--check" in arguments:
        print(f"old: {', '.join(old)}; write them again with: make papers", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
