"""How many hits there are, and how many of each beamline, technique, year and status: exact counts, in one pass."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Connection, func, select

from verriere.catalogue.branch import Branch
from verriere.catalogue.tables import dataset, shelf, technique
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


NAMES = ("beamline", "technique", "year", "status")


def count(connection: Connection, found: Sequence[Branch]) -> int:
    """The exact number of hits."""
    total = 0
    for branch in found:
        total += connection.scalar(branch.query.add_columns(func.count())) or 0
    return total


def facets(connection: Connection, found: Sequence[Branch]) -> tuple[int, Mapping[str, tuple[Facet, ...]]]:
    """The exact number of hits, and the facets: the most frequent first, years from the latest on.

    A technique that some hit is about is counted for every hit that a search for it finds: narrower ones too.
    """
    total = 0
    together: Counter[str] = Counter()
    counts: dict[str, Counter[str]] = {name: Counter() for name in NAMES}
    for branch in found:
        # The state of a shelf is that of its datasets; said twice, the groups are in the order of an index.
        by_shelf = branch.query.add_columns(dataset.c.shelf, func.count().label("number"))
        counted = by_shelf.group_by(dataset.c.state, dataset.c.shelf).subquery("counted")
        query = select(shelf.c.state, shelf.c.instrument, shelf.c.year, shelf.c.techniques, counted.c.number)
        for state, instrument, year, techniques, number in connection.execute(
            query.join_from(counted, shelf, shelf.c.id == counted.c.shelf)
        ):
            total += number
            counts["status"][state] += number
            counts["beamline"][instrument] += number
            counts["year"][str(year or "")] += number
            together[techniques] += number
    for codes in together:
        counts["technique"].update(dict.fromkeys(codes.split(), 0))
    for codes, number in together.items():
        for code in _with_broader(codes) & counts["technique"].keys():
            counts["technique"][code] += number
    names = terms(connection, counts["technique"].keys())
    return total, {
        name: tuple(
            Facet(value, names[value].label if name == "technique" else value, number)
            for value, number in sorted(counter.items(), key=_latest if name == "year" else _most)
            if value
        )
        for name, counter in counts.items()
    }


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
