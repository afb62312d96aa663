"""Collections: their records, and which datasets are in them."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, insert, select

from verriere.catalogue.codec import decode, encode
from verriere.catalogue.history import Event
from verriere.catalogue.tables import collection, collection_dataset, dataset
from verriere.errors import InputInvalid, NotFound
from verriere.model import Collection


def put(connection: Connection, found: Sequence[Collection]) -> list[Event]:
    """Enter collections; what is the same already is left alone.

    Raises
    ------
    InputInvalid
        A dataset of it is not there.
    """
    unique = {each.id: each for each in found}
    query = select(collection.c.id, collection.c.record).where(collection.c.id.in_(unique))
    there = {row.id: row.record for row in connection.execute(query)}
    changed = [each for identifier, each in sorted(unique.items()) if there.get(identifier) != encode(each)]
    _require_datasets(connection, changed)
    old = [each.id for each in changed if each.id in there]
    connection.execute(delete(collection).where(collection.c.id.in_(old)))
    connection.execute(delete(collection_dataset).where(collection_dataset.c.collection_id.in_(old)))
    _write(connection, changed)
    return [Event(f"collection:{each.id}", "changed" if each.id in there else "recorded") for each in changed]


def get(connection: Connection, identifier: str) -> Collection:
    """A collection; raises `NotFound`."""
    record = connection.scalar(select(collection.c.record).where(collection.c.id == identifier))
    if record is None:
        raise NotFound(f"no collection {identifier}")
    return decode(Collection, record)


def every(connection: Connection, *, dataset_id: str | None = None) -> list[Collection]:
    """Collections by identifier: all, or those with a dataset in them."""
    query = select(collection.c.record).order_by(collection.c.id)
    if dataset_id is not None:
        having = select(collection_dataset.c.collection_id).where(collection_dataset.c.dataset_id == dataset_id)
        query = query.where(collection.c.id.in_(having))
    return [decode(Collection, record) for record in connection.scalars(query)]


def _require_datasets(connection: Connection, found: Iterable[Collection]) -> None:
    for each in found:
        there = set(connection.scalars(select(dataset.c.id).where(dataset.c.id.in_(each.dataset_ids))))
        if missing := set(each.dataset_ids) - there:
            raise InputInvalid(f"there is no dataset {min(missing)}", hint="list datasets with: verriere search")


def _write(connection: Connection, found: Sequence[Collection]) -> None:
    if found:
        connection.execute(insert(collection), [{"id": each.id, "record": encode(each)} for each in found])
        rows = [
            {"collection_id": each.id, "dataset_id": member}
            for each in found
            for member in dict.fromkeys(each.dataset_ids)
        ]
        if rows:
            connection.execute(insert(collection_dataset), rows)
