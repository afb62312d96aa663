"""Cited queries: kept as they were asked, with the result they had."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, insert, select

from verriere.catalogue.branch import Question
from verriere.catalogue.codec import decode, encode
from verriere.catalogue.fulltext import FullText
from verriere.catalogue.history import Event
from verriere.catalogue.query import Node
from verriere.catalogue.tables import citation, dataset
from verriere.errors import NotFound
from verriere.model import ANONYMOUS, Citation, CitedDataset
from verriere.policy import AccessRules, EmbargoRules

_CHUNK = 500


def result(
    connection: Connection, tree: Node, text: FullText, rules: AccessRules, embargo: EmbargoRules, *, most: int
) -> tuple[CitedDataset, ...]:
    """What everybody finds with a query, by time of measurement, then by identifier; ``most`` and one more at most."""
    found: list[Any] = []
    # Apart, each branch begins at or joins the table of datasets.
    for branch in Question(connection, tree, ANONYMOUS, rules, text, embargo.zone).parts(apart=True).listed:
        query = branch.query.add_columns(*_CITED).limit(most + 1 - len(found))
        found += connection.execute(query)
    found.sort(key=lambda row: (row.moment, row.id))
    return tuple(CitedDataset(row.id, row.version, row.fingerprint) for row in found)


def standing(connection: Connection, identifiers: Sequence[str]) -> dict[str, CitedDataset]:
    """The datasets as they are now, by identifier."""
    found: dict[str, CitedDataset] = {}
    for start in range(0, len(identifiers), _CHUNK):
        part = select(*_CITED).where(dataset.c.id.in_(identifiers[start : start + _CHUNK]))
        found |= {row.id: CitedDataset(row.id, row.version, row.fingerprint) for row in connection.execute(part)}
    return found


def get(connection: Connection, identifier: str) -> Citation:
    """A citation; raises `NotFound`."""
    record = connection.scalar(select(citation.c.record).where(citation.c.id == identifier))
    if record is None:
        raise NotFound(f"no citation {identifier}", hint="list them: verriere cite --list")
    return decode(Citation, record)


def every(connection: Connection, **of: str) -> Iterator[Citation]:
    """All citations, the earliest first; ``by="..."`` for those of one person."""
    query = select(citation.c.record).order_by(citation.c.asked_at, citation.c.id)
    for name, value in of.items():
        query = query.where(citation.c[name] == value)
    for (record,) in connection.execute(query):
        yield decode(Citation, record)


def put(connection: Connection, cited: Sequence[Citation]) -> list[Event]:
    """Enter citations; one that is there stays as it was first made."""
    wanted = {each.id: each for each in cited}
    there = set(connection.scalars(select(citation.c.id).where(citation.c.id.in_(wanted))))
    new = [each for identifier, each in sorted(wanted.items()) if identifier not in there]
    if new:
        connection.execute(insert(citation), [_row(each) for each in new])
    return [
        Event(f"citation:{each.id}", "cited", {"checksum": each.checksum, "datasets": str(len(each.datasets))})
        for each in new
    ]


def _row(cited: Citation) -> dict[str, object]:
    return {
        "id": cited.id,
        "normal": cited.normal,
        "asked_at": cited.asked_at,
        "by": cited.by,
        "record": encode(cited),
    }


_CITED = (dataset.c.id, dataset.c.version, dataset.c.fingerprint, dataset.c.moment)
