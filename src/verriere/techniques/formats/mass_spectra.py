"""mzML and imzML: spectra as XML, their numbers inside (mzML) or in the ``.ibd`` of the same stem (imzML).

Sources: the mzML 1.1 specification of the Proteomics Standards Initiative with its vocabulary PSI-MS; the imzML 1.1
specification (Schramm et al., Journal of Proteomics 75 (2012) 5106) with its vocabulary.
"""

import base64
import binascii
import hashlib
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from verriere.nexus import times, units
from verriere.techniques.formats.bundle import Bundle
from verriere.techniques.formats.record import Array, Numbers, Plottable, Record, Value, number_of, value_of
from verriere.techniques.formats.xml import Reader, told

MOST_NUMBERS = 1 << 26
"""Numbers of all spectra that are taken into memory; a larger file is captured without its spectra."""
_ABSTRACT = {"MS:1000031", "MS:1000529", "MS:1000008", "MS:1000443", "MS:1000026", "MS:1000480"}
_TYPES = {"MS:1000519": "<i4", "MS:1000521": "<f4", "MS:1000522": "<i8", "MS:1000523": "<f8", "IMS:1000101": ""}
_ZLIB, _PLAIN = "MS:1000574", "MS:1000576"
_PACKED = {
    "MS:1002312", "MS:1002313", "MS:1002314", "MS:1002746", "MS:1002747", "MS:1002748", "MS:1003088", "MS:1003089",
    "MS:1003090", "MS:1003780", "MS:1003781",
}  # fmt: skip
_KINDS = {"MS:1000514": "mz", "MS:1000515": "intensity", "MS:1000595": "time", "MS:1000617": "wavelength"}
_DIGESTS = {"IMS:1000090": "md5", "IMS:1000091": "sha1", "IMS:1000092": "sha256"}
_COMPONENTS = {"source": "ionisation", "analyzer": "mass_analyser", "detector": "detector_type"}
_UNITS = {"minute": "min", "second": "s", "millisecond": "ms", "volt": "V", "kelvin": "K", "degree Celsius": "degC",
          "micrometer": "µm", "nanometer": "nm", "electronvolt": "eV"}  # fmt: skip


@dataclass(slots=True)
class _Term:
    """One ``cvParam`` or ``userParam``."""

    accession: str
    name: str
    value: str
    unit: str
    place: str
    unit_accession: str = ""


@dataclass(slots=True)
class _Packet:
    """The numbers of one array, as they are written."""

    terms: list[_Term] = field(default_factory=list)
    text: str = ""


@dataclass(slots=True)
class _Spectrum:
    attributes: dict[str, str]
    terms: list[_Term] = field(default_factory=list)
    packets: list[_Packet] = field(default_factory=list)
    arrays: dict[str, Array] = field(default_factory=dict)
    time_unit: str = ""

    def term(self, accession: str) -> _Term | None:
        return next((term for term in self.terms if term.accession == accession), None)

    def number(self, accession: str) -> float | None:
        found = self.term(accession)
        return number_of(found.value) if found else None


