"""What a program likes best of what can be offered: proactive negotiation by ``Accept`` (RFC 9110, 12.5.1)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

_T = TypeVar("_T")
_PARTS = re.compile(r',(?=(?:[^"]*"[^"]*")*[^"]*$)')
_PARAMETERS = re.compile(r';(?=(?:[^"]*"[^"]*")*[^"]*$)')
_LONGEST = 4_000


@dataclass(frozen=True, slots=True)
class _Range:
    """One media range of the header, with its parameters and how well it is liked."""

    media_type: str
    parameters: frozenset[tuple[str, str]]
    quality: float


def best(accepted: str, offers: Sequence[tuple[str, _T]]) -> _T | None:
    """The offer that is liked best, the first of equals; None where none is.

    Parameters
    ----------
    accepted
        The header; empty where there is none: anything will do.
    offers
        Media types, with parameters where they have any, and what is given for them; what is preferred goes first.
    """
    if not accepted.strip():
        return offers[0][1]
    ranges = [_parsed(part) for part in _PARTS.split(accepted[:_LONGEST]) if part.strip()]
    liked = [(_quality(_parsed(offer), ranges), given) for offer, given in offers]
    quality, given = max(liked, key=lambda one: one[0])
    return given if quality[0] > 0 else None


def _quality(offer: _Range, ranges: Iterable[_Range]) -> tuple[float, int]:
    """How well an offer is liked, by the most exact range that it is in, and how exact that is."""
    kind = offer.media_type.partition("/")[0]
    best_of = (-1, 0.0)
    for one in ranges:
        if one.media_type == offer.media_type and one.parameters <= offer.parameters:
            exact = 2 + len(one.parameters)
        elif one.media_type == f"{kind}/*" and not one.parameters:
            exact = 1
        elif one.media_type == "*/*" and not one.parameters:
            exact = 0
        else:
            continue
        best_of = max(best_of, (exact, one.quality))
    exact, quality = best_of
    # Of what is liked alike, what was named goes before what a wildcard allows.
    return (quality, exact if exact >= 2 else 0) if exact >= 0 else (0.0, 0)


def _parsed(text: str) -> _Range:
    media_type, *rest = (part.strip() for part in _PARAMETERS.split(text))
    parameters, quality = set(), 1.0
    for part in rest:
        name, _, value = part.partition("=")
        name, value = name.strip().lower(), value.strip().strip('"')
        if name == "q":
            quality = _number(value)
        elif name and name != "charset":
            parameters.add((name, value))
    return _Range(media_type.lower(), frozenset(parameters), quality)


def _number(text: str) -> float:
    try:
        quality = float(text)
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
