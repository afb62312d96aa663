"""What every address for machines shares."""

from collections.abc import Mapping
from types import MappingProxyType

from starlette.requests import Request

from verriere.serve.caller import origin_of
from verriere.serve.desk import Desk

PUBLIC: Mapping[str, str] = MappingProxyType(
    {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin", "Cache-Control": "no-cache"}
)
"""Headers of what everybody is told alike: portals of others may ask from their own pages."""


def origin(desk: Desk, request: Request) -> str:
    """Where this server is reached: what the settings say, else what the request says."""
    return desk.settings.serve.public_url.rstrip("/") or origin_of(request)
