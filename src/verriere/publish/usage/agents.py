"""Who asks: a person, a program that a person runs, or a robot, which is not counted.

COUNTER's list (``robots.csv``) has both robots and tools such as curl: who downloads with a script works for a person,
and is counted apart (``machines.csv``, where a line can be added).
"""

import csv
import re
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal

Agent = Literal["regular", "machine", "robot"]
_LONGEST = 500


@lru_cache(maxsize=4096)
def agent(name: str) -> Agent:
    """What the name that a browser or a program gives itself (``User-Agent``) tells."""
    said = name[:_LONGEST].strip()
    if _tools().search(said):
        return "machine"
    return "robot" if _robots().search(said) else "regular"


@cache
def _robots() -> "re.Pattern[str]":
    return re.compile("|".join(f"(?:{pattern})" for pattern in _patterns("robots.csv")), re.IGNORECASE)


@cache
def _tools() -> "re.Pattern[str]":
    return re.compile("|".join(f"(?:{pattern})" for pattern in _patterns("machines.csv")), re.IGNORECASE)


def _patterns(table: str) -> Iterator[str]:
    text = files(__package__).joinpath("tables", table).read_text(encoding="utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return (row["pattern"] for row in rows)
