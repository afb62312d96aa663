"""How many hits there are, and how many of each beamline, technique, year and status: exact counts."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, func, select

from verriere.catalogue.branch import Parts
from verriere.catalogue.fulltext import FullText
from verriere.catalogue.tables import shelf, technique
from verriere.techniques import panet


@dataclass(frozen=True, slots=True)
class Term:
    """A technique: a PaNET term."""

    code: str
    iri: str
    label: str


@dataclass(frozen=True, slots=True)
class Facet:
    """One value that hits have, and how many have it.

    Parameters
    ----------
    value
        What narrows the search to it, as ``field:value``.
    label
        What a person reads.
    """

    value: str
    label: str
    count: int


_COLUMNS = {
    "beamline": shelf.c.instrument,
    "technique": shelf.c.techniques,
    "year": shelf.c.year,
    "status": shelf.c.state,
}
NAMES = tuple(_COLUMNS)
_FEW = 1_000


def count(connection: Connection, parts: Parts) -> int:
    """The exact number of hits."""
    queries = [branch.query.add_columns(func.count()) for branch in parts.counted]
    if parts.shelved is not None:
        queries.append(parts.shelved.add_columns(func.sum(shelf.c.number)))
    return sum(connection.scalar(query) or 0 for query in queries)


def everything(connection: Connection) -> int:
    """How many datasets there are."""
    return connection.scalar(select(func.sum(shelf.c.number))) or 0


def facets(connection: Connection, text: FullText, parts: Parts) -> tuple[int, Mapping[str, tuple[Facet, ...]]]:
    """The exact number of hits, and the facets: the most frequent first, years from the latest on.

    A technique that some hit is about is counted for every hit that a search for it finds: narrower ones too.
    """
    counts = {name: Counter[str]() for name in NAMES}
    for name, column in _COLUMNS.items():
        if parts.shelved is not None:
            query = parts.shelved.add_columns(column, func.sum(shelf.c.number)).group_by(column)
            counts[name].update({str(value or ""): number for value, number in connection.execute(query)})
    tallied = Counter[int]()
    for branch in parts.counted:
        tallied += text.tally(connection, branch.query, branch.place.shelf)
    for number, values in _said(connection, tallied):
        for counter, value in zip(counts.values(), values, strict=True):
            counter[str(value or "")] += number
    total = counts["status"].total()
    counts["technique"] = _each(counts["technique"])
    names = terms(connection, counts["technique"].keys())
    return total, {
        name: tuple(
            Facet(value, names[value].label if name == "technique" else value, number)
            for value, number in sorted(counter.items(), key=_latest if name == "year" else _most)
            if value
        )
        for name, counter in counts.items()
    }


def _said(connection: Connection, tallied: Mapping[int, int]) -> Iterator[tuple[int, Sequence[Any]]]:
    """What each of these shelves says, and the number for it; of very many, all are read and the others left out."""
    query = select(shelf.c.id, *_COLUMNS.values())
    if len(tallied) <= _FEW:
        query = query.where(shelf.c.id.in_(tallied))
    for identifier, *values in connection.execute(query):
        if identifier in tallied:
            yield tallied[identifier], values


def _each(together: Mapping[str, int]) -> Counter[str]:
    """How many have each technique, or a narrower one, from how many have each set of them."""
    counts = Counter(dict.fromkeys(" ".join(together).split(), 0))
    for codes, number in together.items():
        for code in _with_broader(codes) & counts.keys():
            counts[code] += number
    return counts


def terms(connection: Connection, codes: Collection[str]) -> dict[str, Term]:
    """The techniques of these codes."""
    if not codes:
        return {}
    query = select(technique.c.code, technique.c.iri, technique.c.label).where(technique.c.code.in_(sorted(codes)))
    return {row.code: Term(row.code, row.iri, row.label) for row in connection.execute(query)}


@lru_cache(maxsize=4096)
def _with_broader(codes: str) -> frozenset[str]:
    """The terms of a dataset and all that they are a kind of: what it is found by."""
    found = set(codes.split())
    for code in codes.split():
        found |= {iri.removeprefix(panet.PREFIX) for iri in panet.broader(panet.PREFIX + code)}
    return frozenset(found)


def _most(item: tuple[str, int]) -> tuple[int, str]:
    return -item[1], item[0]


def _latest(item: tuple[str, int]) -> int:
    return -int(item[0] or 0)
