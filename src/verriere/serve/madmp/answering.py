"""What the API answers: JSON of a type that the client takes, and errors with their code."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from verriere.stewardship.dmp.standard import Json

COMMON = "application/vnd.org.rd-alliance.dmp-common.v1.2+json"
PLAIN = "application/json"
MEDIA_TYPES = (COMMON, PLAIN)


class Problem(Exception):
    """An answer that is an error; ``code`` is one of those the API's description names."""

    def __init__(self, status: HTTPStatus, code: str, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, dict(headers or {})

    def response(self) -> Response:
        """The error as JSON."""
        body = json.dumps({"error_code": self.code, "error_message": self.message}).encode()
        return Response(body, self.status, self.headers, PLAIN)


def unauthenticated(message: str = "log in with a name and a password") -> Problem:
    """Who asks has to say who they are."""
    headers = {"WWW-Authenticate": 'Basic realm="plans", charset="UTF-8"'}
    return Problem(HTTPStatus.UNAUTHORIZED, "authentication_required", message, headers)


def not_found(plan_id: str) -> Problem:
    """There is no such plan, or none that this caller may know of."""
    return Problem(HTTPStatus.NOT_FOUND, "dmp_not_found", f"no plan {plan_id[:100]!r}")


def forbidden(message: str) -> Problem:
    """The caller may read the plan, and not do this with it."""
    return Problem(HTTPStatus.FORBIDDEN, "insufficient_permissions", message)


def conflict(message: str) -> Problem:
    """The plan is not as the caller thinks, or this cannot be done with it at all."""
    return Problem(HTTPStatus.CONFLICT, "conflict", message)


def accepted(request: Request) -> str:
    """The media type to answer in: of ours, the one that the client likes best (RFC 9110, 12.5.1).

    Raises
    ------
    Problem
        It takes none of them.
    """
    header = request.headers.get("accept") or "*/*"
    liked = {kind: _quality(header, kind) for kind in (PLAIN, COMMON)}
    if not any(liked.values()):
        message = f"plans are written as {' or '.join(MEDIA_TYPES)}"
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, "not_acceptable", message)
    return max(liked, key=lambda kind: liked[kind])


def is_ours(content_type: str) -> bool:
    """Whether a body is of a type that the API takes."""
    return content_type.partition(";")[0].strip().lower() in MEDIA_TYPES


def answer(request: Request, body: Json, *, modified: datetime | None = None, tag: str = "") -> Response:
    """A plan, or a list of them."""
    headers = {"Vary": "Accept, Authorization, Cookie"}
    if modified is not None:
        # The description of the API wants a date-time where HTTP has a date of its own.
        headers["Last-Modified"] = moment(modified)
    if tag:
        headers["ETag"] = f'"{tag}"'
    return Response(json.dumps(body).encode(), HTTPStatus.OK, headers, accepted(request))


def tag_of(*parts: str) -> str:
    """What changes when a plan does."""
    return sha256("\n".join(parts).encode()).hexdigest()[:16]


def moment(when: datetime) -> str:
    """A moment as the API writes it."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _quality(header: str, kind: str) -> float:
    """How much a client likes a media type: the most exact of its ranges that fit says it."""
    found: list[tuple[int, float]] = []
    for part in header.split(","):
        name, *parameters = [piece.strip().lower() for piece in part.split(";")]
        exactness = {kind: 2, kind.partition("/")[0] + "/*": 1, "*/*": 0}.get(name)
        if exactness is None:
            continue
        weight = next((text[2:] for text in parameters if text.startswith("q=")), "1")
        try:
            found.append((exactness, float(weight)))
        except ValueError:
            continue
    return max(found, default=(0, 0.0))[1]
