"""Any `Landing` at all: every text may be markup, control characters, half a character or an address of no kind."""

import types
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from verriere.publish.landing import Agent, Landing, Text

_HOSTILE = (
    "<script>alert(1)</script>",
    "]]>",
    "--></script><!--",
    "\x00\x0b\x1f",
    "\ud800",
    "\uffff",
    "&amp;&#0;",
    "{{7*7}}\\",
    'a"b',
    "http://[bad",
    "https://ok.example/a b",
    "https://doi.org/10.5072/x",
    "javascript:alert(1)",
    "%zz",
    "é\u0301\u202e",
    " ",
    "10.5072/a",
    "en",
    "@id",
)
texts = st.one_of(st.text(max_size=8), st.sampled_from(_HOSTILE), st.text(st.characters(), max_size=6))


def anything(kind: Any) -> SearchStrategy[Any]:
    """Any value of a type: of dataclasses with every field, of texts the worst."""
    plain: dict[Any, SearchStrategy[Any]] = {
        str: texts,
        int: st.integers(0, 10**13),
        bool: st.booleans(),
        float: st.floats(allow_nan=False, allow_infinity=False),
        datetime: st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        date: st.dates(date(1900, 1, 1), date(2100, 1, 1)),
        type(None): st.none(),
    }
    if kind in plain:
        return plain[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        build: Callable[..., Any] = kind
        return st.builds(build, **{each.name: anything(hints[each.name]) for each in fields(kind)})
    if get_origin(kind) in (Union, types.UnionType):
        return st.one_of(*map(anything, get_args(kind)))
    if get_origin(kind) is tuple and get_args(kind)[-1] is Ellipsis:
        return st.lists(anything(get_args(kind)[0]), max_size=2).map(tuple)
    if get_origin(kind) is tuple:
        return st.tuples(*map(anything, get_args(kind)))
    raise TypeError(kind)


def _landings() -> SearchStrategy[Landing]:
    hints = get_type_hints(Landing)
    parts = {each.name: anything(hints[each.name]) for each in fields(Landing)}
    parts["titles"] = st.lists(anything(Text), min_size=1, max_size=2).map(tuple)
    parts["creators"] = st.lists(anything(Agent), min_size=1, max_size=2).map(tuple)
    parts["url"] = st.just("https://data.example.org/datasets/x")
    parts["year"] = st.integers(1900, 2100)
    return st.builds(Landing, **parts)


landings = _landings()
