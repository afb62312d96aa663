"""``/oai``: OAI-PMH, by GET and by POST."""

from typing import Annotated, Any
from urllib.parse import parse_qsl

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from verriere.publish.oai import Repository, answer
from verriere.serve.desk import AtDesk, Desk
from verriere.serve.machines.shared import PUBLIC, origin

router = APIRouter(tags=["OAI-PMH 2.0"])

_XML: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/xml": {"schema": {"type": "string"}}}, "description": "An OAI-PMH document"}
}
_FORM = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "properties": {
                        name: {"type": "string"}
                        for name in ("verb", "identifier", "metadataPrefix", "from", "until", "set", "resumptionToken")
                    },
                }
            }
        }
    }
}
_MOST_ARGUMENTS = 50
Text = Annotated[str | None, Query()]


@router.get("/oai", response_class=Response, responses=_XML, summary="Harvest")
def harvest(  # noqa: PLR0917 - the protocol's arguments
    desk: AtDesk,
    request: Request,
    verb: Text = None,
    identifier: Text = None,
    metadataPrefix: Text = None,  # noqa: N803 - the protocol's names, here and below
    since: Annotated[str | None, Query(alias="from")] = None,
    until: Text = None,
    set_spec: Annotated[str | None, Query(alias="set")] = None,
    resumptionToken: Text = None,  # noqa: N803
) -> Response:
    """Any request of the protocol. What is wrong with one is said in the document, as the protocol has it."""
    # What is named above is for the description: repeated and unknown arguments are faults, too, and must be seen.
    del verb, identifier, metadataPrefix, since, until, set_spec, resumptionToken
    return _answer(desk, request, _pairs(request.url.query))


@router.post("/oai", response_class=Response, responses=_XML, openapi_extra=_FORM, summary="Harvest, by a form")
async def harvest_by_form(desk: AtDesk, request: Request) -> Response:
    """The same with its arguments in a form."""
    form = (await request.body()).decode("utf-8", "replace")
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    posted = _pairs(form) if kind == "application/x-www-form-urlencoded" else []
    return await run_in_threadpool(_answer, desk, request, _pairs(request.url.query) + posted)


@router.head("/oai", include_in_schema=False)
def there() -> Response:
    """That somebody answers here."""
    return Response(media_type="text/xml", headers=PUBLIC)


def _answer(desk: Desk, request: Request, pairs: list[tuple[str, str]]) -> Response:
    repository = Repository(desk.facility, origin(desk, request))
    document = answer(repository, pairs, desk.facility.now())
    return Response(document, media_type="text/xml", headers=PUBLIC)


def _pairs(text: str) -> list[tuple[str, str]]:
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_ARGUMENTS, errors="replace")
    except ValueError:
        # More arguments than the protocol has: one that it does not know says so.
        return [("", "")]
