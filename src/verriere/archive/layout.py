"""Where an object lies in the storage root, and the files that say so to others.

OCFL 1.1, section 4 (storage root), with the registered extension
``0003-hash-and-id-n-tuple-storage-layout``: a folder named by the first digits of the SHA-256 of the identifier, in it
a folder with the identifier itself, percent-encoded, so that a person finds an object without our software.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

from verriere.archive import disk

ROOT_DECLARATION = "0=ocfl_1.1"
OBJECT_DECLARATION = "0=ocfl_object_1.1"
OBJECT_DECLARATION_TEXT = b"ocfl_object_1.1\n"
EXTENSION = "0003-hash-and-id-n-tuple-storage-layout"

TUPLE_SIZE = 3
"""Hexadecimal digits of the one level of folders: 4,096 of them, each with 250 objects when there are a million."""

_LONGEST = 100
_UNSAFE = re.compile(r"[^A-Za-z0-9_-]")


def object_path(object_id: str) -> Path:
    """Folder of an object, relative to the storage root."""
    digest = hashlib.sha256(object_id.encode()).hexdigest()
    folder = _UNSAFE.sub(lambda match: "".join(f"%{byte:02x}" for byte in match.group().encode()), object_id)
    if len(folder) > _LONGEST:
        folder = f"{folder[:_LONGEST]}-{digest}"
    return Path(digest[:TUPLE_SIZE], folder)


def declare_root(root: Path) -> None:
    """Write the files that make the empty folder ``root`` an OCFL storage root."""
    config = {
        "extensionName": EXTENSION,
        "digestAlgorithm": "sha256",
        "tupleSize": TUPLE_SIZE,
        "numberOfTuples": 1,
    }
    layout = {
        "extension": EXTENSION,
        "description": "First three digits of the SHA-256 of the identifier, then the identifier percent-encoded",
    }
    folder = root / "extensions" / EXTENSION
    folder.mkdir(parents=True)
    disk.write_new(folder / "config.json", _json(config))
    disk.write_new(root / "ocfl_layout.json", _json(layout))
    disk.write_new(root / ROOT_DECLARATION, b"ocfl_1.1\n")


def _json(values: Mapping[str, object]) -> bytes:
    return json.dumps(values, indent=2).encode() + b"\n"
