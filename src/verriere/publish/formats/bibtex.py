"""BibTeX, for those who write in LaTeX."""

import re
import unicodedata
from collections.abc import Iterator

from verriere.publish.formats import words
from verriere.publish.formats.citation import address
from verriere.publish.formats.texts import plain
from verriere.publish.landing import Agent, Landing

_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\{",
        "}": r"\}",
        "$": r"\$",
        "&": r"\&",
        "%": r"\%",
        "#": r"\#",
        "_": r"\_",
        "^": r"\textasciicircum{}",
        "~": r"\textasciitilde{}",
    }
)


def write(landing: Landing) -> bytes:
    """One entry."""
    kind = "dataset" if words.KINDS[landing.kind].schema_org == "Dataset" else "misc"
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(landing) if value)
    return f"@{kind}{{{_key(landing)},\n{fields}}}\n".encode("utf-8", "replace")


def _fields(landing: Landing) -> Iterator[tuple[str, str]]:
    yield "author", " and ".join(map(_name, landing.creators))
    # Braces keep the capitals that a style would take away.
    yield "title", f"{{{_tex(landing.title)}}}"
    yield "year", str(landing.year)
    yield "publisher", _tex(landing.publisher.name)
    yield "version", _tex(landing.version)
    yield "doi", _bare(landing.doi) if landing.is_registered else ""
    yield "url", _bare(address(landing))


def _name(one: Agent) -> str:
    """People in two parts; all others whole, in braces, so that no word of them is taken for a family's name."""
    if one.is_organisation or not plain(one.family) or not plain(one.given):
        return f"{{{_tex(one.name)}}}"
    return f"{_tex(one.family)}, {_tex(one.given)}"


def _tex(text: str) -> str:
    return " ".join(plain(text).split()).translate(_ESCAPES)


def _bare(text: str) -> str:
    """An address: percent signs and underscores are meant, what would end the field is not."""
    return re.sub(r"[{}\\\s]", "", plain(text))


def _key(landing: Landing) -> str:
    first = landing.creators[0]
    letters = unicodedata.normalize("NFKD", plain(first.family) or plain(first.name))
    name = re.sub(r"[^A-Za-z0-9]", "", letters)[:30].lower()
    return f"{name or 'data'}{landing.year}{re.sub(r'[^A-Za-z0-9]', '', landing.identifier)}"
