r"""The sidecar: what is known of a dataset, or of another noun of the model, as canonical JSON.

::

    {"content": {...}, "schema": "verriere.dataset", "version": "1.0"}

Canonical means: keys in order, no spaces, UTF-8, numbers as Python writes them shortest, no key for what is None. The
same facts give the same bytes. JSON has no NaN and no infinity: they are written as ``{"$float": "nan"}``. Text that is
no valid Unicode has what is stray in it written as ``\udcff``.

A version with another first number cannot be read by this package. One with a larger second number can: what it has
more is left out.
"""

import json
import math
from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import TypeAdapter, ValidationError

from verriere.errors import RecordInvalid, RecordTooNew
from verriere.model import (
    Citation,
    Collection,
    Dataset,
    EmbargoRequest,
    Instrument,
    Plan,
    Proposal,
    Publication,
    Sample,
    Survey,
    Visit,
)

Record = (
    Citation
    | Collection
    | Dataset
    | EmbargoRequest
    | Instrument
    | Plan
    | Proposal
    | Publication
    | Sample
    | Survey
    | Visit
)
"""Whatever the archive keeps a record of: the one list of these nouns."""
T = TypeVar("T", bound=Record)

MAJOR, MINOR = 1, 0

_KINDS: dict[str, type[Record]] = {f"verriere.{kind.__name__.lower()}": kind for kind in get_args(Record)}
_FLOAT = "$float"
_NOT_FINITE = ("nan", "inf", "-inf")
_HINT = "check the archive with: verriere verify"


def encode(record: Record) -> bytes:
    """Canonical JSON of a noun of the model."""
    schema = _schema_of(type(record))
    content = _adapter(schema).dump_python(record, mode="json", exclude_none=True)
    document = {"schema": schema, "version": f"{MAJOR}.{MINOR}", "content": content}
    try:
        return _json(document)
    except ValueError:
        return _json(_plain(document))


def decode(kind: type[T], text: bytes) -> T:
    """Read what `encode` wrote, now or in an earlier version.

    Raises
    ------
    RecordTooNew
        A newer version of this package wrote it.
    RecordInvalid
        It is not such a record.
    """
    record = decode_any(text)
    if not isinstance(record, kind):
        raise RecordInvalid(f"a record is a {_schema_of(type(record))}, not a {_schema_of(kind)}", hint=_HINT)
    return record


def decode_any(text: bytes) -> Record:
    """Read a record of any schema; raises as `decode` does."""
    try:
        document = json.loads(text, object_hook=_number)
        schema, version, content = document["schema"], document["version"], document["content"]
        major = int(version.split(".")[0])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RecordInvalid(f"a record cannot be read: {error!r}", hint=_HINT) from error
    if major > MAJOR or schema not in _KINDS:
        raise RecordTooNew(
            f"a record has schema {schema}, version {version}; this package reads {', '.join(_KINDS)} up to {MAJOR}.x",
            hint="upgrade with: pip install --upgrade verriere",
        )
    try:
        record: Record = _adapter(schema).validate_python(content)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise RecordInvalid(f"a record is no {schema}: {where}: {first['msg']}", hint=_HINT) from error
    return record


def _schema_of(kind: type[Any]) -> str:
    return next(schema for schema, known in _KINDS.items() if known is kind)


@cache
def _adapter(schema: str) -> TypeAdapter[Record]:
    return TypeAdapter(_KINDS[schema])


def _json(document: dict[str, Any]) -> bytes:
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def _plain(value: Any) -> Any:
    """The same document without what JSON or UTF-8 cannot say."""
    if isinstance(value, float) and not math.isfinite(value):
        return {_FLOAT: repr(value)}
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, dict):
        return {_plain(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part) for part in value]
    return value


def _number(value: dict[str, Any]) -> Any:
    return float(value[_FLOAT]) if value.keys() == {_FLOAT} and value[_FLOAT] in _NOT_FINITE else value
