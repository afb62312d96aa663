"""What of a dataset's record a level of access discloses: redaction as a pure function.

Below `Access.TEAM` nothing personal is left, nor anything of the inside of the facility (where the file came from,
how its visit was found). Below `Access.DATA` no name of a file is left: a title, a value or a finding that holds one
goes with it. At `Access.CITATION` only what a citation needs is left, and not where it was read: a path inside a
file often begins with the name of the scan, and so of the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from pathlib import PurePosixPath
from typing import Self, TypeVar

from verriere.errors import NotFound
from verriere.model import Capture, Dataset, Finding, Parameter, Reading, Scan, Signal
from verriere.policy.access import Access
from verriere.policy.personal import NOBODY, PersonalTexts

_SHORTEST_NAME = 4
"""A shorter name (``07``, of ``07.h5``) is in too many innocent texts to be looked for inside them."""
_NUMBER = re.compile(r"\d")
_LIKE_A_NUMBER = re.compile(r"[\d.einfa+-]+")


def disclose(dataset: Dataset, access: Access) -> Dataset:
    """What someone with ``access`` may know of ``dataset``.

    Raises
    ------
    NotFound
        ``access`` is `Access.NONE`.
    """
    if access is Access.NONE:
        raise NotFound(f"no dataset {dataset.id}")
    if access is Access.TEAM:
        return dataset
    return _disclosed(dataset, access, _without_people(dataset))


def disclosures(dataset: Dataset) -> tuple[Dataset, Dataset, Dataset]:
    """What `Access.CITATION`, `Access.METADATA` and `Access.DATA` disclose: as `disclose`, in a third of the time."""
    people = _without_people(dataset)
    citation, metadata, data = (
        _disclosed(dataset, access, people) for access in (Access.CITATION, Access.METADATA, Access.DATA)
    )
    return citation, metadata, data


@dataclass(frozen=True, slots=True)
class _Impersonal:
    """What every level begins with: a dataset's title and captures without people, and the names of its files."""

    title: str
    captures: "_Captures"
    is_stated: bool
    names: "_Names"
    told: tuple[Parameter, ...]


def _without_people(dataset: Dataset) -> _Impersonal:
    people = PersonalTexts.of(user for _, capture in dataset.captures for user in capture.users)
    captures = tuple((name, _impersonal(capture, people)) for name, capture in dataset.captures)
    is_stated = _is_stated(dataset, captures)
    is_withheld = not is_stated and _is_stated(dataset, dataset.captures)  # it was read where people are named
    title = dataset.id if is_withheld or people.are_in(dataset.title) else dataset.title
    told = tuple(one for one in dataset.told if not one.personal and not people.are_in(str(one.value or "")))
    return _Impersonal(title, captures, is_stated, _Names.of(dataset), told)


def _disclosed(dataset: Dataset, access: Access, impersonal: _Impersonal) -> Dataset:
    # The findings on the whole say how its visit was found, and name the visits of others.
    without = partial(replace, dataset, source="", matched_by="", candidates=(), decisions=(), findings=())
    if access is Access.DATA:
        files = tuple(replace(file, location=None) if file.location else file for file in dataset.files)
        return without(title=impersonal.title, files=files, captures=impersonal.captures, told=impersonal.told)
    names = impersonal.names
    title = impersonal.title if impersonal.is_stated and not names.are_in(impersonal.title) else dataset.id
    if access is Access.METADATA:
        captures = tuple(
            (str(number), _unnamed(capture, names)) for number, (_, capture) in enumerate(impersonal.captures, start=1)
        )
        told = tuple(filter(None, (_unnamed_parameter(one, names) for one in impersonal.told)))
        return without(title=title, files=(), captures=captures, told=told)
    captures = tuple(("1", _citation(capture, names)) for _, capture in impersonal.captures[:1])
    return without(title=title, files=(), captures=captures, sample_id=None, told=(), completeness=None)


_Captures = tuple[tuple[str, Capture], ...]


def _is_stated(dataset: Dataset, captures: _Captures) -> bool:
    """Whether a file says the title; one that does not was called after its files or its folder."""
    return any(capture.title is not None and capture.title.value == dataset.title for _, capture in captures)


