"""XDI, the text format of x-ray absorption spectra.

Source: "XAFS Data Interchange, version 1.0", specification and dictionary of metadata, of the XAS-Data-Interchange
project.
"""

import re

import numpy as np

from verriere.nexus import times, units
from verriere.nexus.text import decode
from verriere.techniques.formats.bundle import DATA, Bundle
from verriere.techniques.formats.mapping import fill
from verriere.techniques.formats.record import Array, Numbers, Plottable, Record, parameter, value_of

SIGNATURE = b"XDI/"
_FIELD = re.compile(r"[#;]\s*([A-Za-z][\w-]*\.[\w.-]+)\s*:\s*(.*)")
_RULE = re.compile(r"[#;]\s*-{2,}\s*")
_END = re.compile(r"[#;]\s*/{3,}\s*")
_ENERGY = re.compile(r"e(nergy)?", re.IGNORECASE)


def read_xdi(bundle: Bundle, name: str, record: Record) -> None:
    """Read an XDI file."""
    text = decode(bundle.read(name, DATA >> 2))
    lines = text.splitlines()
    fields, comments, body = _parts(lines)
    head = "\n".join(lines[: len(lines) - len(body)])
    listed = [("version", lines[0].lstrip("#; ").strip()), *fields, ("comments", "\n".join(comments))]
    record.header("XDI", [(key, value_of(value)) for key, value in listed if value], head)
    said = {key.casefold(): value for key, value in reversed(fields)}
    _readings(record, said, comments)
    table = _table(record, body, name)
    if table is not None:
        _columns(record, said, table, body_labels(lines))


def body_labels(lines: list[str]) -> list[str]:
    """The labels in the line after the rule, where there is one."""
    rules = [number for number, line in enumerate(lines) if _RULE.fullmatch(line.strip())]
    after = lines[rules[-1] + 1] if rules and rules[-1] + 1 < len(lines) else ""
    return after.lstrip("#; ").split() if after.lstrip()[:1] in {"#", ";"} else []


def _parts(lines: list[str]) -> tuple[list[tuple[str, str]], list[str], list[str]]:
    fields: list[tuple[str, str]] = []
    comments: list[str] = []
    ended = False
    start = len(lines)
    for number, line in enumerate(lines):
        stripped = line.strip()
        if stripped[:1] not in {"#", ";"} and stripped:
            start = number
            break
        match = _FIELD.fullmatch(stripped)
        if _END.fullmatch(stripped):
            ended = True
        elif match and not ended:
            fields.append((match[1], match[2].strip()))
        elif ended and stripped and not _RULE.fullmatch(stripped):
            comments.append(stripped.lstrip("#; "))
    return fields, comments, lines[start:]


def _readings(record: Record, said: dict[str, str], comments: list[str]) -> None:
    for field, key in (
        ("sample", "sample.name"), ("instrument", "beamline.name"), ("facility", "facility.name"),
    ):  # fmt: skip
        record.say(field, said.get(key, ""), f"XDI:{key}")
    if comments:
        record.say("title", comments[0], "XDI:comments")
    else:
        record.say("title", said.get("sample.name", ""), "XDI:sample.name")
    for field, key in (("start_time", "scan.start_time"), ("end_time", "scan.end_time")):
        moment = times.parse(said.get(key, ""))
        if moment is not None:
            record.say(field, times.iso(moment), f"XDI:{key}", raw=said[key])
        elif said.get(key):
            record.note("time-unreadable", f"XDI:{key}", written=said[key][:80])
    fill(record, "xdi", said.get, lambda key: f"XDI:{key}")
    for key, value in said.items():
        number, _, unit = value.partition(" ")
        named = key.replace(".", "_")
        if unit and units.find(unit) and isinstance(value_of(number), int | float):
            record.parameter(named, value_of(number), f"XDI:{key}", unit)
    for key in ("scan.user", "facility.user", "sample.experimenters", "user.name"):
        if said.get(key):
            record.person(said[key], f"XDI:{key}")


def _table(record: Record, body: list[str], name: str) -> Array | None:
    rows = [line.split() for line in body if line.strip() and line.lstrip()[0] not in "#;"]
    width = len(rows[0]) if rows else 0
    values = []
    for row in rows:
        try:
            values.append([float(cell) for cell in row])
        except ValueError:
            record.note("format-table", name, line=" ".join(row)[:80])
            break
        if len(row) != width:
            record.note("format-table", name, line=" ".join(row)[:80])
            values.pop()
            break
    if not values or not width:
        record.note("format-empty", name)
        return None
    return np.asarray(values, np.float64)


def _columns(record: Record, said: dict[str, str], table: Array, labels: list[str]) -> None:
    named: list[tuple[str, str | None]] = []
    for number in range(table.shape[1]):
        written = said.get(f"column.{number + 1}", "").split("||")[0]
        if not written and number < len(labels):
            written = labels[number]
        label, _, unit = written.strip().partition(" ")
        named.append((label or f"column_{number + 1}", unit.strip() or None))
    columns = [
        Numbers.of(_safe(label, number), np.ascontiguousarray(table[:, number]), label, unit)
        for number, (label, unit) in enumerate(named)
    ]
    by_label = {label.casefold(): column for (label, _), column in reversed(list(zip(named, columns, strict=True)))}
    energy = next((column for label, column in by_label.items() if _ENERGY.fullmatch(label)), None)
    if energy is None:
        record.note("xdi-no-energy", "XDI:column.1", label=named[0][0])
        others = [column for column in columns if column is not columns[0]]
        if others:
            record.data.append(Plottable("data", others[-1], (columns[0],), tuple(others[:-1])))
        return
    record.technique("XAS", "XDI:column.1")
    spread = np.asarray(energy.read(0, energy.shape[0]))
    made = parameter("energy", float(spread[0]), f"XDI:column.{columns.index(energy) + 1}", energy.unit)
    if made is not None and energy.unit:
        low, high = float(spread.min()), float(spread.max())
        record.energy = type(made)(
            "energy", made.source, None, energy.unit, units.base(low, high, energy.unit), low, float(spread.mean()),
            high, len(spread),
        )  # fmt: skip
    signal, others = _absorption(record, by_label, [column for column in columns if column is not energy])
    if signal is not None:
        record.data.append(Plottable("data", signal, (energy,), tuple(others)))


def _absorption(
    record: Record, by_label: dict[str, Numbers], others: list[Numbers]
) -> tuple[Numbers | None, list[Numbers]]:
    """The absorption coefficient as it is written, or computed from the intensities, which is said."""
    for label in ("mutrans", "mufluor", "mu", "murefer", "normtrans", "normfluor", "norm", "xmu"):
        if label in by_label:
            signal = by_label[label]
            return signal, [other for other in others if other is not signal]
    before = by_label.get("i0")
    for label, way in (("itrans", "-ln(itrans/i0)"), ("i1", "-ln(i1/i0)"), ("ifluor", "ifluor/i0"), ("if", "if/i0")):
        after = by_label.get(label)
        if before is None or after is None:
            continue
        with np.errstate(all="ignore"):
            ratio = after.read(0, after.shape[0]) / before.read(0, before.shape[0])
            values = -np.log(ratio) if way.startswith("-ln") else ratio
        record.note("xdi-computed", f"XDI:{label}", way=way)
        return Numbers.of("mu", values, f"mu = {way}"), others
    return (others[0], others[1:]) if others else (None, [])


def _safe(label: str, number: int) -> str:
    name = re.sub(r"\W", "_", label)
    return name or f"column_{number + 1}"
