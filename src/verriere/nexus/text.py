"""Texts as files hold them: any encoding, padded, repeated, filled with placeholders."""

import re
import tomllib
from functools import cache, lru_cache
from importlib.resources import files

_TEMPLATE = re.compile(r"\$?\{[^{}\":]*\}|<[^<>]*>|%\([^()]*\)s")
_LONGEST_PLACEHOLDER = 300
_NOTHING = re.compile(r"[\s.\-_?*/:;,'\"]*")


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    table = tomllib.loads(files("verriere.nexus").joinpath("tables/placeholders.toml").read_text(encoding="utf-8"))
    return frozenset(table["words"]), frozenset(table["exact"])


def decode(raw: bytes) -> str:
    """Text of bytes: UTF-8 where they are UTF-8, else latin-1, which every byte is."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def tidy(text: str) -> str:
    """A text of one line without its padding: NUL and what follows, and runs of white space."""
    cut = text.find("\x00")
    if cut >= 0:
        text = text[:cut]
    return " ".join(text.split())


@lru_cache(maxsize=4096)
def is_missing(text: str) -> bool:
    """Whether a text says nothing: empty, a template nobody filled in (``{Entry Name}``), or a word for unknown."""
    if len(text) > _LONGEST_PLACEHOLDER:
        return False
    said = _NOTHING.sub("", _TEMPLATE.sub("", tidy(text))) and tidy(text).strip("'\"")
    words, exact = _words()
    return not said or said in exact or said.casefold() in words


@lru_cache(maxsize=65536)
def show_name(raw: bytes) -> str:
    r"""Name of a link as it is shown and looked up: control characters become ``\n``, ``\t`` or ``\x1b``."""
    name = decode(raw)
    if name.isprintable():
        return name
    return "".join(sign if sign.isprintable() else _escape(sign) for sign in name)


def _escape(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")