def _impersonal(capture: Capture, people: PersonalTexts) -> Capture:
    """The capture without people, without what was read where people are named, and without what names them."""
    places = frozenset(capture.personal_paths)
    if not people.may_be_in(_texts(capture)):
        if not (places or capture.users or capture.companions or any(one.personal for one in capture.parameters)):
            return capture
        people = NOBODY

    def outside(reading: Reading | None) -> Reading | None:
        told = reading is not None and (reading.source in places or people.are_in(reading.raw or reading.value))
        return None if told else reading

    def of_things(parameter: Parameter | None) -> Parameter | None:
        if parameter is None or parameter.personal or parameter.source in places:
            return None
        if people is NOBODY:
            return parameter
        texts = (parameter.name, parameter.unit, parameter.value)
        return None if any(isinstance(text, str) and people.are_in(text) for text in texts) else parameter

    return replace(
        capture,
        title=outside(capture.title),
        start_time=outside(capture.start_time),
        end_time=outside(capture.end_time),
        instrument=outside(capture.instrument),
        facility=outside(capture.facility),
        sample=outside(capture.sample),
        experiment_identifier=outside(capture.experiment_identifier),
        energy=of_things(capture.energy),
        wavelength=of_things(capture.wavelength),
        detectors=tuple(reading for reading in capture.detectors if outside(reading)),
        identifiers=tuple(reading for reading in capture.identifiers if outside(reading)),
        parameters=tuple(parameter for parameter in capture.parameters if of_things(parameter)),
        signal=_impersonal_signal(capture.signal, people),
        signals=tuple(_impersonal_signal(signal, people) for signal in capture.signals),
        scans=tuple(_impersonal_scan(scan, places, people) for scan in capture.scans),
        findings=tuple(
            found
            for found in capture.findings
            if found.where not in places and not any(map(people.are_in, found.details.values()))
        ),
        users=(),
        personal_paths=(),
        # As written, a link names folders of the people who made it.
        companions=tuple(PurePosixPath(name).name for name in capture.companions),
    )


def _texts(capture: Capture) -> list[str]:
    """All that a capture says, beside numbers and where they were read."""
    found = [reading.raw or reading.value for reading in _readings(capture)]
    for parameter in _parameters(capture):
        found.append(parameter.name)
        if parameter.unit:
            found.append(parameter.unit)
        if isinstance(parameter.value, str):
            found.append(parameter.value)
    for scan in capture.scans:
        found += (scan.title or "", scan.command or "")
    for signal in (capture.signal, *capture.signals, *(scan.signal for scan in capture.scans)):
        if signal is not None:
            found += (signal.label, signal.unit or "")
            for axis in signal.axes:
                found += (axis.label, axis.unit or "")
    for about in capture.findings:
        found += about.details.values()
    return found


def _readings(capture: Capture) -> Iterator[Reading]:
    single = (
        capture.title,
        capture.start_time,
        capture.end_time,
        capture.instrument,
        capture.facility,
        capture.sample,
        capture.experiment_identifier,
    )
    return chain(filter(None, single), capture.detectors, capture.identifiers)


def _parameters(capture: Capture) -> Iterator[Parameter]:
    return chain(filter(None, (capture.energy, capture.wavelength)), capture.parameters)


_AnySignal = TypeVar("_AnySignal", Signal, Signal | None)


def _impersonal_signal(signal: _AnySignal, people: PersonalTexts) -> _AnySignal:
    """The same values, under names that tell of nobody: they are written into the picture that everyone gets."""
    if signal is None:
        return signal
    axes = tuple(
        replace(axis, label=_without(axis.label, people), unit=_without(axis.unit or "", people) or None)
        for axis in signal.axes
    )
    return replace(
        signal, label=_without(signal.label, people), unit=_without(signal.unit or "", people) or None, axes=axes
    )


def _without(text: str, people: PersonalTexts) -> str:
    return "" if people.are_in(text) else text


def _impersonal_scan(scan: Scan, places: frozenset[str], people: PersonalTexts) -> Scan:
    def outside(text: str | None, *names: str) -> str | None:
        told = any(f"{scan.path}/{name}" in places for name in names) or people.are_in(text or "")
        return None if told else text

    return replace(
        scan,
        title=outside(scan.title, "title"),
        command=outside(scan.command, "scan_command", "command"),
        signal=_impersonal_signal(scan.signal, people),
    )


def _unnamed(capture: Capture, names: "_Names") -> Capture:
    """The capture without names of files, nor anything a picture could be made from."""
    if not names.may_be_in(capture):
        return _pictureless(capture)
    return replace(
        capture,
        title=_nameless(capture.title, names),
        start_time=_nameless(capture.start_time, names),
        end_time=_nameless(capture.end_time, names),
        instrument=_nameless(capture.instrument, names),
        facility=_nameless(capture.facility, names),
        sample=_nameless(capture.sample, names),
        experiment_identifier=_nameless(capture.experiment_identifier, names),
        energy=_unnamed_parameter(capture.energy, names),
        wavelength=_unnamed_parameter(capture.wavelength, names),
        detectors=tuple(filter(None, (_nameless(reading, names) for reading in capture.detectors))),
        identifiers=tuple(filter(None, (_nameless(reading, names) for reading in capture.identifiers))),
        techniques=tuple(replace(one, source=_placed(one.source, names)) for one in capture.techniques),
        parameters=tuple(filter(None, (_unnamed_parameter(one, names) for one in capture.parameters))),
        findings=tuple(replace(found, file="") for found in capture.findings if not _tells(found, names)),
        signal=None,
        signals=(),
        scans=tuple(_unnamed_scan(scan, names) for scan in capture.scans),
        companions=(),
    )


