"""Proposals, visits, instruments and samples: what is known before anything is recorded."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from verriere.model.people import Member


class Research(StrEnum):
    """Whether the results are promised to everyone, or paid for and private."""

    PUBLIC = "public"
    PROPRIETARY = "proprietary"


class DecisionKind(StrEnum):
    """What a person can decide about an embargo."""

    EXTENSION = "extension"
    EARLY_RELEASE = "early-release"


@dataclass(frozen=True, slots=True)
class Decision:
    """Something a person decided about the embargo of a visit or a dataset."""

    kind: DecisionKind
    decided_at: datetime
    by: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A beamline or another instrument; ``aliases`` are other names that files use for it."""

    id: str
    name: str
    description: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """An accepted request for beamtime."""

    id: str
    title: str
    research: Research = Research.PUBLIC
    abstract: str = ""
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """One allotted period of a proposal on one instrument.

    Parameters
    ----------
    start, end
        With their zone; the embargo is counted from ``end``.
    members
        People of this visit beside those of the proposal (local contacts).
    decisions
        On the embargo of everything recorded in this visit, in the order they were taken.
    """

    id: str
    proposal_id: str
    instrument_id: str
    start: datetime
    end: datetime
    members: tuple[Member, ...] = ()
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """What was measured; a slice of a piece has the piece as ``parent_id``."""

    id: str
    proposal_id: str
    name: str
    description: str = ""
    formula: str = ""
    parent_id: str | None = None
