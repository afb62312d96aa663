"""What one measurement in a foreign format holds, before it is a capture or a NeXus file.

Numbers are not read until somebody asks for them: a capture needs their shape only.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from verriere.model import Basis, Finding, Parameter, Reading, RecordedUser, Technique
from verriere.nexus import units
from verriere.nexus.text import is_missing, tidy
from verriere.techniques import panet
from verriere.wording import finding

Array = NDArray[Any]
Value = str | int | float | tuple[str, ...] | tuple[float, ...] | tuple[int, ...]

LONGEST_TEXT = 500
"""Characters of a text that a capture holds; the converted file holds all of it."""


@dataclass(frozen=True, slots=True)
class Header:
    """A header as it was written.

    Parameters
    ----------
    name
        Of the file, or of the part of it: ``acqus``, ``pdata/1/procs``.
    fields
        Names and values in their order; a name may come again.
    text
        The whole of it, where it is text.
    """

    name: str
    fields: tuple[tuple[str, Value], ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Numbers:
    """An array that is read when it is asked for.

    Parameters
    ----------
    read
        All of it, or its places ``start`` to ``stop`` along the first axis.
    """

    name: str
    shape: tuple[int, ...]
    dtype: str
    read: Callable[[int, int], Array]
    label: str = ""
    unit: str | None = None

    @classmethod
    def of(cls, name: str, values: Array, label: str = "", unit: str | None = None) -> "Numbers":
        """Numbers that are in memory already."""
        return cls(name, values.shape, str(values.dtype), lambda start, stop: values[start:stop], label, unit)


@dataclass(frozen=True, slots=True)
class Plottable:
    """A signal over its axes: one NXdata.

    Parameters
    ----------
    name
        Of its group.
    axes
        One for each dimension of the signal; a text is a label without values.
    others
        What else is in the group: an imaginary part, other columns.
    """

    name: str
    signal: Numbers
    axes: tuple[Numbers | str, ...] = ()
    others: tuple[Numbers, ...] = ()
    interpretation: str = ""


@dataclass(slots=True)
class Record:
    """One measurement; ``readings`` has the texts of a capture by their names there."""

    format: str
    file: str
    kind: str = "raw"
    definition: str = ""
    readings: dict[str, Reading] = field(default_factory=dict)
    energy: Parameter | None = None
    wavelength: Parameter | None = None
    detectors: list[Reading] = field(default_factory=list)
    identifiers: list[Reading] = field(default_factory=list)
    techniques: list[Technique] = field(default_factory=list)
    users: list[RecordedUser] = field(default_factory=list)
    parameters: list[Parameter] = field(default_factory=list)
    headers: list[Header] = field(default_factory=list)
    data: list[Plottable] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    personal: list[str] = field(default_factory=list)

    def note(self, code: str, where: str = "", **details: object) -> None:
        """Add a finding, once."""
        found = finding(code, where, file=self.file, **details)
        if found not in self.findings:
            self.findings.append(found)

    def say(self, name: str, text: object, source: str, *, raw: str | None = None, basis: Basis = Basis.STATED) -> None:
        """Set a text of the capture, unless it is a placeholder or was said before."""
        value = tidy(str(text))
        if name not in self.readings and not is_missing(value):
            self.readings[name] = Reading(value[:1000], source, raw if raw != value else None, basis)

    def technique(self, name: str, source: str, basis: Basis = Basis.STATED) -> None:
        """Add a technique by the name that people use."""
        iri = panet.by_name(name)[0]
        self.techniques.append(Technique(iri, panet.label(iri), basis, source))

    def person(self, name: object, source: str, **more: Any) -> None:
        """Add a person whom the file names, and remember the place as personal."""
        value = tidy(str(name))
        if not is_missing(value):
            self.users.append(RecordedUser(value[:200], source, **more))
            self.personal.append(source)

    def parameter(self, name: str, value: object, source: str, unit: str | None = None) -> None:
        """Add a parameter: a number with or without a unit, or a text; nothing where the value says nothing."""
        made = parameter(name, value, source, unit)
        if made is not None:
            self.parameters.append(made)

    def header(self, name: str, fields: list[tuple[str, Value]], text: str = "") -> None:
        """Add a header as it was written."""
        self.headers.append(Header(name, tuple(fields), text))


def parameter(name: str, value: object, source: str, unit: str | None = None) -> Parameter | None:
    """A parameter of a capture; None where the value says nothing."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float | np.number):
        number = float(value)
        if not np.isfinite(number):
            return None
        base = units.base(number, number, unit) if unit else None
        return Parameter(name, source, number, unit, base)
    text = tidy(str(value))
    return None if is_missing(text) else Parameter(name, source, text[:LONGEST_TEXT])


def number_of(text: object) -> float | None:
    """The number that a text is; None where it is none."""
    try:
        value = float(str(text).strip())
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def value_of(text: str) -> int | float | str:
    """A text as the number that it is, or as it is."""
    stripped = text.strip()
    try:
        return int(stripped) if len(stripped) < 18 else float(stripped)
    except ValueError:
        pass
    try:
        return float(stripped)
    except ValueError:
        return text
