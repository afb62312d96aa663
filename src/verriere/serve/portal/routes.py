"""The pages: each asks the catalogue, makes the page's facts, and hands them to its template."""

from typing import Annotated

from fastapi import APIRouter, Form, Path, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from verriere.errors import AccessRefused, InputInvalid, NotFound
from verriere.ingest.assign import assign as assign_visit
from verriere.ingest.tell import tell
from verriere.model import PidKind
from verriere.policy import Access
from verriere.serve.auth.forms import Ours
from verriere.serve.caller import Caller
from verriere.serve.desk import AtDesk, Calling, Desk
from verriere.serve.language import negotiate
from verriere.serve.portal import sentences
from verriere.serve.portal.known import is_team, known, may_have, samples_of
from verriere.serve.portal.pages import collections, texts
from verriere.serve.portal.pages.completeness import completeness_part
from verriere.serve.portal.pages.dataset import dataset_page
from verriere.serve.portal.pages.figure import as_csv, figure_of, plot_page
from verriere.serve.portal.pages.home import home_page
from verriere.serve.portal.pages.listing import PartName, listing_page
from verriere.serve.portal.pages.quarantine import quarantine_page
from verriere.serve.portal.pages.search import Asked, search_page
from verriere.serve.portal.shown import show
from verriere.serve.previews import Preview
from verriere.techniques import answers
from verriere.wording import LANGUAGES

router = APIRouter(prefix="/{language}", default_response_class=HTMLResponse)
GET = ["GET", "HEAD"]
PageNumber = Annotated[int, Query(ge=1, le=100_000)]
TOLD = "told-"
"""How the fields begin in which the team says what no file does."""
_FOR_EVER = {"Cache-Control": "private, max-age=31536000, immutable"}


WITHOUT_LANGUAGE = (
    "/",
    *(f"/{language}" for language in LANGUAGES),
    *(f"/{page}" for page in ("search", "login", "help", "about", "instruments", "my-data", "quarantine")),
    *(f"/{things}/{{thing:path}}" for things in ("instruments", "visits", "proposals", "samples", "collections")),
    "/datasets/{dataset_id}",
)
"""What people type, and cite: addresses of pages that leave the language open."""


async def choose_language(request: Request) -> Response:
    """The same page in the language that the browser likes best."""
    language = negotiate(request.headers.get("accept-language", ""))
    asked = request.scope["raw_path"].decode("latin-1") + (f"?{request.url.query}" if request.url.query else "")
    target = f"{asked}/" if asked[1:] in LANGUAGES else f"/{language}{asked}"
    return RedirectResponse(target, status_code=302, headers={"Vary": "Accept-Language"})


@router.api_route("/", methods=GET)
def home(desk: AtDesk, caller: Calling) -> Response:
    """What this is, and what opened last."""
    return desk.renderer.page(caller, "home.html", home_page(caller, desk.catalogue, desk.settings))


@router.api_route("/search", methods=GET)
def search(desk: AtDesk, caller: Calling, request: Request) -> Response:
    """Results with facets; a search that cannot be understood is answered with the place of the trouble."""
    page = search_page(caller, desk.catalogue, Asked.of(request.query_params))
    return desk.renderer.page(caller, "search.html", page, status=400 if page.trouble else 200)


@router.api_route("/datasets/{dataset_id}", methods=GET)
def dataset(desk: AtDesk, caller: Calling, request: Request, dataset_id: str, described: str = "") -> Response:
    """Everything about a dataset that the caller may know."""
    page = show(desk, caller, PidKind.DATASET, dataset_id, is_kept=bool(described))
    desk.meter.note(request, dataset_id, "page")
    return page


@router.post("/datasets/{dataset_id}/describe", dependencies=[Ours])
async def describe(desk: AtDesk, caller: Calling, request: Request, dataset_id: str) -> Response:
    """Keep what the team says of a dataset where no file does."""
    form = await request.form()
    sent = {name.removeprefix(TOLD): str(text) for name, text in form.items() if name.startswith(TOLD)}
    return await run_in_threadpool(_describe, desk, caller, dataset_id, sent)


