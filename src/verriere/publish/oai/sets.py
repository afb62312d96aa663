"""Sets: ``beamline:SWING``, ``technique:PaNET01188``, ``year:2024``, ``proposal:standard`` and ``openaire_data``.

The part before the colon is a set as well, of all items that are in one below it, as the protocol's hierarchy means it.
A technique's set holds what was measured with it or with a kind of it.
"""

import re
from dataclasses import dataclass

OPENAIRE = "openaire_data"
"""The set that OpenAIRE's guidelines for data archives ask for."""

KINDS = {
    "beamline": "Beamlines and instruments",
    "technique": "Techniques (PaNET)",
    "year": "Years of measurement",
    "proposal": "Kinds of access",
}

_SPEC = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(:[A-Za-z0-9\-_.!~*'()]+)*")
_PLAIN = re.compile(r"[^A-Za-z0-9\-_.!*'()]")
_ESCAPED = re.compile(r"~([0-9a-f]+)~")


@dataclass(frozen=True, slots=True)
class Asked:
    """A set that is asked for: its kind, and the value; None for all of that kind."""

    kind: str
    value: str | None = None


def is_spec(text: str) -> bool:
    """Whether the protocol allows a text as the name of a set."""
    return _SPEC.fullmatch(text) is not None


def spec(kind: str, value: str) -> str:
    """The name of the set of a kind for a value, whatever characters that has."""
    return f"{kind}:{_PLAIN.sub(lambda found: f'~{ord(found[0]):x}~', value)}"


def read(text: str) -> Asked | None:
    """What a set's name asks for; None where it can be no set of ours."""
    if text == OPENAIRE or text in KINDS:
        return Asked(text)
    kind, _, value = text.partition(":")
    if kind not in KINDS or not value or ":" in value:
        return None
    try:
        plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value)
    except (ValueError, OverflowError):
        return None
    return Asked(kind, plain) if spec(kind, plain) == text else None
