"""Publishing, withdrawing and relating, by the team and the data office; and what waits for the registrar."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Path
from starlette.responses import HTMLResponse, RedirectResponse, Response

from verriere.errors import AccessRefused, InputInvalid, NotFound, NotPublishable
from verriere.model import PidKind, Proposal, Related, Role
from verriere.publish import desk as publishing
from verriere.publish import relate as relating
from verriere.publish.allowed import require_publishable
from verriere.serve.auth.forms import Ours
from verriere.serve.caller import Caller
from verriere.serve.desk import AtDesk, Calling, Desk
from verriere.serve.language import Words
from verriere.serve.portal import sentences
from verriere.serve.portal.known import team
from verriere.serve.portal.pages.publishing import May, publishing_page, waiting_page
from verriere.serve.portal.pages.rows import title
from verriere.serve.portal.sentences import Link

router = APIRouter(prefix="/{language}/publishing", default_response_class=HTMLResponse)
_GET = ["GET", "HEAD"]
Kind = Annotated[PidKind, Path()]
Text = Annotated[str, Form(max_length=2_000)]


@dataclass(frozen=True, slots=True)
class Thing:
    """What is published, and what the caller may do with it."""

    kind: PidKind
    identifier: str
    back: Link
    may: May
    related: tuple[Related, ...] = ()


@router.api_route("", methods=_GET)
def waiting(desk: AtDesk, caller: Calling) -> Response:
    """What registrars do not know yet, for the data office."""
    if not caller.viewer.is_data_office:
        raise _refused(caller)
    offline = desk.settings.publish.registrar == publishing.OFFLINE
    page = waiting_page(caller, desk.catalogue.waiting(), offline=offline)
    return desk.renderer.page(caller, "waiting.html", page)


@router.api_route("/{kind}/{identifier:path}", methods=_GET)
def show(desk: AtDesk, caller: Calling, kind: Kind, identifier: str, done: str = "") -> Response:
    """The DOIs of a thing and what it is related to, for those who decide about it."""
    return _page(desk, caller, _thing(desk, caller, kind, identifier), done=_done(caller.words, done))


@router.post("/{kind}/{identifier:path}", dependencies=[Ours])
def decide(  # noqa: PLR0917 - the fields of the form
    desk: AtDesk,
    caller: Calling,
    kind: Kind,
    identifier: str,
    do: Text = "",
    doi: Text = "",
    reason: Text = "",
    relation: Text = "",
    work: Text = "",
    called: Text = "",
) -> Response:
    """Do what a form of the page asks for."""
    thing = _thing(desk, caller, kind, identifier)
    form = _Form(do, doi, reason, relation, work, called)
    try:
        _carry_out(desk, caller, thing, form)
    except (InputInvalid, NotFound, NotPublishable) as error:
        trouble = sentences.trouble(caller.words, error)
        return _page(desk, caller, thing, trouble=trouble, status=400)
    return RedirectResponse(f"{caller.urls.publishing(kind, identifier)}?done={do}", status_code=303)


@dataclass(frozen=True, slots=True)
class _Form:
    do: str
    doi: str
    reason: str
    relation: str
    work: str
    called: str


def _carry_out(desk: Desk, caller: Caller, thing: Thing, form: _Form) -> None:
    assert caller.account
    holdings, by, name = desk.facility, caller.account.username, f"{thing.kind}:{thing.identifier}"
    match form.do:
        case "publish" if thing.may.publish:
            publishing.publish(holdings, thing.kind, thing.identifier, by=by)
        case "withdraw" if thing.may.withdraw:
            known = desk.catalogue.publication(form.doi)
            if (known.kind, known.subject_id) != (thing.kind, thing.identifier):
                raise NotFound(f"{form.doi} is not of {name}")
            publishing.withdraw(holdings, form.doi, form.reason, by=by)
        case "relate" if thing.may.relate:
            relating.relate(holdings, name, relating.related(form.relation, form.work, title=form.called), by=by)
        case "unrelate" if thing.may.relate:
            relating.unrelate(holdings, name, form.relation, form.work, by=by)
        case _:
            raise AccessRefused("this is for others to decide")


def may_decide(desk: Desk, caller: Caller, kind: PidKind, identifier: str) -> bool:
    """Whether the caller has anything to decide about a thing that it may know of."""
    if caller.account is None:
        return False
    try:
        thing = _thing(desk, caller, kind, identifier)
    except (NotFound, AccessRefused):
        return False
    return thing.may != May()


def _page(
    desk: Desk, caller: Caller, thing: Thing, *, done: str = "", trouble: str = "", status: int = 200
) -> Response:
    known = desk.catalogue.publications(thing.kind, thing.identifier)
    known.sort(key=lambda each: (each.version or 0, each.created_at))
    page = publishing_page(
        caller,
        thing.back,
        thing.kind,
        thing.identifier,
        may=thing.may,
        known=known,
        waits=[each for each in desk.catalogue.waiting() if each.publication.subject_id == thing.identifier],
        works=thing.related,
        refusal=_refusal(desk, caller.words, thing),
        offline=desk.settings.publish.registrar == publishing.OFFLINE,
        done=done,
        trouble=trouble,
    )
    return desk.renderer.page(caller, "publishing.html", page, status=status)


def _thing(desk: Desk, caller: Caller, kind: PidKind, identifier: str) -> Thing:
    """A thing about which the caller decides.

    Raises
    ------
    NotFound
        There is none, or it is for others to decide about.
    AccessRefused
        Nobody has logged in.
    """
    catalogue, urls = desk.catalogue, caller.urls
    if caller.account is None:
        raise _refused(caller)
    proposal_id, related, back = "", tuple[Related, ...](), Link(identifier, "")
    visits = []
    match kind:
        case PidKind.DATASET:
            dataset, _ = catalogue.shown(identifier, caller.viewer)
            back = Link(title(caller.words, dataset.id, dataset.title), urls.dataset(identifier))
            visits = [catalogue.visit(dataset.visit_id)] if dataset.visit_id else []
            proposal_id, related = visits[0].proposal_id if visits else "", dataset.related
        case PidKind.VISIT:
            visits = [catalogue.visit(identifier)]
            proposal_id, back = visits[0].proposal_id, Link(identifier, urls.visit(identifier))
        case PidKind.SAMPLE:
            sample = catalogue.sample(identifier)
            proposal_id, back = sample.proposal_id, Link(sample.name, urls.sample(identifier))
        case PidKind.INSTRUMENT:
            back = Link(catalogue.instrument(identifier).name, urls.instrument(identifier))
        case PidKind.COLLECTION:
            back = Link(catalogue.collection(identifier).title, urls.collection(identifier))
        case _:
            raise NotFound(f"no {kind} {identifier}")
    proposal = catalogue.proposal(proposal_id) if proposal_id else None
    office = caller.viewer.is_data_office
    inside = proposal is not None and caller.viewer.person in team(proposal, *visits)
    leads = proposal is not None and caller.viewer.person in _leaders(proposal)
    if not (office or inside):
        raise _refused(caller)
    may = May(publish=office or leads, relate=kind is PidKind.DATASET, withdraw=office)
    return Thing(kind, identifier, back, may, related)


def _leaders(proposal: Proposal) -> frozenset[str]:
    return frozenset(member.person.key for member in proposal.members if member.role is Role.PRINCIPAL_INVESTIGATOR)


def _refused(caller: Caller) -> AccessRefused | NotFound:
    """Others are not told that there is such a page, unless they could log in as someone who knows."""
    if caller.account is None:
        return AccessRefused("publishing is for the team and the data office")
    return NotFound("no such page for this account")


def _refusal(desk: Desk, words: Words, thing: Thing) -> str:
    """Why it cannot be published; empty where it can."""
    _ = words.gettext
    try:
        require_publishable(desk.facility, thing.kind, thing.identifier)
    except NotPublishable as error:
        return {
            "quarantined": _("It cannot be published: nobody knows yet which visit it belongs to."),
            "proprietary": _("It cannot be published: it is of proprietary research."),
            "withdrawn": _("It was withdrawn, and what was withdrawn stays so."),
            "unseen": _("It cannot be published yet: no dataset shows this sample to everyone."),
            "hidden": _("It cannot be published: not everyone may know of all its datasets."),
        }[error.reason]
    return ""


def _done(words: Words, what: str) -> str:
    _ = words.gettext
    return {
        "publish": _("It is published. The registrar is told by itself."),
        "withdraw": _("It is withdrawn: its citation and the reason are left."),
        "relate": _("The related work was entered."),
        "unrelate": _("The related work was taken back."),
    }.get(what, "")
