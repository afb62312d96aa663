"""The folder of one NMR experiment of Bruker: ``fid`` or ``ser``, ``acqus``, and spectra in ``pdata/N``.

Sources: "Acquisition Commands and Parameters" and "Processing Commands and Parameters" of the TopSpin manuals.
"""

import math
import re
from collections.abc import Callable

import numpy as np

from verriere.nexus import times
from verriere.nexus.text import decode
from verriere.techniques.formats import parameter_files
from verriere.techniques.formats.bundle import DATA, Bundle
from verriere.techniques.formats.mapping import fill, is_nobody
from verriere.techniques.formats.raw import FileArray, check_order, file_array
from verriere.techniques.formats.record import Array, Numbers, Plottable, Record, Value, number_of

BLOCK = 1024
"""Bytes: each row of a ``ser`` begins at a multiple."""
_HEADERS = re.compile(r"(?:pdata/\d+/)?(?:acqu\d?s?|proc\d?s?|meta)")
_TEXTS = re.compile(
    r"(?:pdata/\d+/)?(?:title|audit[ap]\.txt|pulseprogram|uxnmr\.(?:par|info)|scon2|shimvalues|format\.temp|orig|"
    r"outd|intrng|cpdprg\d?|vdlist|vclist|vplist|vtlist|fq\d?list|\w+\.xml|precom\.output|specpar|lists/\S+)"
)
_STARTED = re.compile(r"started at ([\d: .+-]+\d)")
_BY_WHOM = re.compile(r"\(\s*\d+,<[\d :.+-]+>,<([^>]+)>,")
_OF_A_ROBOT = re.compile(r"\S+ \S+ \{[^}]*\} \S+ \d+")
"""What the automation writes where nobody gives a title: experiment, solvent, {folder}, user and place."""
_DATA_TYPES = {0: "i4", 1: "f4", 2: "f8"}
_REAL_MODES = {0, 2}
_Said = dict[str, Value]


def read_bruker_nmr(bundle: Bundle, name: str, record: Record) -> None:
    """Read an experiment; ``name`` is any file of the folder."""
    record.technique("NMR", "acqus" if "acqus" in bundle else name)
    said = _headers(record, bundle)
    acqus = said.get("acqus", {})
    if not acqus:
        record.note("format-companion-missing", name, missing="acqus")
    else:
        _readings(record, bundle, said)
    spectra = sorted((one for one in bundle.names if re.fullmatch(r"pdata/\d+/(1r|2rr)", one)), key=_number)
    for number, spectrum in enumerate(spectra[:4]):
        _processed(record, bundle, spectrum, said, f"spectrum_{number + 1}" if number else "spectrum")
    if acqus:
        _acquired(record, bundle, said)
        if not spectra:
            record.note("nmr-unprocessed", "pdata")


def _number(name: str) -> int:
    return int(name.split("/")[1])


def _headers(record: Record, bundle: Bundle) -> dict[str, _Said]:
    found: dict[str, _Said] = {}
    for name in bundle.names:
        if _HEADERS.fullmatch(name):
            text = decode(bundle.read(name))
            fields = parameter_files.bruker(text)
            record.header(name, fields, text)
            found[name] = dict(reversed(fields))
        elif _TEXTS.fullmatch(name) and bundle.size(name) < 1 << 20:
            record.header(name, [], decode(bundle.read(name)))
    return found


