"""CBF frames: the miniCBF of Pilatus and Eiger detectors, and imgCIF; one frame or a numbered series.

Sources: "Pilatus CBF header specification" 1.4 (Dectris); the CIF syntax and the binary sections of CBF (International
Tables for Crystallography G, chapter 2.3).
"""

import base64
import hashlib
import re
from dataclasses import dataclass

import numpy as np

from verriere.model import BaseRange, Basis, Parameter, Reading
from verriere.nexus import times
from verriere.nexus.text import decode, is_missing
from verriere.techniques.formats.bundle import Bundle, Unreadable
from verriere.techniques.formats.record import Array, Numbers, Plottable, Record, Value, number_of, value_of

SIGNATURE = b"###CBF"
MARK = b"\x0c\x1a\x04\xd5"
HEAD = 1 << 18
MOST_FRAMES = 20_000
MOST_PIXELS = 1 << 27
_BINARY = re.compile(r"^\s*(X-Binary[\w-]*|Content-[\w-]*|conversions)\s*[:=]\s*\"?([^\";\r\n]+)", re.MULTILINE)
_LINE = re.compile(r"#\s*([A-Za-z]\w*)[ :=]\s*(.*)")
_SIZE = re.compile(r"([\d.eE+-]+) m x ([\d.eE+-]+) m")
_PAIR = re.compile(r"\(([-\d.]+),\s*([-\d.]+)\)")
_THICK = re.compile(r"#\s*(.*?) sensor,? thickness ([\d.eE+-]+) m")
_VISIT = re.compile(r"/([a-z]{2}\d{3,6}-\d+)(?:/|$)")
_TOKEN = re.compile(r"""'((?:[^']|'(?!\s))*)'(?=\s|$)|"((?:[^"]|"(?!\s))*)"(?=\s|$)|(\S+)""")
_GONIOMETER = {"Phi", "Kappa", "Omega", "Chi", "Alpha", "Oscillation_axis"}
_MEASURED = {
    "Exposure_time": ("exposure_time", "s"), "Exposure_period": ("exposure_period", "s"),
    "Tau": ("detector_dead_time", "s"), "Count_cutoff": ("detector_count_cutoff", "count"),
    "Threshold_setting": ("detector_threshold", "eV"), "Detector_distance": ("detector_distance", "m"),
    "Detector_Voffset": ("detector_vertical_offset", "m"), "Detector_2theta": ("detector_2theta", "deg"),
    "Start_angle": ("start_angle", "deg"), "Angle_increment": ("angle_increment", "deg"), "Phi": ("phi", "deg"),
    "Kappa": ("kappa", "deg"), "Omega": ("omega", "deg"), "Chi": ("chi", "deg"), "Alpha": ("alpha", "deg"),
    "Filter_transmission": ("transmission", None), "Polarization": ("polarization", None), "Flux": ("flux", None),
    "Transmission": ("transmission", None),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Frame:
    """The header of one frame, and where its numbers are."""

    fields: tuple[tuple[str, str], ...]
    cif: tuple[tuple[str, Value], ...]
    binary: dict[str, str]
    text: str
    offset: int


def read_cbf(bundle: Bundle, name: str, record: Record) -> None:
    """Read a frame, or all frames of a series; ``name`` is one of them."""
    suffixes = ".cbf", ".cbf.bz2", ".cbf.gz", ".cbf.xz"
    names = [one for one in bundle.names if one.lower().endswith(suffixes)][:MOST_FRAMES]
    frame = frame_of(bundle.head(name, HEAD), name)
    _header(record, bundle, names, frame, name)
    _readings(record, frame)
    if len(names) > 1:
        record.parameter("frames", len(names), "files")
    _pixels(record, bundle, names, frame)


def frame_of(head: bytes, name: str) -> Frame:
    """The header of a frame.

    Raises
    ------
    Unreadable
        It is no CBF, or has no binary section in its first part.
    """
    if not head.startswith(SIGNATURE):
        raise Unreadable("format-signature", name=name)
    at = head.find(MARK)
    text = decode(head[: at if at >= 0 else len(head)])
    fields = []
    for line in text.splitlines():
        match = _LINE.match(line.strip())
        if match is not None and not line.startswith("###"):
            fields.append((match[1], match[2].strip()))
        elif line.strip().startswith("#") and not line.startswith("###"):
            fields.append(("comment", line.strip("# \r")))
    binary = {key: value.strip() for key, value in _BINARY.findall(text)}
    return Frame(tuple(fields), tuple(_cif(text)), binary, text, at + len(MARK) if at >= 0 else -1)


def _cif(text: str) -> list[tuple[str, Value]]:
    """Items and loops outside of the texts between semicolons; a loop becomes one list for each of its names."""
    words: list[str] = []
    inside = False
    for line in text.splitlines():
        if line.startswith(";"):
            inside = not inside
        elif not inside and not line.lstrip().startswith(("#", "--CIF", "Content-", "X-Binary", "conversions")):
            words += [next(filter(None, match), "") for match in _TOKEN.findall(line)]
    found: list[tuple[str, Value]] = []
    at = 0
    while at < len(words):
        if words[at] == "loop_":
            at += 1
            names = []
            while at < len(words) and words[at].startswith("_"):
                names.append(words[at])
                at += 1
            cells = []
            while at < len(words) and not words[at].startswith(("_", "loop_", "data_")):
                cells.append(words[at])
                at += 1
            found += [(name, tuple(cells[n :: len(names)])) for n, name in enumerate(names) if names]
        elif words[at].startswith("_") and at + 1 < len(words) and not words[at + 1].startswith("_"):
            found.append((words[at], value_of(words[at + 1])))
            at += 2
        else:
            found += [("data_", words[at][5:])] if words[at].startswith("data_") else []
            at += 1
    return found


def _header(record: Record, bundle: Bundle, names: list[str], frame: Frame, name: str) -> None:
    """The header of the first frame as it is, and of a series what each frame says."""
    fields: list[tuple[str, Value]] = [(key, value_of(value)) for key, value in frame.fields]
    fields += [*frame.cif, *((key, value_of(value)) for key, value in frame.binary.items())]
    record.header("CBF", fields, frame.text)
    if len(names) < 2:
        return
    columns: dict[str, list[str]] = {"file": names}
    for number, other in enumerate(names):
        try:
            each = frame if other == name else frame_of(bundle.head(other, HEAD), other)
        except Unreadable as error:
            record.note(error.code, other, **error.details)
            continue
        if each.binary.get("X-Binary-Size-Fastest-Dimension") != frame.binary.get("X-Binary-Size-Fastest-Dimension"):
            record.note("frames-differ", other, first=name)
        seen: dict[str, int] = {}
        for key, value in (*each.fields, *((k, str(v)) for k, v in each.cif), *each.binary.items()):
            seen[key] = seen.get(key, 0) + 1
            column = key if seen[key] == 1 else f"{key}[{seen[key]}]"
            columns.setdefault(column, [""] * len(names))[number] = value
    record.header("frames", [(key, tuple(values)) for key, values in columns.items()])


def _readings(record: Record, frame: Frame) -> None:
    said = dict(reversed(frame.fields))
    cif = dict(reversed(frame.cif))
    for key, value in frame.fields:
        moment = times.parse(value) if key == "comment" else None
        if moment is not None:
            record.say("start_time", times.iso(moment), "CBF:header", raw=value)
            break
    named = str(cif.get("data_", ""))
    record.say("title", named, "CBF:data_")
    source = cif.get("_diffrn_source.type", "")
    record.say("instrument", source[-1] if isinstance(source, tuple) and source else source, "CBF:_diffrn_source.type")
    detector = said.get("Detector", "").lstrip(": ").strip("\"' ") or str(_last(cif.get("_diffrn_detector.type", "")))
    if detector and not is_missing(detector):
        record.detectors.append(
            Reading(detector, "CBF:Detector" if "Detector" in said else "CBF:_diffrn_detector.type")
        )
    visit = _VISIT.search(said.get("Image_path", ""))
    if visit is not None:
        record.say("experiment_identifier", visit[1], "CBF:Image_path", raw=said["Image_path"])
    wavelength = _first_number(said.get("Wavelength", "")) or number_of(
        cif.get("_diffrn_radiation_wavelength.wavelength")
    )
    if wavelength:
        base = BaseRange("m", wavelength * 1e-10, wavelength * 1e-10)
        record.wavelength = Parameter("wavelength", "CBF:Wavelength", wavelength, "Å", base)
    for key, (name, unit) in _MEASURED.items():
        if key in said:
            record.parameter(name, _first_number(said[key].lstrip("=: ")), f"CBF:{key}", unit)
    size = _SIZE.search(said.get("Pixel_size", ""))
    if size:
        record.parameter("detector_x_pixel_size", number_of(size[1]), "CBF:Pixel_size", "m")
        record.parameter("detector_y_pixel_size", number_of(size[2]), "CBF:Pixel_size", "m")
    centre = _PAIR.search(said.get("Beam_xy", ""))
    if centre:
        record.parameter("beam_center_x", number_of(centre[1]), "CBF:Beam_xy", "pixel")
        record.parameter("beam_center_y", number_of(centre[2]), "CBF:Beam_xy", "pixel")
        width = number_of(frame.binary.get("X-Binary-Size-Fastest-Dimension"))
        height = number_of(frame.binary.get("X-Binary-Size-Second-Dimension"))
        x, y = float(centre[1]), float(centre[2])
        if width and height and not (0 <= x <= width and 0 <= y <= height):
            record.note("beam-outside", "CBF:Beam_xy", x=centre[1], y=centre[2], width=int(width), height=int(height))
    sensor = _THICK.search(frame.text)
    if sensor:
        record.parameter("detector_sensor_material", sensor[1], "CBF:sensor")
        record.parameter("detector_sensor_thickness", number_of(sensor[2]), "CBF:sensor", "m")
    if said.keys() & _GONIOMETER or "_diffrn.crystal_id" in cif:
        record.technique("crystallography", "CBF:header", Basis.INFERRED)


def _last(value: Value) -> Value:
    return value[-1] if isinstance(value, tuple) and value else value


def _first_number(text: str) -> float | None:
    match = re.match(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", text.strip())
    return float(match[0]) if match else None


def _pixels(record: Record, bundle: Bundle, names: list[str], frame: Frame) -> None:
    columns = int(number_of(frame.binary.get("X-Binary-Size-Fastest-Dimension")) or 0)
    rows = int(number_of(frame.binary.get("X-Binary-Size-Second-Dimension")) or 0)
    if frame.offset < 0:
        record.note("format-short", names[0], expected="a binary section", available="none")
        return
    if columns < 1 or rows < 1 or columns * rows > MOST_PIXELS:
        record.note("format-shape", names[0], shape=f"{rows} x {columns}")
        return
    kind = frame.binary.get("conversions", "").casefold()
    if "byte_offset" not in kind:
        record.note("format-unsupported", names[0], what=kind or "CBF")
        return
    try:
        decode_frame(bundle, names[0], (rows, columns), check=True)
    except Unreadable as error:
        record.note(error.code, names[0], **error.details)
        return

    def read(start: int, stop: int) -> Array:
        return np.stack([decode_frame(bundle, name, (rows, columns)) for name in names[start:stop]])

    if len(names) == 1:
        one = Numbers(
            "image", (rows, columns), "int32", lambda start, stop: read(0, 1)[0][start:stop], "counts", "count"
        )
        record.data.append(Plottable("data", one, ("", ""), interpretation="image"))
    else:
        stack = Numbers("image", (len(names), rows, columns), "int32", read, "counts", "count")
        record.data.append(Plottable("data", stack, ("frame", "", ""), interpretation="image"))


def decode_frame(bundle: Bundle, name: str, shape: tuple[int, int], *, check: bool = False) -> Array:
    """Pixels of a frame; with ``check`` its digest is compared, where it says one.

    Raises
    ------
    Unreadable
        The library that unpacks is not installed, or the frame is cut short or damaged.
    """
    try:
        from fabio.compression import compression  # noqa: PLC0415 - an extra
    except ImportError:
        raise Unreadable("format-extra", package="fabio") from None
    pixels = shape[0] * shape[1]
    content = bundle.read(name, HEAD + 8 * pixels + (1 << 20))
    frame = frame_of(content[:HEAD], name)
    length = int(number_of(frame.binary.get("X-Binary-Size")) or len(content) - frame.offset)
    raw = content[frame.offset : frame.offset + length]
    if frame.offset < 0 or len(raw) < length or len(raw) < pixels:
        raise Unreadable("format-short", expected=max(length, pixels), available=len(raw))
    said = frame.binary.get("Content-MD5")
    if check and said and base64.b64encode(hashlib.md5(raw, usedforsecurity=False).digest()).decode() != said:
        raise Unreadable("format-checksum", kind="MD5")
    try:
        values = compression.decByteOffset(raw, pixels)
    except (ValueError, IndexError, RuntimeError) as error:
        raise Unreadable("format-unreadable", name=name, reason=str(error)) from None
    if values.size < pixels:
        raise Unreadable("format-short", expected=pixels, available=values.size)
    return np.asarray(values[:pixels], np.int32).reshape(shape)
