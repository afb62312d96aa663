"""EPR of Bruker: BES3T (a descriptor ``.DSC`` beside ``.DTA``) and the older ESP and WinEPR (``.par`` beside ``.spc``).

Sources: "BES3T data set format", in the Xepr User's Manual of Bruker BioSpin; for ESP and WinEPR, the list of
parameters in the WinEPR manual.
"""

import re
from pathlib import PurePosixPath

import numpy as np

from verriere.nexus import times
from verriere.nexus.text import decode, is_missing
from verriere.techniques.formats.bundle import Bundle
from verriere.techniques.formats.mapping import fill, is_nobody
from verriere.techniques.formats.raw import FileArray, check_order, file_array
from verriere.techniques.formats.record import Numbers, Plottable, Record, Value, number_of, value_of

_TYPES = {"D": "f8", "F": "f4", "C": "i1", "S": "i2", "I": "i4"}
_WITH_UNIT = re.compile(r"([-+]?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?) +([A-Za-zµ%°/]+)")
_DSC_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{2}|\d{4})")


def read_bes3t(bundle: Bundle, name: str, record: Record) -> None:
    """Read a BES3T data set; ``name`` is any of its files."""
    stem = name.rpartition(".")[0]
    descriptor = bundle.named(f"{stem}.DSC")
    record.technique("EPR", name)
    if descriptor is None:
        record.note("format-companion-missing", name, missing=PurePosixPath(f"{stem}.DSC").name)
        return
    text = decode(bundle.read(descriptor))
    fields = _descriptor(text)
    record.header(PurePosixPath(descriptor).name, [(key, value_of(value)) for key, value in fields], text)
    said = dict(reversed(fields))
    _said_by_bes3t(record, said)
    for key, value in fields:
        measured = _WITH_UNIT.fullmatch(value)
        if "." in key and measured:
            record.parameter(key.rpartition(".")[2], float(measured[1]), f"DSC:{key}", measured[2])
    data = bundle.named(f"{stem}.DTA")
    if data is None:
        record.note("format-companion-missing", descriptor, missing=PurePosixPath(f"{stem}.DTA").name)
        return
    _bes3t_data(record, bundle, data, said)


def _descriptor(text: str) -> list[tuple[str, str]]:
    """Keys and values; those of a device begin with its name and a dot."""
    fields: list[tuple[str, str]] = []
    device = ""
    lines = iter(text.splitlines())
    for line in lines:
        if not line.strip() or line.startswith(("*", "#")):
            device = "" if line.startswith("#") else device
            continue
        if line.startswith(".DVC"):
            device = line.removeprefix(".DVC").partition(",")[0].strip()
            fields.append((f"{device}.DVC", line.partition(",")[2].strip()))
            continue
        key, _, value = line.strip().partition("\t") if "\t" in line.strip() else _by_space(line)
        while value.endswith("\\"):  # a text of several lines
            value = value[:-1] + next(lines, "")
        fields.append((f"{device}.{key}" if device else key, value.strip().strip("'")))
    return fields


def _by_space(line: str) -> tuple[str, str, str]:
    key, _, value = line.strip().partition(" ")
    return key, " ", value


def _said_by_bes3t(record: Record, said: dict[str, str]) -> None:
    record.say("title", said.get("TITL", ""), "DSC:TITL")
    record.say("sample", said.get("SAMP", ""), "DSC:SAMP")
    moment = _moment(said.get("DATE", ""), said.get("TIME", ""))
    if moment:
        record.say("start_time", moment, "DSC:DATE", raw=f"{said.get('DATE')} {said.get('TIME', '')}".strip())
    operator = said.get("OPER", "")
    if operator and not is_nobody(operator):
        record.person(operator, "DSC:OPER", role="operator", is_login=True)
    record.parameter("comment", said.get("CMNT"), "DSC:CMNT")
    of_field = said.get("AXS1", "B0VL") == "B0VL"  # else centre and width of the sweep are in another unit

    def value(key: str) -> str | None:
        return None if key in {"A1CT", "A1SW"} and not of_field else said.get(key)

    fill(record, "bes3t", value, lambda key: f"DSC:{key}")


