"""Ranges and preconditions of a download (RFC 9110, sections 13 and 14), as pure functions of the headers."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

_RANGE = re.compile(r"bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from ``start`` up to, not including, ``stop``."""

    start: int
    stop: int

    @property
    def size(self) -> int:
        """Number of bytes."""
        return self.stop - self.start


class Answer(Enum):
    """What is said where it is not a span of bytes."""

    WHOLE = 200
    NOT_MODIFIED = 304
    PRECONDITION_FAILED = 412
    UNSATISFIABLE = 416


def decide(headers: Mapping[str, str], *, etag: str, size: int) -> Span | Answer:
    """What a request for a file of ``size`` bytes with that strong ``etag`` (quoted) is answered with.

    Parameters
    ----------
    headers
        Of the request, with lower-case names.

    Notes
    -----
    The order is that of RFC 9110, 13.2.2. More than one range may be ignored (14.2), and is. Dates are not offered as
    validators, so conditions on dates do not hold: ``If-Range`` with a date gets the whole file.
    """
    if "if-match" in headers and not _matches(headers["if-match"], etag, weak=False):
        return Answer.PRECONDITION_FAILED
    if "if-none-match" in headers and _matches(headers["if-none-match"], etag, weak=True):
        return Answer.NOT_MODIFIED
    if "range" not in headers or ("if-range" in headers and headers["if-range"].strip() != etag):
        return Answer.WHOLE
    return _span(headers["range"], size)


def _span(header: str, size: int) -> Span | Answer:
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return Answer.WHOLE
    first, last = match.groups()
    if not first:
        wanted = min(int(last), size)
        return Span(size - wanted, size) if wanted else Answer.UNSATISFIABLE
    start = int(first)
    if last and int(last) < start:
        return Answer.WHOLE
    if start >= size:
        return Answer.UNSATISFIABLE
    return Span(start, min(int(last) + 1, size) if last else size)


def _matches(header: str, etag: str, *, weak: bool) -> bool:
    if header.strip() == "*":
        return True
    offered = [one.strip() for one in header.split(",")]
    return any(one == etag or (weak and one == f"W/{etag}") for one in offered)
