"""Write the table of PaNET that this package ships, from the ontology's published template.

``python -m verriere.techniques.build_panet PaNET.csv > panet.csv``, or with the output's name as second argument.

The template says most of what is broader only indirectly: *small angle x-ray scattering* is what is *small angle
scattering* and an *x-ray probe technique*. So the broader terms are concluded here, once, by the completion rules of
the description logic EL (Baader, Brandt and Lutz, IJCAI 2005), as far as PaNET uses it: named classes, intersections,
and ``property some class``.
"""

import csv
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from verriere.errors import InputInvalid

PREFIX = "http://purl.org/pan-science/PaNET/"
HEADER = """\
# PaNET, the Photon and Neutron Experimental Techniques ontology, version 1.3.0: its technique terms.
# By the ExPaNDS and PaNOSC projects, https://github.com/ExPaNDS-eu/ExPaNDS-experimental-techniques-ontology
# Licence: CC-BY-4.0. Changed: the classes below "technique" only; columns renamed; parents concluded from the axioms.
# Written by: python -m verriere.techniques.build_panet PaNET.csv panet.csv
"""
COLUMNS = ("iri", "label", "alternative_labels", "parents", "definition")
SUBCLASS, EQUIVALENT = slice(8, 15), slice(15, 18)
_ATOM = re.compile(r"\('?(?P<property>[\w-]+)'? some (?P<filler>'[^']+'|[^')]+)\)")

Class = str
"""An IRI, or ``property some IRI`` for a class that has no name."""


@dataclass(slots=True)
class Row:
    """A class of the template: labels and definition, and the classes it is below and equal to."""

    iri: str
    label: str
    alternatives: list[str]
    definition: str
    below: list[str] = field(default_factory=list)
    equal: list[str] = field(default_factory=list)


def read(path: Path) -> list[Row]:
    """The classes of the template, in its order.

    Raises
    ------
    InputInvalid
        The file is not PaNET's template.
    """
    with path.open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    rows = [
        Row(
            line[1],
            line[2].strip(),
            [text.strip() for text in line[3:5] if text.strip()],
            " ".join(line[5].split()),
            [text for text in line[SUBCLASS] if text],
            [text for text in line[EQUIVALENT] if text],
        )
        for line in lines
        if len(line) > EQUIVALENT.stop and line[7] == "owl:Class" and line[1].startswith(PREFIX)
    ]
    if not rows:
        raise InputInvalid(
            f"{path} is not the template of PaNET", hint="it is named PaNET.csv in the ontology's folder"
        )
    return rows


def is_technique(iri: str) -> bool:
    """Whether a term is a technique (five digits) and not one of the concepts behind them (seven)."""
    return re.fullmatch(r"PaNET\d{5}", iri.removeprefix(PREFIX)) is not None


def broader(rows: list[Row]) -> dict[str, set[str]]:
    """Every technique that each technique is a kind of, itself left out."""
    labels: dict[str, str] = {}
    concepts: dict[str, str] = {}
    for row in rows:
        (labels if is_technique(row.iri) else concepts)[row.label] = row.iri
    above: dict[Class, set[Class]] = {row.iri: {row.iri} for row in rows}
    told: dict[Class, set[Class]] = {}
    equal: list[tuple[Class, set[Class]]] = []
    for row in rows:
        told[row.iri] = {part for text in row.below for part in _parts(text, labels, concepts)}
        same = {part for text in row.equal for part in _parts(text, labels, concepts)}
        if same:
            equal.append((row.iri, same))
            told[row.iri] |= same
    changed = True
    while changed:
        changed = False
        for name, found in above.items():
            before = len(found)
            for known in list(found):
                found.update(told.get(known, set()), above.get(known, set()))
                if " some " in known:  # what is of a hard x-ray is of an x-ray
                    prop, filler = known.split(" some ")
                    named = (wider for wider in above.get(filler, set()) if " some " not in wider)
                    found.update(f"{prop} some {wider}" for wider in named)
            for other, same in equal:
                if other != name and same <= found:
                    found.add(other)
            changed |= len(found) > before
    return {
        iri: {other for other in found if is_technique(other) and other != iri}
        for iri, found in above.items()
        if is_technique(iri)
    }


def parents(iri: str, above: dict[str, set[str]]) -> list[str]:
    """The nearest broader terms: those with no other broader term in between. Equal terms are each other's parents."""
    mine = above[iri]
    return sorted(
        one
        for one in mine
        if not any(one in above[other] and other not in above[one] for other in mine if other != one)
    )


def write(source: Path) -> Iterator[str]:
    """The lines of the table."""
    rows = read(source)
    above = broader(rows)
    yield HEADER
    yield _csv_line(COLUMNS)
    for row in rows:
        if is_technique(row.iri):
            named = [one.removeprefix(PREFIX) for one in parents(row.iri, above)]
            yield _csv_line((row.iri, row.label, "|".join(row.alternatives), " ".join(named), row.definition))


def _parts(text: str, labels: dict[str, str], concepts: dict[str, str]) -> Iterator[Class]:
    """The classes of an intersection, or the one class that a cell names."""
    for match in _ATOM.finditer(text):
        filler = _named(match["filler"], concepts) or _named(match["filler"], labels)
        if filler is not None:
            yield f"{match['property']} some {filler}"
    # Only a bracket holds an intersection: "photon and neutron technique" is one label.
    for part in _ATOM.sub("", text).split(" and ") if text.startswith("(") else [text]:
        found = _named(part, labels) or _named(part, concepts)
        if found is not None:
            yield found


def _named(text: str, labels: dict[str, str]) -> str | None:
    text = text.strip("() '")
    if text.startswith("PaNET:"):
        return PREFIX + text.removeprefix("PaNET:")
    return labels.get(text)


def _csv_line(cells: tuple[str, ...]) -> str:
    return (
        ",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' if re.search(r'[",]', cell) else cell for cell in cells)
        + "\n"
    )


def main(arguments: list[str]) -> None:
    """Write the table to the second argument, or to standard output."""
    text = "".join(write(Path(arguments[0])))
    if len(arguments) > 1:
        Path(arguments[1]).write_text(text, encoding="utf-8")
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main(sys.argv[1:])
