"""What was measured and set, with units that machines know, and which techniques and standards it is about."""

from collections.abc import Iterable, Iterator
from math import isfinite

from verriere.model import Capture, Parameter, Technique
from verriere.publish import vocabularies
from verriere.publish.landing import Measured, Term, Text
from verriere.techniques import panet

MOST_VARIABLES = 100
"""More than this is the file's own matter: a description is read whole by every harvester."""

_PANET = "http://purl.org/pan-science/PaNET/"
_NEXUS = "https://manual.nexusformat.org/"
_CANSAS = "https://www.cansas.org/formats/canSAS1d/"
_FORMATS = {"nexus": _NEXUS, "data-exchange": "https://dxfile.readthedocs.io/", "canSAS": _CANSAS}


def measured(captures: Iterable[Capture]) -> tuple[Measured, ...]:
    """The numbers that were measured or set: energy and wavelength first, then those with a unit, each name once."""
    found: dict[str, Measured] = {}
    for parameter in _parameters(captures):
        if len(found) >= MOST_VARIABLES:
            break
        if parameter.personal or parameter.name in found:
            continue
        made = _measured(parameter)
        if made is not None:
            found[parameter.name] = made
    return tuple(found.values())


def _parameters(captures: Iterable[Capture]) -> Iterator[Parameter]:
    listed = list(captures)
    for capture in listed:
        yield from (one for one in (capture.energy, capture.wavelength) if one is not None)
    for capture in listed:
        yield from (one for one in capture.parameters if one.unit)


def _measured(parameter: Parameter) -> Measured | None:
    numbers = [parameter.value, parameter.minimum, parameter.maximum]
    if isinstance(parameter.value, str) or not any(isinstance(one, float | int) and isfinite(one) for one in numbers):
        return None
    value, minimum, maximum = (one if isinstance(one, float | int) and isfinite(one) else None for one in numbers)
    unit = parameter.unit or ""
    codes = vocabularies.unit(unit, dimension=parameter.base.unit if parameter.base else "")
    return Measured(parameter.name, value, minimum, maximum, unit, codes.ucum, codes.qudt)


def technique(iri: str, written: str = "") -> Term:
    """A term of PaNET with its labels in English and French."""
    known = panet.term(iri)
    if known is None:
        return Term(iri, Text(written or iri), "PaNET" if iri.startswith(_PANET) else "", "")
    french = (Text(known.french, "fr"),) if known.french else ()
    short = (Text(known.short),) if known.short else ()
    return Term(known.iri, Text(known.label, "en"), "PaNET", _PANET, (*french, *short))


def techniques(captures: Iterable[Capture]) -> tuple[Term, ...]:
    """Every technique that the files are about, once."""
    found: dict[str, Technique] = {}
    for capture in captures:
        for one in capture.techniques:
            found.setdefault(one.iri, one)
    return tuple(technique(one.iri, one.label) for one in found.values())


def standards(captures: Iterable[Capture]) -> tuple[str, ...]:
    """IRIs of the community standards that the files follow: NeXus, and its application definitions."""
    found: dict[str, None] = {}
    for capture in captures:
        if capture.format in _FORMATS:
            found[_FORMATS[capture.format]] = None
        for scan in capture.scans:
            name = (scan.definition or "").strip()
            if name.startswith("NX") and name.isidentifier() and name.isascii():
                found[f"{_NEXUS}classes/applications/{name}.html"] = None
    return tuple(found)
