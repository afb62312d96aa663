"""The list of a dataset's files that lies in its object: ``content/manifest.json``.

It holds what OCFL's inventory has no place for: BLAKE3 (no registered OCFL extension names it, so it cannot be in the
inventory's ``fixity`` block), sizes, times, names as they came, and where bytes lie that stayed in place.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from verriere.archive.names import escape, unescape
from verriere.errors import FixityLost

LOGICAL_PATH = "manifest.json"
DATA = "data/"

_SCHEMA = "verriere.manifest"
_VERSION = 1
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Stored:
    """One file as the archive keeps it.

    Parameters
    ----------
    name
        Safe relative path in the dataset, with ``/``.
    size
        In bytes.
    sha256, blake3
        Hexadecimal, from one read of the bytes.
    mtime
        When the source was last changed.
    original
        Name as it came, where that was not safe.
    location
        Absolute path of the bytes, where they stayed in place; None where the archive holds them.
    """

    name: str
    size: int
    sha256: str
    blake3: str
    mtime: datetime
    original: str | None = None
    location: str | None = None

    @property
    def logical_path(self) -> str:
        """Where the file is in the OCFL object's state."""
        return DATA + self.name


def moment(nanoseconds: int) -> datetime:
    """Time since 1970 as a date, to the microsecond, without the rounding of floating point."""
    return _EPOCH + timedelta(microseconds=nanoseconds // 1000)


def encode(files: Iterable[Stored]) -> bytes:
    """Canonical JSON of the list, in the order of names."""
    rows = []
    for file in sorted(files, key=lambda file: file.name):
        row = {
            "name": file.name,
            "size": file.size,
            "sha256": file.sha256,
            "blake3": file.blake3,
            "mtime": file.mtime.isoformat(),
        }
        for key, value in (("original", file.original), ("location", file.location)):
            if value is not None:
                row[key] = escape(value)
        rows.append(row)
    document = {"schema": _SCHEMA, "version": _VERSION, "files": rows}
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def decode(text: bytes) -> tuple[Stored, ...]:
    """Read the list.

    Raises
    ------
    FixityLost
        It is not such a list.
    """
    try:
        document: dict[str, Any] = json.loads(text)
        known = document["schema"] == _SCHEMA and document["version"] <= _VERSION
        files = tuple(map(_stored, document["files"]))
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(repr(error)) from error
    if not known:
        raise _unreadable("a newer version wrote it")
    return files


def _stored(row: Mapping[str, Any]) -> Stored:
    return Stored(
        name=row["name"],
        size=row["size"],
        sha256=row["sha256"],
        blake3=row["blake3"],
        mtime=datetime.fromisoformat(row["mtime"]),
        original=unescape(row["original"]) if "original" in row else None,
        location=unescape(row["location"]) if "location" in row else None,
    )


def _unreadable(reason: str) -> FixityLost:
    return FixityLost(
        f"the list of files of an object cannot be read: {reason}",
        hint="mend it from a second copy: verriere verify --repair-from DIR",
    )


def location_of(path: Path) -> str:
    """How a path of bytes that stay in place is remembered: absolute, links followed."""
    return str(path.resolve())
