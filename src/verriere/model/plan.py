"""Data management plans: what a team promises about its data, before and while they are recorded."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Phase(StrEnum):
    """Where a proposal is on its way, as far as its plan is concerned.

    The phases of *A Framework for Active DMPs in Photon and Neutron Science Large-Scale Facilities*
    (doi:10.5334/dsj-2024-004, table 1), in their order.
    """

    PRE_PROPOSAL = "pre-proposal"
    SUBMISSION = "submission"
    PLANNING = "planning"
    COLLECTION = "collection"


class PlanRole(StrEnum):
    """Who answers a question of a plan."""

    DATA_OFFICE = "data-office"
    LOCAL_CONTACT = "local-contact"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody answered to a question of the template, and when: none is ever changed, a newer one follows.

    Parameters
    ----------
    question
        Identifier in the template: ``core.description``.
    by
        Username, or ``import``.
    """

    question: str
    value: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Expected:
    """Data that a plan expects.

    Parameters
    ----------
    technique
        IRI of a PaNET term; "" where nobody knows.
    instrument_id
        None for a plan that comes from elsewhere.
    size
        Bytes; None where nobody knows.
    formats
        Media types.
    until
        ISO date by which it is to be recorded.
    """

    technique: str
    instrument_id: str | None = None
    size: int | None = None
    formats: tuple[str, ...] = ()
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """A data management plan.

    Parameters
    ----------
    id
        Of a proposal's own plan: the proposal's.
    proposal_id
        None for a plan that came from elsewhere and is of no proposal here.
    modules
        Of the template that it is made with, as ``name@version``, the core first.
    expected
        As it was pre-filled; what the team answers about it comes on top.
    answers
        Every one that was given, in their order: the last to a question counts.
    document
        JSON text of the maDMP that came from elsewhere, with all that is in it; "" for a plan made here.
    owner
        Key of the person who brought it (`verriere.model.Person.key`); "" for the facility.
    removed_at
        When somebody took it out of the lists; its record stays.
    """

    id: str
    created_at: datetime
    modified_at: datetime
    proposal_id: str | None = None
    modules: tuple[str, ...] = ()
    expected: tuple[Expected, ...] = ()
    answers: tuple[Answer, ...] = ()
    document: str = ""
    owner: str = ""
    removed_at: datetime | None = None

    def answer(self, question: str) -> str:
        """The last answer to a question; "" where nobody answered."""
        return next((each.value for each in reversed(self.answers) if each.question == question), "")


@dataclass(frozen=True, slots=True)
class SurveyRow:
    """What the scientists of a beamline expect of a detector in a year.

    Parameters
    ----------
    rate
        Bytes a second while it records.
    duty
        Part of the beamtime in which it does, from 0 to 1.
    hours
        Of beamtime in the year.
    """

    instrument_id: str
    detector: str
    rate: float
    duty: float
    hours: float


@dataclass(frozen=True, slots=True)
class Survey:
    """The answers of the beamlines' scientists for one year.

    Parameters
    ----------
    id
        The year.
    """

    id: str
    asked_at: datetime
    rows: tuple[SurveyRow, ...] = ()
