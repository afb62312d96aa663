"""The way in: which format the files of a dataset are in, and what they say."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from verriere.model import Capture
from verriere.techniques.formats.bruker_nmr import read_bruker_nmr
from verriere.techniques.formats.bundle import Bundle, PackedBundle, Unreadable
from verriere.techniques.formats.capturing import capture_of
from verriere.techniques.formats.cbf import SIGNATURE as CBF
from verriere.techniques.formats.cbf import read_cbf
from verriere.techniques.formats.epr import read_bes3t, read_esp
from verriere.techniques.formats.jcamp import SIGNATURE as JCAMP
from verriere.techniques.formats.jcamp import read_jcamp
from verriere.techniques.formats.mass_folders import read_mass_folder
from verriere.techniques.formats.mass_spectra import read_imzml, read_mzml
from verriere.techniques.formats.record import Record
from verriere.techniques.formats.varian import read_varian
from verriere.techniques.formats.xdi import SIGNATURE as XDI
from verriere.techniques.formats.xdi import read_xdi

Read = Callable[[Bundle, str, Record], None]

_HEAD = 256
_PACKING = (".gz", ".bz2", ".xz")
_ESP_KEYS = re.compile(rb"(?:^|[\r\n])(?:DOS |JSS |ANZ |JEX |HCF |GST )")
_GRAMS = (0x4B, 0x4C, 0x4D, 0xCF)


@dataclass(frozen=True, slots=True)
class Found:
    """A format by its name, its reader, the files it is in, and the one that the reader begins with."""

    format: str
    read: Read
    bundle: Bundle
    name: str


def recognise(files: Mapping[str, Path], name: str) -> Found | None:
    """The foreign format that a file is in, or is a part of; None where it is in none.

    Parameters
    ----------
    files
        Of the dataset, by their names in it.
    name
        The file that is asked for.

    Raises
    ------
    Unreadable
        The file cannot be opened at all.
    """
    bundle = Bundle(files)
    if name.lower().endswith(".zip"):
        return _packed(files[name])
    return _in(bundle, name)


def record_of(found: Found, file: str) -> Record:
    """What the files say; whatever is in them, nothing is raised: what is wrong is in the record's findings."""
    record = Record(found.format, file)
    try:
        found.read(found.bundle, found.name, record)
    except Unreadable as error:
        record.note(error.code, found.name, **error.details)
    except Exception as error:  # a reader that stumbles over one file must not lose the others
        record.note("format-damaged", found.name, format=found.format, reason=f"{type(error).__name__}: {error}"[:200])
    return record


def examine(files: Mapping[str, Path], name: str) -> Capture | None:
    """What a file in a foreign format says of itself; None where it is in none that is known."""
    try:
        found = recognise(files, name)
    except Unreadable as error:
        record = Record("other", name)
        record.note(error.code, name, **error.details)
        return capture_of(record)
    return None if found is None else capture_of(record_of(found, name))


def _in(bundle: Bundle, name: str) -> Found | None:
    """By what lies beside it, by its suffix, or by how it begins."""
    folder = _folder(bundle)
    if folder is not None:
        return Found(*folder, bundle, name)
    plain = name
    for suffix in _PACKING:
        plain = plain.removesuffix(suffix)
    by_suffix = _SUFFIXES.get(PurePosixPath(plain).suffix.lower())
    if by_suffix is not None and _fits(bundle, name, by_suffix[0]):
        return Found(*by_suffix, bundle, name)
    head = bundle.head(name, _HEAD)
    first = head.splitlines()[0] if head.splitlines() else b""
    if head.startswith(CBF):
        return Found("cbf", read_cbf, bundle, name)
    if first[:1] in {b"#", b";"} and XDI in first:
        return Found("xdi", read_xdi, bundle, name)
    if JCAMP.match(head):
        return Found("jcamp-dx", read_jcamp, bundle, name)
    return None


_SUFFIXES: dict[str, tuple[str, Read]] = {
    ".dsc": ("bes3t", read_bes3t),
    ".dta": ("bes3t", read_bes3t),
    ".ygf": ("bes3t", read_bes3t),
    ".par": ("esp", read_esp),
    ".spc": ("esp", read_esp),
    ".imzml": ("imzml", read_imzml),
    ".ibd": ("imzml", read_imzml),
    ".mzml": ("mzml", read_mzml),
    ".cbf": ("cbf", read_cbf),
    ".xdi": ("xdi", read_xdi),
    ".dx": ("jcamp-dx", read_jcamp),
    ".jdx": ("jcamp-dx", read_jcamp),
    ".jcamp": ("jcamp-dx", read_jcamp),
}


def _fits(bundle: Bundle, name: str, format_name: str) -> bool:
    """Whether a file whose suffix others use too begins as one of the format."""
    if format_name == "esp":
        stem = name.rpartition(".")[0]
        if name.lower().endswith(".par"):
            return _ESP_KEYS.search(bundle.head(name, 4096)) is not None
        parameters = bundle.named(f"{stem}.par")
        head = bundle.head(name, 2)
        return parameters is not None or len(head) < 2 or head[1] not in _GRAMS
    if format_name == "bes3t" and name.lower().endswith(".dsc"):
        head = bundle.head(name, 4096)
        return b"#DESC" in head or b"DSRC" in head
    if format_name == "jcamp-dx":
        return JCAMP.match(bundle.head(name, _HEAD)) is not None
    return True


def _folder(bundle: Bundle) -> tuple[str, Read] | None:
    """A folder that is one measurement, by the files in it."""
    names = set(bundle.names)
    if any(name.endswith("apexAcquisition.method") for name in names) or names & {
        "analysis.baf", "analysis.tdf", "analysis.tsf",
    }:  # fmt: skip
        return "bruker-ms", read_mass_folder
    if "procpar" in names:
        return "varian-nmr", read_varian
    if "acqus" in names or ({"fid", "ser"} & names and ("pulseprogram" in names or "pdata/1/procs" in names)):
        return "bruker-nmr", read_bruker_nmr
    if "fid" in names and len(names) <= 4 and names <= {"fid", "log", "text", "curpar"}:
        return "varian-nmr", read_varian
    return None


def _packed(path: Path) -> Found | None:
    """The first measurement in a zip: a folder of one, or a file of one."""
    whole = PackedBundle(path)
    folders = sorted(
        {
            name.rpartition("/")[0]
            for name in whole.names
            if name.rpartition("/")[2] in {"acqus", "procpar"}
            or name.endswith((".m/apexAcquisition.method", "analysis.tdf"))
        },
        key=lambda folder: (folder.count("/"), folder),
    )
    for folder in folders:
        top = folder.rpartition("/")[0] if folder.endswith(".m") else folder
        inner = PackedBundle(path, f"{top}/" if top else "")
        known = _folder(inner)
        if known is not None:
            return Found(*known, inner, inner.names[0])
    for name in whole.names:
        if PurePosixPath(name).suffix.lower() in _SUFFIXES:
            found = _in(whole, name)
            if found is not None:
                return found
    return None
