"""Plans are kept in the archive, with the file they came from, and in the catalogue."""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from verriere.archive import Deposit, Source
from verriere.archive.deposit import Refused
from verriere.archive.sidecar import encode
from verriere.errors import NotFound
from verriere.ingest.holdings import Holdings
from verriere.model import Plan
from verriere.stewardship.dmp import prefill, reading
from verriere.stewardship.dmp.reading import Document
from verriere.stewardship.dmp.template import Template, template

ORIGINAL = "original.json"
"""Name of the file that a plan came from, in its object of the archive."""


def template_of(holdings: Holdings) -> Template:
    """The template of a facility; raises `SettingsInvalid` where a module of its own cannot be used."""
    own = holdings.settings.dmp.templates
    return template(holdings.folder / own if own else None)


def ensure(holdings: Holdings, proposal_ids: Iterable[str] | None = None, *, by: str = "import") -> tuple[Plan, ...]:
    """Make the plans that are missing, and fill in again those that nothing was said about.

    Parameters
    ----------
    proposal_ids
        Whose plans to look at; None: of the proposals that have none.

    Returns
    -------
    tuple of Plan
        Those that are new or changed.
    """
    catalogue, now = holdings.catalogue, holdings.now()
    if proposal_ids is None:
        proposals = catalogue.proposals_without_plan()
    else:
        wanted = frozenset(proposal_ids)
        proposals = [each for each in catalogue.proposals() if each.id in wanted] if wanted else []
    if not proposals:
        return ()
    of = {each.id for each in proposals}
    visits = [visit for visit in catalogue.visits() if visit.proposal_id in of]
    used = {visit.instrument_id for visit in visits}
    past = prefill.pasts(catalogue, [each for each in catalogue.instruments() if each.id in used])
    known = {plan.proposal_id: plan for plan in catalogue.plans() if plan.proposal_id}
    made = template_of(holdings)
    plans = []
    for proposal in proposals:
        theirs = [visit for visit in visits if visit.proposal_id == proposal.id]
        plan = prefill.plan_of(proposal, theirs, past, made, now=now, known=known.get(proposal.id))
        if plan != known.get(proposal.id):
            plans.append(plan)
    keep(holdings, plans, by=by, message="pre-filled")
    return tuple(plans)


def take(
    holdings: Holdings, data: bytes, name: str, *, by: str, owner: str = "", proposal_id: str | None = None
) -> tuple[Plan, Document]:
    """Take a plan from elsewhere in, with the bytes of its file; the same again is the same plan.

    Parameters
    ----------
    owner
        Key of the person who brought it; "" for the facility.
    proposal_id
        Of the proposal whose plan it is to be: what was pre-filled gives way to it, answers stay.

    Raises
    ------
    InputInvalid
        It is no JSON, or holds no plan.
    NotFound
        There is no such proposal.
    """
    document = reading.read(data, name)
    now = holdings.now()
    if proposal_id is not None:
        proposal = holdings.catalogue.proposal(proposal_id)
        ensure(holdings, [proposal.id], by=by)
        known = next(plan for plan in holdings.catalogue.plans(proposal_id=proposal.id) if not plan.removed_at)
        plan = known if known.document == document.text else replace(known, document=document.text, modified_at=now)
    else:
        identifier = "m" + sha256(f"{owner}\n{document.text}".encode()).hexdigest()[:12]
        plan = _same(holdings, identifier, document) or Plan(identifier, now, now, document=document.text, owner=owner)
    keep(holdings, [plan], by=by, message="imported", originals={plan.id: data})
    return plan, document


def add(holdings: Holdings, text: str, data: bytes, *, by: str, owner: str) -> Plan:
    """A new plan from elsewhere that is another one even where it says the same."""
    now = holdings.now()
    plan = Plan("m" + secrets.token_hex(6), now, now, document=text, owner=owner)
    keep(holdings, [plan], by=by, message="imported", originals={plan.id: data})
    return plan


def keep(
    holdings: Holdings,
    plans: Sequence[Plan],
    *,
    by: str,
    message: str = "answered",
    originals: dict[str, bytes] | None = None,
) -> None:
    """Keep plans as they now are: in the archive first, then in the catalogue."""
    if not plans:
        return
    now = holdings.now()
    given = originals or {}
    folder = holdings.state / "plans"
    folder.mkdir(exist_ok=True)
    places = {plan_id: folder / f"{secrets.token_hex(8)}.json" for plan_id in given}
    try:
        for plan_id, place in places.items():
            place.write_bytes(given[plan_id])
        deposits = [_deposit(holdings, plan, places.get(plan.id), message) for plan in plans]
        for result in holdings.archive.put_many(deposits):
            if isinstance(result, Refused):
                raise result.error
    finally:
        for place in places.values():
            place.unlink(missing_ok=True)
    holdings.catalogue.put_plans(list(plans), now=now, by=by)
    holdings.journal()


def remove(holdings: Holdings, plan: Plan, *, by: str) -> None:
    """Take a plan out of the lists; its record and the file it came from stay in the archive."""
    now = holdings.now()
    keep(holdings, [replace(plan, removed_at=now, modified_at=now)], by=by, message="removed")


def find(holdings: Holdings, plan_id: str) -> Plan:
    """A plan that was not removed.

    Raises
    ------
    NotFound
        There is none.
    """
    plan = holdings.catalogue.plan(plan_id)
    if plan.removed_at:
        raise NotFound(f"no plan {plan_id}")
    return plan


def _deposit(holdings: Holdings, plan: Plan, original: Path | None, message: str) -> Deposit:
    object_id = f"plan:{plan.id}"
    files: tuple[Source, ...] | None = (Source(original, ORIGINAL),) if original else ()
    if original is None and holdings.archive.exists(object_id):
        files = None
    return Deposit(object_id, files, encode(plan), message=message, created=holdings.now())


def _same(holdings: Holdings, identifier: str, document: Document) -> Plan | None:
    try:
        known = find(holdings, identifier)
    except NotFound:
        return None
    return known if known.document == document.text else None
