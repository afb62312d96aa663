"""Asking for a longer embargo or for its end, and deciding."""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from verriere.archive.sidecar import encode
from verriere.catalogue.history import Event
from verriere.errors import AccessRefused, InputInvalid, NotFound
from verriere.ingest.holdings import Holdings
from verriere.model import Decision, DecisionKind, Duty, EmbargoRequest, RequestState, Viewer
from verriere.policy import Verdict, weigh
from verriere.stewardship import clock
from verriere.stewardship.embargo import letters
from verriere.stewardship.embargo.subject import Subject, find, keep, people
from verriere.wording import refuse

RULE = "rule"


@dataclass(frozen=True, slots=True)
class Outlook:
    """How things stand with an embargo.

    Parameters
    ----------
    extension, release
        What would come of asking for either now.
    """

    subject: Subject
    ends_at: datetime
    extension: Verdict
    release: Verdict
    requests: tuple[EmbargoRequest, ...]


def outlook(holdings: Holdings, name: str) -> Outlook:
    """How things stand with the embargo of a visit or a dataset; raises `NotFound`."""
    subject = find(holdings, name)
    said = _weigh(holdings, subject, DecisionKind.EXTENSION, "a reason", None)
    release = _weigh(holdings, subject, DecisionKind.EARLY_RELEASE, "", None)
    asked = holdings.catalogue.requests(subject=subject.name)
    return Outlook(subject, subject.ends_at(holdings), said, release, tuple(asked))


def ask(
    holdings: Holdings,
    name: str,
    kind: DecisionKind,
    *,
    by: Viewer,
    reason: str = "",
    effective_at: datetime | None = None,
) -> EmbargoRequest:
    """Ask for an extension or an early release, of a visit or of one dataset.

    What the policy grants is granted at once where the facility's settings leave it to the rule.

    Parameters
    ----------
    by
        A principal investigator of the team, or the data office on somebody's behalf.
    effective_at
        Of an early release: the day it is wished for; None: at once.

    Raises
    ------
    NotFound
        There is no such visit or dataset.
    AccessRefused
        The person does not lead the team.
    InputInvalid
        The policy has nothing to grant, or the same was asked and waits.
    """
    subject = find(holdings, name)
    if not by.is_data_office and by.person not in people(subject):
        raise AccessRefused("only a principal investigator of the team asks about its embargo")
    verdict = _weigh(holdings, subject, kind, reason, effective_at)
    if verdict.refusal is not None:
        raise refuse(InputInvalid, f"embargo-{verdict.refusal}")
    if any(each.kind is kind for each in holdings.catalogue.requests(subject=subject.name, state="waiting")):
        raise refuse(InputInvalid, "embargo-asked-already")
    now = holdings.now()
    request = EmbargoRequest(
        id=secrets.token_hex(5),
        subject=subject.name,
        kind=kind,
        by=by.person or "",
        asked_at=now,
        reason=reason.strip(),
        effective_at=effective_at,
        needs_director=verdict.needs_director,
    )
    details = {"request": request.id, "kind": kind.value, "reason": request.reason}
    told = letters.asked(holdings, subject, request)
    _enter(
        holdings, Event(subject.name, "embargo-asked", details), request, told=told, by=_signature(holdings, request.by)
    )
    if holdings.settings.embargo.decides == RULE and not request.needs_director:
        return decide(holdings, request.id, approve=True, by=RULE, duty=Duty.DATA_OFFICE)
    return request


