"""What a caller may know of a dataset, a visit, a proposal: the only way from the catalogue to a page."""

from datetime import datetime

from verriere.errors import AccessRefused, NotFound
from verriere.model import Dataset, Proposal, Research, Visit
from verriere.policy import Access, ends_at, sees_beamtime
from verriere.serve.caller import Caller
from verriere.serve.desk import Desk
from verriere.serve.portal.pages.dataset import SHOWN_EVENTS, Known


def known(desk: Desk, caller: Caller, dataset_id: str) -> Known:
    """A dataset with what it hangs on, disclosed for the caller.

    Raises
    ------
    NotFound
        There is none, or the caller may not know that there is.
    """
    catalogue = desk.catalogue
    dataset, access = catalogue.shown(dataset_id, caller.viewer)
    visit = catalogue.visit(dataset.visit_id) if dataset.visit_id else None
    return Known(
        dataset=dataset,
        access=access,
        visit=visit,
        proposal=catalogue.proposal(visit.proposal_id) if visit else None,
        instrument=catalogue.instrument(dataset.instrument_id) if dataset.instrument_id else None,
        sample=catalogue.sample(dataset.sample_id) if dataset.sample_id else None,
        opens_at=catalogue.opens_at(dataset_id),
        usage=catalogue.usage(dataset_id),
        history=tuple(catalogue.history(f"dataset:{dataset_id}"))[-SHOWN_EVENTS:],
    )


def may_have(desk: Desk, caller: Caller, dataset_id: str, needed: Access) -> Dataset:
    """A dataset of which the caller may see at least so much.

    Raises
    ------
    NotFound
        There is none, or the caller may not know that there is.
    AccessRefused
        The caller may see less.
    """
    dataset, access = desk.catalogue.shown(dataset_id, caller.viewer)
    if access < needed:
        raise AccessRefused(f"{dataset_id} is not open to everyone yet")
    return dataset


def visit_of(desk: Desk, caller: Caller, visit_id: str) -> tuple[Visit, Proposal]:
    """A visit and its proposal.

    Raises
    ------
    NotFound
        There is none, or the caller may not know that there is.
    """
    visit = desk.catalogue.visit(visit_id)
    proposal = desk.catalogue.proposal(visit.proposal_id)
    if not sees_beamtime(proposal.research, team(proposal, visit), caller.viewer):
        raise NotFound(f"no visit {visit_id}")
    return visit, proposal


def team(proposal: Proposal, *visits: Visit) -> frozenset[str]:
    """Keys of the people of a proposal and of visits of it."""
    members = [*proposal.members, *(member for visit in visits for member in visit.members)]
    return frozenset(member.person.key for member in members)


def is_team(caller: Caller, proposal: Proposal, *visits: Visit) -> bool:
    """Whether the caller belongs to the team, or looks after everybody's data.

    Raises
    ------
    NotFound
        The caller may not even know of the proposal.
    """
    people = team(proposal, *visits)
    if not sees_beamtime(proposal.research, people, caller.viewer):
        raise NotFound(f"no proposal {proposal.id}")
    return caller.viewer.is_data_office or caller.viewer.person in people


def opens(desk: Desk, visit: Visit, proposal: Proposal) -> datetime | None:
    """When data of a visit opens, or did; None for what never opens."""
    if proposal.research is Research.PROPRIETARY:
        return None
    return ends_at(visit, desk.catalogue.embargo)
