"""Resumption tokens: all that the next page needs stands in the token, and nothing is kept here.

A list goes through the items in the order of (datestamp, DOI), up to the moment at which it was begun. An item that
changes meanwhile moves behind that moment: this list leaves it out, and the harvester's next visit, from the moment at
which this one began, brings it. So nothing is skipped and nothing comes twice, whatever is entered, changed or
withdrawn between two pages.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any

LIFETIME = timedelta(days=7)
_LONGEST = 4_000
_CHECK = 8


@dataclass(frozen=True, slots=True)
class Token:
    """Where a list goes on.

    Parameters
    ----------
    verb, prefix, set_spec
        Of the request that began it; ``set_spec`` is empty without a set.
    start, end
        Moments between which the datestamps lie: the first one included, the last one not.
    place
        Datestamp and DOI of the last item that was sent.
    sent, total
        How many items were sent, and how many there were when the list began.
    begun
        When it began.
    """

    verb: str
    prefix: str
    set_spec: str
    start: datetime | None
    end: datetime
    place: tuple[datetime, str]
    sent: int
    total: int
    begun: datetime

    @property
    def expires(self) -> datetime:
        """From when on it is refused."""
        return self.begun + LIFETIME

    def write(self, repository: str) -> str:
        """As it is sent; only the repository of that name takes it back."""
        start = None if self.start is None else _number(self.start)
        moments = [start, _number(self.end), _number(self.place[0]), _number(self.begun)]
        facts = [self.verb, self.prefix, self.set_spec, moments, self.place[1], self.sent, self.total]
        text = json.dumps(facts, separators=(",", ":"), ensure_ascii=False).encode()
        return base64.urlsafe_b64encode(_check(text, repository) + text).decode().rstrip("=")


def read(text: str, repository: str, now: datetime) -> Token:
    """The token that `Token.write` wrote.

    Raises
    ------
    ValueError
        It is garbled, from another repository, or too old.
    """
    if len(text) > _LONGEST or not text.isascii():
        raise ValueError("not a token of this repository")
    try:
        whole = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError("not a token of this repository") from error
    check, body = whole[:_CHECK], whole[_CHECK:]
    if check != _check(body, repository):
        raise ValueError("not a token of this repository, or one that was garbled on its way")
    try:
        token = _token(json.loads(body))
    except (ValueError, TypeError, OverflowError) as error:
        raise ValueError("not a token of this repository") from error
    if not token.begun - timedelta(minutes=5) <= now < token.expires:
        raise ValueError("the token has expired")
    return token


def _token(facts: Any) -> Token:
    verb, prefix, set_spec, (start, end, last, begun), doi, sent, total = facts
    words = (verb, prefix, set_spec, doi)
    if not all(isinstance(word, str) and word.isprintable() for word in words):
        raise ValueError("a word is no text")
    return Token(
        *(verb, prefix, set_spec),
        start=None if start is None else _moment(start),
        end=_moment(end),
        place=(_moment(last), doi),
        sent=max(0, int(sent)),
        total=max(0, int(total)),
        begun=_moment(begun),
    )


def _check(text: bytes, repository: str) -> bytes:
    """Tells a token that is whole. It guards no secret: whoever makes one up is sent what everybody is sent."""
    return blake2b(text, digest_size=_CHECK, key=repository.encode()[:64], person=b"oai-token").digest()


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TICK = timedelta(microseconds=1)


def _number(moment: datetime) -> int:
    return (moment - _EPOCH) // _TICK


def _moment(number: int) -> datetime:
    return _EPOCH + number * _TICK
