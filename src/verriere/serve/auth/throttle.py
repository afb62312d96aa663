"""Slowing down those who guess passwords.

Counted are failures of one address on one account, and of one address on all accounts. A stranger elsewhere can thus
not lock an account's owner out.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from verriere.catalogue import Catalogue

PER_ACCOUNT = 5
PER_ADDRESS = 50
WINDOW = timedelta(minutes=15)
"""How long a failure counts."""


class Throttle:
    """Who has failed to log in too often.

    Parameters
    ----------
    now
        The clock.
    """

    def __init__(self, catalogue: Catalogue, now: Callable[[], datetime]) -> None:
        self._catalogue = catalogue
        self._now = now

    def is_closed(self, address: str, username: str) -> bool:
        """Whether this address may not try this account now."""
        since = self._now() - WINDOW
        limits = ((_on_account(address, username), PER_ACCOUNT), (_anywhere(address), PER_ADDRESS))
        return any(self._catalogue.login_failures(who, since=since) >= limit for who, limit in limits)

    def failed(self, address: str, username: str) -> None:
        """Remember a wrong password, for as long as it counts."""
        for who in (_on_account(address, username), _anywhere(address)):
            self._catalogue.note_login_failure(who, now=self._now(), window=WINDOW)

    def succeeded(self, address: str, username: str) -> None:
        """Begin to count again for this account."""
        self._catalogue.forget_login_failures(_on_account(address, username))


def _on_account(address: str, username: str) -> str:
    return f"{address} on {username.strip().lower()[:200]}"


def _anywhere(address: str) -> str:
    return f"{address} on any"
