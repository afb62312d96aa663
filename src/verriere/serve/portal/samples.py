"""Declaring samples, changing them, and saying what a dataset was measured of: for the team and the data office."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from verriere.errors import AccessRefused, InputInvalid, NotFound
from verriere.model import Dataset, Proposal, Sample
from verriere.policy import Access
from verriere.serve.auth.forms import Ours
from verriere.serve.caller import Caller
from verriere.serve.desk import AtDesk, Calling, Desk
from verriere.serve.portal import sentences
from verriere.serve.portal.known import is_team, may_have
from verriere.serve.portal.pages.samples import measured_page, sample_page
from verriere.serve.portal.routes import GET
from verriere.stewardship import samples

router = APIRouter(prefix="/{language}", default_response_class=HTMLResponse)
Text = Annotated[str, Form(max_length=samples.LONGEST * 2)]


def _told(  # noqa: PLR0917 - the fields of the form
    name: Text = "",
    kind: Text = "",
    formula: Text = "",
    description: Text = "",
    location: Text = "",
    shipment: Text = "",
    hazards: Text = "",
    parent: Text = "",
) -> Sample:
    """What the form says of a sample; browsers send ends of lines as two characters."""

    def said(text: str) -> str:
        return text.replace("\r\n", "\n").strip()

    return Sample(
        "",
        "",
        said(name),
        said(description),
        said(formula),
        said(parent) or None,
        said(kind),
        said(location),
        said(shipment),
        said(hazards),
    )


Told = Annotated[Sample, Depends(_told)]


@router.api_route("/team/samples/{proposal_id:path}", methods=GET)
def new(desk: AtDesk, caller: Calling, proposal_id: str) -> Response:
    """The samples of a proposal, and the form of another one."""
    proposal = _proposal(desk, caller, proposal_id)
    return _page(desk, caller, proposal, Sample("", proposal.id, ""))


@router.post("/team/samples/{proposal_id:path}", dependencies=[Ours])
def declare(desk: AtDesk, caller: Calling, proposal_id: str, told: Told) -> Response:
    """Keep another sample."""
    proposal = _proposal(desk, caller, proposal_id)
    return _kept(desk, caller, proposal, replace(told, proposal_id=proposal.id))


@router.api_route("/team/sample/{sample_id:path}", methods=GET)
def known(desk: AtDesk, caller: Calling, sample_id: str) -> Response:
    """The form of a sample that is known."""
    sample, proposal = _sample(desk, caller, sample_id)
    return _page(desk, caller, proposal, sample)


@router.post("/team/sample/{sample_id:path}", dependencies=[Ours])
def change(desk: AtDesk, caller: Calling, sample_id: str, told: Told) -> Response:
    """Keep what the team says of a sample now."""
    sample, proposal = _sample(desk, caller, sample_id)
    return _kept(desk, caller, proposal, replace(told, id=sample.id, proposal_id=proposal.id, related=sample.related))


@router.api_route("/datasets/{dataset_id}/sample", methods=GET)
def choose(desk: AtDesk, caller: Calling, dataset_id: str) -> Response:
    """The samples that a dataset can have been measured of."""
    dataset, proposal = _dataset(desk, caller, dataset_id)
    every = desk.catalogue.samples(proposal_id=proposal.id)
    return desk.renderer.page(caller, "measured.html", measured_page(caller, dataset, proposal, every))


@router.post("/datasets/{dataset_id}/sample", dependencies=[Ours])
def measured(desk: AtDesk, caller: Calling, dataset_id: str, sample: Text = "") -> Response:
    """Keep which sample a dataset was measured of."""
    dataset, _ = _dataset(desk, caller, dataset_id)
    assert caller.account
    samples.measured(desk.facility, dataset.id, sample.strip() or None, by=caller.account.username)
    return RedirectResponse(caller.urls.dataset(dataset.id), status_code=303)


def _proposal(desk: Desk, caller: Caller, proposal_id: str) -> Proposal:
    """A proposal of which the caller is in the team.

    Raises
    ------
    NotFound
        There is none, or the caller may not know that there is.
    AccessRefused
        The caller may know of it, and is not in its team.
    """
    proposal = desk.catalogue.proposal(proposal_id)
    if not is_team(caller, proposal, *desk.catalogue.visits(proposal_id=proposal.id)):
        raise AccessRefused("samples are for the team")
    return proposal


def _sample(desk: Desk, caller: Caller, sample_id: str) -> tuple[Sample, Proposal]:
    """A sample of a proposal of which the caller is in the team; to others it is not there."""
    sample = desk.catalogue.sample(sample_id)
    try:
        return sample, _proposal(desk, caller, sample.proposal_id)
    except AccessRefused:
        raise NotFound(f"no sample {sample_id}") from None


def _dataset(desk: Desk, caller: Caller, dataset_id: str) -> tuple[Dataset, Proposal]:
    dataset = may_have(desk, caller, dataset_id, Access.TEAM)
    if dataset.visit_id is None:
        raise NotFound(f"nobody knows yet which visit {dataset_id} is of")
    return dataset, desk.catalogue.proposal(desk.catalogue.visit(dataset.visit_id).proposal_id)


def _kept(desk: Desk, caller: Caller, proposal: Proposal, sample: Sample) -> Response:
    assert caller.account
    try:
        samples.declare(desk.facility, sample, by=caller.account.username)
    except InputInvalid as error:
        trouble = sentences.trouble(caller.words, error)
        return _page(desk, caller, proposal, sample, trouble=trouble, status=400)
    return RedirectResponse(caller.urls.declare(proposal.id), status_code=303)


def _page(
    desk: Desk, caller: Caller, proposal: Proposal, sample: Sample, *, trouble: str = "", status: int = 200
) -> Response:
    every = desk.catalogue.samples(proposal_id=proposal.id)
    page = sample_page(caller, proposal, every, sample, trouble=trouble)
    return desk.renderer.page(caller, "sample.html", page, status=status)