def _readings(record: Record, bundle: Bundle, said: dict[str, _Said]) -> None:
    acqus = said["acqus"]
    texts = {header.name: header.text for header in record.headers}
    title = next((name for name in sorted(texts) if re.fullmatch(r"pdata/\d+/title", name) and texts[name]), "")
    if title:
        first = next((line for line in texts[title].splitlines() if line.strip()), "")
        if not _OF_A_ROBOT.fullmatch(first.strip()):
            record.say("title", first, title)
    if not is_nobody(str(acqus.get("INSTRUM", ""))):
        record.say("instrument", acqus.get("INSTRUM", ""), "acqus:INSTRUM")
    _times(record, acqus, texts.get("audita.txt", ""))
    owner = str(acqus.get("OWNER", ""))
    if owner and not is_nobody(owner):
        record.person(owner, "acqus:OWNER", is_login=True)
    for login in dict.fromkeys(_BY_WHOM.findall(texts.get("audita.txt", ""))):
        if not is_nobody(login) and login != owner:
            record.person(login, "audita.txt", is_login=True)
    fill(record, "bruker-nmr", _picker(acqus), lambda key: f"acqus:{key}")
    if "acqu2s" in said:
        record.parameter("nucleus_2", said["acqu2s"].get("NUC1"), "acqu2s:NUC1")
        record.parameter("spectral_width_2", number_of(said["acqu2s"].get("SW_h")), "acqu2s:SW_h", "Hz")


def _picker(said: _Said) -> Callable[[str], object]:
    def pick(key: str) -> object:
        """``D[1]`` is the second of an array."""
        name, _, index = key.rstrip("]").partition("[")
        value = said.get(name)
        if not index:
            return None if isinstance(value, tuple) else value
        return value[int(index)] if isinstance(value, tuple) and len(value) > int(index) else None

    return pick


def _times(record: Record, acqus: _Said, audit: str) -> None:
    """``DATE`` is the end of the measurement; its begin is in newer parameters, or in the audit trail."""
    begun = number_of(acqus.get("DATE_START"))
    ended = number_of(acqus.get("DATE"))
    started = _STARTED.search(audit)
    moment = times.parse(started[1].replace(" +", "+").replace(" -", "-")) if started else None
    if moment is not None and started is not None:
        record.say("start_time", times.iso(moment), "audita.txt", raw=started[1])
    elif begun and (stamp := times.from_epoch(begun)):
        record.say("start_time", times.iso(stamp), "acqus:DATE_START", raw=str(acqus.get("DATE_START")))
    if ended and (stamp := times.from_epoch(ended)):
        record.say("end_time", times.iso(stamp), "acqus:DATE", raw=str(acqus.get("DATE")))


def _int(said: _Said, key: str, default: int) -> int:
    value = number_of(said.get(key))
    return default if value is None else int(value)


