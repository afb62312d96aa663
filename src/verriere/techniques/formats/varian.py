"""NMR of Varian and Agilent: a folder with ``fid`` and ``procpar``.

Source: "Data files" in the VnmrJ User Programming manual (headers of files and of blocks, bits of their status).
"""

import re
import struct

import numpy as np

from verriere.nexus import times
from verriere.nexus.text import decode
from verriere.techniques.formats import parameter_files
from verriere.techniques.formats.bundle import Bundle
from verriere.techniques.formats.mapping import fill, is_nobody
from verriere.techniques.formats.raw import check_order, file_array
from verriere.techniques.formats.record import Numbers, Plottable, Record, Value, number_of

_HEAD = struct.Struct(">6l2hl")
_BLOCK_HEAD = 28
_IS_LONG, _IS_FLOAT, _IS_COMPLEX = 0x4, 0x8, 0x10
_LOGGED = re.compile(r"^(.{20,30}?): (.*)$", re.MULTILINE)


def read_varian(bundle: Bundle, name: str, record: Record) -> None:
    """Read the folder of a measurement; ``name`` is any file of it."""
    record.technique("NMR", name)
    said: dict[str, Value] = {}
    if "procpar" in bundle:
        text = decode(bundle.read("procpar"))
        fields = parameter_files.varian(text)
        record.header("procpar", fields, text)
        said = dict(reversed(fields))
    else:
        record.note("format-companion-missing", name, missing="procpar")
    texts = {}
    for other in bundle.names:
        if other.rpartition("/")[2] in {"log", "text", "curpar", "sampleinfo"} and bundle.size(other) < 1 << 20:
            texts[other] = decode(bundle.read(other))
            record.header(other, [], texts[other])
    _readings(record, said, texts)
    if "fid" not in bundle:
        record.note("format-companion-missing", name, missing="fid")
        return
    _data(record, bundle, said)


def _readings(record: Record, said: dict[str, Value], texts: dict[str, str]) -> None:
    record.say("title", next((line for line in texts.get("text", "").splitlines() if line.strip()), ""), "text")
    record.say("title", said.get("comment", ""), "procpar:comment")
    record.say("sample", said.get("samplename", ""), "procpar:samplename")
    logged = _LOGGED.findall(texts.get("log", ""))
    for field, key, words in (
        ("start_time", "time_run", "started"),
        ("end_time", "time_complete", "complete"),
    ):
        from_log = next((when for when, what in logged if words in what and (words != "complete" or "Acq" in what)), "")
        for written, source in ((from_log, "log"), (str(said.get(key, "")), f"procpar:{key}")):
            moment = times.parse(written) if written else None
            if moment is not None:
                record.say(field, times.iso(moment), source, raw=written)
    console = str(said.get("console", ""))
    if console and not is_nobody(console):
        record.parameter("console", console, "procpar:console")
    for key in ("operator_", "operator", "emailaddr"):
        operator = str(said.get(key, ""))
        if operator and not is_nobody(operator):
            record.person(operator, f"procpar:{key}", is_login="@" not in operator)
    fill(record, "varian-nmr", lambda key: _first(said.get(key)), lambda key: f"procpar:{key}")


def _first(value: Value | None) -> Value | None:
    return (value[0] if value else None) if isinstance(value, tuple) else value


def _data(record: Record, bundle: Bundle, said: dict[str, Value]) -> None:
    head = bundle.head("fid", _HEAD.size)
    if len(head) < _HEAD.size:
        record.note("format-short", "fid", expected=_HEAD.size, available=len(head))
        return
    blocks, traces, points, _, trace_bytes, block_bytes, version, status, heads = _HEAD.unpack(head)
    fields: list[tuple[str, Value]] = [
        ("nblocks", blocks), ("ntraces", traces), ("np", points), ("tbytes", trace_bytes), ("bbytes", block_bytes),
        ("vers_id", version), ("status", status), ("nbheaders", heads),
    ]  # fmt: skip
    record.header("fid", fields)
    dtype = ">f4" if status & _IS_FLOAT else (">i4" if status & _IS_LONG else ">i2")
    item = np.dtype(dtype).itemsize
    if min(blocks, traces, points, heads + 1) < 1 or heads > 16 or block_bytes < traces * points * item:
        record.note("format-shape", "fid", shape=f"{blocks} x {traces} x {points}")
        return
    tail = (points // 2, 2)
    offset = _HEAD.size + heads * _BLOCK_HEAD
    if blocks == 1 and traces == 1:
        found = file_array(record, bundle, "fid", dtype, tail, offset=offset)
    else:
        shape = (blocks, traces, *tail) if traces > 1 else (blocks, *tail)
        found = file_array(record, bundle, "fid", dtype, shape, offset=offset, stride=block_bytes)
    if found is None:
        return
    check_order(record, found)
    width = number_of(_first(said.get("sw")))
    length = found.shape[-2]
    time: Numbers | str = Numbers.of("time", np.arange(length) / width, "time", "s") if width else ""
    real = found.numbers("real", "intensity (real)", None, lambda values: values[..., 0])
    imaginary = found.numbers("imaginary", "intensity (imaginary)", None, lambda values: values[..., 1])
    record.data.append(Plottable("fid", real, (*([""] * (len(real.shape) - 1)), time), (imaginary,)))
