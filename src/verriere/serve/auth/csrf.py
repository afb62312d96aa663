"""Forms that only our own pages can send.

Each form carries a token made from a secret that sits in an HttpOnly cookie: the session's, or for the form to log in
one made for it alone. Another site can neither read nor set that cookie, so it cannot know the token. Browsers also
say where a request comes from (``Sec-Fetch-Site``, ``Origin``), and what they say is heeded.
"""

import hmac
import secrets
from collections.abc import Mapping

FIELD = "form_token"


def new_secret() -> str:
    """A secret for a visitor without a session."""
    return secrets.token_urlsafe(32)


def token(secret: str) -> str:
    """What a form carries for the holder of ``secret``."""
    return hmac.digest(secret.encode(), b"verriere form", "sha256").hex()


def is_ours(secret: str | None, given: str, headers: Mapping[str, str]) -> bool:
    """Whether a form with the token ``given`` was sent by a page of ours.

    Parameters
    ----------
    headers
        Of the request, with lower-case names.
    """
    site = headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return False
    if site is None and "origin" in headers and headers["origin"].partition("://")[2] != headers.get("host"):
        return False
    return secret is not None and hmac.compare_digest(token(secret).encode(), given.encode("utf-8", "replace"))
