"""From a record to a NeXus file: the numbers, the fields that everybody knows, and the whole header as it was."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np

from verriere.model import Parameter, Reading
from verriere.techniques import panet
from verriere.techniques.formats.capturing import ENTRY
from verriere.techniques.formats.record import Header, Numbers, Plottable, Record, Value

PIECE = 32 << 20
"""Bytes of an array that are in memory at once."""
SMALL = 64 << 20
"""Bytes of an array up to which a picture may need any part of it."""
Wanted = Callable[[Numbers], range]
"""Which places along the first axis of a signal are written."""


def write(record: Record, path: Path, *, converter: str) -> None:
    """Write a record as NeXus.

    Parameters
    ----------
    path
        Of the new file.
    converter
        Name and version of the program, written as ``NXprocess``.
    """
    _write(record, path, _all_of, converter=converter)


def write_for_plot(record: Record, path: Path) -> None:
    """Write what the default plot needs: of a large stack, the middle frame alone."""
    _write(record, path, _middle_of, converter="")


def _write(record: Record, path: Path, wanted: Wanted, *, converter: str) -> None:
    with h5py.File(path, "w", libver="latest", track_order=True) as file:
        file.attrs["default"] = ENTRY[1:]
        entry = _group(file, ENTRY[1:], "NXentry")
        for plottable in record.data:
            _data(entry, plottable, wanted)
        if record.data:
            entry.attrs["default"] = record.data[0].name
        if converter:
            _known(entry, record)
            _originals(entry, record)
            process = _group(entry, "conversion", "NXprocess")
            program, _, version = converter.partition(" ")
            _text(process, "program", program)
            _text(process, "version", version)
            _text(process, "source_format", record.format)


def _all_of(numbers: Numbers) -> range:
    return range(numbers.shape[0]) if numbers.shape else range(1)


def _middle_of(numbers: Numbers) -> range:
    """As `verriere.nexus.views` cuts: the middle of the first axis, unless the whole is small."""
    size = int(np.prod(numbers.shape, dtype=np.int64)) * np.dtype(numbers.dtype).itemsize
    if len(numbers.shape) < 3 or size <= SMALL:
        return _all_of(numbers)
    middle = numbers.shape[0] // 2
    return range(middle, middle + 1)


def _group(parent: h5py.Group, name: str, nx_class: str) -> h5py.Group:
    group = parent.require_group(name)
    group.attrs["NX_class"] = nx_class
    return group


def _data(entry: h5py.Group, plottable: Plottable, wanted: Wanted) -> None:
    group = _group(entry, plottable.name, "NXdata")
    group.attrs["signal"] = plottable.signal.name
    if plottable.others:
        same = [other.name for other in plottable.others if other.shape == plottable.signal.shape]
        if same:
            group.attrs["auxiliary_signals"] = same
    if plottable.axes:
        group.attrs["axes"] = [axis.name if isinstance(axis, Numbers) else "." for axis in plottable.axes]
    _numbers(group, plottable.signal, wanted, plottable.interpretation)
    for numbers in (*plottable.others, *(axis for axis in plottable.axes if isinstance(axis, Numbers))):
        _numbers(group, numbers, wanted)


def _numbers(group: h5py.Group, numbers: Numbers, wanted: Wanted, interpretation: str = "") -> None:
    """One array, written in pieces along its first axis, compressed where it is large."""
    item = int(np.prod(numbers.shape[1:], dtype=np.int64)) * np.dtype(numbers.dtype).itemsize
    large = item * (numbers.shape[0] if numbers.shape else 1) > 4096
    step = max(1, PIECE // max(1, item))
    options: dict[str, Any] = {}
    if large:
        options = {"compression": "gzip", "compression_opts": 1, "shuffle": True}
        if len(numbers.shape) > 2:
            options["chunks"] = (1, *numbers.shape[1:])
    made = group.create_dataset(numbers.name, shape=numbers.shape, dtype=np.dtype(numbers.dtype), **options)
    places = wanted(numbers)
    for start in range(places.start, places.stop, step):
        stop = min(start + step, places.stop)
        made[start:stop] = numbers.read(start, stop)
    if numbers.unit is not None:
        made.attrs["units"] = numbers.unit
    if numbers.label:
        made.attrs["long_name"] = numbers.label
    if interpretation:
        made.attrs["interpretation"] = interpretation


def _known(entry: h5py.Group, record: Record) -> None:
    """What a capture of the original says, where NeXus has a place for it, each with where it was read."""
    said = record.readings
    if record.definition:
        _text(entry, "definition", record.definition)
    for name in ("title", "start_time", "end_time", "experiment_identifier"):
        _reading(entry, name, said.get(name))
    instrument = _group(entry, "instrument", "NXinstrument")
    _reading(instrument, "name", said.get("instrument"))
    if "facility" in said:
        _reading(_group(instrument, "source", "NXsource"), "name", said["facility"])
    for number, detector in enumerate(record.detectors):
        _reading(_group(instrument, f"detector_{number}" if number else "detector", "NXdetector"), "name", detector)
    for parameter in (record.energy, record.wavelength):
        if parameter is not None and parameter.basis == "stated":
            _of_beam(_group(instrument, "monochromator", "NXmonochromator"), parameter, record)
    if "sample" in said:
        _reading(_group(entry, "sample", "NXsample"), "name", said["sample"])
    for number, technique in enumerate(record.techniques):
        group = _group(entry, f"technique_{number}" if number else "technique", "NXcollection")
        _text(group, "name", panet.label(technique.iri))
        _text(group, "identifier", technique.iri)
    for number, user in enumerate(record.users):
        group = _group(entry, f"user_{number}" if number else "user", "NXuser")
        for name, value in (("name", user.name), ("email", user.email), ("role", user.role)):
            if value:
                _text(group, name, value, source=user.source)
    parameters = _group(entry, "parameters", "NXcollection")
    used: Counter[str] = Counter()
    for parameter in record.parameters:
        _parameter(parameters, parameter, _unique(parameter.name, used))


def _of_beam(group: h5py.Group, parameter: Parameter, record: Record) -> None:
    """Energy or wavelength; where it was scanned, the axis of the signal is it."""
    if parameter.value is not None:
        _parameter(group, parameter, parameter.name)
        return
    for plottable in record.data:
        for axis in plottable.axes:
            if isinstance(axis, Numbers) and axis.name == parameter.name:
                group[parameter.name] = h5py.SoftLink(f"{ENTRY}/{plottable.name}/{axis.name}")
                return


def _reading(group: h5py.Group, name: str, reading: Reading | None) -> None:
    if reading is not None:
        _text(group, name, reading.value, source=reading.source)


def _text(group: h5py.Group, name: str, value: str, *, source: str = "") -> None:
    made = group.create_dataset(name, data=_storable(value), dtype=h5py.string_dtype())
    if source:
        made.attrs["source"] = _storable(source)


def _parameter(group: h5py.Group, parameter: Parameter, name: str) -> None:
    if isinstance(parameter.value, str):
        _text(group, name, parameter.value, source=parameter.source)
        return
    made = group.create_dataset(name, data=parameter.value)
    made.attrs["source"] = _storable(parameter.source)
    if parameter.unit is not None:
        made.attrs["units"] = _storable(parameter.unit)


def _originals(entry: h5py.Group, record: Record) -> None:
    """Every field of every header, under its own name, and the text as it was written."""
    top = _group(entry, "original", "NXcollection")
    used: Counter[str] = Counter()
    for header in record.headers:
        group = _group(top, _unique(header.name.replace("/", ":"), used), "NXcollection")
        group.attrs["original_name"] = _storable(header.name)
        _fields(group, header)


def _fields(group: h5py.Group, header: Header) -> None:
    used: Counter[str] = Counter({"header_text": 1} if header.text else {})
    for key, value in header.fields:
        name = _unique(key.replace("/", ":"), used)
        made = group.create_dataset(name, **_as_hdf5(value))
        if name != key:
            made.attrs["original_name"] = _storable(key)
    if header.text:
        note = _group(group, "header_text", "NXnote")
        _text(note, "type", "text/plain")
        _text(note, "data", header.text)


def _as_hdf5(value: Value) -> dict[str, Any]:
    if isinstance(value, str):
        return {"data": _storable(value), "dtype": h5py.string_dtype()}
    if isinstance(value, tuple) and all(isinstance(part, str) for part in value):
        return {"data": [_storable(str(part)) for part in value], "dtype": h5py.string_dtype(), "shape": (len(value),)}
    return {"data": value}


def _unique(name: str, used: Counter[str]) -> str:
    """A name that HDF5 takes and that no other has."""
    plain = _storable(name).strip() or "unnamed"
    plain = "_" if plain == "." else plain
    used[plain] += 1
    return plain if used[plain] == 1 else f"{plain}#{used[plain]}"


def _storable(text: str) -> str:
    """A text without the NUL that ends it in HDF5, and without halves of characters."""
    return text.replace("\x00", "\\0").encode("utf-8", "backslashreplace").decode("utf-8")
