"""The addresses of DOIs, and of what is public in each format: pages for people, records for programs."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from verriere.errors import NotFound
from verriere.model import PidKind, PidState, Publication
from verriere.publish import signposting
from verriere.publish.describe import landing_of
from verriere.publish.formats.registry import BY_FILE, FORMATS, Format
from verriere.publish.landing import Landing
from verriere.serve.accept import best
from verriere.serve.caller import Caller
from verriere.serve.data.disposition import attachment
from verriere.serve.desk import AtDesk, Calling, Desk
from verriere.serve.headers import FILE_POLICY
from verriere.serve.portal.shown import show_doi
from verriere.urls import Addresses, urls

router = APIRouter()
_GET = ["GET", "HEAD"]
_PAGE = "page"
_VARY = "Accept, Accept-Language, Cookie"

_OFFERS: tuple[tuple[str, str], ...] = (
    ("text/html", _PAGE),
    ("application/xhtml+xml", _PAGE),
    *((accepted, form.file) for form in FORMATS.values() for accepted in form.accepts),
    (FORMATS["rocrate"].media_type, FORMATS["rocrate"].file),
    ('application/ld+json; profile="http://www.w3.org/ns/dcat#"', FORMATS["dcat-jsonld"].file),
    (signposting.LINKSET_TYPE, signposting.LINKSET),
)


@router.api_route("/doi/{doi:path}", methods=_GET)
def doi(
    desk: AtDesk, caller: Calling, request: Request, doi: str, form: Annotated[str, Query(alias="format")] = ""
) -> Response:
    """What a DOI stands for, as the page or in the format that is liked best; 410 with metadata once withdrawn.

    Raises
    ------
    NotFound
        No such DOI, or only reserved, or of something that nobody may know of, or no such format.
    HTTPException
        406: nothing that would be liked can be given.
    """
    publication = _known(desk, doi)
    landing = landing_of(desk.facility, publication, publication.kind, publication.subject_id, origin=caller.origin)
    chosen = form or best(request.headers.get("accept", ""), _OFFERS)
    if chosen is None:
        raise HTTPException(406)
    if chosen == _PAGE:
        page = show_doi(desk, _at_its_page(caller, publication), publication, landing)
        page.headers["Vary"] = _VARY
        if publication.kind is PidKind.DATASET:
            desk.meter.note(request, publication.subject_id, "page")
        return page
    return _record(caller, landing, chosen, vary="" if form else _VARY)


@router.api_route("/records/{form}/{kind}/{identifier:path}", methods=_GET)
def record(desk: AtDesk, caller: Calling, form: str, kind: PidKind, identifier: str) -> Response:
    """What is public of a thing, in one format.

    Raises
    ------
    NotFound
        No such thing or format, or nothing of it is public.
    """
    publication = desk.catalogue.publication_of(kind, identifier)
    known = publication if publication is not None and publication.wanted is not PidState.DRAFT else None
    landing = landing_of(desk.facility, known, kind, identifier, origin=caller.origin)
    return _record(caller, landing, form, vary="")


def _known(desk: Desk, doi: str) -> Publication:
    publication = desk.catalogue.publication(doi.lower())
    if publication.wanted is PidState.DRAFT:
        raise NotFound(f"{doi} is only reserved")
    return publication


def _record(caller: Caller, landing: Landing, file: str, *, vary: str) -> Response:
    addresses = Addresses(caller.origin)
    if file == signposting.LINKSET:
        content = signposting.linkset(landing, signposting.links(landing, addresses))
        media_type = signposting.LINKSET_TYPE
    else:
        form = _format(file)
        content, media_type = form.write(landing), form.media_type
    headers = {
        "Content-Type": media_type,
        "Content-Security-Policy": FILE_POLICY,
        "Content-Disposition": attachment(file).replace("attachment", "inline", 1),
        "Link": f'<{landing.url}>; rel="describes"; type="text/html"',
        "Access-Control-Allow-Origin": "*",
        **({"Vary": vary} if vary else {}),
    }
    return Response(content, status_code=410 if landing.is_withdrawn else 200, headers=headers)


def _format(file: str) -> Format:
    form = BY_FILE.get(file)
    if form is None:
        raise NotFound(f"no format {file}")
    return form


def _at_its_page(caller: Caller, publication: Publication) -> Caller:
    """The caller as of the page's own address, so that the links to the other language lead there."""
    address = Addresses().thing(publication.kind, publication.subject_id)
    home = urls(caller.words.language)
    return Caller(
        words=caller.words,
        urls=caller.urls,
        here=home.home().rstrip("/") + address,
        origin=caller.origin,
        account=caller.account,
        secret=caller.secret,
    )
