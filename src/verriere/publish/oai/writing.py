"""The protocol's documents, put together as text: a page of five hundred records is some milliseconds that way."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from verriere.publish.oai import dates

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n'
)


def escape(text: str) -> str:
    """A text as it stands in an element or an attribute."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def element(name: str, text: str) -> str:
    """An element that holds a text."""
    return f"<{name}>{escape(text)}</{name}>"


def document(base_url: str, asked: Mapping[str, str], now: datetime, parts: Iterable[str]) -> bytes:
    """A whole answer.

    Parameters
    ----------
    asked
        What the answer says was asked: nothing where that itself is at fault.
    parts
        Of the answer, already XML.
    """
    attributes = "".join(f' {name}="{escape(value)}"' for name, value in asked.items())
    pieces = [
        _HEAD,
        element("responseDate", dates.write(now)),
        f"\n<request{attributes}>{escape(base_url)}</request>\n",
        *parts,
        "\n</OAI-PMH>\n",
    ]
    return "".join(pieces).encode()


def error(code: str, message: str) -> str:
    """One error."""
    return f'<error code="{code}">{escape(message)}</error>'


def header(identifier: str, changed_at: datetime, specs: Iterable[str], *, deleted: bool) -> str:
    """The header of a record."""
    status = ' status="deleted"' if deleted else ""
    member_of = "".join(f"<setSpec>{spec}</setSpec>" for spec in specs)
    return (
        f"<header{status}><identifier>{escape(identifier)}</identifier>"
        f"<datestamp>{dates.write(changed_at)}</datestamp>{member_of}</header>"
    )


def record(head: str, payload: str | None) -> str:
    """A record; without metadata where it was deleted."""
    return f"<record>{head}</record>" if payload is None else f"<record>{head}<metadata>{payload}</metadata></record>"


def resumption(token: str, *, sent: int, total: int, expires: datetime | None) -> str:
    """Where a list goes on; an empty token ends one that was begun before."""
    until = f' expirationDate="{dates.write(expires)}"' if expires is not None else ""
    return f'<resumptionToken{until} completeListSize="{total}" cursor="{sent}">{token}</resumptionToken>'


def without_declaration(payload: bytes) -> str:
    """An XML document as an element inside another one."""
    text = payload.decode().lstrip("\ufeff").lstrip()
    if text.startswith("<?xml"):
        text = text[text.index("?>") + 2 :]
    return text.strip()
