"""Sessions that live in the catalogue; the browser holds nothing but a random token.

The catalogue keeps only the token's digest, so who reads the database cannot log in with what is there.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from starlette.responses import Response

from verriere.catalogue import Catalogue
from verriere.model import Account
from verriere.settings import ServeSettings


@dataclass(frozen=True, slots=True)
class Cookie:
    """How a cookie is set: never read by scripts, never sent along from other sites.

    Over HTTPS the prefix ``__Host-`` makes browsers refuse it from anywhere but this host.
    """

    name: str
    secure: bool

    @classmethod
    def called(cls, name: str, settings: ServeSettings) -> "Cookie":
        """The cookie ``name`` of this portal."""
        secure = settings.secure_cookies
        return cls(f"__Host-{name}" if secure else name, secure)

    def put(self, response: Response, value: str, *, seconds: int | None) -> None:
        """Set it on an answer; None: until the browser is closed."""
        response.set_cookie(
            self.name, value, max_age=seconds, path="/", httponly=True, samesite="lax", secure=self.secure
        )

    def remove(self, response: Response) -> None:
        """Take it away."""
        response.delete_cookie(self.name, path="/", httponly=True, samesite="lax", secure=self.secure)


class Sessions:
    """People who have logged in.

    Parameters
    ----------
    now
        The clock.
    hours
        Until a person has to log in again.
    """

    def __init__(self, catalogue: Catalogue, now: Callable[[], datetime], *, hours: int) -> None:
        self._catalogue = catalogue
        self._now = now
        self._lasts = timedelta(hours=hours)

    def open(self, account: Account) -> str:
        """Begin a session; its token, always a new one, is told to the browser alone."""
        token = secrets.token_urlsafe(32)
        now = self._now()
        self._catalogue.open_session(_digest(token), account.username, now=now, expires=now + self._lasts)
        return token

    def account(self, token: str) -> Account | None:
        """Whose session it is; None where it is over or never was."""
        return self._catalogue.session_account(_digest(token), now=self._now())

    def close(self, token: str) -> None:
        """End a session for good."""
        self._catalogue.close_session(_digest(token))


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
