"""Identifiers of items: ``oai:data.example.org:10.5072/9f3k`` (OAI identifier scheme 2.0)."""

import re
from urllib.parse import quote, unquote

_DOMAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9-]*(\.[a-zA-Z][a-zA-Z0-9-]*)+")
_LOCAL = "-_.!~*'();/?:@&=+$,"
FALLBACK = "verriere.invalid"
"""What a server without a public name calls itself: a name that is reserved for nobody (RFC 2606)."""


def is_domain(text: str) -> bool:
    """Whether the scheme takes a text as the name of a repository."""
    return _DOMAIN.fullmatch(text) is not None


def write(domain: str, doi: str) -> str:
    """The identifier of the item that a DOI stands for."""
    return f"oai:{domain}:{quote(doi, safe=_LOCAL)}"


def read(domain: str, identifier: str) -> str | None:
    """The DOI of an identifier; None where it is none of this repository."""
    prefix = f"oai:{domain}:"
    if not identifier.startswith(prefix):
        return None
    doi = unquote(identifier.removeprefix(prefix), errors="replace")
    # One item, one identifier: another way to write it is another identifier, and there is no such item.
    return doi if write(domain, doi) == identifier else None
