"""JCAMP-DX: spectra as text, of NMR, EPR, mass, infrared and others.

Sources: JCAMP-DX 4.24 (Applied Spectroscopy 42 (1988) 151), 5.0 for NMR (Applied Spectroscopy 47 (1993) 1093), 5.0 for
mass spectrometry (Applied Spectroscopy 48 (1994) 1545).
"""

import re
from dataclasses import dataclass

import numpy as np

from verriere.nexus import times
from verriere.nexus.text import decode
from verriere.techniques.formats.asdf import ordinates
from verriere.techniques.formats.bundle import DATA, Bundle
from verriere.techniques.formats.mapping import fill, is_nobody
from verriere.techniques.formats.record import Numbers, Plottable, Record, Value, number_of, value_of

SIGNATURE = re.compile(rb"\s*##\s*TITLE\s*=", re.IGNORECASE)
_LABEL = re.compile(r"^##(.*?)=(.*)$")
_TABLES = {"XYDATA", "XYPOINTS", "PEAKTABLE", "PEAKASSIGNMENTS", "DATATABLE", "RADATA"}
_KINDS = (
    (re.compile(r"NMR", re.IGNORECASE), "NMR"),
    (re.compile(r"\bE[PS]R\b", re.IGNORECASE), "EPR"),
    (re.compile(r"MASS SPECTR", re.IGNORECASE), "MS"),
    (re.compile(r"INFRARED|\bIR\b", re.IGNORECASE), "IR spectroscopy"),
    (re.compile(r"RAMAN", re.IGNORECASE), "Raman"),
)
_MOST = 1 << 24
_MOST_TABLES = 256
_WHERE_AND_WHO = re.compile(r"<[\d :.+-]+>,<([^>]+)>,")


def read_jcamp(bundle: Bundle, name: str, record: Record) -> None:
    """Read a file; of a compound file the first block that has numbers."""
    text = decode(bundle.read(name, DATA >> 3))
    labelled = _records(text)
    tables = _tables(labelled)
    said = tables[0].said if tables else _tables([*labelled, ("XYDATA", "")])[0].said
    fields: list[tuple[str, Value]] = [
        (label.strip(), value_of(value.strip())) for label, value in labelled if _plain(label) not in _TABLES
    ]
    record.header("JCAMP-DX", fields)
    _readings(record, said)
    for number, table in enumerate(tables[:_MOST_TABLES]):
        _table(record, table, number=number)
    _join(record)
    if not record.data:
        record.note("format-empty", name)


@dataclass(frozen=True, slots=True)
class _Table:
    """A table of numbers: the label that it stands under, its text, and what its block has said before it."""

    key: str
    text: str
    said: dict[str, str]


def _tables(labelled: list[tuple[str, str]]) -> list[_Table]:
    """The tables of a file; an inner block of a compound file knows what the outer one says."""
    blocks: list[dict[str, str]] = [{}]
    found = []
    for label, value in labelled:
        key = _plain(label)
        if key == "TITLE":
            blocks.append(dict(blocks[-1]))
        if key in _TABLES:
            found.append(_Table(key, value, dict(blocks[-1])))
        elif key == "END" and len(blocks) > 1:
            blocks.pop()
        else:
            blocks[-1][key] = _said(value)
    return found


def _records(text: str) -> list[tuple[str, str]]:
    """Labels and what follows them, in their order; comments stay in the value."""
    found: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        match = None if line.startswith("$$") else _LABEL.match(line)
        if match is not None:
            found.append((match[1], [match[2]]))
        elif found:
            found[-1][1].append(line)
    return [(label, "\n".join(lines)) for label, lines in found]


def _plain(label: str) -> str:
    """Labels are the same whatever their case, spaces, dashes, slashes and underlines (4.24, section 4.1)."""
    return re.sub(r"[\s\-/_]", "", label).upper()


def _said(value: str) -> str:
    return "\n".join(line.split("$$")[0].rstrip() for line in value.splitlines()).strip()