def _pictureless(capture: Capture) -> Capture:
    """The capture without what a picture could be made from; nothing in it tells the name of a file."""
    drawn = capture.signal or capture.signals or any(scan.signal for scan in capture.scans)
    if not (drawn or capture.companions or any(found.file for found in capture.findings)):
        return capture
    return replace(
        capture,
        findings=tuple(replace(found, file="") for found in capture.findings),
        signal=None,
        signals=(),
        scans=tuple(replace(scan, signal=None) for scan in capture.scans),
        companions=(),
    )


def _unnamed_parameter(parameter: Parameter | None, names: "_Names") -> Parameter | None:
    if parameter is None or names.are_in(parameter.name) or names.are_in(str(parameter.value or "")):
        return None
    source = _placed(parameter.source, names)
    return parameter if source == parameter.source else replace(parameter, source=source)


def _placed(source: str, names: "_Names") -> str:
    """Where something was read, unless that is called like a file: a scan often has the name of both."""
    folded = source.casefold()
    if not any(name in folded for name in names.whole):
        return source
    return "" if any(map(names.are_in, source.split("/"))) else source


def _unnamed_scan(scan: Scan, names: "_Names") -> Scan:
    title = None if scan.title is None or names.are_in(scan.title) else scan.title
    command = None if scan.command is None or names.are_in(scan.command) else scan.command
    return replace(scan, path=_placed(scan.path, names), title=title, command=command, signal=None)


def _citation(capture: Capture, names: "_Names") -> Capture:
    """What a citation needs of a capture: title, times, instrument, facility, techniques."""
    return Capture(
        format=capture.format,
        kind=capture.kind,
        title=_placeless(_nameless(capture.title, names)),
        start_time=_placeless(capture.start_time),
        end_time=_placeless(capture.end_time),
        instrument=_placeless(capture.instrument),
        facility=_placeless(capture.facility),
        techniques=tuple(replace(technique, source="") for technique in capture.techniques),
    )


def _placeless(reading: Reading | None) -> Reading | None:
    return None if reading is None else replace(reading, source="", raw=None)


def _nameless(reading: Reading | None, names: "_Names") -> Reading | None:
    if reading is None or names.are_in(reading.value):
        return None
    raw = None if reading.raw is None or names.are_in(reading.raw) else reading.raw
    source = _placed(reading.source, names)
    return reading if (source, raw) == (reading.source, reading.raw) else replace(reading, source=source, raw=raw)


def _tells(found: Finding, names: "_Names") -> bool:
    return _placed(found.where, names) != found.where or any(map(names.are_in, found.details.values()))


def _ways_to_name(path: str) -> tuple[str, ...]:
    """A file by its whole path, its name, and its name without suffix."""
    parts = [part for part in path.casefold().split("/") if part not in {"", "."}]
    name = parts[-1] if parts else ""
    stem, dot, suffix = name.rpartition(".")
    return "/" * path.startswith("/") + "/".join(parts), name, stem if stem and dot and suffix else name


@dataclass(frozen=True, slots=True)
class _Names:
    """The names of a dataset's files, and how a text may tell them.

    Parameters
    ----------
    whole
        Names that a text must not be: those of the files and of the source, with and without suffix.
    parts
        Names that a text must not hold: those with a suffix, and what is numbered (``scan_0042``). A plain word may
        be the name of a file and of what was measured; a text that holds it tells nothing.
    """

    whole: frozenset[str]
    parts: tuple[str, ...]

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """Names of the files, of what they link to, and of the source."""
        paths = [
            *(file.path for file in dataset.files),
            *(name for _, capture in dataset.captures for name in capture.companions),
            dataset.source,
        ]
        whole = {name for path in paths for name in _ways_to_name(path)} - {"", ".", "/"}
        parts = {name for name in whole if len(name) >= _SHORTEST_NAME and ("." in name or _NUMBER.search(name))}
        # What holds a name holds every part of it.
        shortest = tuple(name for name in parts if not any(other in name for other in parts if other != name))
        return cls(frozenset(whole), shortest)

    def are_in(self, text: str) -> bool:
        """Whether ``text`` is, or holds, the name of a file."""
        folded = text.strip().casefold()
        return folded in self.whole or any(name in folded for name in self.parts)

    def may_be_in(self, capture: Capture) -> bool:
        """Whether a capture may tell the name of a file; where not, nothing in it does. Sooner said than of each."""
        texts = _texts(capture)
        texts += (reading.source for reading in _readings(capture))
        texts += (reading.value for reading in _readings(capture) if reading.raw)
        texts += (parameter.source for parameter in _parameters(capture))
        texts += (technique.source for technique in capture.techniques)
        texts += (scan.path for scan in capture.scans)
        texts += (found.where for found in capture.findings)
        if any(map(_LIKE_A_NUMBER.fullmatch, self.whole)):
            texts += (str(parameter.value) for parameter in _parameters(capture))
        together = "\n".join(texts).casefold()
        return any(name in together for name in self.whole)
