"""Citations: made from a search by whoever has logged in, shown to everyone, as a page and to machines."""

import csv
from io import StringIO
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from verriere.errors import AccessRefused
from verriere.model import Citation
from verriere.publish import citing
from verriere.serve.auth.forms import Ours
from verriere.serve.desk import AtDesk, Calling
from verriere.serve.language import negotiate
from verriere.serve.portal.pages.citing import SIZE, citation_page
from verriere.serve.portal.routes import GET, PageNumber
from verriere.urls import urls

router = APIRouter(prefix="/{language}/citations", default_response_class=HTMLResponse)
machines = APIRouter(prefix="/citations")


@router.post("", dependencies=[Ours])
def make(
    desk: AtDesk, caller: Calling, query: Annotated[str, Form()], title: Annotated[str, Form(max_length=300)] = ""
) -> Response:
    """Cite what everybody finds with a query now."""
    if caller.account is None:
        raise AccessRefused("citations are made by people with an account")
    cited = citing.cite_query(desk.facility, query, by=caller.account.username, title=title.strip())
    return RedirectResponse(caller.urls.citation(cited.id), status_code=303)


@router.api_route("/{citation_id}", methods=GET)
def show(desk: AtDesk, caller: Calling, citation_id: str, page: PageNumber = 1) -> Response:
    """What was cited, and what became of it."""
    cited = citing.resolve(desk.facility, citation_id, caller.viewer, page=page, size=SIZE)
    return desk.renderer.page(caller, "citation.html", citation_page(caller, cited, desk.settings, page))


@machines.api_route("/{citation_id}.json", methods=GET)
def as_json(desk: AtDesk, citation_id: str) -> Response:
    """A citation for machines: the question, the moment, the checksum, and the datasets in their order."""
    return _as_json(desk.catalogue.citation(citation_id))


@machines.api_route("/{citation_id}.csv", methods=GET)
def as_csv(desk: AtDesk, citation_id: str) -> Response:
    """The datasets of a citation as a table."""
    return _as_csv(desk.catalogue.citation(citation_id))


@machines.api_route("/{citation_id}", methods=GET)
async def land(request: Request, citation_id: str) -> Response:
    """The cited address: to the page in the language that the browser likes best."""
    language = negotiate(request.headers.get("accept-language", ""))
    headers = {"Vary": "Accept-Language"}
    return RedirectResponse(urls(language).citation(citation_id), status_code=302, headers=headers)


def _as_json(cited: Citation) -> Response:
    return JSONResponse(
        {
            "id": cited.id,
            "title": cited.title,
            "query": cited.normal,
            "asked_at": cited.asked_at.isoformat(),
            "checksum": {"algorithm": "sha256", "value": cited.checksum},
            "datasets": [{"id": each.id, "version": each.version} for each in cited.datasets],
        }
    )


def _as_csv(cited: Citation) -> Response:
    text = StringIO()
    rows = csv.writer(text)
    rows.writerow(("dataset", "version"))
    rows.writerows((each.id, each.version) for each in cited.datasets)
    headers = {"Content-Disposition": f'attachment; filename="citation-{cited.id}.csv"'}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)
