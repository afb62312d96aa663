"""Datasets and their files: what the archive keeps and the catalogue remembers."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

from verriere.model.beamtime import Decision
from verriere.model.capture import Capture, Parameter
from verriere.model.finding import Finding
from verriere.model.works import Related


class Store(StrEnum):
    """How the bytes came into the archive."""

    COPY = "copy"
    LINK = "link"
    IN_PLACE = "in-place"


class State(StrEnum):
    """Who a dataset is for, at present. Only the policy's transitions change it.

    ``QUARANTINED``: nobody knows yet which visit it belongs to; only the data office sees it. ``WITHDRAWN``: it was
    published, and only its citation is left for those outside its team.
    """

    QUARANTINED = "quarantined"
    EMBARGOED = "embargoed"
    OPEN = "open"
    PROPRIETARY = "proprietary"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Datafile:
    """One file of a dataset.

    Parameters
    ----------
    path
        Inside the dataset, with ``/``; never absolute, never with ``..``.
    size
        In bytes.
    sha256, blake3
        Hexadecimal, of the bytes as they were read once.
    modified_at
        Of the source file.
    role
        ``data`` (what the dataset is about), ``companion`` (linked from it), ``auxiliary`` (flats, darks,
        positions), ``other``.
    location
        Where the bytes lie, when they stay in place; None when they are in the archive.
    """

    path: str
    size: int
    sha256: str
    blake3: str
    modified_at: datetime
    role: str = "data"
    media_type: str = "application/octet-stream"
    location: str | None = None


@dataclass(frozen=True, slots=True)
class Dataset:
    """A folder's worth of files that belong together, and all that is known of it.

    Parameters
    ----------
    id
        Short, opaque, never used again.
    version
        Of the data, counted from 1: a changed file makes a new one.
    revision
        Of the data or what is known of them, counted from 1: the number of the version of its OCFL object.
    source
        Where it was ingested from: the absolute path of the file or folder that names it.
    visit_id
        None while it is in quarantine.
    matched_by
        How the visit was found: ``identifier``, ``path``, ``time``, ``given`` (on the command line), ``person``.
    candidates
        Visits that it could belong to, where there is more than one.
    title
        What the file says, else the name of the file.
    findings
        On the dataset as a whole, beside those of its captures: why it has no visit, an instrument nobody knows.
    related
        Papers, structures and other datasets that it belongs with.
    told
        What people filled in because no file says it: parameters named as the fields of technique profiles, their
        source being ``form``.
    completeness
        0 to 100: how much of what its technique asks for is known; None where nothing is asked.
    captures
        What each file that speaks says of itself, keyed by the file's path in the dataset; the first is the one
        that speaks for the whole.
    """

    id: str
    version: int
    source: str
    title: str
    state: State
    ingested_at: datetime
    revision: int = 1
    store: Store = Store.COPY
    visit_id: str | None = None
    matched_by: str = ""
    candidates: tuple[str, ...] = ()
    instrument_id: str | None = None
    sample_id: str | None = None
    files: tuple[Datafile, ...] = ()
    captures: tuple[tuple[str, Capture], ...] = ()
    decisions: tuple[Decision, ...] = ()
    opened_at: datetime | None = None
    findings: tuple[Finding, ...] = ()
    related: tuple[Related, ...] = ()
    told: tuple[Parameter, ...] = ()
    completeness: int | None = None

    @property
    def capture(self) -> Capture | None:
        """What speaks for the whole dataset; None where no file of it could be read."""
        return self.captures[0][1] if self.captures else None

    @property
    def size(self) -> int:
        """Bytes in all files."""
        return sum(file.size for file in self.files)

    @property
    def fingerprint(self) -> str:
        """SHA-256, in hexadecimal, over the names and digests of all files: the same for the same bytes."""
        whole = sha256()
        for name, digest in sorted((file.path, file.sha256) for file in self.files):
            whole.update(f"{digest} {name}\n".encode("utf-8", "surrogateescape"))
        return whole.hexdigest()
