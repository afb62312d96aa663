"""What in a search nobody knows, and what was probably meant: asked where nothing was found.

Only what this viewer may know of is compared with: a parameter that only hidden datasets have is as unknown as one
that there is not.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from sqlalchemy import Connection, select

from verriere.catalogue import beamtime
from verriere.catalogue.fold import spaced
from verriere.catalogue.query import parse
from verriere.catalogue.query.fields import ALIASES, EXACT, PHYSICAL, TEXTS
from verriere.catalogue.query.tree import And, Leaf, Node, Not, Number, Or, Range, Text, quote
from verriere.catalogue.tables import dataset, dataset_parameter
from verriere.catalogue.visibility import visible
from verriere.errors import QueryInvalid
from verriere.model import Instrument, Viewer
from verriere.policy import Access, AccessRules
from verriere.techniques import panet
from verriere.wording import Language, query_trouble

FIELDS = TEXTS | EXACT | PHYSICAL.keys() | ALIASES.keys() | {"status", "has", "after", "before", "year"}
"""What may stand before a colon and is no parameter."""

_RECENT = 2_000
"""Of how many of the newest datasets the names of parameters are compared: all of them would take a second."""

_LOOKED_AT = 8
"""Of how many terms, the first ones: a search that is longer is not mistyped but pasted, or meant to keep us busy."""

_TERM = re.compile(r'([^\s:"]+):[<>=≤≥]*\s*("(?:[^"\\]|\\.)*"|[^\s()"]+)')


@dataclass(frozen=True, slots=True)
class Unknown:
    """A field, a technique or a beamline that there is not.

    Parameters
    ----------
    reason
        Row of ``wording/queries.toml``.
    field
        What stands before the colon.
    value
        What nobody knows.
    near
        What may have been meant, as it is written in a query; "" where nothing is like it.
    """

    reason: str
    field: str
    value: str
    near: str

    def told(self, language: Language = "en") -> str:
        """What is unknown, and what may have been meant, in one sentence."""
        said = query_trouble(self.reason, {"field": self.field, "value": self.value, "near": self.near}, language)
        return f"{said.text}{' :' if language == 'fr' else ':'} {said.fix}"


@dataclass(frozen=True, slots=True)
class Advice:
    """What is unknown in a search, and the search that was probably meant; "" where nothing is like it."""

    unknown: tuple[Unknown, ...] = ()
    query: str = ""


def advise(connection: Connection, text: str, viewer: Viewer, rules: AccessRules) -> Advice:
    """What in a query nobody knows.

    Raises
    ------
    QueryInvalid
        The text cannot be parsed.
    """
    found: list[Unknown] = []
    meant = text
    # From the end on, so that what was replaced moves nothing that is still to come.
    for leaf in reversed(sorted(_leaves(parse(text)), key=lambda each: each.position)[:_LOOKED_AT]):
        unknown = _unknown(connection, leaf, viewer, rules)
        if unknown is not None:
            found.append(_as_written(text, leaf.position, unknown))
            meant = _replaced(meant, leaf.position, unknown)
    return Advice(tuple(reversed(found)), meant if meant != text and _is_query(meant) else "")


def _unknown(connection: Connection, leaf: Leaf, viewer: Viewer, rules: AccessRules) -> Unknown | None:
    match leaf:
        case Text(words, prefix, "technique"):
            name = " ".join(words)
            if panet.by_name(name) or (prefix and panet.begins(name)):
                return None
            near = panet.nearest(name)
            return Unknown(_reason("technique", near), "technique", name, near and f"technique:{quote(near)}")
        case Text(words, prefix, "beamline"):
            return _beamline(_beamlines(connection, viewer, rules), " ".join(words), prefix=prefix)
        case Text(field=field) | Number(field=field) | Range(field=field) if field and field not in FIELDS:
            return _field(connection, field, viewer, rules)
        case _:
            return None


def _beamline(known: Iterable[str], name: str, *, prefix: bool) -> Unknown | None:
    folded = {spaced(each): each for each in sorted(known, reverse=True)}
    if f" {name} " in folded or (prefix and any(each.startswith(f" {name}") for each in folded)):
        return None
    near = _nearest(f" {name} ", folded)
    return Unknown(_reason("beamline", near), "beamline", name, near and f"beamline:{quote(near)}")


def _beamlines(connection: Connection, viewer: Viewer, rules: AccessRules) -> set[str]:
    """The instruments of the facility, which everyone may know of, and those that visible datasets name."""
    named = set(connection.scalars(select(dataset.c.instrument).where(visible(viewer, rules)).distinct()))
    for each in beamtime.every(connection, Instrument):
        named |= {each.id, each.name, *each.aliases}
    return named - {""}


def _field(connection: Connection, name: str, viewer: Viewer, rules: AccessRules) -> Unknown | None:
    shown = select(dataset.c.key).where(visible(viewer, rules, at_least=Access.METADATA))
    parameter = dataset_parameter.c
    of_visible = select(parameter.name).where(parameter.name == name, parameter.dataset_key.in_(shown)).limit(1)
    if connection.scalar(of_visible) is not None:
        return None
    recent = shown.order_by(dataset.c.moment.desc(), dataset.c.key.desc()).limit(_RECENT)
    names = connection.scalars(select(parameter.name).where(parameter.dataset_key.in_(recent)).distinct())
    near = _nearest(name, {each: each for each in (*sorted(names), *sorted(FIELDS))})
    return Unknown(_reason("field", near), name, name, near and f"{near}:")


def _nearest(name: str, known: Mapping[str, str]) -> str:
    near = get_close_matches(name, known, n=1)
    return known[near[0]] if near else ""


def _reason(kind: str, near: str) -> str:
    return f"{'misspelt' if near else 'no'}-{kind}"


def _leaves(node: Node) -> Iterator[Leaf]:
    match node:
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part)
        case Not(part):
            yield from _leaves(part)
        case _:
            yield node


def _as_written(text: str, start: int, unknown: Unknown) -> Unknown:
    """With the name as the person wrote it, and not as it is compared."""
    written = _TERM.match(text, start)
    if written is None:
        return unknown
    name = written[1] if unknown.near.endswith(":") or unknown.reason == "no-field" else written[2]
    return replace(unknown, value=name.strip('"').rstrip("*"))


def _replaced(text: str, start: int, unknown: Unknown) -> str:
    """The query with what was meant; as it is where nothing is like what is written."""
    written = _TERM.match(text, start)
    if written is None or not unknown.near:
        return text
    end = written.end(1) + 1 if unknown.near.endswith(":") else written.end()
    return text[:start] + unknown.near + text[end:]


def _is_query(text: str) -> bool:
    try:
        parse(text)
    except QueryInvalid:
        return False
    return True
