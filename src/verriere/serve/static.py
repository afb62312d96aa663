"""The portal's own style sheet, script and pictures, under names that change with their content."""

import json
from functools import cache
from importlib.resources import files
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from verriere.errors import ToolMissing


@cache
def folder() -> Path:
    """Where the built assets lie."""
    return Path(str(files("verriere.serve").joinpath("static/built")))


@cache
def address(name: str) -> str:
    """Where the asset ``name`` is, under the name it was built with: ``style.css`` -> ``/static/style-5NSLP5F6.css``.

    Raises
    ------
    ToolMissing
        The front end was not built; installing the package does that.
    """
    return f"/static/{_manifest()[name]}"


@cache
def _manifest() -> dict[str, str]:
    path = folder() / "manifest.json"
    try:
        names: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ToolMissing("the front end is not built", hint="python hatch_build.py, or install again") from error
    return names


class Assets(StaticFiles):
    """Files whose name says their content may be kept by browsers for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Answer with the file, to be asked for once."""
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response
