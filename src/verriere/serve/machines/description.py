"""``/openapi.json``: what machines can ask, described for machines (OpenAPI 3.1)."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from verriere import __version__
from verriere.serve.machines.shared import PUBLIC


def describe(app: FastAPI, routers: tuple[APIRouter, ...]) -> None:
    """Let ``app`` describe the addresses of ``routers``."""

    async def openapi(_: Request) -> Response:
        return JSONResponse(_description(app.title, routers), headers=dict(PUBLIC))

    app.add_route("/openapi.json", openapi, methods=["GET", "HEAD"], include_in_schema=False)


def _description(title: str, routers: tuple[APIRouter, ...]) -> dict[str, Any]:
    routes = [route for router in routers for route in router.routes]
    said = get_openapi(title=title, version=__version__, routes=routes)
    for path in said["paths"].values():
        for operation in path.values():
            # A parameter that is no text cannot be: there is nothing to validate, and nothing answers so.
            operation["responses"].pop("422", None)
    return said
