"""The inventory of an OCFL object: which versions it has, what each holds, where the bytes lie.

OCFL 1.1, section 3.5. An inventory here is immutable: `Inventory.grown` gives the one with a version more.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from verriere.errors import FixityLost

FILE_NAME = "inventory.json"
DIGEST_NAME = "inventory.json.sha256"
CONTENT = "content"

_TYPE = "https://ocfl.io/1.1/spec/#inventory"
_USER = {"name": "Verriere", "address": "urn:verriere"}


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an object.

    Parameters
    ----------
    created
        As written, ISO 8601 with an offset.
    state
        Logical path to digest.
    """

    created: str
    message: str
    state: Mapping[str, str]
    user: Mapping[str, str] = field(default_factory=lambda: _USER)


@dataclass(frozen=True, slots=True)
class Inventory:
    """What an OCFL object holds.

    Parameters
    ----------
    manifest
        SHA-256 to the content paths (``v1/content/data/scan.nxs``) that hold these bytes.
    versions
        In order; the first is version 1.
    """

    object_id: str
    manifest: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    versions: tuple[Version, ...] = ()

    @property
    def head(self) -> int:
        """Number of the newest version; 0 where there is none yet."""
        return len(self.versions)

    @property
    def state(self) -> Mapping[str, str]:
        """Logical path to digest, in the newest version."""
        return self.versions[-1].state if self.versions else {}

    def content_path(self, digest: str) -> str:
        """Where the bytes with this digest lie, relative to the object."""
        return self.manifest[digest][0]

    def grown(self, state: Mapping[str, str], *, created: datetime, message: str) -> tuple["Inventory", set[str]]:
        """The inventory with a version more, and which content paths are new.

        Parameters
        ----------
        state
            Logical path to SHA-256.
        created
            With its zone.

        Returns
        -------
        tuple
            The new inventory, and the logical paths whose bytes no version held before; they lie at the same path in
            the content folder of the new version. Bytes that occur twice are kept once.
        """
        manifest = dict(self.manifest)
        fresh: set[str] = set()
        for logical, digest in sorted(state.items()):
            if digest not in manifest:
                manifest[digest] = (f"v{self.head + 1}/{CONTENT}/{logical}",)
                fresh.add(logical)
        version = Version(created.isoformat(timespec="seconds"), message, dict(state))
        return Inventory(self.object_id, manifest, (*self.versions, version)), fresh

    def encode(self) -> tuple[bytes, bytes]:
        """Text of ``inventory.json`` and of the file with its digest."""
        document = {
            "id": self.object_id,
            "type": _TYPE,
            "digestAlgorithm": "sha256",
            "head": f"v{self.head}",
            "manifest": {digest: list(paths) for digest, paths in self.manifest.items()},
            "versions": {
                f"v{number}": {
                    "created": version.created,
                    "message": version.message,
                    "user": dict(version.user),
                    "state": _by_digest(version.state),
                }
                for number, version in enumerate(self.versions, 1)
            },
        }
        text = json.dumps(document, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        return text, digest_line(text)


def digest_line(text: bytes) -> bytes:
    """What the file beside an inventory says of it (OCFL 1.1, section 3.7)."""
    return f"{hashlib.sha256(text).hexdigest()} {FILE_NAME}\n".encode()


def decode(text: bytes) -> Inventory:
    """Read ``inventory.json``.

    Raises
    ------
    FixityLost
        The text is not an inventory that we could have written.
    """
    try:
        document: dict[str, Any] = json.loads(text)
        versions = tuple(
            Version(
                created=str(version["created"]),
                message=str(version.get("message", "")),
                state={path: digest for digest, paths in version["state"].items() for path in paths},
                user=dict(version.get("user", _USER)),
            )
            for version in (document["versions"][f"v{number}"] for number in range(1, len(document["versions"]) + 1))
        )
        manifest = {digest: tuple(paths) for digest, paths in document["manifest"].items()}
        inventory = Inventory(str(document["id"]), manifest, versions)
        whole = all(manifest[digest] for version in versions for digest in version.state.values())
        head = document["head"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unreadable(repr(error)) from error
    if not versions or not whole or head != f"v{inventory.head}":
        raise _unreadable("its parts do not fit together")
    return inventory


def _unreadable(reason: str) -> FixityLost:
    return FixityLost(
        f"an inventory of the archive cannot be read: {reason}",
        hint="mend it from a second copy: verriere verify --repair-from DIR",
    )


def _by_digest(state: Mapping[str, str]) -> dict[str, list[str]]:
    paths: dict[str, list[str]] = {}
    for logical, digest in sorted(state.items()):
        paths.setdefault(digest, []).append(logical)
    return paths
