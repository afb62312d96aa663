"""The table that says what the keys of headers mean, ``tables/fields.toml``: a scientist can add a row."""

import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from verriere.techniques.formats.record import Record, number_of

_NOBODY = frozenset(
    {
        "xuser", "user", "guest", "operator", "root", "admin", "administrator", "bruker", "spect", "nmr", "nmrsu",
        "esp", "vnmr1", "none", "service", "lab", "demo", "test", "default",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One parameter of a format: its name among ours, the key that the header has, its unit there."""

    name: str
    key: str
    unit: str | None = None
    text: bool = False


@cache
def rows(format_name: str) -> tuple[Row, ...]:
    """The parameters of a format."""
    table = tomllib.loads(files(__package__).joinpath("tables", "fields.toml").read_text(encoding="utf-8"))
    return tuple(
        Row(row["name"], row["key"], row.get("unit"), row.get("text", False)) for row in table.get(format_name, ())
    )


def fill(record: Record, format_name: str, value: Callable[[str], object], source: Callable[[str], str]) -> None:
    """Add the parameters of a format.

    Parameters
    ----------
    value
        What the header says under a key; None where it says nothing.
    source
        Where that was read.
    """
    for row in rows(format_name):
        found = value(row.key)
        if found is None or found == "":
            continue
        if not row.text:
            found = number_of(found)
        if found is not None:
            record.parameter(row.name, found, source(row.key), row.unit)


def is_nobody(name: str) -> bool:
    """Whether a login is that of a machine, and of no person."""
    return name.strip().strip("<>'\"").casefold() in _NOBODY
