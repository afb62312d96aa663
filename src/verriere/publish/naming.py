"""What a DOI is called.

The same thing has the same DOI whenever it is asked for, so that a step that is done twice registers nothing twice.
Names say nothing about what they stand for: titles, numbers of proposals and owners change, a DOI does not.
"""

import re
from base64 import b32encode
from hashlib import blake2b

from verriere.model import PidKind

_PLAIN = re.compile(r"[a-z0-9]{6,32}")
_BYTES = 10


def doi_of(prefix: str, kind: PidKind, subject_id: str) -> str:
    """The DOI of a thing, of a dataset that of all its versions, in lower case.

    A dataset has an opaque identifier of its own, which is used; of others, identifiers are words of the facility.
    """
    if kind is PidKind.DATASET and _PLAIN.fullmatch(subject_id):
        return f"{prefix}/{subject_id}"
    named = f"{kind}\0{subject_id}".encode("utf-8", "surrogateescape")
    digest = blake2b(named, digest_size=_BYTES, person=b"verriere-doi").digest()
    return f"{prefix}/{kind}.{b32encode(digest).decode().lower()}"
