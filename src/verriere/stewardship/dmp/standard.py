"""What a plan of the RDA DMP Common Standard has to be, from the table ``standard.toml``.

The table says the same as the standard's JSON schema 1.2; a test holds the two equal. It is also what the API's own
description is written from.
"""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any, Literal, Self

from verriere.model import Finding
from verriere.wording import finding

Json = Any
"""A value as `json.loads` gives it."""

_LIST = re.compile(r"\[(.*)\]([+#]?)")
# Signs instead of words: they are the same in every language.
_TEXT, _OBJECT, _LISTED = '"…"', "{…}", "[…]"
_SCALARS = {"number": "12.5", "whole": "12", "flag": "true / false"}
_EXAMPLES = {"date": "2025-03-01", "address": "jane.doe@example.org"}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SHOWN = 60
"""Letters of a wrong value that a finding repeats."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What one place of a plan holds.

    Parameters
    ----------
    name
        Of a scalar, of an object of the table, or of a vocabulary.
    kind
        ``scalar``, ``object``, ``words``, ``list`` or ``either``.
    of
        Of a list: what its entries are; of ``either``: the choices.
    least
        Entries that a list has to have.
    """

    kind: str
    name: str = ""
    of: "tuple[Rule, ...]" = ()
    least: int = 0
    unique: bool = False

    @classmethod
    def of_text(cls, text: str) -> Self:
        """The rule that one cell of the table says."""
        if " / " in text:
            return cls("either", of=tuple(cls.of_text(part) for part in text.split(" / ")))
        if found := _LIST.fullmatch(text):
            return cls("list", of=(cls.of_text(found[1]),), least=int(found[2] == "+"), unique=found[2] == "#")
        if text.startswith("<"):
            return cls("words", text.strip("<>"))
        return cls("object" if text[0].isupper() else "scalar", text)

    def said(self) -> str:
        """What fits the rule, in the signs of JSON."""
        match self.kind:
            case "list":
                return _LISTED
            case "object":
                return _OBJECT
            case "either":
                return " / ".join(rule.said() for rule in self.of)
            case _:
                return _SCALARS.get(self.name, _TEXT)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an object."""

    rule: Rule
    required: bool


Dialect = Literal["1.2", "api"]
"""Version 1.2 of the standard, or the form in which the Common maDMP API describes it."""


@cache
def objects(dialect: Dialect = "1.2") -> Mapping[str, Mapping[str, Field]]:
    """Every object of the standard with its fields, as the table has them."""
    table = _table()
    found = {name: _fields(cells) for name, cells in table.items() if name not in {"vocabulary", "api"}}
    if dialect == "api":
        for name, cells in table["api"].items():
            found[name] = {**found.get(name, {}), **_fields(cells)}
    return found


def _fields(cells: Mapping[str, str]) -> dict[str, Field]:
    return {key: Field(Rule.of_text(cell.removesuffix("!")), cell.endswith("!")) for key, cell in cells.items()}


@cache
def words(vocabulary: str) -> tuple[str, ...]:
    """The words of a vocabulary, in the table's order."""
    listed: str = _table()["vocabulary"][vocabulary]
    return tuple(listed.split())


def check(document: Json, dialect: Dialect = "1.2") -> tuple[Finding, ...]:
    """What is not as the standard wants it, each with the JSON pointer of its place.

    Parameters
    ----------
    document
        The whole: an object with ``dmp`` in it.
    """
    return tuple(_Checker(objects(dialect)).check(document, Rule("object", "Document"), ""))


def pointer(where: str, part: str | int) -> str:
    """A JSON pointer (RFC 6901) one step further."""
    return f"{where}/{str(part).replace('~', '~0').replace('/', '~1')}"


@dataclass(frozen=True, slots=True)
class _Checker:
    known: Mapping[str, Mapping[str, Field]]

    def check(self, value: Json, rule: Rule, where: str) -> Iterator[Finding]:
        """What is wrong at a place and below it."""
        match rule.kind:
            case "either":
                fitting = next((one for one in rule.of if _is_of_type(value, one)), None)
                yield from self.check(value, fitting, where) if fitting else (_mistyped(value, rule, where),)
            case _ if not _is_of_type(value, rule):
                yield _mistyped(value, rule, where)
            case "object":
                yield from self._check_fields(value, rule.name, where)
            case "list":
                if len(value) < rule.least:
                    yield finding("dmp-empty", where)
                if rule.unique and len(value) > len({_hashable(entry) for entry in value}):
                    yield finding("dmp-repeated", where)
                for number, entry in enumerate(value):
                    yield from self.check(entry, rule.of[0], pointer(where, number))
            case "words":
                if value not in words(rule.name):
                    yield finding("dmp-word", where, found=_shown(value), wanted=_some(words(rule.name)))
            case "scalar":
                yield from _check_form(value, rule.name, where)

    def _check_fields(self, value: Mapping[str, Json], name: str, where: str) -> Iterator[Finding]:
        for key, field in self.known[name].items():
            if key in value:
                yield from self.check(value[key], field.rule, pointer(where, key))
            elif field.required:
                yield finding("dmp-required", pointer(where, key))


def _check_form(value: Json, name: str, where: str) -> Iterator[Finding]:
    if name == "moment":
        if not is_moment(value):
            yield finding("dmp-moment", where, found=_shown(value))
    elif (name == "date" and not is_date(value)) or (name == "address" and "@" not in value):
        yield finding("dmp-form", where, found=_shown(value), example=_EXAMPLES[name])


def is_date(text: str) -> bool:
    """Whether a text is a day of the calendar, ``2025-03-01``."""
    try:
        return bool(_DATE.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def is_moment(text: str) -> bool:
    """Whether a text is a moment with its zone (RFC 3339)."""
    try:
        return bool(_MOMENT.fullmatch(text)) and bool(datetime.fromisoformat(text.upper()))
    except ValueError:
        return False


def _is_of_type(value: Json, rule: Rule) -> bool:
    match rule.kind:
        case "object":
            return isinstance(value, dict)
        case "list":
            return isinstance(value, list)
        case "scalar" if rule.name == "flag":
            return isinstance(value, bool)
        case "scalar" if rule.name == "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "scalar" if rule.name == "whole":
            # JSON knows one kind of number: 2.0 is whole.
            return (isinstance(value, int) and not isinstance(value, bool)) or (
                isinstance(value, float) and value.is_integer()
            )
        case _:
            return isinstance(value, str)


def _mistyped(value: Json, rule: Rule, where: str) -> Finding:
    return finding("dmp-type", where, found=_kind(value), wanted=rule.said())


def _kind(value: Json) -> str:
    if isinstance(value, dict):
        return _OBJECT
    return _LISTED if isinstance(value, list) else _shown(value)


def _shown(value: Json) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _some(known: tuple[str, ...], most: int = 8) -> str:
    return ", ".join(known[:most]) + (", …" if len(known) > most else "")


def _hashable(value: Json) -> object:
    """The same for equal JSON values and for no others: 1 and true differ."""
    if isinstance(value, dict):
        return frozenset((key, _hashable(part)) for key, part in value.items())
    if isinstance(value, list):
        return tuple(map(_hashable, value))
    return (isinstance(value, bool), value)


@cache
def _table() -> dict[str, Any]:
    text = files(__package__).joinpath("standard.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
