"""What of a dataset's record a level of access discloses: redaction as a pure function.

Below `Access.TEAM` nothing personal is left, nor anything of the inside of the facility (where the file came from,
how its visit was found). Below `Access.DATA` no name of a file is left: a title, a value or a finding that holds one
goes with it. At `Access.CITATION` only what a citation needs is left, and not where it was read: a path inside a
file often begins with the name of the scan, and so of the file.
"""

import re
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Self

from verriere.errors import NotFound
from verriere.model import Capture, Dataset, Finding, Parameter, Reading, Scan
from verriere.policy.access import Access

_SHORTEST_NAME = 4
"""A shorter name (``07``, of ``07.h5``) is in too many innocent texts to be looked for inside them."""
_NUMBER = re.compile(r"\d")


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
    without = replace(dataset, source="", matched_by="", candidates=(), decisions=())
    if access is Access.DATA:
        files = tuple(replace(file, location=None) for file in dataset.files)
        captures = tuple((name, _impersonal(capture)) for name, capture in dataset.captures)
        return replace(without, files=files, captures=captures)
    names = _Names.of(dataset)
    title = dataset.id if names.are_in(dataset.title) else dataset.title
    if access is Access.METADATA:
        captures = tuple(
            (str(number), _unnamed(_impersonal(capture), names))
            for number, (_, capture) in enumerate(dataset.captures, start=1)
        )
        findings = tuple(replace(found, file="") for found in dataset.findings if not _tells(found, names))
        return replace(without, title=title, files=(), captures=captures, findings=findings)
    captures = tuple(("1", _citation(_impersonal(capture), names)) for _, capture in dataset.captures[:1])
    return replace(without, title=title, files=(), captures=captures, findings=(), sample_id=None)


def _impersonal(capture: Capture) -> Capture:
    """The capture without people, and without what was read where people are named."""
    places = frozenset(capture.personal_paths)
    return replace(
        capture,
        title=_outside(capture.title, places),
        start_time=_outside(capture.start_time, places),
        end_time=_outside(capture.end_time, places),
        instrument=_outside(capture.instrument, places),
        facility=_outside(capture.facility, places),
        sample=_outside(capture.sample, places),
        experiment_identifier=_outside(capture.experiment_identifier, places),
        energy=_impersonal_parameter(capture.energy, places),
        wavelength=_impersonal_parameter(capture.wavelength, places),
        detectors=tuple(reading for reading in capture.detectors if _outside(reading, places)),
        identifiers=tuple(reading for reading in capture.identifiers if _outside(reading, places)),
        parameters=tuple(p for p in capture.parameters if _impersonal_parameter(p, places)),
        findings=tuple(found for found in capture.findings if found.where not in places),
        users=(),
        personal_paths=(),
        # As written, a link names folders of the people who made it.
        companions=tuple(PurePosixPath(name).name for name in capture.companions),
    )


def _outside(reading: Reading | None, places: frozenset[str]) -> Reading | None:
    return None if reading is None or reading.source in places else reading


def _impersonal_parameter(parameter: Parameter | None, places: frozenset[str]) -> Parameter | None:
    if parameter is None or parameter.personal or parameter.source in places:
        return None
    return parameter


def _unnamed(capture: Capture, names: "_Names") -> Capture:
    """The capture without names of files, nor anything a picture could be made from."""
    return replace(
        capture,
        title=_nameless(capture.title, names),
        sample=_nameless(capture.sample, names),
        experiment_identifier=_nameless(capture.experiment_identifier, names),
        detectors=tuple(reading for reading in capture.detectors if _nameless(reading, names)),
        identifiers=tuple(reading for reading in capture.identifiers if _nameless(reading, names)),
        parameters=tuple(p for p in capture.parameters if not (isinstance(p.value, str) and names.are_in(p.value))),
        findings=tuple(replace(found, file="") for found in capture.findings if not _tells(found, names)),
        signal=None,
        signals=(),
        scans=tuple(_unnamed_scan(scan, names) for scan in capture.scans),
        companions=(),
    )


def _unnamed_scan(scan: Scan, names: "_Names") -> Scan:
    title = None if scan.title is None or names.are_in(scan.title) else scan.title
    command = None if scan.command is None or names.are_in(scan.command) else scan.command
    return replace(scan, title=title, command=command, signal=None)


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
    if reading.raw is not None and names.are_in(reading.raw):
        return replace(reading, raw=None)
    return reading


def _tells(found: Finding, names: "_Names") -> bool:
    return names.are_in(found.where) or any(names.are_in(value) for value in found.details.values())


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
    parts: frozenset[str]

    @classmethod
    def of(cls, dataset: Dataset) -> Self:
        """Names of the files, of what they link to, and of the source."""
        paths = [
            *(file.path for file in dataset.files),
            *(name for _, capture in dataset.captures for name in capture.companions),
            dataset.source,
        ]
        whole = {
            name.casefold() for path in map(PurePosixPath, paths) for name in (str(path), path.name, path.stem)
        } - {"", "."}
        parts = {name for name in whole if len(name) >= _SHORTEST_NAME and ("." in name or _NUMBER.search(name))}
        return cls(frozenset(whole), frozenset(parts))

    def are_in(self, text: str) -> bool:
        """Whether ``text`` is, or holds, the name of a file."""
        folded = text.strip().casefold()
        return folded in self.whole or any(name in folded for name in self.parts)
