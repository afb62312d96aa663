"""Persistent identifiers and what they stand for."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PidKind(StrEnum):
    """What a DOI can stand for."""

    DATASET = "dataset"
    VISIT = "visit"
    INSTRUMENT = "instrument"
    SAMPLE = "sample"
    COLLECTION = "collection"
    QUERY = "query"


class PidState(StrEnum):
    """Of a DOI, in DataCite's words.

    A draft is reserved and known to nobody; a registered one resolves; a findable one is also in the indexes. What
    was registered once is never a draft again.
    """

    DRAFT = "draft"
    REGISTERED = "registered"
    FINDABLE = "findable"


@dataclass(frozen=True, slots=True)
class Publication:
    """A DOI's record.

    Parameters
    ----------
    doi
        Without a resolver before it, in lower case.
    kind, subject_id
        What it stands for.
    version
        Of the dataset; None for the concept DOI that stands for all its versions, and for what has no versions.
    concept
        The concept DOI of a version's DOI.
    wanted
        The state that was decided here.
    state
        The state that the registrar has confirmed. With the offline registrar it stays a draft.
    changed_at
        When what is published under this DOI last changed: the datestamp that harvesters ask for.
    registrar
        Who has it: ``offline``, ``datacite``.
    withdrawn_at, reason
        Of the tombstone.
    confirmed_at
        The ``changed_at`` of what the registrar has confirmed last; None before the first time.
    """

    doi: str
    kind: PidKind
    subject_id: str
    created_at: datetime
    changed_at: datetime
    version: int | None = None
    concept: str | None = None
    wanted: PidState = PidState.DRAFT
    state: PidState = PidState.DRAFT
    registrar: str = "offline"
    published_at: datetime | None = None
    withdrawn_at: datetime | None = None
    reason: str = ""
    confirmed_at: datetime | None = None

    @property
    def is_public(self) -> bool:
        """Whether it was decided that the world may know it: what is published and not withdrawn."""
        return self.wanted is PidState.FINDABLE

    @property
    def is_registered(self) -> bool:
        """Whether the world's resolvers know it."""
        return self.state is not PidState.DRAFT

    @property
    def is_withdrawn(self) -> bool:
        """Whether only a tombstone is left."""
        return self.withdrawn_at is not None

    @property
    def is_waiting(self) -> bool:
        """Whether the registrar has not confirmed yet what was decided, or what has changed since."""
        return self.confirmed_at is None or self.confirmed_at < self.changed_at


@dataclass(frozen=True, slots=True)
class Collection:
    """Datasets that somebody put together under a title of their own: what a paper cites."""

    id: str
    title: str
    by: str
    created_at: datetime
    description: str = ""
    dataset_ids: tuple[str, ...] = ()
