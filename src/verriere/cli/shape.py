"""How help is laid out: examples first, then usage, meaning and options.

Typer carries one free text with every command, the epilog; here it holds the examples, and comes first.
"""

import inspect
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.models import Default


def _examples_first(epilog: str | None, rest: str) -> str:
    if not epilog:
        return rest
    lines = inspect.cleandoc(epilog).splitlines()
    return "\n".join(["Examples:", *(f"  {line}" if line else "" for line in lines), "", rest])


class Command(TyperCommand):
    """A command whose help begins with its examples."""

    def get_help(self, ctx: Any) -> str:
        """Help as text."""
        return _examples_first(self.epilog, super().get_help(ctx))

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Nothing: the examples were at the beginning."""


class Group(TyperGroup):
    """A noun with several verbs, whose help begins with its examples."""

    def get_help(self, ctx: Any) -> str:
        """Help as text."""
        return _examples_first(self.epilog, super().get_help(ctx))

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """Nothing: the examples were at the beginning."""


def noun(examples: str = "", summary: str = "") -> typer.Typer:
    """Make the application of one module; with ``summary`` where it has several verbs."""
    return typer.Typer(
        cls=Group,
        epilog=examples or None,
        help=summary or Default(None),  # a callback of the module may say it
        add_completion=False,
        rich_markup_mode=None,
        no_args_is_help=bool(summary),
    )
