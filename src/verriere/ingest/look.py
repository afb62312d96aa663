"""A first look at one file, before anything is grouped: is it HDF5, is it finished, which files do its links name.

Nothing outside the file is opened. HDF5's virtual datasets, external links and external raw storage are only read as
names; who follows them is the business of the reader, with the list of files that belong together in hand.
"""

import fcntl
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import h5py
from h5py import h5d, h5f, h5l, h5o, h5p

SIGNATURE = b"\x89HDF\r\n\x1a\n"
LINKS_AT_MOST = 200_000
ROOT_MEMBERS_AT_MOST = 1000


@dataclass(frozen=True, slots=True)
class Look:
    """What a first look at a file shows.

    Parameters
    ----------
    hdf5
        Whether the bytes are those of HDF5.
    writing
        Whether a program still has the file open for writing.
    links
        Files that its links name, as written; ``.`` (the file itself) left out.
    entries
        Number of NXentry at the root.
    members
        Names at the root.
    """

    hdf5: bool = False
    writing: bool = False
    links: tuple[str, ...] = ()
    entries: int = 0
    members: tuple[str, ...] = ()


def has_signature(path: Path) -> bool:
    """Whether the HDF5 signature is at 0 or at a power of two from 512 on (a user block comes before it)."""
    with path.open("rb") as stream:
        offset = 0
        while offset <= 1 << 20:
            stream.seek(offset)
            head = stream.read(len(SIGNATURE))
            if head == SIGNATURE:
                return True
            if len(head) < len(SIGNATURE):
                return False
            offset = offset * 2 or 512
    return False


def is_being_written(path: Path) -> bool:
    """Whether a program has the file open for writing, as far as the file itself or a lock on it tells.

    Notes
    -----
    Superblock versions 2 and 3 hold "file consistency flags" at byte 11, bit 0 being set while a program writes
    (HDF5 File Format Specification 3.0, section II.A); libraries from 1.10 on also hold a lock.
    """
    with path.open("rb") as stream:
        head = stream.read(12)
        if head[:8] == SIGNATURE and len(head) == 12:
            version, flags = struct.unpack_from("<B2xB", head, 8)
            if version == 3 and flags & 1:
                return True
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:  # a file system without locks cannot tell
            return False
        fcntl.flock(stream, fcntl.LOCK_UN)
    return False


def look(path: Path) -> Look:
    """Look at a file; what cannot be read is seen as a file without links."""
    try:
        if not has_signature(path):
            return Look()
        writing = is_being_written(path)
    except OSError:
        return Look()
    try:
        file = _open(path)
        with h5py.File(file) as root:
            members = tuple(name for name, _ in zip(root, range(ROOT_MEMBERS_AT_MOST), strict=False))
            entries = sum(_is_entry(root, name) for name in members[:100])
            return Look(True, writing, tuple(sorted(set(_links(file)))), entries, members)
    except (OSError, RuntimeError, ValueError, KeyError, UnicodeError):
        return Look(hdf5=True, writing=writing)


def _open(path: Path) -> h5f.FileID:
    access = h5p.create(h5p.FILE_ACCESS)
    access.set_file_locking(False, True)
    return h5f.open(str(path).encode("utf-8", "surrogateescape"), h5f.ACC_RDONLY, fapl=access)


def _is_entry(root: h5py.File, name: str) -> bool:
    if root.get(name, getlink=True, getclass=True) is not h5py.HardLink:
        return False
    value = root[name].attrs.get("NX_class", b"")
    return "NXentry" in str(value)


def _links(file: h5f.FileID) -> Iterable[str]:
    hard: list[bytes] = []
    external: list[bytes] = []

    def visit(name: bytes, info: h5l.LinkInfo) -> bool | None:
        if info.type == h5l.TYPE_EXTERNAL:
            external.append(name)
        elif info.type == h5l.TYPE_HARD:
            hard.append(name)
        return True if len(hard) + len(external) >= LINKS_AT_MOST else None

    file.links.visit(visit, info=True)
    for name in external:
        yield _text(file.links.get_val(name)[0])
    for name in hard:
        try:
            node = h5o.open(file, name)
        except (OSError, KeyError, RuntimeError):
            continue
        if isinstance(node, h5d.DatasetID) and node.rank:
            yield from _sources(node.get_create_plist())


def _sources(creation: h5p.PropDCID) -> Iterable[str]:
    if creation.get_layout() == h5d.VIRTUAL:
        for index in range(creation.get_virtual_count()):
            name = creation.get_virtual_filename(index)
            if name != ".":
                yield _text(name)
    for index in range(creation.get_external_count()):
        yield _text(creation.get_external(index)[0])


def _text(name: bytes | str) -> str:
    return name if isinstance(name, str) else name.decode("utf-8", "surrogateescape")
