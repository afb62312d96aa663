"""Which things name each other: as their records say, and as the tables say by which the others find them."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Column, Connection, Table, select, true

from verriere.catalogue import citations, collections, datasets
from verriere.catalogue.beamtime import every
from verriere.catalogue.codec import decode
from verriere.catalogue.tables import (
    collection,
    collection_dataset,
    dataset,
    instrument,
    proposal,
    publication,
    sample,
    visit,
)
from verriere.model import Publication, Sample, Visit


class Link(NamedTuple):
    """One thing names another: ``dataset:9f3k``, ``visit``, ``visit:20250123-1``."""

    source: str
    relation: str
    target: str


def stated(connection: Connection) -> Iterator[Link]:
    """What records name."""
    for one in every(connection, Visit):
        yield from _links(f"visit:{one.id}", proposal=one.proposal_id, instrument=one.instrument_id)
    for piece in every(connection, Sample):
        yield from _links(f"sample:{piece.id}", proposal=piece.proposal_id)
        yield from (Link(f"sample:{piece.id}", "parent", f"sample:{name}") for name in [piece.parent_id] if name)
    for found in datasets.where(connection, true()):
        here = f"dataset:{found.id}"
        yield from _links(here, visit=found.visit_id, instrument=found.instrument_id, sample=found.sample_id)
    for gathered in collections.every(connection):
        yield from (Link(f"collection:{gathered.id}", "dataset", f"dataset:{each}") for each in gathered.dataset_ids)
    for cited in citations.every(connection):
        yield from (Link(f"query:{cited.id}", "dataset", f"dataset:{each.id}") for each in cited.datasets)
    for record in connection.scalars(select(publication.c.record)):
        known = decode(Publication, record)
        yield Link(f"publication:{known.doi}", "subject", f"{known.kind}:{known.subject_id}")
        if known.concept:
            yield Link(f"publication:{known.doi}", "concept", f"publication:{known.concept}")


def found(connection: Connection) -> Iterator[Link]:
    """By what the other end finds those that name it; what has no such table is found by its record alone."""
    for kind, table, names in _FOUND_BY:
        columns = [table.c.id, *(table.c[f"{name}_id"] for name in names)]
        for identifier, *others in connection.execute(select(*columns)):
            yield from _links(f"{kind}:{identifier}", **dict(zip(names, others, strict=True)))
    of = collection_dataset.c
    for gathered, member in connection.execute(select(of.collection_id, of.dataset_id)):
        yield Link(f"collection:{gathered}", "dataset", f"dataset:{member}")
    known = publication.c
    for doi, kind, subject, concept in connection.execute(
        select(known.doi, known.kind, known.subject_id, known.concept)
    ):
        yield Link(f"publication:{doi}", "subject", f"{kind}:{subject}")
        if concept:
            yield Link(f"publication:{doi}", "concept", f"publication:{concept}")


def things(connection: Connection) -> Iterator[str]:
    """All that there is, as links name it."""
    for kind, column in _THINGS:
        yield from (f"{kind}:{identifier}" for identifier in connection.scalars(select(column)))
    yield from (f"query:{each.id}" for each in citations.every(connection))


def _links(source: str, **named: str | None) -> Iterator[Link]:
    for kind, identifier in named.items():
        if identifier:
            yield Link(source, kind, f"{kind}:{identifier}")


_FOUND_BY: tuple[tuple[str, Table, tuple[str, ...]], ...] = (
    ("visit", visit, ("proposal", "instrument")),
    ("sample", sample, ("proposal",)),
    ("dataset", dataset, ("visit", "instrument", "sample")),
)
_THINGS: tuple[tuple[str, Column[str]], ...] = (
    ("proposal", proposal.c.id),
    ("visit", visit.c.id),
    ("instrument", instrument.c.id),
    ("sample", sample.c.id),
    ("dataset", dataset.c.id),
    ("collection", collection.c.id),
    ("publication", publication.c.doi),
)
UNLISTED = frozenset({"parent"})
"""Relations whose other end finds them by reading the records, and that no table holds."""
