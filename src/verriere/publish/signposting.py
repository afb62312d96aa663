"""FAIR Signposting, level 2: typed links by which programs find their way from a landing page to data and metadata.

https://signposting.org/FAIR/. The ``Link`` header has the first of many authors and files; the link set has all.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from verriere.publish.formats import words
from verriere.publish.formats.citation import address
from verriere.publish.formats.registry import FORMATS
from verriere.publish.formats.texts import as_json, iri, plain
from verriere.publish.landing import Landing
from verriere.urls import Addresses

LINKSET = "linkset.json"
LINKSET_TYPE = "application/linkset+json"
MOST_IN_HEADER = 30
"""Of one relation: programs read no more than some thousand bytes of headers."""


@dataclass(frozen=True, slots=True)
class Link:
    """A typed link."""

    relation: str
    href: str
    media_type: str = ""
    profile: str = ""


def links(landing: Landing, addresses: Addresses) -> tuple[Link, ...]:
    """Where a landing page leads: to its own identifier, its authors, its licence, its metadata, its files."""
    return tuple(_links(landing, addresses))


def _links(landing: Landing, addresses: Addresses) -> Iterator[Link]:
    yield Link("cite-as", address(landing))
    yield Link("type", "https://schema.org/AboutPage")
    kind = words.KINDS[landing.kind].schema_org
    yield Link("type", f"https://schema.org/{kind}")
    for one in landing.creators:
        if known := iri(one.ror if one.is_organisation else one.orcid):
            yield Link("author", known)
    if iri(landing.rights.licence_url):
        yield Link("license", landing.rights.licence_url)
    for form in FORMATS.values():
        media_type = form.media_type.partition(";")[0]
        yield Link("describedby", record(landing, form.file, addresses), media_type, form.profile)
    for file in landing.files:
        yield Link("item", file.url, plain(file.media_type))
    if landing.download and landing.is_open:
        yield Link("item", landing.download, "application/zip")
    yield Link("linkset", record(landing, LINKSET, addresses), LINKSET_TYPE)


def record(landing: Landing, file: str, addresses: Addresses) -> str:
    """Where a thing is described in one format: under its DOI, where it has one."""
    return addresses.record(file, landing.kind, landing.identifier, plain(landing.doi))


def header(every: tuple[Link, ...]) -> str:
    """Value of the ``Link`` header (RFC 8288)."""
    counted: dict[str, int] = {}
    said = []
    for one in every:
        counted[one.relation] = counted.get(one.relation, 0) + 1
        if counted[one.relation] <= MOST_IN_HEADER and one.href.isascii():
            attributes = {"rel": one.relation, "type": one.media_type, "profile": one.profile}
            said.append(f"<{one.href}>" + "".join(f'; {name}="{value}"' for name, value in attributes.items() if value))
    return ", ".join(said)


def linkset(landing: Landing, every: tuple[Link, ...]) -> bytes:
    """All links (RFC 9264): those of the page, and back from each file and each record of metadata to it."""
    context: dict[str, object] = {"anchor": landing.url}
    for one in every:
        if one.relation != "linkset":
            known = {"href": one.href, "type": one.media_type, "profile": one.profile}
            targets = context.setdefault(one.relation, [])
            assert isinstance(targets, list)
            targets.append({name: value for name, value in known.items() if value})
    page = [{"href": landing.url, "type": "text/html"}]
    back = [{"anchor": one.href, "collection": page} for one in every if one.relation == "item"]
    about = [{"anchor": one.href, "describes": page} for one in every if one.relation == "describedby"]
    return as_json({"linkset": [context, *back, *about]})
