"""What a caller may know of a dataset, a visit, a proposal: the only way from the catalogue to a page."""

from datetime import datetime

from verriere.errors import AccessRefused, NotFound
from verriere.model import Dataset, PidKind, Proposal, Research, Sample, Visit
from verriere.policy import Access, ends_at, sees_beamtime
from verriere.policy.samples import outsiders
from verriere.serve.caller import Caller
from verriere.serve.desk import Desk
from verriere.serve.portal.pages.collections import Kin
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
    sample = catalogue.sample(dataset.sample_id) if dataset.sample_id else None
    return Known(
        dataset=dataset,
        access=access,
        visit=visit,
        proposal=catalogue.proposal(visit.proposal_id) if visit else None,
        instrument=catalogue.instrument(dataset.instrument_id) if dataset.instrument_id else None,
        sample=sample if sample is None or access is Access.TEAM else outsiders(sample),
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


def sample_of(desk: Desk, caller: Caller, sample_id: str) -> tuple[Sample, Proposal, Kin]:
    """A sample, its proposal, and what hangs on it.

    Raises
    ------
    NotFound
        There is none, or the caller may not know that there is: others know of a sample once data of it are described
        to them, or once it was published.
    """
    catalogue = desk.catalogue
    sample = catalogue.sample(sample_id)
    proposal = catalogue.proposal(sample.proposal_id)
    inside = is_team(caller, proposal, *catalogue.visits(proposal_id=proposal.id))
    if not inside and not is_shown(desk, caller, sample_id):
        raise NotFound(f"no sample {sample_id}")
    _, datasets = catalogue.public_datasets(viewer=caller.viewer, at_least=Access.METADATA, sample_id=sample_id)
    others = samples_of(desk, caller, proposal, inside=inside)
    return (
        sample,
        proposal,
        Kin(
            inside,
            tuple(datasets),
            tuple(one for one in others if one.id == sample.parent_id),
            tuple(one for one in others if one.parent_id == sample.id),
        ),
    )


def samples_of(desk: Desk, caller: Caller, proposal: Proposal, *, inside: bool) -> list[Sample]:
    """The samples of a proposal that the caller may know of; its team knows of all."""
    every = desk.catalogue.samples(proposal_id=proposal.id)
    return [one for one in every if inside or is_shown(desk, caller, one.id)]


def is_shown(desk: Desk, caller: Caller, sample_id: str) -> bool:
    """Whether data of a sample are described to the caller, or it was published."""
    catalogue = desk.catalogue
    count, _ = catalogue.public_datasets(viewer=caller.viewer, at_least=Access.METADATA, most=0, sample_id=sample_id)
    publication = catalogue.publication_of(PidKind.SAMPLE, sample_id)
    return count > 0 or (publication is not None and publication.is_public)
