"""Embargoes: seen by their team, asked about by those who lead it, decided on by the data office."""

from typing import Annotated

from fastapi import APIRouter, Form
from starlette.responses import HTMLResponse, RedirectResponse, Response

from verriere.errors import AccessRefused, InputInvalid, NotFound
from verriere.model import DecisionKind
from verriere.nexus import times
from verriere.serve.auth.forms import Ours
from verriere.serve.caller import Caller
from verriere.serve.desk import AtDesk, Calling, Desk
from verriere.serve.portal import sentences
from verriere.serve.portal.known import is_team
from verriere.serve.portal.pages.embargoes import embargo_page, embargoes_page
from verriere.serve.portal.routes import GET
from verriere.stewardship import embargo

router = APIRouter(prefix="/{language}", default_response_class=HTMLResponse)


@router.api_route("/embargoes", methods=GET)
def every(desk: AtDesk, caller: Calling, done: str = "") -> Response:
    """One's own embargoes; for the data office, what waits."""
    if caller.account is None:
        return RedirectResponse(caller.urls.login(caller.here), status_code=303)
    return _embargoes(desk, caller, done=caller.words.gettext("It was decided.") if done else "")


@router.api_route("/embargo", methods=GET)
def show(desk: AtDesk, caller: Calling, of: str = "", done: str = "") -> Response:
    """How one embargo stands, and the form to ask about it."""
    said = caller.words.gettext("Your request was taken down.") if done else ""
    return _embargo(desk, caller, of, done=said)


@router.post("/embargo", dependencies=[Ours])
def ask(
    desk: AtDesk,
    caller: Calling,
    of: str = "",
    *,
    kind: Annotated[DecisionKind, Form()],
    reason: Annotated[str, Form(max_length=2000)] = "",
    day: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """Ask for a longer embargo, or for an early release."""
    outlook = _seen(desk, caller, of)
    moment = times.said(day, desk.settings.facility.zone) if day.strip() else None
    if day.strip() and moment is None:
        said = caller.words.gettext("%(day)s is not a day that we understand: write 2027-01-31.", day=day)
        return _embargo(desk, caller, of, trouble=said, status=400)
    try:
        embargo.ask(desk.facility, outlook.subject.name, kind, by=caller.viewer, reason=reason, effective_at=moment)
    except InputInvalid as error:
        trouble = sentences.trouble(caller.words, error)
        return _embargo(desk, caller, of, trouble=trouble, status=400)
    return RedirectResponse(f"{caller.urls.embargo(outlook.subject.name)}&done=1", status_code=303)


@router.post("/embargo/decision", dependencies=[Ours])
def decide(
    desk: AtDesk,
    caller: Calling,
    *,
    request: Annotated[str, Form()],
    decision: Annotated[str, Form(pattern="grant|refuse")],
    reason: Annotated[str, Form(max_length=2000)] = "",
) -> Response:
    """Grant or refuse what was asked."""
    if caller.account is None or not caller.viewer.is_data_office:
        raise NotFound("no such page for this account")
    account = caller.account
    try:
        embargo.decide(
            desk.facility,
            request,
            approve=decision == "grant",
            by=account.username,
            duty=account.duty,
            reason=reason,
        )
    except (InputInvalid, AccessRefused) as error:
        trouble = sentences.trouble(caller.words, error)
        return _embargoes(desk, caller, trouble=trouble, status=400)
    return RedirectResponse(f"{caller.urls.embargoes()}?done=1", status_code=303)


def _seen(desk: Desk, caller: Caller, of: str) -> embargo.Outlook:
    """What the caller's team may see; for others it is not there."""
    if caller.account is None:
        raise AccessRefused("embargoes are their team's")
    outlook = embargo.outlook(desk.facility, of)
    visits = desk.catalogue.visits(proposal_id=outlook.subject.proposal.id)
    if not is_team(caller, outlook.subject.proposal, *visits):
        raise NotFound(f"no visit {of}")
    return outlook


def _embargo(desk: Desk, caller: Caller, of: str, *, done: str = "", trouble: str = "", status: int = 200) -> Response:
    page = embargo_page(caller, desk.facility, _seen(desk, caller, of), done=done, trouble=trouble)
    return desk.renderer.page(caller, "embargo.html", page, status=status)


def _embargoes(desk: Desk, caller: Caller, *, done: str = "", trouble: str = "", status: int = 200) -> Response:
    page = embargoes_page(caller, desk.facility, done=done, trouble=trouble)
    return desk.renderer.page(caller, "embargoes.html", page, status=status)
