"""Accounts, the sessions of people who have logged in, and how often logging in failed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from verriere.catalogue.tables import account, login_failure, web_session
from verriere.errors import InputInvalid, NotFound
from verriere.model import Account, Duty

_COLUMNS = (account.c.username, account.c.email, account.c.name, account.c.duty, account.c.language)


def add(connection: Connection, new: Account, password_hash: str) -> None:
    """Add an account, or change the one of that username.

    Raises
    ------
    InputInvalid
        The address belongs to another account.
    """
    other = select(account.c.username).where(account.c.email == new.key, account.c.username != new.username)
    if connection.scalar(other) is not None:
        raise InputInvalid(f"the address {new.key} belongs to another account", hint="one account a person")
    row = {
        "username": new.username,
        "email": new.key,
        "name": new.name,
        "duty": new.duty.value,
        "language": new.language,
        "password_hash": password_hash,
    }
    changed = connection.execute(update(account).where(account.c.username == new.username).values(row))
    if changed.rowcount == 0:
        connection.execute(insert(account).values(row))


def find(connection: Connection, name: str) -> tuple[Account, str]:
    """An account by username or address, and the hash of its password.

    Raises
    ------
    NotFound
        There is none.
    """
    query = select(*_COLUMNS, account.c.password_hash).where(
        or_(account.c.username == name, account.c.email == name.strip().lower())
    )
    row = connection.execute(query).first()
    if row is None:
        raise NotFound(f"no account {name}", hint="list them: verriere user list")
    return _account(row), row.password_hash


def every(connection: Connection) -> list[Account]:
    """All accounts, by username."""
    return [_account(row) for row in connection.execute(select(*_COLUMNS).order_by(account.c.username))]


def open_session(connection: Connection, token_hash: str, username: str, now: datetime, expires: datetime) -> None:
    """Remember that someone has logged in, and forget the sessions that are over."""
    connection.execute(delete(web_session).where(web_session.c.expires_at <= now))
    connection.execute(
        insert(web_session).values(token_hash=token_hash, username=username, opened_at=now, expires_at=expires)
    )


def session_account(connection: Connection, token_hash: str, now: datetime) -> Account | None:
    """Whose session it is; None where it is over or never was."""
    query = (
        select(*_COLUMNS)
        .join(web_session, web_session.c.username == account.c.username)
        .where(web_session.c.token_hash == token_hash, web_session.c.expires_at > now)
    )
    row = connection.execute(query).first()
    return _account(row) if row is not None else None


def close_session(connection: Connection, token_hash: str) -> None:
    """Forget a session."""
    connection.execute(delete(web_session).where(web_session.c.token_hash == token_hash))


def note_failure(connection: Connection, who: str, now: datetime, since: datetime) -> None:
    """Note a failed login of ``who`` (a username, an address on the network), and forget those before ``since``."""
    connection.execute(delete(login_failure).where(login_failure.c.at < since))
    connection.execute(insert(login_failure).values(who=who, at=now))


def failures(connection: Connection, who: str, since: datetime) -> int:
    """How often ``who`` failed to log in since then."""
    query = select(func.count()).where(login_failure.c.who == who, login_failure.c.at >= since)
    return connection.scalar(query) or 0


def forget_failures(connection: Connection, who: str) -> None:
    """Begin to count again: ``who`` has logged in."""
    connection.execute(delete(login_failure).where(login_failure.c.who == who))


def _account(row: Row[*tuple[Any, ...]]) -> Account:
    return Account(row.username, row.email, row.name, Duty(row.duty), row.language)