def _acquired(record: Record, bundle: Bundle, said: dict[str, _Said]) -> None:
    acqus = said["acqus"]
    name = next((one for one in ("ser", "fid") if one in bundle), None)
    if name is None:
        record.note("format-companion-missing", "acqus", missing="fid")
        return
    kind = _DATA_TYPES.get(_int(acqus, "DTYPA", 0))
    if kind is None:
        record.note("format-unsupported", "acqus:DTYPA", what=f"DTYPA {acqus.get('DTYPA')}")
        return
    order = ">" if _int(acqus, "BYTORDA", 0) == 1 else "<"
    points = _int(acqus, "TD", 0)
    is_complex = _int(acqus, "AQ_mod", 3) not in _REAL_MODES
    rows = [_int(said[key], "TD", 1) for key in ("acqu3s", "acqu2s") if key in said] if name == "ser" else []
    shape = (points // 2, 2) if is_complex else (points,)
    width = points * np.dtype(kind).itemsize
    if rows:
        padded = -(-width // BLOCK) * BLOCK
        exact = bundle.size(name) == math.prod(rows) * width
        found = file_array(
            record, bundle, name, order + kind, (math.prod(rows), *shape), stride=width if exact else padded
        )
    else:
        found = file_array(record, bundle, name, order + kind, shape)
    if found is None:
        return
    check_order(record, found)
    record.data.append(_transients(found, acqus, is_complex=is_complex, is_series=bool(rows)))


def _transients(found: FileArray, acqus: _Said, *, is_complex: bool, is_series: bool) -> Plottable:
    length = found.shape[1 if is_series else 0]
    width = number_of(acqus.get("SW_h"))
    time: Numbers | str = ""
    if width:
        step = 1 / width if is_complex else 1 / (2 * width)
        time = Numbers.of("time", np.arange(length) * step, "time", "s")
    axes = ("", time) if is_series else (time,)
    if not is_complex:
        return Plottable("fid", found.numbers("signal", "intensity"), axes)
    real = found.numbers("real", "intensity (real)", None, lambda values: values[..., 0])
    imaginary = found.numbers("imaginary", "intensity (imaginary)", None, lambda values: values[..., 1])
    return Plottable("fid", real, axes, (imaginary,))


def _processed(record: Record, bundle: Bundle, name: str, said: dict[str, _Said], group: str) -> None:
    folder = name.rpartition("/")[0]
    procs = said.get(f"{folder}/procs", {})
    if not procs:
        record.note("format-companion-missing", name, missing=f"{folder}/procs")
        return
    kind = _DATA_TYPES.get(_int(procs, "DTYPP", 0), "i4")
    dtype = (">" if _int(procs, "BYTORDP", 0) == 1 else "<") + kind
    direct = _ppm(procs, "shift")
    if name.endswith("/1r"):
        signal = _curve(record, bundle, name, dtype, procs, part="real")
        if signal is None:
            return
        imaginary = f"{folder}/1i"
        others = [_curve(record, bundle, imaginary, dtype, procs, part="imaginary")] if imaginary in bundle else []
        axis = direct if direct and direct.shape == signal.shape else ""
        record.data.append(Plottable(group, signal, (axis,), tuple(one for one in others if one is not None)))
        return
    proc2s = said.get(f"{folder}/proc2s", {})
    signal = _matrix(record, bundle, name, dtype, procs, proc2s=proc2s)
    if signal is not None:
        record.data.append(Plottable(group, signal, (_ppm(proc2s, "shift_2") or "", direct or "")))


def _curve(record: Record, bundle: Bundle, name: str, dtype: str, procs: _Said, *, part: str) -> Numbers | None:
    found = file_array(record, bundle, name, dtype, (_int(procs, "SI", 0),))
    return None if found is None else found.numbers(part, f"intensity ({part})" if part == "imaginary" else "intensity")


def _ppm(procs: _Said, name: str) -> Numbers | None:
    """Chemical shift at each point: from ``OFFSET`` down over the spectral width."""
    points, first = _int(procs, "SI", 0), number_of(procs.get("OFFSET"))
    width, frequency = number_of(procs.get("SW_p")), number_of(procs.get("SF"))
    if first is None or not width or not frequency or not 0 < points <= 1 << 26:
        return None
    return Numbers.of(name, first - np.arange(points) * (width / frequency / points), "chemical shift", "ppm")


def _matrix(record: Record, bundle: Bundle, name: str, dtype: str, procs: _Said, *, proc2s: _Said) -> Numbers | None:
    """A 2D spectrum, which lies in the file in blocks of ``XDIM`` points each way."""
    size = (_int(proc2s, "SI", 0), _int(procs, "SI", 0))
    block = (_int(proc2s, "XDIM", 0) or size[0], _int(procs, "XDIM", 0) or size[1])
    if min(*size, *block) < 1 or size[0] % block[0] or size[1] % block[1]:
        record.note("format-shape", name, shape=f"{size[0]} x {size[1]}")
        return None
    found = file_array(record, bundle, name, dtype, (math.prod(size),))
    if found is None or found.shape[0] < math.prod(size) or math.prod(size) * found.dtype.itemsize > DATA:
        return None
    whole: list[Array] = []

    def read(start: int, stop: int) -> Array:
        if not whole:
            values = found.read(0, math.prod(size))
            blocks = values.reshape(size[0] // block[0], size[1] // block[1], *block)
            whole.append(blocks.transpose(0, 2, 1, 3).reshape(size))
        return whole[0][start:stop]

    return Numbers("real", size, str(found.dtype), read, "intensity")
