"""The files of one dataset by their names in it, read within bounds; a zip looks like the folder that was packed."""

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, cast

HEADER = 16 << 20
"""Bytes of a header; the largest that were met have 1 MB."""
DATA = 1 << 30
"""Bytes of numbers that are taken into memory at once."""
MOST_PACKED = 10_000
"""Files looked at in a zip."""

_LONGEST_DETAIL = 160

_UNPACK: dict[str, Callable[[Path], object]] = {".bz2": bz2.open, ".gz": gzip.open, ".xz": lzma.open}


class Unreadable(Exception):
    """A file is absent, cut short, too large or not what it says.

    Parameters
    ----------
    code
        Of the finding that says so.
    details
        What its sentence needs.
    """

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code = code
        self.details = {name: _readable(str(value)) for name, value in details.items()}


class Bundle:
    """Files of one dataset.

    Parameters
    ----------
    files
        Path of each by its name in the dataset, with ``/``.
    """

    def __init__(self, files: Mapping[str, Path]) -> None:
        self._files = dict(files)
        self.prefix = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Names of all files, sorted."""
        return tuple(sorted(self._files))

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def named(self, name: str) -> str | None:
        """The name as the dataset has it, whatever the case of its letters: ``A.dsc`` for ``A.DSC``."""
        if name in self._files:
            return name
        return next((other for other in self._files if other.casefold() == name.casefold()), None)

    def size(self, name: str) -> int:
        """Bytes of a file, as it is stored."""
        try:
            return self._files[name].stat().st_size
        except OSError as error:
            raise Unreadable("format-unreadable", name=name, reason=error.strerror) from None

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """A file as a stream of bytes, unpacked where it is packed by itself.

        Raises
        ------
        Unreadable
            It is absent, or its packing is broken where it is read.
        """
        path = self._files[name]
        try:
            unpack = _UNPACK.get(path.suffix.lower()) or _UNPACK.get(PurePosixPath(name).suffix.lower(), _plain)
            with cast("IO[bytes]", unpack(path)) as stream:
                yield stream
        except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
            raise Unreadable("format-unreadable", name=name, reason=str(error) or type(error).__name__) from None

    def read(self, name: str, most: int = HEADER) -> bytes:
        """All bytes of a file.

        Raises
        ------
        Unreadable
            There are more than ``most`` of them, or the file cannot be read.
        """
        with self.open(name) as stream:
            content = stream.read(most + 1)
        if len(content) > most:
            raise Unreadable("format-too-large", name=name, limit=f"{most >> 20} MiB")
        return content

    def head(self, name: str, count: int) -> bytes:
        """The first bytes of a file; as many as there are."""
        with self.open(name) as stream:
            return stream.read(count)


class PackedBundle(Bundle):
    """The files in a zip, read where they lie; nothing is unpacked to disk.

    Parameters
    ----------
    path
        The zip.
    folder
        The folder in it that is looked at, with ``/`` at its end; its name is left out of the files' names.

    Raises
    ------
    Unreadable
        It is no zip.
    """

    def __init__(self, path: Path, folder: str = "") -> None:
        super().__init__({})
        self.prefix = folder
        self._zip = path
        try:
            with zipfile.ZipFile(path) as packed:
                infos = [info for info in packed.infolist()[:MOST_PACKED] if not info.is_dir()]
        except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise Unreadable("format-unreadable", name=path.name, reason=str(error)) from None
        self._sizes = {
            info.filename.removeprefix(folder): info.file_size for info in infos if info.filename.startswith(folder)
        }
        self._files = dict.fromkeys(self._sizes, path)

    def size(self, name: str) -> int:
        """Bytes that a file says it unpacks to."""
        return self._sizes[name]

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """A packed file as a stream of bytes."""
        try:
            with zipfile.ZipFile(self._zip) as packed, packed.open(self.prefix + name) as stream:
                yield stream
        except (
            OSError,
            EOFError,
            KeyError,
            RuntimeError,
            NotImplementedError,
            zipfile.BadZipFile,
            zlib.error,
            lzma.LZMAError,
        ) as error:
            raise Unreadable("format-unreadable", name=name, reason=str(error) or type(error).__name__) from None


def _plain(path: Path) -> IO[bytes]:
    return path.open("rb")


def _readable(text: str) -> str:
    """A text that can stand in a sentence: some libraries repeat the bytes that they stumbled over."""
    return "".join(sign if sign.isprintable() else " " for sign in text)[:_LONGEST_DETAIL]
