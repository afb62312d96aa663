"""The API's routes: list, create, read, overwrite and delete plans.

The specification is the RDA's Common maDMP API 0.1.0. What it leaves to the implementation is said in docs/plans.md.
"""

import base64
import json
import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from verriere.errors import InputInvalid
from verriere.model import ANONYMOUS, Account, Viewer
from verriere.policy import PlanAccess
from verriere.serve.auth.routes import authenticated
from verriere.serve.desk import Desk
from verriere.serve.madmp import shelf
from verriere.serve.madmp.answering import (
    Problem,
    accepted,
    answer,
    conflict,
    forbidden,
    is_ours,
    not_found,
    unauthenticated,
)
from verriere.serve.madmp.asking import Asked
from verriere.serve.madmp.description import description
from verriere.serve.madmp.shelf import Shown
from verriere.stewardship.dmp import keeping, reading, standard
from verriere.stewardship.dmp.standard import Json

PREFIX = "/madmp/api"
LONGEST = 4_000_000
"""Bytes of a plan that is sent."""

_LOG = logging.getLogger(__name__)
_DRAFT = "/dmp"
"""The one thing that a draft may lack."""


def madmp_api(desk: Desk) -> Starlette:
    """The API as an application of its own, to be mounted at `PREFIX`."""
    api = _Api(desk)
    made = Starlette(
        routes=[
            Route("/openapi.json", api.describe, methods=["GET"]),
            Route("/dmps", api.collection, methods=["GET", "POST"]),
            Route("/dmps/{plan_id:path}", api.member, methods=["GET", "PUT", "DELETE"]),
        ],
        exception_handlers={Problem: _problem, HTTPException: _http_problem, Exception: _fault},
    )
    made.state.desk = desk
    return made


def nothing_there(request: Request) -> Response:
    """The answer for an address below `PREFIX` that no route of the API takes."""
    return not_found(request.url.path).response()


class _Api:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._holdings = desk.facility

    async def describe(self, request: Request) -> Response:
        """The description of what is really served."""
        base = self._desk.settings.serve.public_url.rstrip("/")
        return JSONResponse(description(f"{base}{PREFIX}", self._desk.settings.facility.name))

    async def collection(self, request: Request) -> Response:
        """Lists plans, or takes a new one."""
        return await self._do(request, self._list if request.method in {"GET", "HEAD"} else self._create)

    async def member(self, request: Request) -> Response:
        """Shows, overwrites or deletes a plan."""
        does = {"PUT": self._overwrite, "DELETE": self._delete}.get(request.method, self._show)
        return await self._do(request, does)

    async def _do(self, request: Request, work: "Callable[[Request, Account | None, bytes], Response]") -> Response:
        body = await request.body()
        return await run_in_threadpool(self._answered, request, work, body)

    def _answered(
        self, request: Request, work: "Callable[[Request, Account | None, bytes], Response]", body: bytes
    ) -> Response:
        accepted(request)
        return work(request, self._account(request), body)

    # What can be done

    def _list(self, request: Request, account: Account | None, _: bytes) -> Response:
        asked, viewer = Asked.of(request.query_params), _viewer(account)
        if account is None and not self._desk.settings.dmp.public:
            raise unauthenticated()
        shown = [shelf.show(self._holdings, plan, viewer) for plan in shelf.every(self._holdings, viewer)]
        sayable = [(each, each.dmp) for each in shown if asked.fits(each.dmp) and not shelf.troubles(each.body)]
        page = asked.ordered(sayable)[asked.offset : asked.offset + asked.count]
        return answer(request, {"total_count": len(sayable), "items": [each.body for each, _ in page]})

    def _create(self, request: Request, account: Account | None, body: bytes) -> Response:
        someone = _required(account)
        content = _sent(request, body)
        text = json.dumps(content, separators=(",", ":"))
        plan = keeping.add(self._holdings, text, body, by=someone.username, owner=someone.key)
        return self._answer(request, shelf.one(self._holdings, plan.id, _viewer(someone)))

    def _show(self, request: Request, account: Account | None, _: bytes) -> Response:
        shown = shelf.one(self._holdings, _id(request), _viewer(account))
        if places := shelf.troubles(shown.body):
            message = f"the plan is not as the standard wants it at {', '.join(places[:5])}: export it from the portal"
            raise Problem(HTTPStatus.NOT_ACCEPTABLE, "not_acceptable", message)
        return self._answer(request, shown)

    def _overwrite(self, request: Request, account: Account | None, body: bytes) -> Response:
        someone, shown = self._writable(request, account)
        _require_unchanged(request, shown)
        content = _sent(request, body)
        now = self._holdings.now()
        if isinstance(content.get("dmp"), dict):
            content = {**content, "dmp": {**content["dmp"], "modified": f"{now:%Y-%m-%dT%H:%M:%SZ}"}}
        changed = replace(shown.plan, document=json.dumps(content, separators=(",", ":")), modified_at=now)
        originals = {changed.id: body}
        keeping.keep(self._holdings, [changed], by=someone.username, message="overwritten", originals=originals)
        return self._answer(request, shelf.one(self._holdings, changed.id, _viewer(someone)))

    def _delete(self, request: Request, account: Account | None, _: bytes) -> Response:
        someone, shown = self._writable(request, account)
        _require_unchanged(request, shown)
        if shown.plan.proposal_id is not None:
            raise conflict("the plan of a proposal stays as long as the proposal does")
        keeping.remove(self._holdings, shown.plan, by=someone.username)
        return Response(status_code=HTTPStatus.NO_CONTENT)

    # Who asks

    def _account(self, request: Request) -> Account | None:
        """Who asks: by name and password, or by the portal's own session.

        Raises
        ------
        Problem
            Name and password do not fit, or another site's page sent the request.
        """
        header = request.headers.get("authorization")
        if header is None:
            token = request.cookies.get(self._desk.session_cookie.name)
            account = self._desk.sessions.account(token) if token else None
        else:
            account = self._by_password(request, header)
        foreign = request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}
        if account is not None and foreign and request.method not in {"GET", "HEAD"}:
            raise forbidden("a page of another site sent this")
        return account

    def _by_password(self, request: Request, header: str) -> Account:
        scheme, _, encoded = header.partition(" ")
        if scheme.lower() != "basic":
            raise unauthenticated("only a name and a password (Basic) are understood")
        try:
            name, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
        except ValueError:
            raise unauthenticated("name and password cannot be read (RFC 7617)") from None
        address = request.client.host if request.client else ""
        if not colon or not name.isprintable() or self._desk.throttle.is_closed(address, name):
            raise unauthenticated("this name and this password do not fit together")
        account = authenticated(self._desk, name, password)
        if account is None:
            self._desk.throttle.failed(address, name)
            raise unauthenticated("this name and this password do not fit together")
        return account

    def _writable(self, request: Request, account: Account | None) -> tuple[Account, Shown]:
        someone = _required(account)
        shown = shelf.one(self._holdings, _id(request), _viewer(someone))
        if shown.access is not PlanAccess.TEAM:
            raise forbidden("only its team and the data office change a plan")
        return someone, shown

    def _answer(self, request: Request, shown: Shown) -> Response:
        return answer(request, shown.body, modified=shown.modified, tag=shown.tag)


