"""From the bytes of a file to a plan, with what is wrong with it: nothing that can be kept is refused."""

import json
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from verriere.errors import InputInvalid
from verriere.model import Finding
from verriere.stewardship.dmp import opidor, standard
from verriere.stewardship.dmp.standard import Json, pointer
from verriere.wording import finding

LARGEST = 20_000_000
"""Bytes; the longest plans seen have some hundred thousand."""
DEEPEST = 100
"""Objects and lists within each other; the standard needs eight."""
_EXPORT = "export it again from where it comes from, as maDMP (JSON)"


@dataclass(frozen=True, slots=True)
class Document:
    """A maDMP as it was read.

    Parameters
    ----------
    content
        The whole JSON object, with every field that nobody knows.
    findings
        What is wrong with it, by JSON pointer.
    """

    content: dict[str, Json]
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """The content as JSON in ASCII: what any database and any file keeps as it is."""
        return json.dumps(self.content, separators=(",", ":"))


def read(data: bytes, name: str = "the plan") -> Document:
    """Read a maDMP of version 1.0, 1.1 or 1.2, or a plan in DMP OPIDoR's own format.

    Parameters
    ----------
    name
        Of the file, for the sentences about it.

    Raises
    ------
    InputInvalid
        It is no JSON, or holds no plan; the message says where.
    """
    content = parse(data, name)
    converted = opidor.is_own(content)
    found = list(_twice(content, "")) if isinstance(content, dict) else []
    if converted:
        found.append(finding("dmp-converted"))
        content = opidor.to_madmp(content)
    if not isinstance(content, dict) or not isinstance(content.get("dmp"), dict):
        where = '"dmp" is no object' if isinstance(content, dict) and "dmp" in content else 'there is no object "dmp"'
        raise InputInvalid(f"{name} is JSON, but no maDMP: {where} (JSON pointer /dmp)", hint=_EXPORT)
    return Document(plain(content), (*found, *standard.check(content)))


def parse(data: bytes, name: str = "the plan") -> Json:
    """The JSON value in some bytes, whatever it is.

    Raises
    ------
    InputInvalid
        It is no JSON, or larger or deeper than any plan.
    """
    if len(data) > LARGEST:
        raise InputInvalid(f"{name} has {len(data)} bytes: no plan is that long", hint="is it the right file?")
    try:
        text = data.decode(json.detect_encoding(data)).removeprefix("\N{BYTE ORDER MARK}")
        value = json.loads(text, object_pairs_hook=_Object.of, parse_constant=_no_constant, parse_float=_number)
    except UnicodeDecodeError as error:
        raise InputInvalid(
            f"{name} is not UTF-8: byte {error.start} cannot be read", hint="save it as UTF-8"
        ) from error
    except json.JSONDecodeError as error:
        raise InputInvalid(
            f"{name} is not JSON: line {error.lineno}, column {error.colno}: {error.msg}", hint=_EXPORT
        ) from error
    except RecursionError as error:
        raise InputInvalid(_TOO_DEEP.format(name=name), hint=_EXPORT) from error
    except ValueError as error:
        raise InputInvalid(f"{name} is not JSON: {error}", hint=_EXPORT) from error
    if _is_deeper_than(value, DEEPEST):
        raise InputInvalid(_TOO_DEEP.format(name=name), hint=_EXPORT)
    return value


_TOO_DEEP = "{name} has more than " + str(DEEPEST) + " objects and lists within each other"


class _Object(dict[str, Any]):
    """An object that remembers which of its names were written twice."""

    twice: tuple[str, ...] = ()

    @classmethod
    def of(cls, pairs: list[tuple[str, Json]]) -> "_Object":
        made = cls(pairs)
        if len(made) < len(pairs):
            made.twice = tuple(name for name, count in Counter(name for name, _ in pairs).items() if count > 1)
        return made


def _twice(value: Json, where: str) -> Iterator[Finding]:
    if isinstance(value, _Object):
        yield from (finding("dmp-twice", pointer(where, name)) for name in value.twice)
    if isinstance(value, dict | list):
        parts = value.items() if isinstance(value, dict) else enumerate(value)
        for key, part in parts:
            yield from _twice(part, pointer(where, key))


def plain(value: Json) -> Json:
    """The same value in objects of Python's own."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [plain(part) for part in value]
    return value


def _is_deeper_than(value: Json, depth: int) -> bool:
    level = [value]
    for _ in range(depth):
        level = [part for one in level for part in _parts(one)]
        if not level:
            return False
    return True


def _parts(value: Json) -> list[Json]:
    if isinstance(value, dict):
        return [part for part in value.values() if isinstance(part, dict | list)]
    return [part for part in value if isinstance(part, dict | list)] if isinstance(value, list) else []


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is no number in JSON")


def _number(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:40]} is larger than any number here")
    return value
