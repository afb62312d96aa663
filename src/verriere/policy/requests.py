"""What may be asked about an embargo, and who decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from verriere.model import Decision, DecisionKind, Research, State, Visit
from verriere.policy.embargo import EmbargoRules, ends_at


class Refusal(StrEnum):
    """Why something cannot even be asked."""

    PROPRIETARY = "proprietary"
    OPEN = "already-open"
    NO_REASON = "no-reason"
    NOT_EARLIER = "not-earlier"
    PAST = "in-the-past"
    QUARANTINED = "no-visit"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something may be asked.

    Parameters
    ----------
    needs_director
        It goes beyond what the policy grants on request.
    ends_at
        When the embargo ends as things are; None where there is none.
    would_end_at
        When it would end if the request were granted.
    """

    refusal: Refusal | None = None
    needs_director: bool = False
    ends_at: datetime | None = None
    would_end_at: datetime | None = None


def weigh(  # noqa: PLR0911 - one way out for each reason
    kind: DecisionKind,
    research: Research,
    visit: Visit,
    rules: EmbargoRules,
    *,
    now: datetime,
    reason: str,
    decisions: Sequence[Decision] = (),
    effective_at: datetime | None = None,
    state: State = State.EMBARGOED,
) -> Verdict:
    """Whether an extension or an early release may be asked for, and who decides.

    Parameters
    ----------
    reason
        As the person gives it; an extension beyond those of the policy needs one.
    decisions
        On one dataset, beside those on its whole visit.
    effective_at
        Of an early release: the day it is wished for; None: at once.
    state
        Of the dataset; of a visit, that of what is not open yet.
    """
    if research is Research.PROPRIETARY or state is State.PROPRIETARY:
        return Verdict(Refusal.PROPRIETARY)
    if state in {State.QUARANTINED, State.WITHDRAWN}:
        return Verdict(Refusal.QUARANTINED if state is State.QUARANTINED else Refusal.WITHDRAWN)
    ends = ends_at(visit, rules, decisions)
    if state is State.OPEN or ends <= now:
        return Verdict(Refusal.OPEN, ends_at=ends)
    asked = Decision(kind, now, "", reason, effective_at if kind is DecisionKind.EARLY_RELEASE else None)
    would_end = ends_at(visit, rules, (*decisions, asked))
    if kind is DecisionKind.EARLY_RELEASE:
        if effective_at is not None and effective_at < now:
            return Verdict(Refusal.PAST, ends_at=ends)
        if would_end >= ends and effective_at is not None:
            return Verdict(Refusal.NOT_EARLIER, ends_at=ends)
        return Verdict(None, False, ends, would_end)
    granted = sum(each.kind is DecisionKind.EXTENSION for each in (*visit.decisions, *decisions))
    beyond = granted >= rules.of(visit, decisions).extensions
    if beyond and not reason.strip():
        return Verdict(Refusal.NO_REASON, beyond, ends)
    return Verdict(None, beyond, ends, would_end)