def _viewer(account: Account | None) -> Viewer:
    return ANONYMOUS if account is None else Viewer(account.key, account.duty)


def _required(account: Account | None) -> Account:
    if account is None:
        raise unauthenticated()
    return account


def _id(request: Request) -> str:
    found: str = request.path_params["plan_id"]
    return found


def _sent(request: Request, body: bytes) -> dict[str, Json]:
    """The plan in a request; a draft may have no ``dmp`` yet.

    The RDA's description has a code of its own for a plan that is not valid, ``dmp_invalid``, which its discriminator
    does not know: a client that follows both understands ``bad_request`` alone.
    """
    if not is_ours(request.headers.get("content-type", "")):
        code = "unsupported_media_type" if request.method == "PUT" else "generic_error"
        raise Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, code, "send a plan as JSON")
    try:
        content = reading.plain(reading.parse(body, "the request"))
    except InputInvalid as error:
        raise Problem(HTTPStatus.BAD_REQUEST, "bad_request", error.message) from error
    if not isinstance(content, dict):
        raise Problem(HTTPStatus.BAD_REQUEST, "bad_request", "a plan is an object with dmp in it")
    wrong = [found for found in standard.check(content, "api") if found.where != _DRAFT or _DRAFT[1:] in content]
    if wrong:
        places = ", ".join(dict.fromkeys(found.where for found in wrong[:10]))
        raise Problem(HTTPStatus.BAD_REQUEST, "bad_request", f"the plan is not as the standard wants it at {places}")
    return content


def _require_unchanged(request: Request, shown: Shown) -> None:
    """Honour ``If-Match`` and ``If-Unmodified-Since``."""
    matching = request.headers.get("if-match")
    if matching is not None and matching.strip() != "*":
        tags = {part.strip().strip('"') for part in matching.split(",")}
        if shown.tag not in tags:
            raise conflict("the plan was changed since: fetch it again")
    since = request.headers.get("if-unmodified-since")
    if since is not None and shown.modified.replace(microsecond=0) > _since(since):
        raise conflict("the plan was changed since: fetch it again")


def _since(text: str) -> datetime:
    """The moment of a header: in the API's form, or in HTTP's own.

    Raises
    ------
    Problem
        It is neither: what was meant to guard a plan must not be passed over.
    """
    if standard.is_moment(text):
        return datetime.fromisoformat(text.upper())
    try:
        return parsedate_to_datetime(text).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        raise conflict(f"If-Unmodified-Since is {text[:60]!r}, and should be 2025-03-01T08:00:00Z") from None


async def _problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return error.response()


async def _http_problem(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    return Problem(status, "generic_error", status.phrase, error.headers).response()


async def _fault(request: Request, error: Exception) -> Response:
    _LOG.error("answered 500 to %s %s", request.method, request.url.path, exc_info=error)
    return Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "generic_error", "a fault of this server").response()
