"""Records as the archive writes them in its sidecars, so that database and archive hold the same text."""

from typing import TypeVar

from verriere.archive import sidecar
from verriere.model import Dataset, Instrument, Plan, Proposal, Sample, Survey, Visit

Record = TypeVar("Record", Dataset, Instrument, Plan, Proposal, Sample, Survey, Visit)


def encode(thing: Dataset | Instrument | Plan | Proposal | Sample | Survey | Visit) -> str:
    """Canonical JSON of one of the model's nouns."""
    return sidecar.encode(thing).decode()


def decode(kind: type[Record], text: str) -> Record:
    """The thing that `encode` made ``text`` of."""
    return sidecar.decode(kind, text.encode())
