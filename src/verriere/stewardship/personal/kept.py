"""What a facility keeps of a person, where, and why."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from verriere.archive import sidecar
from verriere.archive.sidecar import Record
from verriere.errors import NotFound
from verriere.ingest.holdings import Holdings
from verriere.model import Account, Dataset, EmbargoRequest

SCHEMA = "verriere.personal-data"


class Purpose(StrEnum):
    """Why something is kept; every text about it is told by this word."""

    LOGIN = "login"
    TEAM = "team"
    FILE = "file"
    RECORD = "record"
    HISTORY = "history"
    MAIL = "mail"
    SECURITY = "security"


@dataclass(frozen=True, slots=True)
class Trace:
    """Something that is kept of a person.

    Parameters
    ----------
    where
        ``account``, ``proposal:20250123``, ``history``.
    data
        The person's own part of it, as it is kept.
    """

    where: str
    purpose: Purpose
    data: Any


def traces(holdings: Holdings, key: str, *, visit_ids: Sequence[str] | None = None) -> tuple[Trace, ...]:
    """All that is kept of the person with an address.

    Parameters
    ----------
    key
        The address in lower case.
    visit_ids
        Only datasets of these visits are looked at; None: all.
    """
    return tuple(_traces(holdings, key.strip().lower(), visit_ids))


def account_of(holdings: Holdings, key: str) -> Account | None:
    """The account with an address; None where there is none."""
    try:
        return holdings.catalogue.account(key)[0]
    except NotFound:
        return None


def document(holdings: Holdings, key: str, found: Sequence[Trace]) -> str:
    """A copy of it all, as JSON, for the person."""
    whole = {
        "schema": SCHEMA,
        "version": "1.0",
        "facility": holdings.settings.facility.name,
        "made_at": holdings.now(),
        "person": key,
        "kept": [asdict(each) for each in found],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, default=str) + "\n"


def _traces(holdings: Holdings, key: str, visit_ids: Sequence[str] | None) -> Iterator[Trace]:
    catalogue, account = holdings.catalogue, account_of(holdings, key)
    username = account.username if account else ""
    if account is not None:
        yield Trace("account", Purpose.LOGIN, asdict(account))
    logins = catalogue.logins(username, key)
    for opened, expires in logins.sessions:
        yield Trace("session", Purpose.SECURITY, {"from": opened, "to": expires})
    for who, at in logins.failures:
        yield Trace("failed login", Purpose.SECURITY, {"who": who, "at": at})
    for subject, at in logins.mails:
        yield Trace("mail", Purpose.MAIL, {"subject": subject, "at": at})
    for record in catalogue.records_with(key, visit_ids=visit_ids):
        parts = list(_own(json.loads(sidecar.encode(record))["content"], key))
        if parts:
            yield Trace(name_of(record), _purpose(record), parts)
    for entry in catalogue.acts(*filter(None, (username, key))):
        facts = {"number": entry.number, "at": entry.at, "subject": entry.subject, "event": entry.event}
        yield Trace("history", Purpose.HISTORY, {**facts, "by": entry.by})


def name_of(record: Record) -> str:
    """What a record is called: ``proposal:20250123``."""
    identifier: str = getattr(record, "id", "") or getattr(record, "doi", "")
    kind = "request" if isinstance(record, EmbargoRequest) else type(record).__name__.lower()
    return f"{kind}:{identifier}"


def _purpose(record: Record) -> Purpose:
    if isinstance(record, Dataset):
        return Purpose.FILE
    return Purpose.TEAM if type(record).__name__ in {"Proposal", "Visit"} else Purpose.RECORD


def _own(value: Any, key: str, path: str = "") -> Iterator[dict[str, Any]]:
    """The person's own part of a record: what has their address, or a text that holds it; not their neighbours."""
    if isinstance(value, dict):
        if str(value.get("email", "")).lower() == key:
            yield {"at": path, "value": value}
            return
        for name, each in value.items():
            yield from _own(each, key, f"{path}/{name}")
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _own(each, key, f"{path}/{number}")
    elif isinstance(value, str) and key in value.lower():
        yield {"at": path, "value": value}
