"""A thing as a folder or an archive that others can take away: an RO-Crate, or a bag with a crate in it.

What anyone may have is in it; what is embargoed is described and absent.
"""

import errno
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from io import RawIOBase
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Literal

from verriere.archive import Archive
from verriere.errors import FixityLost, InputInvalid, StorageFull, StorageUnfit
from verriere.model import Dataset
from verriere.publish.formats import bagit, rocrate
from verriere.publish.landing import Landing, PublicFile
from verriere.urls import Addresses

Shape = Literal["rocrate", "bagit"]
Advance = Callable[[int], None]
"""Called with the bytes that were written since it was last called."""

_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of what is exported.

    Parameters
    ----------
    content
        Its bytes, or where they lie; the digest is asked of those that lie somewhere.
    """

    name: str
    content: bytes | Path
    size: int
    sha256: str = ""


def parts(archive: Archive, landing: Landing, shape: Shape, *, revision: int | None = None) -> tuple[Part, ...]:
    """The files of a crate or a bag.

    Parameters
    ----------
    revision
        Of the dataset in the archive, where it is not the last one.
    """
    folder = bagit.PAYLOAD if shape == "bagit" else ""
    taken = {rocrate.FILE_NAME, *(f"{rocrate.FILE_NAME}/",)}
    clashing = [file.path for file in landing.files if PurePosixPath(file.path).parts[0] in taken]
    if clashing:
        raise InputInvalid(f"{clashing[0]} has the name of the crate's own description", hint="download it by itself")
    described = bagit.tags(landing) if shape == "bagit" else {rocrate.FILE_NAME: rocrate.write_attached(landing)}
    made = [Part(name, content, len(content)) for name, content in described.items()]
    for file in landing.files:
        path = archive.path_of(landing.identifier, file.path, revision)
        made.append(Part(folder + file.path, path, file.size, file.sha256))
    return tuple(made)


def with_files(landing: Landing, dataset: Dataset, addresses: Addresses, version: int = 0) -> Landing:
    """The same with the files of a dataset as it is disclosed to someone who may have more than everyone."""
    files = []
    for each in dataset.files:
        address = addresses.file(dataset.id, each.path, version)
        files.append(PublicFile(each.path, address, each.size, each.media_type, each.sha256, each.modified_at))
    return replace(landing, files=tuple(files))


def write_folder(every: Iterable[Part], target: Path, advance: Advance) -> None:
    """Write the files into a folder that is not there yet; it has its name once it is whole.

    Raises
    ------
    InputInvalid
        There is something of that name.
    FixityLost
        The archive's bytes are not those that were put there; nothing has the final name.
    StorageFull, StorageUnfit
        The disk does not take it.
    """
    if target.exists():
        raise InputInvalid(f"{target} is there already", hint="choose another place with -o")
    part = target.with_name(f"{target.name}.part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        for each in every:
            path = _inside(part, each.name)
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("wb") as writing:
                for piece in _pieces(each):
                    writing.write(piece)
                    advance(len(piece))
        part.rename(target)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise _unwritten(target, error) from error
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def write_zip(every: Iterable[Part], folder: str, target: Path, advance: Advance) -> None:
    """The same as one file; raises what `write_folder` raises."""
    if target.exists():
        raise InputInvalid(f"{target} is there already", hint="choose another place with -o")
    part = target.with_name(f"{target.name}.part")
    try:
        with part.open("wb") as writing:
            for piece in zipped(every, folder):
                writing.write(piece)
                advance(len(piece))
        part.rename(target)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _unwritten(target, error) from error
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def zipped(every: Iterable[Part], folder: str) -> Iterator[bytes]:
    """The files as a ZIP archive, piece by piece; measured data are seldom smaller packed, so they are only joined.

    Parameters
    ----------
    folder
        In which the files are, in the archive.
    """
    buffer = _Buffer()
    # typeshed wants a file that can be read; zipfile only writes to what it cannot seek in.
    stream: BinaryIO = buffer  # type: ignore[assignment]
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for each in every:
            entry = zipfile.ZipInfo(f"{folder}/{each.name}")
            entry.external_attr = 0o644 << 16
            with archive.open(entry, "w", force_zip64=each.size >= _LARGE) as member:
                for piece in _pieces(each):
                    member.write(piece)
                    yield buffer.take()
    yield buffer.take()


_LARGE = 1 << 30


class _Buffer(RawIOBase):
    """What was written and not taken yet."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes, /) -> int:  # type: ignore[override]
        self._pieces.append(bytes(piece))
        return len(piece)

    def take(self) -> bytes:
        taken, self._pieces = b"".join(self._pieces), []
        return taken


def _pieces(part: Part) -> Iterator[bytes]:
    if isinstance(part.content, bytes):
        yield part.content
        return
    digest = sha256()
    with part.content.open("rb") as reading:
        while piece := reading.read(_PIECE):
            digest.update(piece)
            yield piece
    if part.sha256 and digest.hexdigest() != part.sha256:
        raise FixityLost(f"{part.name} is damaged in the archive", hint="see: verriere verify --repair-from DIR")


def _inside(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.resolve().is_relative_to(folder.resolve()):
        raise InputInvalid(f"{name!r} would lie outside {folder}")
    return path


def _unwritten(target: Path, error: OSError) -> StorageFull | StorageUnfit:
    kind = StorageFull if error.errno == errno.ENOSPC else StorageUnfit
    return kind(f"{target} cannot be written: {error.strerror}", hint="make room, or choose another place with -o")
