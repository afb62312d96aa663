"""Where dialects keep what: classes by name or by attribute, and paths in which a class stands for a group.

The tables are in ``dialects/`` (one file a house) and ``tables/classes.toml``; a beamline scientist can extend them.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from typing import Any

from verriere.nexus import reading
from verriere.nexus.text import is_missing, tidy
from verriere.nexus.walk import Node, Tree, Value

_LONGEST = 4096


@dataclass(frozen=True, slots=True)
class Dialect:
    """The table of one house or format.

    Parameters
    ----------
    recognise
        Places; one of them is enough.
    fields
        Places of each field, likely ones first.
    order
        Houses (1) before formats (2).
    probe
        What every source of the house sends: ``photon`` or ``neutron``.
    house, house_if
        Name of the facility, and places that are found in its files only.
    """

    name: str
    recognise: tuple[str, ...]
    fields: dict[str, tuple[str, ...]]
    order: int = 1
    probe: str = ""
    house: str = ""
    house_if: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a file that holds something: a dataset, an attribute, a key in its JSON, or a group's own name."""

    node: Node
    attribute: str = ""
    is_name: bool = False
    key: str = ""

    @property
    def source(self) -> str:
        """The place as `verriere.model.Reading` writes it."""
        return f"{self.node.path}@{self.attribute}" if self.attribute else self.node.path

    def text(self) -> str:
        """What stands there as one line, numbers as digits; "" where nothing does."""
        if self.is_name:
            return self.node.name
        if self.attribute:
            value = self.node.attrs.get(self.attribute, "")
            if self.key:
                value = _in_json(value, self.key)
            return (
                tidy(value[:_LONGEST]) if isinstance(value, str) else "" if isinstance(value, list) else digits(value)
            )
        if self.node.is_text:
            return tidy(reading.text(self.node)[:_LONGEST])
        value_ = reading.number(self.node)
        return "" if value_ is None else digits(value_)


class Places:
    """Finds places in one tree; groups that a path begins with are looked for once."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        give_roles(tree)
        self._groups: dict[tuple[str, ...], list[Node]] = {(): [tree.root]}
        generic = dialects()["generic"]
        self.dialects = tuple(
            item
            for item in dialects().values()
            if item is not generic and any(self.holds(rule) for rule in item.recognise)
        )
        self._order = (*self.dialects, generic)

    def of_field(self, name: str) -> Iterator[Place]:
        """Every place where a field may stand, likely ones first, those that are empty left out."""
        seen: set[str] = set()
        for dialect in self._order:
            for path in dialect.fields.get(name, ()):
                if path not in seen:
                    seen.add(path)
                    yield from self.at(path)

    def at(self, path: str) -> Iterator[Place]:
        """Places that a path of a table leads to; after ``~`` comes a regular expression that the text must fit."""
        path, _, wanted = path.partition("~")
        pattern = re.compile(wanted, re.IGNORECASE) if wanted else None
        for place in self._bare(path):
            if pattern is None or pattern.search(place.text()):
                yield place

    def holds(self, path: str) -> bool:
        """Whether a path leads anywhere."""
        return next(self.at(path), None) is not None

    def groups(self, path: str) -> list[Node]:
        """Groups that a path of classes and names leads to."""
        return self._find(tuple(part for part in path.split("/") if part))

    def _bare(self, path: str) -> Iterator[Place]:
        path, at, attribute = path.partition("@")
        attribute, _, key = attribute.partition("$")
        path, sharp, _ = path.partition("#")
        parts = tuple(part for part in path.split("/") if part)
        if sharp:
            yield from (Place(node, is_name=True) for node in self._find(parts))
            return
        for node in self._find(parts):
            if not at:
                yield Place(node)
            elif attribute in node.attrs:
                yield Place(node, attribute, key=key)

    def _find(self, parts: tuple[str, ...]) -> list[Node]:
        known = self._groups.get(parts)
        if known is None:
            known = self._groups[parts] = [
                child for node in self._find(parts[:-1]) for child in _children(node, parts[-1])
            ]
        return known


def _children(node: Node, part: str) -> Iterator[Node]:
    if part == "**":
        yield from (
            item for item in node.tree.nodes if item.is_group and item.path.startswith(node.path.rstrip("/") + "/")
        )
        yield node
    elif part.startswith("NX"):
        role, _, name = part.rstrip(")").partition("(")
        if role == "NXroot":
            yield node
        ordered = (
            sorted(node.children.values(), key=lambda child: child.name != node.text_of("default"))
            if role == "NXentry"
            else node.children.values()
        )
        yield from (child for child in ordered if child.role == role and (not name or child.name == name))
    elif "*" in part:
        wanted = part.casefold()
        yield from (child for child in node.children.values() if fnmatchcase(child.name.casefold(), wanted))
    else:
        child = node.children.get(part)
        if child is not None and child.kind != "broken":
            yield child


def give_roles(tree: Tree) -> None:
    """Say of each group which NeXus class it stands for: its own, that of canSAS, or what its name tells."""
    for node in tree.nodes:
        if node.is_group:
            _give_role(node, "" if node.parent is None else node.parent.role)
            for child in node.children.values():
                if child.is_group and child.target is not None:
                    _give_role(child, node.role)


def _give_role(node: Node, inside: str) -> None:
    canonical, names = _classes()
    if node.parent is None:
        node.role = "NXroot"
    elif node.nx_class and not is_missing(node.nx_class):
        node.role = canonical.get(node.nx_class.casefold(), node.nx_class)
    elif node.text_of("canSAS_class"):
        node.role = canonical.get(node.text_of("canSAS_class").casefold(), "")
    else:
        node.role = next((role for where, like, role in names if inside in where and like.fullmatch(node.name)), "")


@cache
def _classes() -> tuple[dict[str, str], tuple[tuple[frozenset[str], re.Pattern[str], str], ...]]:
    table = _toml("tables/classes.toml")
    canonical = {name.casefold(): name for name in table["canonical"]["names"]}
    canonical |= {name.casefold(): role for name, role in table["classes"].items()}
    names = tuple(
        (frozenset(row["inside"].split()), re.compile(row["like"], re.IGNORECASE), row["is"]) for row in table["name"]
    )
    return canonical, names


@cache
def dialects() -> dict[str, Dialect]:
    """All dialects, by name, those of houses before those of formats; ``generic`` fits every file."""
    folder = files("verriere.nexus").joinpath("dialects")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    found = [_dialect(name.removesuffix(".toml"), _toml(f"dialects/{name}")) for name in names]
    return {dialect.name: dialect for dialect in sorted(found, key=lambda item: item.order)}


def _dialect(name: str, table: dict[str, Any]) -> Dialect:
    fields = {field: tuple(paths) for field, paths in table["fields"].items()}
    house = table.get("house", {})
    return Dialect(
        name=name,
        recognise=tuple(table.get("recognise", {}).get("any", ())),
        fields=fields,
        order=table.get("order", 1),
        probe=table.get("probe", ""),
        house=house.get("name", ""),
        house_if=tuple(house.get("any", ())),
    )


def _toml(path: str) -> dict[str, Any]:
    return tomllib.loads(files("verriere.nexus").joinpath(path).read_text(encoding="utf-8"))


def _in_json(text: Value, key: str) -> Value:
    try:
        document = json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return ""
    value = document.get(key, "") if isinstance(document, dict) else ""
    return value if isinstance(value, str | int | float) else ""


def digits(value: float | bool) -> str:
    """A number as people write it: 56990, not 56990.0."""
    return str(int(value)) if float(value).is_integer() and abs(value) < 1e15 else repr(value)
