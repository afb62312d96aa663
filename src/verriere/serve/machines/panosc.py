"""``/panosc/api``: the PaNOSC search API. As with its reference, upper and lower case of its names are the same."""

import json
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from verriere.errors import VerriereError
from verriere.publish.panosc import ApiError, Search
from verriere.serve.desk import AtDesk, Desk
from verriere.serve.machines.shared import PUBLIC
from verriere.serve.problems import status_of

router = APIRouter(prefix="/panosc/api", tags=["PaNOSC search API"])

_OBJECT = {"type": "object", "additionalProperties": True}
_COUNT = {"type": "object", "required": ["count"], "properties": {"count": {"type": "integer", "minimum": 0}}}
_ERROR = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["statusCode", "message"],
            "properties": {
                "statusCode": {"type": "integer"},
                "name": {"type": "string"},
                "message": {"type": "string"},
                "code": {"type": "string"},
            },
        }
    },
}
_SCORED = {
    **_OBJECT,
    "properties": {"score": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}},
}
Filter = Annotated[str | None, Query(description='LoopBack filter, as JSON: {"where": {"title": {"ilike": "silver"}}}')]
Where = Annotated[str | None, Query(description='LoopBack conditions, as JSON: {"isPublic": true}')]
_MODELS = {"datasets": "Dataset", "documents": "Document", "instruments": "Instrument"}


def _said(schema: dict[str, Any], *, may_lack: bool = False) -> dict[int | str, dict[str, Any]]:
    """The answers of an address, for its description."""
    answers: dict[int | str, dict[str, Any]] = {
        200: {"content": {"application/json": {"schema": schema}}, "description": "What was found"},
        400: {"content": {"application/json": {"schema": _ERROR}}, "description": "The filter cannot be answered"},
    }
    if may_lack:
        answers[404] = {"content": {"application/json": {"schema": _ERROR}}, "description": "There is no such thing"}
    return answers


def _list(item: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": item}


def _register(model: str) -> None:
    """The addresses of a model: all that answer, how many, and one."""
    plural = f"{model}s"

    def find(desk: AtDesk, request: Request, filter: Filter = None) -> Response:  # noqa: A002 - LoopBack's name
        return _answer(desk, lambda search: search.find(model, request.query_params.multi_items()))

    def count(desk: AtDesk, request: Request, where: Where = None) -> Response:
        return _answer(desk, lambda search: search.count(model, request.query_params.multi_items()))

    def get(desk: AtDesk, request: Request, pid: str, filter: Filter = None) -> Response:  # noqa: A002
        return _answer(desk, lambda search: search.get(model, pid, request.query_params.multi_items()))

    add = router.add_api_route
    add(f"/{plural}", find, summary=f"Find {plural.lower()}", responses=_said(_list(_SCORED)), response_class=Response)
    add(f"/{plural}/", find, include_in_schema=False)
    add(f"/{plural}/count", count, summary=f"Count {plural.lower()}", responses=_said(_COUNT), response_class=Response)
    if model == "Dataset":
        _register_files(plural)
    add(
        f"/{plural}/{{pid:path}}",
        get,
        summary=f"One {model.lower()}",
        responses=_said(_SCORED, may_lack=True),
        response_class=Response,
    )


def _register_files(plural: str) -> None:
    def files(desk: AtDesk, request: Request, pid: str, filter: Filter = None) -> Response:  # noqa: A002
        return _answer(desk, lambda search: search.files(pid, request.query_params.multi_items()))

    def count_files(desk: AtDesk, request: Request, pid: str, where: Where = None) -> Response:
        return _answer(desk, lambda search: search.count_files(pid, request.query_params.multi_items()))

    add = router.add_api_route
    answers = _said(_COUNT, may_lack=True)
    add(
        f"/{plural}/{{pid:path}}/files/count",
        count_files,
        summary="Count files",
        responses=answers,
        response_class=Response,
    )
    answers = _said(_list(_OBJECT), may_lack=True)
    add(f"/{plural}/{{pid:path}}/files", files, summary="Files", responses=answers, response_class=Response)


for _model in _MODELS.values():
    _register(_model)


@router.api_route(
    "/{rest:path}", methods=["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"], include_in_schema=False
)
def otherwise(desk: AtDesk, request: Request, rest: str) -> Response:
    """Names in another case; what is no method of this API is said as LoopBack says it."""
    name, _, inner = rest.partition("/")
    model = _MODELS.get(name.lower())
    if request.method != "GET" or model is None or name == f"{model}s":
        error = ApiError(404, f"There is no method to handle {request.method} /{rest[:100]}")
        return _json(error.body, error.status)
    pairs = request.query_params.multi_items()
    if not inner:
        return _answer(desk, lambda search: search.find(model, pairs))
    if inner.lower() == "count":
        return _answer(desk, lambda search: search.count(model, pairs))
    if model == "Dataset" and inner.lower().endswith("/files/count"):
        return _answer(desk, lambda search: search.count_files(inner[: -len("/files/count")], pairs))
    if model == "Dataset" and inner.lower().endswith("/files"):
        return _answer(desk, lambda search: search.files(inner[: -len("/files")], pairs))
    return _answer(desk, lambda search: search.get(model, inner, pairs))


def is_here(path: str) -> bool:
    """Whether an address is of this API."""
    return path.startswith(f"{router.prefix}/")


def problem(request: Request, status: int) -> Response:
    """What is answered where nothing above answers: an address that no address matches, a fault of ours."""
    known = status < 500
    said = f"There is no method to handle {request.method} {request.url.path[:100]}"
    return _json(ApiError(status, said if known else "Internal Server Error").body, status)


def _answer(desk: Desk, ask: Callable[[Search], Any]) -> Response:
    try:
        return _json(ask(Search(desk.facility)), 200)
    except ApiError as error:
        return _json(error.body, error.status)
    except VerriereError as error:
        status = status_of(error)
        said = ApiError(status, "Internal Server Error" if status >= 500 else error.message)
        return _json(said.body, status)


def _json(content: Any, status: int) -> Response:
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "replace"), status, media_type="application/json", headers=PUBLIC)
