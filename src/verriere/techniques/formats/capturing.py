"""From a record to a capture; the signals stand at the places that the converted file has them at."""

from dataclasses import replace

import numpy as np

from verriere.model import Axis, Capture, Parameter, Scan, Signal
from verriere.techniques.formats.record import Numbers, Plottable, Record

ENTRY = "/entry"


def capture_of(record: Record) -> Capture:
    """What a record says, as every room of the house knows it."""
    signals = tuple(signal_of(plottable) for plottable in record.data)
    said = record.readings
    named = {user.source for user in record.users}
    return Capture(
        format=record.format,
        dialect=record.format,
        kind=record.kind,
        title=said.get("title"),
        start_time=said.get("start_time"),
        end_time=said.get("end_time"),
        instrument=said.get("instrument"),
        facility=said.get("facility"),
        sample=said.get("sample"),
        experiment_identifier=said.get("experiment_identifier"),
        energy=record.energy,
        wavelength=record.wavelength,
        detectors=tuple(record.detectors),
        techniques=tuple(record.techniques),
        signal=signals[0] if signals else None,
        signals=signals,
        users=tuple(record.users),
        scans=(_scan(record, signals),) if signals else (),
        parameters=tuple(_marked(one, named | set(record.personal)) for one in record.parameters),
        identifiers=tuple(record.identifiers),
        personal_paths=tuple(dict.fromkeys(record.personal)),
        findings=tuple(record.findings),
    )


def signal_of(plottable: Plottable) -> Signal:
    """A signal where the converted file has it."""
    group = f"{ENTRY}/{plottable.name}"
    signal = plottable.signal
    return Signal(
        path=f"{group}/{signal.name}",
        shape=signal.shape,
        dtype=np.dtype(signal.dtype).name,
        label=signal.label,
        unit=signal.unit,
        axes=tuple(_axis(group, axis) for axis in plottable.axes),
        interpretation=plottable.interpretation,
    )


def _axis(group: str, axis: Numbers | str) -> Axis:
    if isinstance(axis, str):
        return Axis(axis)
    return Axis(axis.label, axis.unit, f"{group}/{axis.name}")


def _scan(record: Record, signals: tuple[Signal, ...]) -> Scan:
    said = record.readings
    title, start, end = said.get("title"), said.get("start_time"), said.get("end_time")
    return Scan(
        path=ENTRY,
        definition=record.definition or None,
        title=title.value if title else None,
        start_time=start.value if start else None,
        end_time=end.value if end else None,
        signal=signals[0],
    )


def _marked(parameter: Parameter, personal: set[str]) -> Parameter:
    if parameter.source not in personal:
        return parameter
    return replace(parameter, personal=True)