def _describe(desk: Desk, caller: Caller, dataset_id: str, sent: dict[str, str]) -> Response:
    found = known(desk, caller, dataset_id)
    if found.access < Access.TEAM or caller.account is None:
        raise AccessRefused(f"{dataset_id} is described by its team")
    profiles = desk.profiles
    _told, troubles = answers.read(found.dataset, sent, profiles)
    if troubles:
        completeness = completeness_part(caller, found.dataset, found.access, profiles, sent=sent, troubles=troubles)
        figure = figure_of(caller, found, desk.previews)
        page = dataset_page(caller, found, desk.settings, figure, completeness=completeness)
        return desk.renderer.page(caller, "dataset.html", page, status=400)
    tell(desk.facility, dataset_id, sent, by=caller.account.username)
    return RedirectResponse(f"{caller.urls.dataset(dataset_id)}?described=yes#completeness", status_code=303)


@router.api_route("/datasets/{dataset_id}/plot", methods=GET)
def plot(desk: AtDesk, caller: Calling, dataset_id: str) -> Response:
    """The plot with its description and its values as a table."""
    preview = _preview(desk, caller, dataset_id)
    page = plot_page(caller, known(desk, caller, dataset_id), desk.previews, preview.description)
    return desk.renderer.page(caller, "plot.html", page)


@router.api_route("/datasets/{dataset_id}/plot.csv", methods=GET)
def values(desk: AtDesk, caller: Calling, dataset_id: str) -> Response:
    """The values of the plot, comma-separated with a line of names."""
    words = _preview(desk, caller, dataset_id).description
    headers = {"Content-Disposition": f'attachment; filename="{dataset_id}-plot.csv"'}
    return Response(as_csv(words.columns, words.table), media_type="text/csv; charset=utf-8", headers=headers)


@router.api_route("/datasets/{dataset_id}/plot.png", methods=GET)
def picture(desk: AtDesk, caller: Calling, dataset_id: str) -> Response:
    """The plot for a light page."""
    return Response(_preview(desk, caller, dataset_id).png, media_type="image/png", headers=_FOR_EVER)


@router.api_route("/datasets/{dataset_id}/plot-dark.png", methods=GET)
def dark_picture(desk: AtDesk, caller: Calling, dataset_id: str) -> Response:
    """The plot for a dark page."""
    return Response(_preview(desk, caller, dataset_id, dark=True).png, media_type="image/png", headers=_FOR_EVER)


@router.api_route("/datasets/{dataset_id}/{part}", methods=GET)
def listing(
    desk: AtDesk, caller: Calling, dataset_id: str, part: Annotated[PartName, Path()], page: PageNumber = 1
) -> Response:
    """All parameters, files or findings of a dataset."""
    facts = listing_page(caller, known(desk, caller, dataset_id), part, page)
    return desk.renderer.page(caller, "listing.html", facts)


@router.api_route("/visits/{visit_id:path}", methods=GET)
def visit(desk: AtDesk, caller: Calling, visit_id: str) -> Response:
    """A visit and what was recorded in it."""
    return show(desk, caller, PidKind.VISIT, visit_id)


@router.api_route("/samples/{sample_id:path}", methods=GET)
def sample(desk: AtDesk, caller: Calling, sample_id: str) -> Response:
    """A sample and what was recorded of it."""
    return show(desk, caller, PidKind.SAMPLE, sample_id)


@router.api_route("/collections/{collection_id:path}", methods=GET)
def collection(desk: AtDesk, caller: Calling, collection_id: str) -> Response:
    """Datasets that somebody put together."""
    return show(desk, caller, PidKind.COLLECTION, collection_id)


