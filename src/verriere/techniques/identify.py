"""Techniques of a file: those that it states, and those that its structure tells.

Stated wins over inferred, and the more exact term over the broader. Nothing is guessed: a file that does not tell gets
no technique, which is better than a wrong one, since people search by it.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from verriere.model import Basis, Capture, Technique
from verriere.nexus import Limits, NotReadable, Tree, capture, capture_tree, open_safely
from verriere.nexus.places import Place, Places
from verriere.nexus.text import is_missing
from verriere.nexus.walk import Node
from verriere.techniques import panet
from verriere.techniques.probe import probe_of
from verriere.techniques.rules import rules
from verriere.techniques.scans import infer_scans
from verriere.techniques.structure import infer

_IRI = re.compile(r"(?:https?://purl\.org/pan-science/PaNET/|PaNET:)?(PaNET\d{5})\b")
_NOTE = re.compile(r"_?experiment_?type_?\s*[:=]\s*(.+?)(?=\s+_\w+_\s*[:=]|$)", re.IGNORECASE)
_WORD = re.compile(r"[^\W_]+")


def examine(path: Path, *, allowed: Collection[Path] = (), name: str = "", limits: Limits | None = None) -> Capture:
    """All that a file says of itself, with its techniques; called as `verriere.nexus.capture` is."""
    try:
        with open_safely(path, allowed=allowed, limits=limits, name=name) as tree:
            found = capture_tree(tree)
            return replace(found, techniques=identify(tree, found))
    except NotReadable:
        return capture(path, allowed=allowed, name=name, limits=limits)


def identify(tree: Tree, found: Capture) -> tuple[Technique, ...]:
    """The techniques of a file, each with the place that tells it.

    Parameters
    ----------
    tree
        The file, open.
    found
        What was captured of it.
    """
    places = Places(tree)
    told = [*_defined(places, found), *_stated(places)]
    titled = [*_titled(places)]
    told = _narrowed(told, titled) if told else titled
    return _best(told or [*_inferred(places, found), *_of_instrument(places)][:1])


def _defined(places: Places, found: Capture) -> Iterator[Technique]:
    """What application definitions of entries and subentries mean, by the probe where that matters."""
    for path in ("NXentry/definition", "NXentry/NXsubentry/definition", "NXentry@definition", "NXsubentry/definition"):
        for place in places.at(path):
            for word in re.findall(r"NX\w+", place.text(), re.IGNORECASE):
                terms = rules().definitions.get(word.casefold())
                if terms is not None:
                    iri = terms.get("all") or terms.get(
                        probe_of(places.tree, _entry(place.node), found), terms.get("any")
                    )
                    yield _technique(iri or terms["any"], Basis.STATED, place.source)


def _stated(places: Places) -> Iterator[Technique]:
    """Techniques that fields for them name, by IRI, code, name, or a word that means nothing else."""
    table = rules().places
    for path in table["identifiers"]:
        for place in places.at(path):
            for name in _IRI.findall(place.text()):
                if panet.term(name) is not None:
                    yield _technique(panet.PREFIX + name, Basis.STATED, place.source)
    for path in table["stated"]:
        for place in places.at(path):
            yield from _of_text(place, place.text())
    for path in table["notes"]:
        for place in places.at(path):
            for text in _NOTE.findall(place.text()):
                yield from _of_text(place, text.strip())


def _of_text(place: Place, text: str) -> Iterator[Technique]:
    if is_missing(text) or text.startswith("NX") or len(text) > 200:
        return
    whole = rules().codes.get(text.casefold())
    named = (whole,) if whole else panet.by_name(text)[:1] or tuple(_words(text))
    for iri in named:
        yield _technique(iri, Basis.STATED, place.source)


def _titled(places: Places) -> Iterator[Technique]:
    """A technique that a title names, where it names one only and does not speak of an alignment or a comparison."""
    for path in rules().places["titles"]:
        for place in places.at(path):
            text = place.text()
            if len(text) > 300 or {word.casefold() for word in _WORD.findall(text)} & rules().unsafe:
                continue
            named = panet.without_broader(_words(text))
            if len(named) == 1:
                yield _technique(named[0], Basis.STATED, place.source)


def _of_instrument(places: Places) -> Iterator[Technique]:
    """An instrument that is named for its one technique: that its files are of it is a conclusion."""
    for path in rules().places["instruments"]:
        for place in places.at(path):
            named = panet.without_broader(_words(re.sub(r"\d+[A-Z]?\b", " ", place.text())))
            if len(named) == 1:
                yield _technique(named[0], Basis.INFERRED, place.source)


def _inferred(places: Places, found: Capture) -> Iterator[Technique]:
    for name, node in (*infer(places), *infer_scans(places, found)):
        probe = probe_of(places.tree, _entry(node), found)
        exact = {
            "tomography": {"xray": "X-ray tomography"},
            "reflectometry": {"xray": "x-ray reflectivity", "neutron": "neutron reflectometry"},
            "single crystal diffraction": {"xray": "x-ray single crystal diffraction"},
            "small angle scattering": {"xray": "SAXS", "neutron": "SANS"},
        }
        iri = panet.by_name(exact.get(name, {}).get(probe, name))[0]
        yield _technique(iri, Basis.INFERRED, node.path)


def _narrowed(told: list[Technique], titled: list[Technique]) -> list[Technique]:
    """What is told, with those titles that say one of it more exactly (a definition often leaves the probe open)."""
    iris = {technique.iri for technique in told}
    return told + [technique for technique in titled if iris & panet.broader(technique.iri)]


def _best(told: list[Technique]) -> tuple[Technique, ...]:
    first: dict[str, Technique] = {}
    for technique in told:
        first.setdefault(technique.iri, technique)
    return tuple(first[iri] for iri in panet.without_broader(list(first)))


def _words(text: str) -> list[str]:
    """Terms of the words of a text; SANS is a French word too, and counts only among words in small letters."""
    known, capitals = rules().words, rules().capitals
    words = _WORD.findall(text)
    shouted = text.isupper() and len(words) > 1
    safe = [word for word in words if word.casefold() not in capitals or (word.isupper() and not shouted)]
    return list(dict.fromkeys(known[word.casefold()] for word in safe if word.casefold() in known))


def _entry(node: Node) -> Node:
    """The entry or subentry that a node is in; the root where there is none."""
    inner = node
    while inner.parent is not None and inner.role not in {"NXentry", "NXsubentry"}:
        inner = inner.parent
    return inner


def _technique(iri: str, basis: Basis, source: str) -> Technique:
    return Technique(iri, panet.label(iri), basis, source)