def _readings(record: Record, said: dict[str, str]) -> None:
    kind = said.get("DATATYPE", "")
    for pattern, technique in _KINDS:
        if pattern.search(kind):
            record.technique(technique, "JCAMP:DATA TYPE")
            break
    record.say("title", said.get("TITLE", ""), "JCAMP:TITLE")
    record.say("sample", said.get("SAMPLEDESCRIPTION", ""), "JCAMP:SAMPLE DESCRIPTION")
    instrument = said.get("SPECTROMETERDATASYSTEM", "") or said.get("INSTRUMENT", "")
    if not is_nobody(instrument):
        record.say("instrument", instrument, "JCAMP:SPECTROMETER/DATA SYSTEM")
    for written, label in (
        (said.get("LONGDATE", ""), "LONG DATE"),
        (f"{said.get('DATE', '')} {said.get('TIME', '')}".strip(), "DATE"),
    ):
        moment = times.parse(written) or times.parse(_short_year(written)) if written else None
        if moment is not None:
            record.say("start_time", times.iso(moment), f"JCAMP:{label}", raw=written)
    owner = said.get("OWNER", "")
    if owner and not is_nobody(owner) and "COPYRIGHT" not in owner.upper():
        record.person(owner.splitlines()[0], "JCAMP:OWNER")
    for login in dict.fromkeys(_WHERE_AND_WHO.findall(said.get("AUDITTRAIL", ""))):
        if not is_nobody(login):
            record.person(login, "JCAMP:AUDIT TRAIL", is_login=True)
    fill(record, "jcamp", lambda key: said.get(_plain(key)), lambda key: f"JCAMP:{key}")


def _short_year(text: str) -> str:
    """``06/10/24`` is year/month/day (4.24, section 6.2)."""
    match = re.match(r"(\d\d)/(\d\d)/(\d\d)\b(.*)", text)
    if match is None:
        return text
    year = int(match[1])
    return f"{year + (2000 if year < 70 else 1900)}-{match[2]}-{match[3]}{match[4]}"


@dataclass(frozen=True, slots=True)
class _Variable:
    """What a table is of: how many values, over which axis, and the factor that makes them what was measured."""

    points: int
    first: float | None
    last: float | None
    factor: float
    x_unit: str
    y_unit: str
    x_name: str = ""
    y_name: str = ""


def _table(record: Record, table: _Table, *, number: int) -> None:
    key, said = table.key, table.said
    form, _, body = table.text.partition("\n")
    lines = body.splitlines()
    named = re.search(r"\(\s*(\w+)\s*\+\+\s*\(\s*(\w+)\s*\.\.", form)
    if named is None:
        _pairs(record, said, lines, form)
        return
    of = _ntuple(said, named[1], named[2]) if key == "DATATABLE" else _plain_table(said)
    values, contradictions = ordinates(lines, min(max(of.points, 1) + 1, _MOST) if of.points else _MOST)
    if contradictions:
        record.note("jcamp-check", f"JCAMP:{key}", count=contradictions)
    if len(values) != of.points:
        record.note("format-count", f"JCAMP:{key}", expected=of.points, found=len(values))
    values = values[: of.points] if of.points else values
    if not values:
        return
    y = np.asarray(values, np.float64) * of.factor
    x: Numbers | str = of.x_name
    if of.first is not None and of.last is not None:
        steps = np.arange(len(y)) / max(1, (of.points or len(y)) - 1)
        x_values = of.first + (of.last - of.first) * steps
        x = Numbers.of("x", x_values, of.x_name or _label(of.x_unit), _unit(of.x_unit))
    is_ntuple = key == "DATATABLE"
    name = {"R": "real", "I": "imaginary"}.get(named[2].upper(), "signal") if is_ntuple else "signal"
    group = f"data_{number}" if number else "data"
    record.data.append(Plottable(group, Numbers.of(name, y, of.y_name or "intensity", _unit(of.y_unit)), (x,)))


