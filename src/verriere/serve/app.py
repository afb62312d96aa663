"""The portal as an ASGI application."""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from verriere import __version__
from verriere.errors import VerriereError
from verriere.facility import Facility
from verriere.serve import landings, machines, sitemap
from verriere.serve.auth import routes as auth
from verriere.serve.bounds import Bounds
from verriere.serve.caller import origin_of
from verriere.serve.data import routes as data
from verriere.serve.desk import Desk, desk_of, language_of
from verriere.serve.headers import SecurityHeaders
from verriere.serve.madmp import app as madmp
from verriere.serve.portal import citing, embargoes, keeping, personal, publishing, samples, stewarding
from verriere.serve.portal import routes as portal
from verriere.serve.problems import problem_page, status_of
from verriere.serve.rounds import rounds
from verriere.serve.static import Assets, folder
from verriere.urls import Addresses

_LOG = logging.getLogger(__name__)
_ROBOTS = """\
User-agent: *
Disallow: /*/search
Disallow: /*/login
Disallow: /datasets/*/files/
Disallow: /datasets/*/download
"""


def create_app(facility: Facility) -> FastAPI:
    """The portal of ``facility``, which is open and is not closed here."""
    desk = Desk(facility)
    app = FastAPI(
        title=facility.settings.facility.name,
        version=__version__,
        openapi_url=None,
        redirect_slashes=False,  # it would lead to whatever host the request names
        lifespan=lambda _: _open(desk),
        middleware=[
            Middleware(SecurityHeaders, https=facility.settings.serve.secure_cookies),
            Middleware(Bounds, longer={madmp.PREFIX: madmp.LONGEST}),
        ],
    )
    app.state.desk = desk
    app.mount("/static", Assets(directory=folder()))
    app.mount(madmp.PREFIX, madmp.madmp_api(desk))
    for path in portal.WITHOUT_LANGUAGE:
        app.add_api_route(path, portal.choose_language, methods=["GET", "HEAD"])
    app.add_api_route("/robots.txt", _robots, methods=["GET", "HEAD"])
    machines.description.describe(app, machines.ROUTERS)
    rooms = (data, landings, sitemap, auth)
    before = (citing, embargoes, stewarding, keeping, publishing, samples, personal)
    pages = (*(room.router for room in before), portal.router)
    for router in (*machines.ROUTERS, *(room.router for room in rooms), citing.machines, *pages):
        app.include_router(router)
    app.add_exception_handler(VerriereError, _answer_error)
    app.add_exception_handler(RequestValidationError, _answer_error)
    app.add_exception_handler(HTTPException, _answer_error)
    app.add_exception_handler(Exception, _answer_error)
    return app


@asynccontextmanager
async def _open(desk: Desk) -> AsyncIterator[None]:
    """What goes on while the portal runs."""
    async with rounds(desk.facility, desk.meter):
        try:
            yield
        finally:
            desk.previews.close()
            desk.conversions.close()


async def _robots(request: Request) -> Response:
    origin = desk_of(request).settings.serve.public_url.rstrip("/") or origin_of(request)
    return PlainTextResponse(f"{_ROBOTS}Sitemap: {Addresses(origin).sitemap()}\n")


async def _answer_error(request: Request, error: Exception) -> Response:
    """A page that says what went wrong, in the language of the page that was asked for."""
    if request.url.path.startswith(f"{madmp.PREFIX}/"):
        # An address with a line break in it leads to no application: what programs ask is answered to programs.
        return madmp.nothing_there(request)
    return await run_in_threadpool(_problem, request, error)


def _problem(request: Request, error: Exception) -> Response:
    desk = desk_of(request)
    caller = desk.caller(request, language_of(request))
    status = _status(error)
    if machines.panosc.is_here(request.url.path):
        if status >= 500:
            _LOG.error("answered %s to %s", status, request.url.path, exc_info=error)
        return machines.panosc.problem(request, status)
    return desk.renderer.page(caller, "problem.html", problem_page(caller, status, error), status=status)


def _status(error: Exception) -> int:
    if isinstance(error, HTTPException):
        return error.status_code
    # A path or a page number that cannot be: for the reader nothing is there.
    return 404 if isinstance(error, RequestValidationError) else status_of(error)
