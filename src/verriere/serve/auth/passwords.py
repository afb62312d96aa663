"""Passwords, as argon2id hashes with the parameters of RFC 9106's second choice."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

_HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
LONGEST = 1024
"""Characters of a password that are looked at; more is refused before any work is done."""


def hash_password(password: str) -> str:
    """What is kept of a password."""
    return _HASHER.hash(password)


def is_right(password: str, hashed: str | None) -> bool:
    """Whether ``password`` is the one that was hashed.

    Where there is no account (``hashed`` is None) the same work is done, so that the time of the answer does not tell
    who has an account.
    """
    if len(password) > LONGEST:
        return False
    try:
        return _HASHER.verify(hashed or _nobodys(), password) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobodys() -> str:
    return _HASHER.hash("nobody has this password")
