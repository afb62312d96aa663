"""What search engines are told of: every page that anyone may see, in parts that they take."""

from collections.abc import Iterable
from xml.sax.saxutils import escape

from fastapi import APIRouter
from starlette.responses import Response

from verriere.errors import NotFound
from verriere.model import PidKind
from verriere.serve.desk import AtDesk, Calling, Desk
from verriere.urls import Addresses

router = APIRouter()
_GET = ["GET", "HEAD"]
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_PART = 10_000
"""Addresses in one part; the protocol allows five times as many."""


@router.api_route("/sitemap.xml", methods=_GET)
def sitemap(desk: AtDesk, caller: Calling) -> Response:
    """Every address; where they are many, the parts they are in."""
    addresses = Addresses(caller.origin)
    count, _ = desk.catalogue.public_datasets(most=0)
    if count <= _PART:
        return _xml("urlset", "url", [*_others(desk, addresses), *_datasets(desk, addresses, 0)])
    parts = 1 + -(-count // _PART)
    return _xml("sitemapindex", "sitemap", [addresses.sitemap(number) for number in range(1, parts + 1)])


@router.api_route("/sitemap-{number}.xml", methods=_GET)
def part(desk: AtDesk, caller: Calling, number: int) -> Response:
    """One part: first what is not a dataset, then the datasets."""
    addresses = Addresses(caller.origin)
    found = _others(desk, addresses) if number == 1 else _datasets(desk, addresses, (number - 2) * _PART)
    listed = list(found) if number >= 1 else []
    if not listed:
        raise NotFound(f"no part {number}")
    return _xml("urlset", "url", listed)


def _datasets(desk: Desk, addresses: Addresses, after: int) -> Iterable[str]:
    found = desk.catalogue.public_pages(after=after, most=_PART)
    return _of(desk, addresses, PidKind.DATASET, [each.id for each in found])


def _others(desk: Desk, addresses: Addresses) -> Iterable[str]:
    yield from _of(desk, addresses, PidKind.INSTRUMENT, [each.id for each in desk.catalogue.instruments()])
    for kind in (PidKind.VISIT, PidKind.SAMPLE, PidKind.COLLECTION):
        yield from (addresses.doi(each.doi) for each in desk.catalogue.publications(kind, public=True))


def _of(desk: Desk, addresses: Addresses, kind: PidKind, identifiers: list[str]) -> Iterable[str]:
    dois = desk.catalogue.dois(kind, identifiers)
    for identifier in identifiers:
        yield addresses.doi(dois[identifier]) if identifier in dois else addresses.thing(kind, identifier)


def _xml(root: str, item: str, found: Iterable[str]) -> Response:
    lines = "".join(f"<{item}><loc>{escape(address)}</loc></{item}>\n" for address in found)
    return Response(f"{_HEAD}<{root} {_NAMESPACE}>\n{lines}</{root}>\n", media_type="application/xml")