def decide(
    holdings: Holdings, request_id: str, *, approve: bool, by: str, duty: Duty, reason: str = ""
) -> EmbargoRequest:
    """Grant or refuse a request; what is granted holds from this moment on, and opens at once what it opens.

    Parameters
    ----------
    by
        Username, for the history.
    duty
        Of who decides: what goes beyond the policy is a director's.

    Raises
    ------
    NotFound
        There is no such request.
    AccessRefused
        The person may not decide this.
    InputInvalid
        It was decided already, cannot be granted any more, or a reason is missing.
    """
    request = holdings.catalogue.request(request_id)
    if request.state is not RequestState.WAITING:
        raise refuse(InputInvalid, "embargo-decided-already", state=request.state)
    if duty not in ({Duty.DIRECTOR} if request.needs_director and approve else {Duty.DATA_OFFICE, Duty.DIRECTOR}):
        reason_ = "embargo-director-decides" if request.needs_director else "embargo-office-decides"
        raise refuse(AccessRefused, reason_)
    if not reason.strip() and (not approve or request.needs_director):
        raise refuse(InputInvalid, "reason-missing")
    subject, now = find(holdings, request.subject), holdings.now()
    request = replace(
        request,
        state=RequestState.APPROVED if approve else RequestState.REFUSED,
        decided_at=now,
        decided_by=by,
        decision=reason.strip(),
    )
    if approve:
        verdict = _weigh(holdings, subject, request.kind, request.reason or reason, request.effective_at)
        if verdict.refusal is not None:
            raise refuse(InputInvalid, f"embargo-{verdict.refusal}")
        decision = Decision(request.kind, now, by, reason.strip() or request.reason, request.effective_at)
        subject = keep(holdings, subject.decided(decision), f"{request.kind} granted", now)
    event = "embargo-granted" if approve else "embargo-refused"
    details = {
        "request": request.id,
        "kind": request.kind.value,
        "reason": request.decision,
        "opens": f"{subject.ends_at(holdings):%Y-%m-%dT%H:%M:%SZ}",
    }
    told = letters.decided(holdings, subject, request)
    changed = subject if approve else None
    _enter(holdings, Event(subject.name, event, details), request, changed=changed, told=told, by=by)
    if approve:
        clock.tick(holdings, holdings.now())
    return request


def follow(holdings: Holdings, name: str, policy: str, *, by: str, reason: str) -> Subject:
    """Let a visit or a dataset follow another version of the policy, by a decision that is kept.

    Raises
    ------
    NotFound
        There is no such visit or dataset.
    InputInvalid
        There is no such version, a reason is missing, or what is open would close.
    """
    rules = holdings.catalogue.embargo
    known = [version.name for version in (*rules.earlier, rules) if version.name]
    if policy not in known:
        raise InputInvalid(
            f"no version of the policy is called {policy!r}", hint=f"known: {', '.join(known) or 'none'}"
        )
    if not reason.strip():
        raise refuse(InputInvalid, "reason-missing")
    subject, now = find(holdings, name), holdings.now()
    if subject.ends_at(holdings) <= now:
        raise refuse(InputInvalid, "embargo-already-open")
    decision = Decision(DecisionKind.POLICY, now, by, reason.strip(), policy=policy)
    subject = keep(holdings, subject.decided(decision), f"policy {policy}", now)
    details = {"policy": policy, "reason": reason.strip(), "opens": f"{subject.ends_at(holdings):%Y-%m-%dT%H:%M:%SZ}"}
    _enter(holdings, Event(subject.name, "policy-chosen", details), None, changed=subject, by=by)
    clock.tick(holdings, holdings.now())
    return subject


def _weigh(
    holdings: Holdings, subject: Subject, kind: DecisionKind, reason: str, effective_at: datetime | None
) -> Verdict:
    return weigh(
        kind,
        subject.proposal.research,
        subject.visit,
        holdings.catalogue.embargo,
        now=holdings.now(),
        reason=reason,
        decisions=subject.decisions,
        effective_at=effective_at,
        state=subject.state,
    )


def _enter(
    holdings: Holdings,
    event: Event,
    request: EmbargoRequest | None,
    *,
    by: str,
    changed: Subject | None = None,
    told: tuple[letters.Mail, ...] = (),
) -> None:
    """The archive first, then the catalogue: what only the archive has, `verriere rebuild` finds."""
    now = holdings.now()
    if request is not None:
        name = f"request:{request.id}"
        holdings.archive.put(name, (), encode(request), message=event.event, created=now)
    dataset = changed.dataset if changed else None
    visit = changed.visit if changed and dataset is None else None
    holdings.catalogue.decide(event, now=now, by=by, request=request, visit=visit, dataset=dataset, told=told)
    holdings.journal()


def _signature(holdings: Holdings, key: str) -> str:
    """Under which name the history has a person: entries are for ever, so no address goes into one."""
    try:
        return holdings.catalogue.account(key)[0].username
    except NotFound:
        return f"person-{sha256(key.encode()).hexdigest()[:8]}" if "@" in key else key