def _moment(day: str, clock: str) -> str:
    """ISO 8601 of the day as Xepr writes it: month/day/year with two digits, the day first where that cannot be."""
    match = _DSC_DATE.fullmatch(day.strip())
    if match is None:
        moment = times.parse(f"{day} {clock}".strip()) or times.parse(day)
        return times.iso(moment) if moment else ""
    first, second, year = (int(part) for part in match.groups())
    year += 0 if year > 99 else (2000 if year < 70 else 1900)
    month, date = (first, second) if first <= 12 else (second, first)
    moment = times.parse(f"{year:04d}-{month:02d}-{date:02d} {clock}".strip())
    return times.iso(moment) if moment else ""


def _bes3t_data(record: Record, bundle: Bundle, data: str, said: dict[str, str]) -> None:
    order = {"BIG": ">", "LIT": "<"}.get(said.get("BSEQ", ""), "")
    if not order:
        record.note("format-byte-order-unsaid", "DSC:BSEQ")
    kinds = said.get("IKKF", "REAL").split(",")
    formats = (said.get("IRFMT", "D").split(",") * len(kinds))[: len(kinds)]
    if len(set(formats)) > 1 or formats[0].strip() not in _TYPES:
        record.note("format-unsupported", "DSC:IRFMT", what=said.get("IRFMT", ""))
        return
    if "NTUP" in {said.get("XTYP"), said.get("YTYP")}:
        record.note("format-unsupported", "DSC:XTYP", what="NTUP")
        return
    lengths = [int(number_of(said.get(f"{letter}PTS", 1)) or 0) if _is_there(said, letter) else 1 for letter in "ZYX"]
    while len(lengths) > 1 and lengths[0] == 1:
        lengths = lengths[1:]
    parts = [name for kind in kinds for name in (("real", "imaginary") if kind.strip() == "CPLX" else ("real",))]
    shape = (*lengths, len(parts)) if len(parts) > 1 else tuple(lengths)
    found = file_array(record, bundle, data, (order or ">") + _TYPES[formats[0].strip()], shape)
    if found is None:
        return
    check_order(record, found)
    letters = "ZYX"[-len(lengths) :]
    axes = tuple(
        _bes3t_axis(record, bundle, data, said, letter=letter, length=length)
        for letter, length in zip(letters, found.shape[: len(letters)], strict=True)
    )
    label = said.get("IRNAM", "").split(",")[0].strip("'") or "intensity"
    unit = said.get("IRUNI", "").split(",")[0].strip("'") or None
    record.data.append(_plottable(found, parts, label, unit, axes))


def _is_there(said: dict[str, str], letter: str) -> bool:
    return said.get(f"{letter}TYP", "NODATA") != "NODATA"


def _plottable(
    found: FileArray, parts: list[str], label: str, unit: str | None, axes: tuple[Numbers | str, ...]
) -> Plottable:
    if len(parts) == 1:
        return Plottable("data", found.numbers("signal", label, unit), axes)
    names = ["signal", *(f"{name}_{number // 2}" if number > 1 else name for number, name in enumerate(parts[1:], 1))]
    columns = [
        found.numbers(name, f"{label} ({part})", unit, lambda values, at=at: values[..., at])  # type: ignore[misc]
        for at, (name, part) in enumerate(zip(names, parts, strict=True))
    ]
    return Plottable("data", columns[0], axes, tuple(columns[1:]))


def _bes3t_axis(
    record: Record, bundle: Bundle, data: str, said: dict[str, str], *, letter: str, length: int
) -> Numbers | str:
    name = said.get(f"{letter}NAM", "").strip("'")
    label = "" if is_missing(name) else name
    unit = said.get(f"{letter}UNI", "").strip("'") or None
    least, width = number_of(said.get(f"{letter}MIN")), number_of(said.get(f"{letter}WID"))
    points = int(number_of(said.get(f"{letter}PTS")) or 1)
    path = f"axis_{letter.lower()}"
    if said.get(f"{letter}TYP") == "IGD":
        companion = bundle.named(f"{data.rpartition('.')[0]}.{letter}GF")
        if companion is None:
            missing = PurePosixPath(data).stem + f".{letter}GF"
            record.note("format-companion-missing", data, missing=missing)
            return label
        order = "<" if said.get("BSEQ") == "LIT" else ">"
        kind = _TYPES.get(said.get(f"{letter}FMT", "D"), "f8")
        found = file_array(record, bundle, companion, order + kind, (points,))
        if found is None or found.shape[0] < length:
            return label
        return Numbers.of(path, np.asarray(found.read(0, length)), label, unit)
    if least is None or width is None:
        return label
    values = least + width * np.arange(points) / max(1, points - 1)
    return Numbers.of(path, values[:length], label, unit)