class _Document:
    """All of a file that is not numbers, and the spectra one after the other."""

    def __init__(self, record: Record, source: str, bundle: Bundle, ibd: str | None) -> None:
        self.record, self.source = record, source
        self.fields: list[tuple[str, Value]] = []
        self.terms: list[_Term] = []
        self.groups: dict[str, list[_Term]] = {}
        self.spectra: list[_Spectrum] = []
        self.chromatograms: list[_Spectrum] = []
        self.count = 0
        self.over = False
        self._bundle, self._ibd = bundle, ibd
        self._counts: dict[str, int] = {}
        self._open: list[str] = []
        self._spectrum: _Spectrum | None = None
        self._packet: _Packet | None = None

    def begin(self, path: tuple[str, ...], attributes: dict[str, str]) -> None:
        name = path[-1]
        if name in {"spectrum", "chromatogram"} and "List" in path[-2]:
            self._spectrum = _Spectrum(attributes)
            return
        if self._spectrum is not None:
            self._inside(path, attributes)
            return
        if name in {"offset", "indexListOffset", "fileChecksum", "index", "indexList"}:
            return
        place = self._place(path)
        self._open.append(place)
        self.fields += [(f"{place}@{key}", value_of(value)) for key, value in attributes.items()]
        term = _term(name, attributes, place)
        if term is not None:
            self.terms.append(term)
            if "referenceableParamGroup" in path:
                self.groups.setdefault(self._group_id, []).append(term)
        if name == "referenceableParamGroup":
            self._group_id = attributes.get("id", "")
        if name == "referenceableParamGroupRef":
            self.terms += [
                _Term(t.accession, t.name, t.value, t.unit, place, t.unit_accession)
                for t in self.groups.get(attributes.get("ref", ""), [])
            ]

    _group_id = ""

    def _place(self, path: tuple[str, ...]) -> str:
        """Path with a number for each that is not the first of its name there."""
        parent = self._open[-1] if self._open else ""
        key = f"{parent}/{path[-1]}" if parent else path[-1]
        self._counts[key] = self._counts.get(key, 0) + 1
        return key if self._counts[key] == 1 else f"{key}[{self._counts[key]}]"

    def _inside(self, path: tuple[str, ...], attributes: dict[str, str]) -> None:
        assert self._spectrum is not None
        name = path[-1]
        if name == "binaryDataArray":
            self._packet = _Packet()
            self._spectrum.packets.append(self._packet)
        start = path.index("spectrum") if "spectrum" in path else path.index("chromatogram")
        place = "/".join(path[start + 1 :])
        into = self._packet.terms if self._packet is not None else self._spectrum.terms
        if name == "referenceableParamGroupRef":
            into += self.groups.get(attributes.get("ref", ""), [])
            return
        term = _term(name, attributes, place)
        if term is not None:
            into.append(term)
            if "type" in attributes:  # of a userParam: what its value is
                into.append(_Term("", f"{term.place}/{term.name}@type".lstrip("/"), attributes["type"], "", place))
        elif self._packet is None or name != "binary":
            into += [_Term("", f"{place}@{key}", value, "", place) for key, value in attributes.items()]

    def end(self, path: tuple[str, ...], text: str) -> None:
        name = path[-1]
        if self._spectrum is None:
            if self._open and name not in {"offset", "indexListOffset", "fileChecksum", "index", "indexList"}:
                place = self._open.pop()
                if text.strip():
                    self.fields.append((place, text.strip()))
            return
        if name == "binary" and self._packet is not None:
            self._packet.text = text
        elif name == "binaryDataArray":
            self._packet = None
        elif name in {"spectrum", "chromatogram"}:
            self._finish(self._spectrum, self.spectra if name == "spectrum" else self.chromatograms)
            self._spectrum = None

    def _finish(self, spectrum: _Spectrum, into: list[_Spectrum]) -> None:
        length = int(number_of(spectrum.attributes.get("defaultArrayLength")) or 0)
        for packet in spectrum.packets:
            kind = next((_KINDS[term.accession] for term in packet.terms if term.accession in _KINDS), "")
            if not kind or self.over:
                continue
            if kind == "time":
                spectrum.time_unit = next(term.unit for term in packet.terms if term.accession == "MS:1000595")
            values = self._numbers(packet, length, str(spectrum.attributes.get("id", "")))
            if values is not None:
                spectrum.arrays[kind] = values
                self.count += values.size
        spectrum.packets = []
        into.append(spectrum)
        if self.count > MOST_NUMBERS and not self.over:
            self.over = True
            self.record.note("format-too-large", self.source, name=self.source, limit=f"{MOST_NUMBERS} numbers")

    def _numbers(self, packet: _Packet, length: int, which: str) -> Array | None:
        accessions = {term.accession for term in packet.terms}
        dtype = next((_TYPES[each] for each in accessions if _TYPES.get(each)), "<f8")
        if accessions & _PACKED:
            self.record.note("format-unsupported", self.source, what="MS-Numpress")
            return None
        try:
            if self._ibd is not None:
                raw = self._external(packet, np.dtype(dtype).itemsize)
            else:
                raw = base64.b64decode(packet.text, validate=False)
            if _ZLIB in accessions:
                raw = _unpacked(raw, (length or MOST_NUMBERS) * np.dtype(dtype).itemsize)
        except (binascii.Error, zlib.error, ValueError) as error:
            self.record.note("spectrum-unreadable", which, reason=str(error))
            return None
        values = np.frombuffer(raw[: len(raw) // np.dtype(dtype).itemsize * np.dtype(dtype).itemsize], dtype)
        if self._ibd is None and length and len(values) != length:
            self.record.note("format-count", which, expected=length, found=len(values))
        return values

    def _external(self, packet: _Packet, item: int) -> bytes:
        """The numbers in the ``.ibd``: always in that file, whatever the XML names."""
        assert self._ibd is not None
        said = {term.accession: number_of(term.value) for term in packet.terms}
        offset = int(said.get("IMS:1000102") or 0)
        length = said.get("IMS:1000104") or (said.get("IMS:1000103") or 0) * item
        available = self._bundle.size(self._ibd)
        if not 0 <= offset <= available or not 0 <= length <= available - offset:
            raise ValueError(f"{int(length)} bytes at {offset} of {available}")
        with self._bundle.open(self._ibd) as stream:
            stream.seek(offset)
            return stream.read(int(length))


def _term(name: str, attributes: dict[str, str], place: str) -> _Term | None:
    if name not in {"cvParam", "userParam"}:
        return None
    return _Term(
        attributes.get("accession", ""), attributes.get("name", ""), attributes.get("value", ""),
        attributes.get("unitName", ""), place.rpartition("/")[0], attributes.get("unitAccession", ""),
    )  # fmt: skip


def _unpacked(raw: bytes, most: int) -> bytes:
    """What a zlib stream holds, and no more of it than can be meant."""
    unpacker = zlib.decompressobj()
    content = unpacker.decompress(raw, most + 1)
    if len(content) > most:
        raise ValueError("it unpacks to more than it says")
    return content


def read_mzml(bundle: Bundle, name: str, record: Record) -> None:
    """Read an mzML file."""
    document = _parsed(bundle, name, record, None)
    _curves(record, document)


def read_imzml(bundle: Bundle, name: str, record: Record) -> None:
    """Read an imzML file; ``name`` is any of the two."""
    stem = name.rpartition(".")[0]
    xml, ibd = bundle.named(f"{stem}.imzML"), bundle.named(f"{stem}.ibd")
    if xml is None:
        record.technique("MS", name)
        record.note("format-companion-missing", name, missing=f"{stem}.imzML")
        return
    if ibd is None:
        record.note("format-companion-missing", xml, missing=f"{stem}.ibd")
    document = _parsed(bundle, xml, record, ibd or "")
    if ibd is not None:
        _whole(record, bundle, ibd, document)
        _image(record, document)
    _curves(record, document)


def _parsed(bundle: Bundle, name: str, record: Record, ibd: str | None) -> _Document:
    record.technique("MS", name)
    document = _Document(record, name, bundle, ibd)
    if ibd == "":
        document.over = True
    with bundle.open(name) as stream, told(lambda error: record.note(error.code, name, **error.details)):
        Reader(document.begin, document.end).read(stream, name)
    record.header("mzML" if ibd is None else "imzML", document.fields)
    _readings(record, document)
    for header, spectra in (("spectra", document.spectra), ("chromatograms", document.chromatograms)):
        if spectra:
            _per_spectrum(record, header, spectra)
    return document


def _readings(record: Record, document: _Document) -> None:
    start = next((str(v) for k, v in document.fields if k.endswith("/run@startTimeStamp")), "")
    moment = times.parse(start)
    if moment is not None:
        record.say("start_time", times.iso(moment), "mzML:run@startTimeStamp", raw=start)
    for key, value in document.fields:
        if "/sample" in key and key.endswith("@name") and "cvParam" not in key and "userParam" not in key:
            record.say("sample", value, f"mzML:{key}")
        if key.endswith("/run@id"):
            record.parameter("run", str(value), f"mzML:{key}")
    for term in document.terms:
        _of_term(record, term)
    first = document.spectra[0] if document.spectra else None
    if first is not None:
        for accession, polarity in (("MS:1000129", "negative"), ("MS:1000130", "positive")):
            if first.term(accession):
                record.parameter("polarity", polarity, f"mzML:spectrum {accession}")
    record.parameter("spectra", len(document.spectra), "mzML:spectrumList")
    identifiers = [str(spectrum.attributes.get("id", "")) for spectrum in document.spectra]
    repeated = len(identifiers) - len(set(identifiers))
    if repeated:
        record.note("spectrum-ids", "spectrumList", count=repeated)


def _of_term(record: Record, term: _Term) -> None:
    """What one term of the header means for the record."""
    source = f"mzML:{term.place} {term.accession}".strip()
    within = f"/{term.place}"
    if "/contact" in within:
        if term.accession == "MS:1000586":
            record.person(term.value.strip(" ,"), source)
        record.personal.append(source)
        return
    kind = term.place.rpartition("/")[2].partition("[")[0]
    if kind in _COMPONENTS:
        if not term.value and term.accession not in _ABSTRACT:
            record.parameter(_COMPONENTS[kind], term.name, source)
    elif "/instrumentConfiguration" in within:
        if term.accession not in _ABSTRACT and not term.value:
            record.say("instrument", term.name, source)
        if term.accession == "MS:1000529":
            record.parameter("serial_number", term.value, source)
    number = number_of(term.value)
    unit = _UNITS.get(term.unit, term.unit)
    if number and unit and units.find(unit):
        record.parameter(_snake(term.name), number, source, unit)


def _snake(name: str) -> str:
    return "_".join("".join(c if c.isalnum() else " " for c in name.casefold()).split())


def _per_spectrum(record: Record, header: str, spectra: list[_Spectrum]) -> None:
    """What each spectrum says, one column a name: nothing of a spectrum's own header is lost."""
    columns: dict[str, list[str]] = {}
    for number, spectrum in enumerate(spectra):
        seen: dict[str, int] = {}
        pairs = [(f"@{key}", value) for key, value in spectrum.attributes.items()]
        for term in spectrum.terms:
            name = f"{term.place}/{term.name} ({term.accession})".lstrip("/") if term.accession else term.name
            pairs.append((name, term.value or "yes"))
            if term.unit:
                pairs.append((f"{name}@unit", f"{term.unit} ({term.unit_accession})"))
        for name, value in pairs:
            seen[name] = seen.get(name, 0) + 1
            key = name if seen[name] == 1 else f"{name}[{seen[name]}]"
            columns.setdefault(key, [""] * len(spectra))[number] = value
    record.header(header, [(name, tuple(values)) for name, values in columns.items()])


def _recorded(document: _Document) -> Iterator[Plottable]:
    """The chromatograms that the file itself has."""
    for number, each in enumerate(document.chromatograms, start=1):
        time, intensity = each.arrays.get("time"), each.arrays.get("intensity")
        if time is None or intensity is None or time.shape != intensity.shape or not time.size:
            continue
        unit = each.time_unit
        axis = Numbers.of("time", time, "time", _UNITS.get(unit, unit) or None)
        label = str(each.attributes.get("id", "")) or "intensity"
        yield Plottable(f"recorded_chromatogram_{number}", Numbers.of("intensity", intensity, label), (axis,))


def _curves(record: Record, document: _Document) -> None:
    """The total ion current over time, the first spectrum that is not empty, and all spectra one after the other."""
    record.data += _recorded(document)
    full = [each for each in document.spectra if each.arrays.get("mz") is not None and _is_whole(each)]
    if not full:
        if document.spectra and not document.over:
            record.note("format-empty", document.source)
        return
    spectrum = _spectrum("spectrum", full[0])
    if len(full) > 3 and not any(plottable.name == "image" for plottable in record.data):
        record.data[:0] = [_chromatogram(document), spectrum]
    else:
        record.data.insert(1 if record.data and record.data[0].name == "image" else 0, spectrum)
        if len(full) > 3:
            record.data.append(_chromatogram(document))
    lengths = [len(each.arrays["mz"]) if _is_whole(each) else 0 for each in document.spectra]
    mz = np.concatenate([each.arrays["mz"] for each in full])
    intensity = np.concatenate([each.arrays["intensity"] for each in full])
    ends = Numbers.of("spectrum_end", np.cumsum(lengths), "where each spectrum ends")
    record.data.append(
        Plottable(
            "spectra",
            Numbers.of("intensity", intensity, "intensity"),
            (Numbers.of("mz", mz, "m/z"),),
            (ends,),
        )
    )


def _is_whole(spectrum: _Spectrum) -> bool:
    mz, intensity = spectrum.arrays.get("mz"), spectrum.arrays.get("intensity")
    return mz is not None and intensity is not None and mz.shape == intensity.shape and mz.size > 0


def _spectrum(name: str, spectrum: _Spectrum) -> Plottable:
    mz, intensity = spectrum.arrays["mz"], spectrum.arrays["intensity"]
    return Plottable(name, Numbers.of("intensity", intensity, "intensity"), (Numbers.of("mz", mz, "m/z"),))


def _total(spectrum: _Spectrum) -> float:
    """The total ion current as it is said, else as the spectrum gives it."""
    said = spectrum.number("MS:1000285")
    if said is not None:
        return said
    found = spectrum.arrays.get("intensity")
    return float(found.sum(dtype=np.float64)) if found is not None else 0.0


def _chromatogram(document: _Document) -> Plottable:
    total = np.asarray([_total(each) for each in document.spectra], np.float64)
    starts = [each.term("MS:1000016") for each in document.spectra]
    axis: Numbers | str = "spectrum"
    if all(starts):
        unit = next((start.unit for start in starts if start), "") or "second"
        moments = np.asarray([number_of(start.value) if start else None for start in starts], np.float64)
        axis = Numbers.of("time", moments, "time", _UNITS.get(unit, unit))
    return Plottable("chromatogram", Numbers.of("total_ion_current", total, "total ion current"), (axis,))


def _whole(record: Record, bundle: Bundle, ibd: str, document: _Document) -> None:
    """Compare the ``.ibd`` with the identifier and the digest that the XML has of it."""
    identifier = next((term.value for term in document.terms if term.accession == "IMS:1000080"), "")
    wanted = identifier.strip("{} ").replace("-", "").casefold()
    if wanted and bundle.head(ibd, 16).hex() != wanted:
        record.note("imzml-identifier", ibd)
    for term in document.terms:
        if term.accession in _DIGESTS and term.value:
            digest = hashlib.new(_DIGESTS[term.accession], usedforsecurity=False)
            with bundle.open(ibd) as stream:
                while piece := stream.read(1 << 20):
                    digest.update(piece)
            if digest.hexdigest() != term.value.strip().casefold():
                record.note("format-checksum", ibd, kind=_DIGESTS[term.accession].upper())


def _image(record: Record, document: _Document) -> None:
    """The total ion current at each place."""
    places = [(each.number("IMS:1000050"), each.number("IMS:1000051"), _total(each)) for each in document.spectra]
    known = [(int(x), int(y), total) for x, y, total in places if x is not None and y is not None]
    if not known:
        return
    width = max(x for x, _, _ in known)
    height = max(y for _, y, _ in known)
    if not (0 < width * height <= 1 << 26) or min(min(x, y) for x, y, _ in known) < 1:
        record.note("format-shape", document.source, shape=f"{height} x {width}")
        return
    image = np.full((height, width), np.nan)
    for x, y, total in known:
        image[y - 1, x - 1] = total
    signal = Numbers.of("total_ion_current", image, "total ion current")
    record.data.append(Plottable("image", signal, ("", ""), interpretation="image"))
    record.parameter("pixels", len(known), "imzML:spectrumList")