@router.api_route("/proposals/{proposal_id:path}", methods=GET)
def proposal(desk: AtDesk, caller: Calling, proposal_id: str) -> Response:
    """A proposal, its team and its visits."""
    found = desk.catalogue.proposal(proposal_id)
    visits = desk.catalogue.visits(proposal_id=proposal_id)
    team = is_team(caller, found, *visits)
    plans = [plan.id for plan in desk.catalogue.plans(proposal_id=proposal_id) if team and not plan.removed_at]
    samples = samples_of(desk, caller, found, inside=team)
    page = collections.proposal_page(caller, desk.catalogue, found, visits, samples, is_team=team, plans=plans)
    return desk.renderer.page(caller, "collection.html", page)


@router.api_route("/instruments", methods=GET)
def instruments(desk: AtDesk, caller: Calling) -> Response:
    """All instruments."""
    page = collections.instruments_page(caller, desk.catalogue.instruments())
    return desk.renderer.page(caller, "collection.html", page)


@router.api_route("/instruments/{instrument_id:path}", methods=GET)
def instrument(desk: AtDesk, caller: Calling, instrument_id: str) -> Response:
    """An instrument and its newest datasets."""
    return show(desk, caller, PidKind.INSTRUMENT, instrument_id)


@router.api_route("/my-data", methods=GET)
def my_data(desk: AtDesk, caller: Calling) -> Response:
    """What belongs to the visits of whoever is logged in."""
    if caller.account is None:
        return RedirectResponse(caller.urls.login(caller.here), status_code=303)
    page = collections.my_page(caller, desk.catalogue, desk.catalogue.visits_of(caller.account.key))
    return desk.renderer.page(caller, "collection.html", page)


@router.api_route("/help", methods=GET)
def how_to_search(desk: AtDesk, caller: Calling) -> Response:
    """The search language."""
    return desk.renderer.page(caller, "help.html", texts.help_page(caller))


@router.api_route("/about", methods=GET)
def about(desk: AtDesk, caller: Calling) -> Response:
    """The data policy."""
    return desk.renderer.page(caller, "about.html", texts.about_page(caller, desk.settings))


@router.api_route("/quarantine", methods=GET)
def quarantine(desk: AtDesk, caller: Calling, page: PageNumber = 1, done: str = "") -> Response:
    """Datasets whose visit nobody knows yet."""
    require_data_office(caller)
    said = caller.words.gettext("%(id)s was given its visit.", id=done) if done else ""
    return _quarantine(desk, caller, page, done=said)


@router.post("/quarantine/{dataset_id}", dependencies=[Ours])
def assign(desk: AtDesk, caller: Calling, dataset_id: str, visit: Annotated[str, Form()] = "") -> Response:
    """Give a dataset its visit."""
    require_data_office(caller)
    assert caller.account
    try:
        assign_visit(desk.facility, dataset_id, visit.strip(), by=caller.account.username)
    except (InputInvalid, NotFound) as error:
        trouble = sentences.trouble(caller.words, error)
        return _quarantine(desk, caller, 1, trouble=trouble, status=400)
    return RedirectResponse(f"{caller.urls.quarantine()}?done={dataset_id}", status_code=303)


def _quarantine(
    desk: Desk, caller: Caller, number: int, *, done: str = "", trouble: str = "", status: int = 200
) -> Response:
    found, visits = desk.catalogue.quarantined(), desk.catalogue.visits()
    page = quarantine_page(caller, found, visits, number, done=done, trouble=trouble)
    return desk.renderer.page(caller, "quarantine.html", page, status=status)


def require_data_office(caller: Caller) -> None:
    """Others are not told that there is such a page, unless they could log in as someone who knows."""
    if caller.viewer.is_data_office:
        return
    if caller.account is None:
        raise AccessRefused("the quarantine is the data office's")
    raise NotFound("no such page for this account")


def _preview(desk: Desk, caller: Caller, dataset_id: str, *, dark: bool = False) -> Preview:
    dataset = may_have(desk, caller, dataset_id, Access.DATA)
    found = desk.previews.get(dataset, caller.words.language, dark=dark)
    if not found.png:
        raise NotFound(f"nothing to plot in {dataset_id}")
    return found
