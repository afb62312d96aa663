"""How texts are made comparable: without case and accents, cut into words. One place, for both databases."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

GAP = "\ue000"
"""A word that nobody can type: between two values, so that no phrase is found across them."""

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 64
_SHORT = 100


def fold(text: str) -> str:
    """``text`` without case, accents and the difference between compatible forms (``Å`` is ``a``, ``²`` is ``2``)."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold()


def storable(text: str) -> str:
    """``text`` without what a database cannot hold: NUL, and halves of characters from names that are not UTF-8."""
    if "\0" not in text and text.isprintable():
        return text
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def words(text: str) -> Sequence[str]:
    """The words of ``text``, folded; very long ones are cut, here as in a query."""
    return _words(text) if len(text) > _SHORT else _words_again(text)


def _words(text: str) -> tuple[str, ...]:
    return tuple(word[:_LONGEST] for word in _WORD.findall(fold(text)))


# Names of parameters, beamlines and people come back with every dataset.
_words_again = lru_cache(maxsize=32_768)(_words)


def spaced(text: str) -> str:
    """The words of ``text`` with a space before, between and after: so that ``LIKE '% word %'`` finds whole words."""
    found = words(text)
    return f" {' '.join(found)} " if found else ""


def document(texts: Iterable[str], limit: int = 2_000) -> list[str]:
    """The words of several texts, with a `GAP` between them; at most ``limit``."""
    found: list[str] = []
    for text in texts:
        next_words = words(text)
        if not next_words:
            continue
        if found:
            found.append(GAP)
        found += next_words
        if len(found) >= limit:
            break
    return found[:limit]


@lru_cache(maxsize=32_768)
def slug(name: str) -> str:
    """The name of a parameter as it is searched: ``Detector Distance`` and ``detector-distance`` are the same."""
    return "_".join(words(name))
