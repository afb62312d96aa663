"""Requests about embargoes: records, by state and subject."""

from collections.abc import Sequence

from sqlalchemy import Connection, delete, insert, select

from verriere.catalogue.codec import decode, encode
from verriere.catalogue.tables import embargo_request
from verriere.errors import NotFound
from verriere.model import EmbargoRequest


def get(connection: Connection, identifier: str) -> EmbargoRequest:
    """A request; raises `NotFound`."""
    record = connection.scalar(select(embargo_request.c.record).where(embargo_request.c.id == identifier))
    if record is None:
        raise NotFound(f"no request {identifier}", hint="list them: verriere embargo list")
    return decode(EmbargoRequest, record)


def every(connection: Connection, **of: str) -> list[EmbargoRequest]:
    """Requests, the earliest first: all, or those with ``state="waiting"``, ``subject="visit:..."``."""
    query = select(embargo_request.c.record).order_by(embargo_request.c.asked_at, embargo_request.c.id)
    for name, value in of.items():
        query = query.where(embargo_request.c[name] == value)
    return [decode(EmbargoRequest, record) for record in connection.scalars(query)]


def put(connection: Connection, found: Sequence[EmbargoRequest]) -> None:
    """Insert or replace requests."""
    if not found:
        return
    connection.execute(delete(embargo_request).where(embargo_request.c.id.in_([each.id for each in found])))
    rows = [
        {
            "id": each.id,
            "subject": each.subject,
            "state": each.state.value,
            "asked_at": each.asked_at,
            "record": encode(each),
        }
        for each in found
    ]
    connection.execute(insert(embargo_request), rows)
