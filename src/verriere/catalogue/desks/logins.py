"""The part of the catalogue that knows accounts, sessions and failed logins."""

from datetime import datetime, timedelta

from verriere.catalogue import accounts
from verriere.catalogue.desks.base import Desk
from verriere.model import Account


class LoginDesk(Desk):
    """Who has an account, and who has logged in."""

    def add_account(self, account: Account, password_hash: str) -> None:
        """Add an account, or change the one of that username; raises `InputInvalid` if its address is another's."""
        with self._database.write() as connection:
            accounts.add(connection, account, password_hash)

    def account(self, name: str) -> tuple[Account, str]:
        """An account by username or address, and the hash of its password; raises `NotFound`."""
        with self._database.read() as connection:
            return accounts.find(connection, name)

    def accounts(self) -> list[Account]:
        """All accounts, by username."""
        with self._database.read() as connection:
            return accounts.every(connection)

    def open_session(self, token_hash: str, username: str, *, now: datetime, expires: datetime) -> None:
        """Remember that someone has logged in."""
        with self._database.write() as connection:
            accounts.open_session(connection, token_hash, username, now, expires)

    def session_account(self, token_hash: str, *, now: datetime) -> Account | None:
        """Whose session it is; None where it is over or never was."""
        with self._database.read() as connection:
            return accounts.session_account(connection, token_hash, now)

    def close_session(self, token_hash: str) -> None:
        """Forget a session."""
        with self._database.write() as connection:
            accounts.close_session(connection, token_hash)

    def note_login_failure(self, who: str, *, now: datetime, window: timedelta) -> None:
        """Note that ``who`` (a username, an address on the network) failed to log in; forget what is older."""
        with self._database.write() as connection:
            accounts.note_failure(connection, who, now, now - window)

    def login_failures(self, who: str, *, since: datetime) -> int:
        """How often ``who`` failed to log in since then."""
        with self._database.read() as connection:
            return accounts.failures(connection, who, since)

    def forget_login_failures(self, who: str) -> None:
        """Begin to count again."""
        with self._database.write() as connection:
            accounts.forget_failures(connection, who)
