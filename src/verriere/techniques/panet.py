"""PaNET, the vocabulary of photon and neutron techniques: terms, their names in two languages, narrower and broader.

The terms are in ``tables/panet.csv``, which `verriere.techniques.build_panet` writes. The short names and the French
ones are in ``tables/names.csv``, which is ours: PaNET's own alternative labels mislead now and then (its ``SXRD`` is
single crystal diffraction, its ``STM`` is not a tunnelling microscope), so that table is asked first. What PaNET has
no term for, since neither photons nor neutrons do it, is in ``tables/beyond.csv``, with the terms of others.
"""

import csv
import unicodedata
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files

from verriere.wording import Language

PREFIX = "http://purl.org/pan-science/PaNET/"


@dataclass(frozen=True, slots=True)
class Term:
    """One technique of PaNET.

    Parameters
    ----------
    parents
        IRIs of the nearest broader terms.
    short
        What people call it: ``SAXS``; "" where there is no such name.
    french
        "" where nobody has translated it yet.
    """

    iri: str
    label: str
    alternatives: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    definition: str = ""
    short: str = ""
    french: str = ""


@cache
def terms() -> dict[str, Term]:
    """Every term by its IRI."""
    names = {row["term"]: row for row in _rows("names.csv") if row["term"]}
    found = {}
    for row in _rows("panet.csv"):
        ours = names.get(row["iri"].removeprefix(PREFIX), {"short": "", "french": ""})
        found[row["iri"]] = Term(
            iri=row["iri"],
            label=row["label"],
            alternatives=tuple(filter(None, row["alternative_labels"].split("|"))),
            parents=tuple(PREFIX + name for name in row["parents"].split()),
            definition=row["definition"],
            short=ours["short"].partition("|")[0],
            french=ours["french"],
        )
    for row in _rows("beyond.csv"):
        found[row["iri"]] = Term(
            iri=row["iri"],
            label=row["label"],
            short=row["short"].partition("|")[0],
            french=row["french"],
            definition=row["definition"],
        )
    return found


def term(iri: str) -> Term | None:
    """The term of an IRI, which may be given without its beginning (``PaNET01188``); None where there is none."""
    return terms().get(iri) or terms().get(PREFIX + iri)


def label(iri: str, language: Language = "en") -> str:
    """What to call a technique; the IRI itself where it is not of PaNET."""
    known = term(iri)
    if known is None:
        return iri
    return (known.french or known.label) if language == "fr" else known.label


def by_name(name: str) -> tuple[str, ...]:
    """The terms that people mean by a name: a short name, a label of either language, or an IRI.

    Most names mean one term; ``XRF`` means three. Empty where the name is of no technique. Case, hyphens and accents do
    not matter.
    """
    known = term(name.strip())
    return (known.iri,) if known is not None else _names().get(_plain(name), ())


def begins(name: str) -> bool:
    """Whether the name of some term begins so."""
    plain = _plain(name)
    return any(known.startswith(plain) for known in _names())


def nearest(name: str) -> str:
    """The name that people write which is most like ``name``: ``SAXS`` for ``saxz``; "" where none is like it."""
    written = {_plain(each): each for one in terms().values() for each in (one.french, one.label, one.short) if each}
    near = get_close_matches(_plain(name), written, n=1)
    return written[near[0]] if near else ""


@cache
def broader(iri: str) -> frozenset[str]:
    """IRIs of every term that this one is a kind of, itself left out."""
    found: set[str] = set()
    waiting = [iri]
    while waiting:
        known = terms().get(waiting.pop())
        fresh = set(known.parents if known is not None else ()) - found
        found |= fresh
        waiting += fresh
    return frozenset(found - {iri})


@cache
def narrower(iri: str) -> frozenset[str]:
    """IRIs of a term and of everything that is a kind of it: what a search for it finds."""
    return frozenset({iri} | {other for other in terms() if iri in broader(other)})


def without_broader(iris: list[str]) -> list[str]:
    """Those of the terms, in their order and once each, that no other of them says more exactly."""
    once = list(dict.fromkeys(iris))
    return [iri for iri in once if not any(iri in broader(other) and other not in broader(iri) for other in once)]


@cache
def _names() -> dict[str, tuple[str, ...]]:
    """Plain names to terms; what is asked first is entered last."""
    found: dict[str, tuple[str, ...]] = {}
    every = list(terms().values())
    found |= {_plain(name): (one.iri,) for one in reversed(every) for name in one.alternatives}
    found |= {_plain(one.french): (one.iri,) for one in every if one.french}
    found |= {_plain(one.label): (one.iri,) for one in reversed(every)}
    ours: dict[str, tuple[str, ...]] = {
        _plain(short): (row["iri"],) for row in _rows("beyond.csv") for short in row["short"].split("|")
    }
    for row in _rows("names.csv"):
        for short in filter(None, row["short"].split("|")):
            before = ours.get(_plain(short), ())
            ours[_plain(short)] = (*before, PREFIX + row["term"]) if row["term"] else before
    return found | ours


def _plain(name: str) -> str:
    """A name without what people write differently."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum())


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath("tables", name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(lines))
