"""Noting who looks at what: in memory first, since no page waits for the database to count it.

What is kept for some seconds, and then for an hour in the database, is a pseudonym: address and browser, hashed with
a secret of the day that is thrown away with it.
"""

import logging
from datetime import timedelta
from hashlib import blake2b
from threading import Lock

from starlette.requests import Request

from verriere.errors import VerriereError
from verriere.facility import Facility
from verriere.policy.usage import Use
from verriere.publish.usage.agents import agent

_LOG = logging.getLogger(__name__)
_FORGET = timedelta(minutes=15)
_MOST = 20_000
"""Uses that wait to be counted: when the database is away for so long, the rest is lost."""


class Meter:
    """Counts the use of one facility's datasets."""

    def __init__(self, facility: Facility) -> None:
        self._facility = facility
        self._waiting: list[Use] = []
        self._lock = Lock()
        self._salt = ("", b"")
        self._forgot = facility.now()

    def note(self, request: Request, dataset_id: str, target: str, *, is_request: bool = False) -> None:
        """Note that somebody looks at a dataset, or downloads something of it; robots are left out."""
        name = request.headers.get("user-agent", "")
        kind = agent(name)
        if request.method != "GET" or kind == "robot":
            return
        now = self._facility.now()
        day = now.astimezone(self._facility.settings.facility.zone).date().isoformat()
        address = request.client.host if request.client else ""
        try:
            salt = self._salt_of(day)
        except VerriereError:
            _LOG.warning("a look at a dataset was not counted: the database does not answer")
            return
        who = blake2b(f"{address}\n{name}".encode(), key=salt, digest_size=12).hexdigest()
        use = Use(who, dataset_id, target[:500], now, day, is_request, kind)
        with self._lock:
            if len(self._waiting) < _MOST:
                self._waiting.append(use)

    def flush(self) -> None:
        """Enter what was noted into the catalogue; what cannot be entered now waits for the next time."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        now = self._facility.now()
        if not waiting and now - self._forgot < _FORGET:
            return
        try:
            # Also where nobody has come: who came before is forgotten.
            self._facility.catalogue.note_usage(waiting, now=now)
            self._forgot = now
        except VerriereError:
            _LOG.warning("looks at datasets wait to be counted: the database does not answer")
            with self._lock:
                self._waiting = (waiting + self._waiting)[:_MOST]

    def _salt_of(self, day: str) -> bytes:
        known, salt = self._salt
        if known != day:
            salt = bytes.fromhex(self._facility.catalogue.usage_salt(day))
            self._salt = (day, salt)
        return salt