def read_esp(bundle: Bundle, name: str, record: Record) -> None:
    """Read a spectrum of ESP or WinEPR; ``name`` is any of its files."""
    stem = name.rpartition(".")[0]
    parameters = bundle.named(f"{stem}.par")
    record.technique("EPR", name)
    if parameters is None:
        record.note("format-companion-missing", name, missing=PurePosixPath(f"{stem}.par").name)
        return
    text = decode(bundle.read(parameters))
    fields = [
        (key, value.strip())
        for line in re.split(r"[\r\n]+", text)
        if line.strip()
        for key, _, value in [line.strip().partition(" ")]
    ]
    record.header(PurePosixPath(parameters).name, _typed(fields), text)
    said = dict(reversed(fields))
    record.say("title", said.get("JCO", ""), "par:JCO")
    moment = times.parse(f"{said.get('JDA', '').replace('.', '-')} {said.get('JTM', '')}".strip())
    if moment:
        record.say("start_time", times.iso(moment), "par:JDA", raw=f"{said.get('JDA')} {said.get('JTM', '')}".strip())
    operator = said.get("JON", "")
    if operator and not is_nobody(operator):
        record.person(operator, "par:JON", role="operator")
    fill(record, "esp", said.get, lambda key: f"par:{key}")
    data = bundle.named(f"{stem}.spc")
    if data is None:
        record.note("format-companion-missing", parameters, missing=PurePosixPath(f"{stem}.spc").name)
        return
    _esp_data(record, bundle, data, said)


def _typed(fields: list[tuple[str, str]]) -> list[tuple[str, Value]]:
    return [(key, value_of(value)) for key, value in fields]


def _esp_data(record: Record, bundle: Bundle, data: str, said: dict[str, str]) -> None:
    """WinEPR writes little endian floats and says ``DOS Format``; ESP wrote big endian integers and says nothing."""
    dtype = "<f4" if "DOS" in said else ">i4"
    status = int(number_of(said.get("JSS", 0)) or 0)
    is_complex, is_two = bool(status & 16), bool(status & 4096)
    total = bundle.size(data) // 4
    length = int(number_of(said.get("SSX" if is_two else "ANZ")) or number_of(said.get("RES")) or total)
    rows = int(number_of(said.get("SSY")) or 1) if is_two else 1
    if is_complex:
        length //= 2
    shape = (rows, length) if rows > 1 else (length,)
    found = file_array(record, bundle, data, dtype, (*shape, 2) if is_complex else shape)
    if found is None:
        return
    check_order(record, found)
    axes: tuple[Numbers | str, ...] = (_esp_axis(said, length, found.shape[len(shape) - 1]),)
    if rows > 1:
        axes = ("", *axes)
    parts = ["real", "imaginary"] if is_complex else ["real"]
    record.data.append(_plottable(found, parts, "intensity", None, axes))


def _esp_axis(said: dict[str, str], points: int, length: int) -> Numbers | str:
    for start, width, centred in (("GST", "GSI", False), ("XXLB", "XXWI", False), ("HCF", "HSW", True)):
        first, span = number_of(said.get(start)), number_of(said.get(width))
        if first is None or not span:
            continue
        first = first - span / 2 if centred else first
        values = first + span * np.arange(points) / max(1, points - 1)
        timed = "time" in said.get("JEX", "").casefold()
        return Numbers.of("axis_x", values[:length], "time" if timed else "magnetic field", said.get("JUN") or "G")
    return ""
