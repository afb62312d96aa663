"""Mails that wait to be sent: one for each event and person, never a second.

A mail is taken (``sending``) in a transaction of its own before the server is spoken to. What is still ``sending``
when the program comes back may have gone out: it is not sent again, and a person is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, insert, select, update

from verriere.catalogue.tables import mail

WAITING, SENDING, SENT = "waiting", "sending", "sent"
_PATIENCE = timedelta(minutes=1)
_LONGEST = timedelta(hours=6)
_CHUNK = 500
NOWHERE = ".invalid"
"""Addresses of those who were erased end so: RFC 2606 keeps it for what does not exist."""
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail to one person about one event.

    Parameters
    ----------
    event
        Stands for what it is about and whom it tells, without saying either: see `event_of`.
    trouble
        Why it could not be sent the last time.
    """

    event: str
    address: str
    subject: str
    text: str
    attempts: int = 0
    trouble: str = ""


def event_of(*about: str) -> str:
    """The name of an event: the same for the same facts, and telling nothing of them (it outlives the address)."""
    return sha256("\0".join(about).encode()).hexdigest()[:32]


def write(connection: Connection, mails: Sequence[Mail], now: datetime) -> int:
    """Let mails wait; those of an event that was told already are left out. Returns how many are new."""
    wanted = {each.event: each for each in mails if not each.address.endswith(NOWHERE)}
    names = sorted(wanted)
    new = set(names)
    for start in range(0, len(names), _CHUNK):
        part = names[start : start + _CHUNK]
        new -= set(connection.scalars(select(mail.c.event).where(mail.c.event.in_(part))))
    rows = [
        {
            "event": each.event,
            "address": each.address,
            "subject": each.subject,
            "text": each.text,
            "state": WAITING,
            "written_at": now,
            "next_at": now,
            "attempts": 0,
            "trouble": "",
        }
        for name, each in sorted(wanted.items())
        if name in new
    ]
    if rows:
        connection.execute(insert(mail), rows)
    return len(rows)


def take(connection: Connection, now: datetime, most: int) -> list[Mail]:
    """The mails whose turn it is, marked as being sent."""
    query = select(mail).where(mail.c.state == WAITING, mail.c.next_at <= now)
    found = [_mail(row) for row in connection.execute(query.order_by(mail.c.written_at, mail.c.event).limit(most))]
    if found:
        names = [each.event for each in found]
        connection.execute(update(mail).where(mail.c.event.in_(names)).values(state=SENDING))
    return found


def sent(connection: Connection, event: str) -> None:
    """It was sent: what it said is not kept any longer, only that it was."""
    connection.execute(update(mail).where(mail.c.event == event).values(state=SENT, text="", address="", trouble=""))


def failed(connection: Connection, each: Mail, trouble: str, now: datetime) -> None:
    """The server did not take it: it waits, longer each time."""
    pause = min(_PATIENCE * 2 ** min(each.attempts, 10), _LONGEST)
    values = {"state": WAITING, "attempts": each.attempts + 1, "next_at": now + pause, "trouble": trouble}
    connection.execute(update(mail).where(mail.c.event == each.event).values(values))


def restore(connection: Connection, events: Sequence[str]) -> None:
    """Know again what was sent before the catalogue was lost."""
    for start in range(0, len(events), _CHUNK):
        part = events[start : start + _CHUNK]
        write(connection, [Mail(event, "", "", "") for event in part], _LONG_AGO)
        connection.execute(update(mail).where(mail.c.event.in_(part)).values(state=SENT))


def in_state(connection: Connection, state: str) -> list[Mail]:
    """The mails in a state, the oldest first."""
    query = select(mail).where(mail.c.state == state).order_by(mail.c.written_at, mail.c.event)
    return [_mail(row) for row in connection.execute(query)]


def _mail(row: object) -> Mail:
    return Mail(**{name: getattr(row, name) for name in ("event", "address", "subject", "text", "attempts", "trouble")})
