"""The plans that a caller may know of, and what of them: the only way from the catalogue to the API."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from verriere.errors import NotFound
from verriere.ingest.holdings import Holdings
from verriere.model import Member, Plan, Proposal, Viewer
from verriere.policy import PlanAccess, plan_access
from verriere.serve.madmp.answering import not_found, tag_of, unauthenticated
from verriere.stewardship.dmp import facts, standard, wizard
from verriere.stewardship.dmp.document import document
from verriere.stewardship.dmp.standard import Json

_OTHER = {
    "contact_id": "people",
    "contributor_id": "people",
    "dmp_id": "identifiers",
    "dataset_id": "identifiers",
    "funder_id": "funders",
    "grant_id": "grants",
}
"""Identifiers whose kinds the API knows fewer of than the standard: the others are ``other`` there."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan as the API shows it.

    Parameters
    ----------
    body
        With ``id`` and, unless it is an empty draft, ``dmp``.
    """

    plan: Plan
    access: PlanAccess
    body: dict[str, Json]
    modified: datetime

    @property
    def dmp(self) -> dict[str, Json]:
        """What is in ``dmp``."""
        found = self.body.get("dmp")
        return found if isinstance(found, dict) else {}

    @property
    def tag(self) -> str:
        """What changes when it does."""
        return tag_of(self.plan.id, self.modified.isoformat(), str(len(self.plan.answers)))


def every(holdings: Holdings, viewer: Viewer) -> list[Plan]:
    """The plans that a viewer may know of, the newest first."""
    catalogue = holdings.catalogue
    proposals = {each.id: each for each in catalogue.proposals()}
    members = {name: list(each.members) for name, each in proposals.items()}
    for visit in catalogue.visits():
        members.setdefault(visit.proposal_id, []).extend(visit.members)
    found = [
        plan
        for plan in catalogue.plans()
        if not plan.removed_at and _access(holdings, plan, proposals, members, viewer) is not PlanAccess.NONE
    ]
    return sorted(found, key=lambda plan: (plan.created_at, plan.id), reverse=True)


def one(holdings: Holdings, plan_id: str, viewer: Viewer) -> Shown:
    """A plan, as far as a viewer may know it.

    Raises
    ------
    Problem
        There is none, or none that this viewer may know of; who has not logged in is asked to, whether there is or not.
    """
    # No identifier holds what cannot be printed, and not every database takes it.
    if plan_id.isprintable():
        with suppress(NotFound):
            return _shown(*facts.seen(holdings, plan_id, viewer))
    raise not_found(plan_id) if viewer.is_registered else unauthenticated()


def show(holdings: Holdings, plan: Plan, viewer: Viewer) -> Shown:
    """A plan of `every`, as far as a viewer may know it."""
    found = facts.gather(holdings, plan)
    return _shown(found, found.access(viewer))


def troubles(body: dict[str, Json]) -> tuple[str, ...]:
    """JSON pointers of what cannot be said in the API's form of a plan."""
    return tuple(found.where for found in standard.check(body, "api") if found.where != "/dmp")


def _shown(found: facts.Facts, access: PlanAccess) -> Shown:
    made = document(found, access)
    modified = max([found.plan.modified_at, *(each.last for each in found.recorded)])
    return Shown(found.plan, access, {**_fitted(made), "id": found.plan.id}, modified)


def _fitted(made: dict[str, Json]) -> dict[str, Json]:
    """A document in the API's form: one identifier each, of the kinds it knows."""
    fitted = wizard.with_one_identifier({key: value for key, value in made.items() if key != "id"})
    _name_others(fitted)
    return fitted


def _name_others(value: Json) -> None:
    if isinstance(value, dict):
        for key, part in value.items():
            if key in _OTHER and isinstance(part, dict) and isinstance(part.get("type"), str):
                known = standard.words(_OTHER[key])
                value[key] = part if part["type"] in known else {**part, "type": "other"}
            else:
                _name_others(part)
    elif isinstance(value, list):
        for part in value:
            _name_others(part)


def _access(
    holdings: Holdings, plan: Plan, proposals: dict[str, Proposal], members: dict[str, list[Member]], viewer: Viewer
) -> PlanAccess:
    about = plan.proposal_id or ""
    public = holdings.settings.dmp.public
    return plan_access(plan, proposals.get(about), members.get(about, ()), viewer, public=public)
