"""Texts that tell of a person: addresses, homes, logins, and the names of those whom a file names as its users."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from verriere.model import RecordedUser

_SHORTEST = 3
"""A shorter login or name is in too many innocent texts."""
_TEXTS = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,64}\.[\w.-]{0,64}[a-z]{2}"  # an address for letters
    r"|(?:^|[\s\"'=(:;,>])(?:/home/|/users?/|/Users/|/gpfs/home/|/mnt/home/|~)[\w.]"
    r"|[A-Z]:[\\/](?:Users|Documents and Settings)[\\/]"
    r"|:Users:\w"
    r"|\\\\[\w.]{1,64}\\[\w$]"
    r"|\b(?:login_id|LOGNAME|USERNAME|user_?name|User\s*=|_local_contact_|_users?_|_proposer_)\b"
    r"|^\s*(?:\+\d{2}[ .]?|0)\d(?:[ .-]?\d\d){4}\s*$",
    re.IGNORECASE | re.MULTILINE,
)
_WORDS = re.compile(r"[^\W\d_]{4,}")
_COMMON = frozenset(
    {
        "user",
        "users",
        "group",
        "team",
        "synchrotron",
        "soleil",
        "beamline",
        "laboratory",
        "university",
        "staff",
        "data",
        "sample",
        "local",
        "contact",
        "info",
        "scientist",
    }
)


@dataclass(frozen=True, slots=True)
class PersonalTexts:
    """Knows a text that tells of a person."""

    _named: "re.Pattern[str] | None"

    @classmethod
    def of(cls, users: Iterable[RecordedUser]) -> Self:
        """Texts about these people, or with any address, home or telephone number."""
        names: set[str] = set()
        for user in users:
            whole = user.name.casefold()
            logins = {login.casefold() for login in user.logins} | {(user.email or "").casefold().partition("@")[0]}
            names |= {*_WORDS.findall(whole), whole, *(login for login in logins if len(login) >= _SHORTEST)} - _COMMON
        # A word of its own; digits and underscores part words, as in names of files.
        words = "|".join(re.escape(name) for name in sorted(names) if len(name) >= _SHORTEST)
        return cls(re.compile(rf"(?<![^\W\d_])(?:{words})(?![^\W\d_])", re.IGNORECASE) if words else None)

    def are_in(self, text: str) -> bool:
        """Whether ``text`` tells of a person."""
        return _is_contact(text) or (self._named is not None and self._named.search(text) is not None)

    def may_be_in(self, texts: Collection[str]) -> bool:
        """Whether one of the texts may tell of a person; where not, none of them does. Sooner said than of each."""
        if any(map(_is_contact, texts)):
            return True
        return self._named is not None and self._named.search("\n".join(texts)) is not None


NOBODY = PersonalTexts(None)
"""Whom texts tell of that are known to tell of no person."""


@lru_cache(maxsize=8192)
def _is_contact(text: str) -> bool:
    """Whether it has an address, a home or a telephone number; the names and units of parameters come again often."""
    return _TEXTS.search(text) is not None
