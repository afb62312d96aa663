"""People who were erased: what stands for their address, in what is known already and in whatever is said again.

An address is replaced by another one that reaches nobody, ``erased-1f2e3d4c@erased.invalid``: texts around it are
withheld from others as they were before, since they hold an address, and a team keeps its number of members.

Who was erased is kept as a salted digest, beside the accounts, so that neither a user office nor a file brings them
back. Someone who has that file and guesses the address can tell that it was erased; nobody can read it there.
"""

import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import scrypt
from typing import Any, Self

from verriere.archive import Archive, sidecar
from verriere.archive.sidecar import T
from verriere.errors import RecordInvalid

_ADDRESS = re.compile(r"[\w.+%'-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64})+")
_DOMAIN = "erased.invalid"


@dataclass(frozen=True, slots=True)
class Erased:
    """Who was erased.

    Parameters
    ----------
    salt
        Of this facility.
    people
        Pseudonyms by the digest of the address.
    """

    salt: str
    people: Mapping[str, str]

    @classmethod
    def of(cls, archive: Archive) -> Self:
        """Those of a facility.

        Raises
        ------
        RecordInvalid
            The file cannot be read.
        """
        text = archive.read_erased()
        if text is None:
            return cls(secrets.token_hex(16), {})
        try:
            document = json.loads(text)
            return cls(str(document["salt"]), {str(key): str(value) for key, value in document["people"].items()})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise RecordInvalid(
                f"the archive's list of erased people cannot be read: {error!r}",
                hint="take private/erased.json from a backup",
            ) from error

    def with_person(self, key: str) -> Self:
        """The same, and this person."""
        digest = self._digest(key)
        return type(self)(self.salt, {**self.people, digest: f"erased-{digest[:8]}@{_DOMAIN}"})

    def pseudonym(self, key: str) -> str | None:
        """What stands for an address; None where that person was not erased."""
        return self.people.get(self._digest(key)) if self.people else None

    def keep(self, archive: Archive) -> None:
        """Write them down."""
        document = {"schema": "verriere.erased", "version": "1.0", "salt": self.salt, "people": dict(self.people)}
        archive.write_erased(json.dumps(document, sort_keys=True, indent=1).encode() + b"\n")

    def clean(self, record: T) -> T:
        """A record without the addresses of those who were erased, nor what a file says of them under their name."""
        if not self.people:
            return record
        text = sidecar.encode(record)
        found = {address.lower() for address in _ADDRESS.findall(text.decode())}
        known = {address: name for address in found if (name := self.pseudonym(address)) is not None}
        if not known:
            return record
        document = json.loads(text)
        cleaned = json.dumps({**document, "content": _without(document["content"], known)}, ensure_ascii=False)
        return sidecar.decode(type(record), cleaned.encode())

    def _digest(self, key: str) -> str:
        return scrypt(key.encode(), salt=self.salt.encode(), n=1024, r=8, p=1, dklen=16).hex()


def _without(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _ADDRESS.sub(lambda found: known.get(found[0].lower(), found[0]), value)
    if isinstance(value, list):
        return [_without(each, known) for each in value]
    if isinstance(value, dict):
        return {name: _without(each, known) for name, each in _forgetful(value, known).items()}
    return value


def _forgetful(value: dict[str, Any], known: Mapping[str, str]) -> dict[str, Any]:
    """A capture without what stands beside the address in the same group of the file: telephone, home, logins.

    The name stays, and the login that the address began with: texts that hold them are withheld from others by them.
    """
    users = value.get("users")
    if not isinstance(users, list):
        return value
    hidden = [user for user in users if str(user.get("email", "")).lower() in known]
    if not hidden:
        return value
    groups = tuple({_group(str(user["source"])) for user in hidden})
    places = set(value.get("personal_paths", ()))
    kept = [
        one
        for one in value.get("parameters", [])
        if not (one["source"].startswith(groups) and (one.get("personal") or one["source"] in places))
    ]
    renamed = [{**user, "logins": _logins(user)} if user in hidden else user for user in users]
    return {**value, "users": renamed, "parameters": kept}


def _group(source: str) -> str:
    """The group of the file that a user was read from: ``/entry/user/name``, ``/entry/user@name``."""
    group, at, _ = source.partition("@")
    return f"{group if at else source.rpartition('/')[0]}/"


def _logins(user: Mapping[str, Any]) -> list[str]:
    return list(dict.fromkeys([*user.get("logins", ()), str(user["email"]).partition("@")[0]]))