def _plain_table(said: dict[str, str]) -> _Variable:
    return _Variable(
        int(number_of(said.get("NPOINTS")) or 0), number_of(said.get("FIRSTX")), number_of(said.get("LASTX")),
        number_of(said.get("YFACTOR")) or 1.0, said.get("XUNITS", ""), said.get("YUNITS", ""),
        said.get("XLABEL", ""), said.get("YLABEL", ""),
    )  # fmt: skip


def _ntuple(said: dict[str, str], x: str, y: str) -> _Variable:
    symbols = [part.strip().upper() for part in said.get("SYMBOL", "").split(",")]

    def of(label: str, symbol: str) -> str:
        parts = [part.strip() for part in said.get(label, "").split(",")]
        at = symbols.index(symbol.upper()) if symbol.upper() in symbols else -1
        return parts[at] if 0 <= at < len(parts) else ""

    # Of a series, each page has as many values as its axis, and the whole variable more.
    lengths = [int(length) for each in (x, y) if (length := number_of(of("VARDIM", each)))]
    return _Variable(
        min(lengths, default=0), number_of(of("FIRST", x)), number_of(of("LAST", x)),
        number_of(of("FACTOR", y)) or 1.0, of("UNITS", x), of("UNITS", y), of("VARNAME", x).capitalize(),
        of("VARNAME", y).capitalize(),
    )  # fmt: skip


def _pairs(record: Record, said: dict[str, str], lines: list[str], form: str) -> None:
    """Peaks and points: pairs of numbers with a comma between, and spaces or semicolons between the pairs."""
    text = " ".join(line.split("$$")[0] for line in lines)
    words = re.findall(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[Ee][-+]?\d+)?", text)[: 2 * _MOST]
    width = 3 if "XYW" in form.upper().replace(" ", "") else 2
    count = len(words) // width
    if not count:
        return
    table = np.asarray(words[: count * width], np.float64).reshape(count, width)
    factors = [number_of(said.get(key)) or 1.0 for key in ("XFACTOR", "YFACTOR")]
    x = Numbers.of("x", table[:, 0] * factors[0], _label(said.get("XUNITS", "")), _unit(said.get("XUNITS", "")))
    y = Numbers.of("signal", table[:, 1] * factors[1], "intensity", _unit(said.get("YUNITS", "")))
    group = f"data_{len(record.data)}" if record.data else "data"
    record.data.append(Plottable(group, y, (x,)))


def _join(record: Record) -> None:
    """Real and imaginary parts over the same axis are one signal; the pages of a series are its rows."""
    parts = record.data
    if len(parts) < 2 or len({part.signal.shape for part in parts}) > 1:
        return
    names = [part.signal.name for part in parts]
    if names == ["real", "imaginary"]:
        parts[:] = [Plottable("data", parts[0].signal, parts[0].axes, (parts[1].signal,))]
    elif len(parts) > 2:
        rows = {name: [part.signal for part in parts if part.signal.name == name] for name in names}
        stacks = [_stacked(name, signals) for name, signals in rows.items()]
        same = [stack for stack in stacks[1:] if stack.shape == stacks[0].shape]
        if len(same) == len(stacks) - 1:
            parts[:] = [Plottable("data", stacks[0], ("page", *parts[0].axes), tuple(same))]


def _stacked(name: str, rows: list[Numbers]) -> Numbers:
    values = np.stack([row.read(0, row.shape[0]) for row in rows])
    return Numbers.of(name, values, rows[0].label, rows[0].unit)


def _label(unit: str) -> str:
    return {"HZ": "frequency", "PPM": "chemical shift", "1/CM": "wavenumber", "M/Z": "m/z"}.get(unit.upper(), "")


def _unit(unit: str) -> str | None:
    text = unit.strip()
    known = {"HZ": "Hz", "PPM": "ppm", "SECONDS": "s", "ARBITRARY UNITS": "arbitrary", "M/Z": None}
    return known.get(text.upper(), text or None)
