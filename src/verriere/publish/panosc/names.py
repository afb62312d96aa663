"""What others call our parameters: ``names.csv``, where a line can be added."""

import csv
from functools import cache
from importlib.resources import files


def ours(name: str) -> str:
    """What the catalogue calls a parameter that is asked for under a name."""
    return _table().get(name, name)


@cache
def _table() -> dict[str, str]:
    text = files(__package__).joinpath("names.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["asked"]: row["ours"] for row in rows}
