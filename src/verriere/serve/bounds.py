"""How much of a request is read: the portal takes small forms and nothing else."""

from collections.abc import Mapping

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

LONGEST_FORM = 1 << 16
"""Bytes."""


class Bounds:
    """Refuses what is longer than any form of ours, before it is read.

    Parameters
    ----------
    longer
        Bytes that may be sent below some paths.
    """

    def __init__(self, app: ASGIApp, longer: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._longer = dict(longer or {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on that says its length, and no more of it than that allows."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        said = headers.get(b"content-length", b"0")
        # Browsers say how long a form is; what does not is of unknown length. The server holds a request to its word.
        if (
            b"transfer-encoding" in headers
            or not said.isdigit()
            or len(said) > 9
            or int(said) > self._most(scope["path"])
        ):
            await PlainTextResponse("This is too long for a form.\n", 413)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _most(self, path: str) -> int:
        return next((most for start, most in self._longer.items() if path.startswith(start + "/")), LONGEST_FORM)
