"""Who may read a data management plan, and who may answer its questions."""

from collections.abc import Iterable
from enum import IntEnum

from verriere.model import Member, Plan, PlanRole, Proposal, Research, Role, Viewer


class PlanAccess(IntEnum):
    """How much of a plan a viewer may see.

    ``NONE``: not even that it exists. ``PUBLIC``: what a facility that publishes its plans shows of it: no address, and
    of the data no more than everyone may know. ``TEAM``: all of it.
    """

    NONE = 0
    PUBLIC = 1
    TEAM = 2


def plan_access(
    plan: Plan, proposal: Proposal | None, members: Iterable[Member], viewer: Viewer, *, public: bool
) -> PlanAccess:
    """How much of a plan ``viewer`` may see.

    Parameters
    ----------
    proposal
        That the plan is of; None for one that came from elsewhere.
    members
        Of the proposal and of its visits.
    public
        Whether the facility publishes the plans of public research.
    """
    if viewer.is_data_office:
        return PlanAccess.TEAM
    if viewer.person is not None:
        team = {member.person.key for member in members} | {plan.owner}
        if viewer.person in team - {""}:
            return PlanAccess.TEAM
    if public and proposal is not None and proposal.research is Research.PUBLIC:
        return PlanAccess.PUBLIC
    return PlanAccess.NONE


def plan_roles(plan: Plan, members: Iterable[Member], viewer: Viewer) -> frozenset[PlanRole]:
    """Whose questions ``viewer`` may answer: the data office all, a local contact theirs, the others the team's."""
    if viewer.is_data_office:
        return frozenset(PlanRole)
    theirs = {member.role for member in members if viewer.person and member.person.key == viewer.person}
    found = set()
    if Role.LOCAL_CONTACT in theirs:
        found.add(PlanRole.LOCAL_CONTACT)
    if theirs - {Role.LOCAL_CONTACT} or (viewer.person and viewer.person == plan.owner):
        found.add(PlanRole.TEAM)
    return frozenset(found)
