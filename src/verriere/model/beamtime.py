"""Proposals, visits, instruments and samples: what is known before anything is recorded."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from verriere.model.people import Member, Person
from verriere.model.works import Funding, Related


class Research(StrEnum):
    """Whether the results are promised to everyone, or paid for and private."""

    PUBLIC = "public"
    PROPRIETARY = "proprietary"


class DecisionKind(StrEnum):
    """What a person can decide about an embargo.

    ``POLICY``: which version of the facility's policy holds, whatever the day the visit began.
    """

    EXTENSION = "extension"
    EARLY_RELEASE = "early-release"
    POLICY = "policy"


@dataclass(frozen=True, slots=True)
class Decision:
    """Something a person decided about the embargo of a visit or a dataset.

    Parameters
    ----------
    effective_at
        Of an early release that was promised for a day to come; None: from `decided_at` on. A promise can be moved
        until it is due: the last one counts.
    policy
        Name of the version that holds from now on, of a decision on that.
    """

    kind: DecisionKind
    decided_at: datetime
    by: str
    reason: str = ""
    effective_at: datetime | None = None
    policy: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """A beamline or another instrument.

    Parameters
    ----------
    aliases
        Other names that files use for it.
    owners, manufacturers
        Organisations, as PIDINST asks; the facility owns what names no owner.
    model
        Name of the model, where it was bought as one.
    techniques
        IRIs of what it is built for (PaNET).
    commissioned
        ISO date of its first light.
    related
        Papers and pages that describe it.
    """

    id: str
    name: str
    description: str = ""
    aliases: tuple[str, ...] = ()
    owners: tuple[Person, ...] = ()
    manufacturers: tuple[Person, ...] = ()
    model: str = ""
    techniques: tuple[str, ...] = ()
    commissioned: str = ""
    related: tuple[Related, ...] = ()


@dataclass(frozen=True, slots=True)
class Proposal:
    """An accepted request for beamtime.

    Parameters
    ----------
    kind
        Of access, in the facility's words: ``standard``, ``block allocation``, ``in-house``.
    language
        Of title and abstract, ISO 639-1; empty where nobody said.
    translations
        Of the title: language and text.
    """

    id: str
    title: str
    research: Research = Research.PUBLIC
    abstract: str = ""
    members: tuple[Member, ...] = ()
    kind: str = ""
    language: str = ""
    translations: tuple[tuple[str, str], ...] = ()
    funding: tuple[Funding, ...] = ()
    related: tuple[Related, ...] = ()


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
    """What was measured.

    Parameters
    ----------
    parent_id
        Of a slice: the piece it was cut from.
    kind
        What it is made of or is: ``powder``, ``protein crystal``, ``rock``.
    location, shipment
        Where it is kept, and how it travels; for the team.
    hazards
        Private: for the team and those who handle it.
    related
        Papers and catalogues that describe it; its IGSN where somebody else registered it.
    """

    id: str
    proposal_id: str
    name: str
    description: str = ""
    formula: str = ""
    parent_id: str | None = None
    kind: str = ""
    location: str = ""
    shipment: str = ""
    hazards: str = ""
    related: tuple[Related, ...] = ()
