"""Folders ``.d`` of Bruker's mass spectrometers: FT-ICR transients, and what a TIMS analysis says of itself.

Sources: the file ``apexAcquisition.method`` describes its parameters in itself; ``analysis.tdf`` is a database with a
table of names and values (TDF-SDK of Bruker Daltonics).
"""

import re
import sqlite3
import tempfile
from pathlib import Path

import numpy as np

from verriere.nexus import times
from verriere.techniques.formats.bundle import Bundle, Unreadable
from verriere.techniques.formats.mapping import fill, is_nobody
from verriere.techniques.formats.raw import check_order, file_array
from verriere.techniques.formats.record import Numbers, Plottable, Record, Value, number_of, value_of
from verriere.techniques.formats.xml import Reader, told

_MOST_TDF = 256 << 20


def read_mass_folder(bundle: Bundle, name: str, record: Record) -> None:
    """Read a folder; ``name`` is any file of it."""
    record.technique("MS", name)
    said = _methods(record, bundle)
    fill(record, "bruker-ft-icr", said.get, lambda key: f"apexAcquisition.method:{key}")
    for other in ("analysis.tdf", "analysis.tsf"):
        if other in bundle:
            _database(record, bundle, other)
    transient = next((one for one in ("ser", "fid") if one in bundle), None)
    if transient is not None:
        _transient(record, bundle, transient, said)
    elif "analysis.baf" in bundle:
        record.note("format-unsupported", "analysis.baf", what="BAF")
    elif not {"analysis.tdf", "analysis.tsf"} & set(bundle.names):
        record.note("format-companion-missing", name, missing="ser")


def _methods(record: Record, bundle: Bundle) -> dict[str, str]:
    """Every parameter of the XML files of the folder, the acquisition's method first."""
    said: dict[str, str] = {}
    names = [one for one in bundle.names if re.search(r"\.(method|xml)$", one, re.IGNORECASE)]
    for other in sorted(names, key=lambda one: (not one.endswith("apexAcquisition.method"), one)):
        if bundle.size(other) > 16 << 20:
            continue
        fields: list[tuple[str, Value]] = []
        last = [""]

        def begin(path: tuple[str, ...], attributes: dict[str, str]) -> None:
            if path[-1] == "param":
                last[0] = attributes.get("name", "")  # noqa: B023 - used before the next turn
            fields.extend((f"{'/'.join(path)}@{key}", value_of(value)) for key, value in attributes.items())  # noqa: B023

        def end(path: tuple[str, ...], text: str) -> None:
            if not text.strip():
                return
            if path[-1].casefold() == "value" and last[0]:  # noqa: B023
                said.setdefault(last[0], text.strip())  # noqa: B023
                fields.append((last[0], value_of(text.strip())))  # noqa: B023
            else:
                said.setdefault(path[-1], text.strip())
                fields.append(("/".join(path), value_of(text.strip())))  # noqa: B023

        with (
            bundle.open(other) as stream,
            told(lambda error, other=other: record.note(error.code, other, **error.details)),  # type: ignore[misc]
        ):
            Reader(begin, end).read(stream, other)
        if fields:
            record.header(other, fields)
    return said


def _transient(record: Record, bundle: Bundle, name: str, said: dict[str, str]) -> None:
    points = int(number_of(said.get("TD")) or 0)
    total = bundle.size(name) // 4
    points = points or total
    rows = max(1, total // points) if points and name == "ser" else 1
    shape = (rows, points) if rows > 1 else (points,)
    found = file_array(record, bundle, name, "<i4", shape)
    if found is None:
        return
    check_order(record, found)
    width = number_of(said.get("SW_h")) or number_of(said.get("SW_h_Broadband"))
    length = found.shape[-1]
    time: Numbers | str = Numbers.of("time", np.arange(length) / (2 * width), "time", "s") if width else "point"
    axes = ("", time) if rows > 1 else (time,)
    record.data.append(Plottable("transient", found.numbers("signal", "ion signal"), axes))


def _database(record: Record, bundle: Bundle, name: str) -> None:
    """Names and values of the table ``GlobalMetadata``; the database is read in a copy, and cannot be written to."""
    try:
        content = bundle.read(name, _MOST_TDF)
    except Unreadable as error:
        record.note(error.code, name, **error.details)
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "analysis.db"
        copy.write_bytes(content)
        try:
            connection = sqlite3.connect(f"{copy.as_uri()}?mode=ro&immutable=1", uri=True)
            try:
                rows = connection.execute("SELECT Key, Value FROM GlobalMetadata LIMIT 10000").fetchall()
            finally:
                connection.close()
        except sqlite3.Error as error:
            record.note("format-unreadable", name, name=name, reason=str(error))
            return
    fields = [(str(key), str(value)) for key, value in rows]
    record.header(name, [(key, value_of(value)) for key, value in fields])
    said = dict(fields)
    for field, key in (("title", "SampleName"), ("sample", "SampleName"), ("instrument", "InstrumentName")):
        record.say(field, said.get(key, ""), f"{name}:{key}")
    moment = times.parse(said.get("AcquisitionDateTime", ""))
    if moment is not None:
        record.say("start_time", times.iso(moment), f"{name}:AcquisitionDateTime")
    if not is_nobody(said.get("OperatorName", "")):
        record.person(said.get("OperatorName", ""), f"{name}:OperatorName")
