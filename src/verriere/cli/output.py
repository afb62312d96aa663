"""What commands write: data on standard output, in a table or as JSON; progress on standard error, to a terminal."""

import dataclasses
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from zoneinfo import ZoneInfo

import typer

if TYPE_CHECKING:
    from _typeshed import DataclassInstance


def as_json(value: Any) -> None:
    """Write one JSON document; dataclasses become objects, times ISO 8601."""
    typer.echo(json.dumps(value, default=_plain, ensure_ascii=False, indent=2))


def fields(value: "DataclassInstance") -> dict[str, Any]:
    """The fields of a dataclass by name, as `as_json` writes them."""
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _plain(value: object) -> object:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return fields(value)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, set | frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def day(moment: datetime | None, zone: ZoneInfo) -> str:
    """The day of a moment where the facility is; "" where there is none."""
    return f"{moment.astimezone(zone):%Y-%m-%d}" if moment else ""


def last_day(end: datetime | None, zone: ZoneInfo) -> str:
    """The last day of what ends at a moment: what ends at midnight ended on the day before."""
    return day(end - timedelta(microseconds=1), zone) if end else ""


def clean(value: object) -> str:
    """Text of a value, safe for a terminal: what a file holds may not move the cursor or ring the bell."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in str(value))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> None:
    """Write rows under headings, as wide as they are; only a terminal's width makes lines wrap."""
    listed = list(rows)
    if not listed:
        typer.echo("none")
        return
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    made = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name in columns:
        made.add_column(name, justify="right" if name in right else "left", overflow="fold")
    for row in listed:
        made.add_row(*(Text(clean(cell)) for cell in row))
    if sys.stdout.isatty():
        Console().print(made)
        return
    text = StringIO()
    Console(file=text, width=10_000).print(made)
    for line in text.getvalue().splitlines():
        typer.echo(line.rstrip())


def facts(pairs: Iterable[tuple[str, object]]) -> None:
    """Write names and values, one a line; those without a value are left out."""
    known = [(name, clean(value)) for name, value in pairs if value not in (None, "", ())]
    width = max((len(name) for name, _ in known), default=0)
    for name, value in known:
        typer.echo(f"{name:<{width}}  {value}")


def heading(text: str) -> None:
    """Write a heading with an empty line before it."""
    typer.echo("")
    typer.secho(text, bold=True)


def number_of(count: int, thing: str) -> str:
    """How many there are: 1 dataset, 2 datasets."""
    return f"{count} {thing}" + ("" if count == 1 else "s")


def size(count: int) -> str:
    """Bytes for people: 0 B, 1.5 kB, 2.0 GB (powers of ten)."""
    value = float(count)
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 1000:
            return f"{value:.0f} {unit}" if unit == "B" else f"{value:.1f} {unit}"
        value /= 1000
    return f"{value:.1f} PB"


Count = Callable[[int], None]
"""Called with how much is done."""


class Step(Protocol):
    """Called as work advances."""

    def __call__(self, done: int, total: int, what: str = "") -> None:
        """Say that ``done`` of ``total`` are done, and what is being done."""


@contextmanager
def progress(title: str) -> Iterator[Step]:
    """Show a bar on standard error while it is a terminal; silent elsewhere."""
    if not sys.stderr.isatty():
        yield lambda done, total, what="": None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(title, total=None)
        yield lambda done, total, what="": bar.update(
            task, completed=done, total=total, description=f"{title} {clean(what)[-40:]}"
        )
