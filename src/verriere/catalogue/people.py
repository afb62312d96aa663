"""Where a person is in the database: records that hold a text, what they did, sessions, failed logins, mails."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

from verriere.archive import sidecar
from verriere.archive.sidecar import Record
from verriere.catalogue import history, mails
from verriere.catalogue.history import Entry
from verriere.catalogue.tables import (
    account,
    dataset,
    dataset_record,
    login_failure,
    mail,
    metadata,
    web_session,
)
from verriere.catalogue.tables import history as history_table

_DERIVED = "dataset_record"


@dataclass(frozen=True, slots=True)
class Logins:
    """What is kept of somebody's logging in: sessions from and to, failures, mails that wait, each with its moment."""

    sessions: tuple[tuple[datetime, datetime], ...]
    failures: tuple[tuple[str, datetime], ...]
    mails: tuple[tuple[str, datetime], ...]


def records_with(
    connection: Connection, texts: Sequence[str], visit_ids: Sequence[str] | None = None
) -> Iterator[Record]:
    """The records in whose text one of these is, whatever the case of its letters.

    Parameters
    ----------
    visit_ids
        Only datasets of these visits are looked at; None: all.
    """
    for name, table in sorted(metadata.tables.items()):
        if "record" in table.c and name != _DERIVED:
            query = select(table.c.record).where(_holds(table.c.record, texts))
            yield from (sidecar.decode_any(text.encode()) for text in connection.scalars(query).all())
    query = select(dataset_record.c.record).where(_holds(dataset_record.c.record, texts))
    if visit_ids is not None:
        query = query.join(dataset, dataset.c.key == dataset_record.c.dataset_key)
        query = query.where(dataset.c.visit_id.in_(visit_ids))
    yield from (sidecar.decode_any(text.encode()) for text in connection.scalars(query).all())


def acts(connection: Connection, names: Sequence[str]) -> list[Entry]:
    """What the history says that somebody of these names did."""
    query = select(history_table).where(history_table.c.by.in_(names)).order_by(history_table.c.number)
    return [history.of_row(row) for row in connection.execute(query)]


def logins(connection: Connection, username: str, key: str) -> Logins:
    """Sessions, failed logins and mails of a person."""
    opened = select(web_session.c.opened_at, web_session.c.expires_at).where(web_session.c.username == username)
    failed = select(login_failure.c.who, login_failure.c.at).where(_tried(username, key))
    waiting = select(mail.c.subject, mail.c.written_at).where(func.lower(mail.c.address) == key)
    return Logins(
        tuple((row.opened_at, row.expires_at) for row in connection.execute(opened.order_by("opened_at"))),
        tuple((row.who, row.at) for row in connection.execute(failed.order_by("at"))),
        tuple((row.subject, row.written_at) for row in connection.execute(waiting.order_by("written_at"))),
    )


def forget(connection: Connection, username: str, key: str) -> None:
    """Forget that somebody could log in and did, and send them nothing any more."""
    connection.execute(delete(web_session).where(web_session.c.username == username))
    connection.execute(delete(login_failure).where(_tried(username, key)))
    connection.execute(delete(account).where(account.c.username == username))
    to_them = func.lower(mail.c.address) == key
    # That they were told stays, under the name of an event that tells nothing.
    blank = {"state": mails.SENT, "address": "", "text": "", "subject": "", "trouble": ""}
    connection.execute(update(mail).where(to_them).values(blank))
    about = or_(mail.c.text.icontains(key, autoescape=True), mail.c.trouble.icontains(key, autoescape=True))
    connection.execute(update(mail).where(about).values(blank))


def _tried(username: str, key: str) -> ColumnElement[bool]:
    """Failures are noted as ``ADDRESS on NAME``."""
    names = [name for name in (username, key) if name]
    return or_(*(login_failure.c.who.iendswith(f" on {name}", autoescape=True) for name in names))


def _holds(column: ColumnElement[str], texts: Sequence[str]) -> ColumnElement[bool]:
    return or_(*(column.icontains(text, autoescape=True) for text in texts))
