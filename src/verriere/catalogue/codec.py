"""Records as the archive writes them in its sidecars, so that database and archive hold the same text."""

from verriere.archive import sidecar
from verriere.archive.sidecar import Record, T


def encode(thing: Record) -> str:
    """Canonical JSON of one of the model's nouns."""
    return sidecar.encode(thing).decode()


def decode(kind: type[T], text: str) -> T:
    """The thing that `encode` made ``text`` of."""
    return sidecar.decode(kind, text.encode())
