"""What people ask of the facility, and what came of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from verriere.model.beamtime import DecisionKind


class RequestState(StrEnum):
    """Where a request is."""

    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class EmbargoRequest:
    """Somebody asks for a longer embargo, or for its end.

    Parameters
    ----------
    id
        Short, opaque, never used again.
    subject
        What it is about: ``visit:20250123-1``, ``dataset:9f3k``.
    by
        Key of the person who asks (`verriere.model.Person.key`).
    effective_at
        Of an early release: the day it is wished for; None: at once.
    needs_director
        Whether the policy leaves this to a director: an extension beyond those that it allows.
    decided_by
        Username, or ``rule``.
    decision
        The reason that was given.
    """

    id: str
    subject: str
    kind: DecisionKind
    by: str
    asked_at: datetime
    reason: str
    effective_at: datetime | None = None
    needs_director: bool = False
    state: RequestState = RequestState.WAITING
    decided_at: datetime | None = None
    decided_by: str = ""
    decision: str = ""
