"""What a harvester asks: verbs, their arguments, and what is wrong with them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from verriere.publish.oai import dates, sets

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Error(Exception):
    """One of the protocol's errors."""

    code: str
    message: str

    @property
    def hides_arguments(self) -> bool:
        """Whether the answer must not repeat the arguments, since they are what is wrong (section 3.2)."""
        return self.code in {"badVerb", "badArgument"}


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a verb takes."""

    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    resumable: bool = False

    @property
    def known(self) -> frozenset[str]:
        """Every argument that may be there."""
        return self.required | self.optional | ({"resumptionToken"} if self.resumable else frozenset())


_LIST = Arguments(frozenset({"metadataPrefix"}), frozenset({"from", "until", "set"}), resumable=True)
VERBS: Mapping[str, Arguments] = MappingProxyType(
    {
        "Identify": Arguments(),
        "ListMetadataFormats": Arguments(optional=frozenset({"identifier"})),
        "ListSets": Arguments(resumable=True),
        "GetRecord": Arguments(frozenset({"identifier", "metadataPrefix"})),
        "ListIdentifiers": _LIST,
        "ListRecords": _LIST,
    }
)


@dataclass(frozen=True, slots=True)
class Request:
    """A request without faults: its verb and arguments."""

    verb: str
    arguments: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str) -> str | None:
        """An argument; None where it was not given."""
        return self.arguments.get(name)


def read(pairs: Pairs) -> Request:
    """What the pairs of a query or of a form ask.

    Raises
    ------
    Error
        ``badVerb`` or ``badArgument``.
    """
    verb = _verb(pairs)
    arguments = VERBS[verb]
    given = [(name, value) for name, value in pairs if name != "verb"]
    for name, times in Counter(name for name, _ in given).items():
        if name not in arguments.known:
            raise Error("badArgument", f"{verb} takes no argument {_shown(name)}")
        if times > 1:
            raise Error("badArgument", f"{name} is given {times} times")
    values = dict(given)
    if "resumptionToken" in values:
        if len(values) > 1:
            raise Error("badArgument", "resumptionToken is exclusive: no other argument may stand beside it")
        _require_text(values)
        return Request(verb, values)
    missing = sorted(arguments.required - values.keys())
    if missing:
        raise Error("badArgument", f"{verb} needs {' and '.join(missing)}")
    _require_text(values)
    _require_form(values)
    return Request(verb, values)


def _verb(pairs: Pairs) -> str:
    given = [value for name, value in pairs if name == "verb"]
    if len(given) != 1:
        raise Error("badVerb", "a request has one argument verb" if not given else "verb is repeated")
    if given[0] not in VERBS:
        raise Error("badVerb", f"{_shown(given[0])} is not a verb of OAI-PMH 2.0; those are {', '.join(VERBS)}")
    return given[0]


def _require_text(values: Mapping[str, str]) -> None:
    """XML cannot say everything that a URL can."""
    for name, value in values.items():
        if not value or _UNWRITABLE.search(value):
            raise Error("badArgument", f"{name} is empty or holds characters that no document can hold")


def _require_form(values: Mapping[str, str]) -> None:
    if "metadataPrefix" in values and not _PREFIX.fullmatch(values["metadataPrefix"]):
        raise Error("badArgument", "metadataPrefix holds characters that a prefix cannot have")
    if "set" in values and not sets.is_spec(values["set"]):
        raise Error("badArgument", "set holds characters that the name of a set cannot have")
    bounds = {name: values[name] for name in ("from", "until") if name in values}
    for name, value in bounds.items():
        try:
            dates.first(value)
        except ValueError as error:
            forms = f"{dates.GRANULARITY} and YYYY-MM-DD"
            raise Error("badArgument", f"{name} is no date; this repository takes {forms}") from error
    if len(bounds) == 2:
        if dates.is_day(bounds["from"]) != dates.is_day(bounds["until"]):
            raise Error("badArgument", "from and until are of different granularity")
        if dates.first(bounds["from"]) > dates.first(bounds["until"]):
            raise Error("badArgument", "from is later than until")


def _shown(text: str) -> str:
    """What somebody sent, short and without what a document cannot hold."""
    return repr(_UNWRITABLE.sub("?", text[:60]))


_PREFIX = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
