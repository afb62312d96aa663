"""Checking the file of a profile: what is wrong, in which line, and what to do."""

import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from verriere.errors import InputInvalid
from verriere.nexus import units
from verriere.techniques import panet
from verriere.techniques.complete import PARTS
from verriere.techniques.profile import KINDS, NEEDS, RECORD, Profile, profile_of

_TEXTS = ("label_en", "label_fr")
_FIELD_TEXTS = ("label_en", "label_fr", "definition_en", "definition_fr")
_LISTS = ("kinds", "capture", "parameters", "nexus", "choices")
_NUMBERS = ("minimum", "maximum")
_KEYS = {"id", "techniques", "definitions", "sources", "field", *_TEXTS}
_FIELD_KEYS = {"name", "need", "unit", "person", *_FIELD_TEXTS, *_LISTS, *_NUMBERS}
_NAME = re.compile(r"[a-z][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to correct: its line, what it is, and what to do."""

    line: int
    text: str
    fix: str


@dataclass(frozen=True, slots=True)
class Linted:
    """What was found in a file; the profile where nothing is wrong."""

    problems: tuple[Problem, ...]
    profile: Profile | None


def lint(path: Path) -> Linted:
    """Check the file of a profile.

    Raises
    ------
    InputInvalid
        There is no such file.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        return Linted((Problem(line, "this is not UTF-8", "save the file as UTF-8"),), None)
    except OSError as error:
        raise InputInvalid(f"{path} cannot be read: {error.strerror}", hint="check the path") from error
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"line (\d+)", str(error))
        line = int(match[1]) if match else text.count("\n") + 1
        return Linted((Problem(line, f"this is not TOML: {error}", "texts stand in quotes, lists in brackets"),), None)
    problems = tuple(sorted(_problems(table, _Lines(text)), key=lambda problem: problem.line))
    return Linted(problems, None if problems else profile_of(table))


class _Lines:
    """Where in a text the keys of the file, and those of its n-th field, are."""

    def __init__(self, text: str) -> None:
        self._of: dict[tuple[int, str], int] = {}
        self._begin = {-1: 1}
        part = -1
        for number, line in enumerate(text.splitlines(), start=1):
            if re.match(r"\s*\[\[\s*field\s*\]\]", line):
                part += 1
                self._begin[part] = number
            key = re.match(r"\s*[\"']?([\w-]+)[\"']?\s*=", line)
            if key:
                self._of.setdefault((part, key[1]), number)

    def at(self, part: int, key: str) -> int:
        return self._of.get((part, key), self._begin.get(part, 1))


def _problems(table: Mapping[str, Any], lines: _Lines) -> Iterator[Problem]:
    yield from _unknown(table, _KEYS, lines, -1)
    yield from _texts(table, ("id", *_TEXTS), lines, -1)
    if isinstance(table.get("id"), str) and not _NAME.fullmatch(table["id"]):
        yield Problem(lines.at(-1, "id"), f"id {table['id']!r} is no identifier", "small letters, digits and hyphens")
    for key in ("techniques", "definitions", "sources"):
        yield from _list(table, key, lines, -1)
    if table.get("id") != RECORD:
        yield from _techniques(table, lines)
    if not table.get("sources"):
        yield Problem(
            lines.at(-1, "sources"), "no sources", 'say where the fields come from: sources = ["https://..."]'
        )
    fields = table.get("field")
    if not isinstance(fields, list) or not fields:
        yield Problem(lines.at(-1, "field"), "no fields", "add at least one [[field]] with name and need")
        return
    names = Counter(row.get("name") for row in fields if isinstance(row, dict))
    for number, row in enumerate(fields):
        if not isinstance(row, dict):
            continue
        yield from _field(row, lines, number)
        if names[row.get("name")] > 1:
            yield Problem(
                lines.at(number, "name"), f"{row.get('name')!r} is there twice", "give each field its own name"
            )


def _techniques(table: Mapping[str, Any], lines: _Lines) -> Iterator[Problem]:
    given = table.get("techniques")
    if not given:
        yield Problem(lines.at(-1, "techniques"), "no techniques", 'name a term of PaNET: techniques = ["PaNET01188"]')
        return
    for name in given if isinstance(given, list) else ():
        if not isinstance(name, str) or panet.term(name) is None:
            near = panet.by_name(str(name))
            hint = f"write {near[0].removeprefix(panet.PREFIX)!r}" if near else "look it up: verriere profile list"
            yield Problem(lines.at(-1, "techniques"), f"{name!r} is no term of a technique", hint)


def _field(row: Mapping[str, Any], lines: _Lines, number: int) -> Iterator[Problem]:
    yield from _unknown(row, _FIELD_KEYS, lines, number)
    yield from _texts(row, ("name", "need", *_FIELD_TEXTS), lines, number)
    name, need = row.get("name"), row.get("need")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield Problem(lines.at(number, "name"), f"{name!r} is no name", "small letters, digits and underlines")
    if isinstance(need, str) and need not in NEEDS:
        yield Problem(lines.at(number, "need"), f"need {need!r} is unknown", f"one of {', '.join(NEEDS)}")
    for key in _LISTS:
        yield from _list(row, key, lines, number)
    for key, known in (("kinds", KINDS), ("capture", PARTS)):
        for each in row.get(key, ()) if isinstance(row.get(key), list) else ():
            if each not in known:
                yield Problem(lines.at(number, key), f"{each!r} in {key} is unknown", f"one of {', '.join(known)}")
    if not any(row.get(key) for key in ("capture", "parameters", "person")):
        yield Problem(
            lines.at(number, "name"), "nothing says where it is found", "give parameters or capture, or person = true"
        )
    yield from _range(row, lines, number)


def _range(row: Mapping[str, Any], lines: _Lines, number: int) -> Iterator[Problem]:
    unit = row.get("unit", "")
    if not isinstance(unit, str) or (unit and units.parse_unit(unit) is None):
        yield Problem(lines.at(number, "unit"), f"unit {unit!r} is unknown", "write it as in a file: mm, keV, 1/Å, K")
    ends = {}
    for key in _NUMBERS:
        value = row.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
            yield Problem(lines.at(number, key), f"{key} is no number", f"write {key} = 0.5, without quotes")
        elif value is not None:
            ends[key] = value
    if len(ends) == 2 and ends["minimum"] > ends["maximum"]:
        yield Problem(lines.at(number, "maximum"), "maximum is below minimum", "exchange the two")
    if "person" in row and not isinstance(row["person"], bool):
        yield Problem(lines.at(number, "person"), "person is neither true nor false", "write person = true")


def _unknown(row: Mapping[str, Any], known: set[str], lines: _Lines, part: int) -> Iterator[Problem]:
    for key in row.keys() - known:
        yield Problem(lines.at(part, key), f"{key!r} means nothing here", f"one of {', '.join(sorted(known))}")


def _texts(row: Mapping[str, Any], keys: tuple[str, ...], lines: _Lines, part: int) -> Iterator[Problem]:
    for key in keys:
        value = row.get(key)
        if value is None:
            yield Problem(lines.at(part, key), f"{key} is missing", f'add {key} = "..."')
        elif not isinstance(value, str) or not value.strip():
            yield Problem(lines.at(part, key), f"{key} is no text", f'write {key} = "..."')


def _list(row: Mapping[str, Any], key: str, lines: _Lines, part: int) -> Iterator[Problem]:
    value = row.get(key)
    if value is not None and (not isinstance(value, list) or not all(isinstance(each, str) for each in value)):
        yield Problem(lines.at(part, key), f"{key} is no list of texts", f'write {key} = ["..."]')
