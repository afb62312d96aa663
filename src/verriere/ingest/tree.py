"""The files under the given paths, folder by folder: what counts, and what is left out for which reason.

Symbolic links are never followed: what they lead to is either under the given path, and met there, or none of its
business.
"""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from verriere.ingest.rules import Rules
from verriere.model import Finding
from verriere.wording import finding


def shown(path: Path | str) -> str:
    """A path or name as text that can be written anywhere: what is not UTF-8 in it is shown as an escape."""
    return str(path).encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


@dataclass(frozen=True, slots=True)
class Found:
    """A regular file: its path, size in bytes and time of modification in seconds since 1970."""

    path: Path
    size: int
    modified: float

    @property
    def name(self) -> str:
        """Its name in its folder."""
        return self.path.name


@dataclass(slots=True)
class Folder:
    """A folder with what counts in it, in the order of the names."""

    path: Path
    files: list[Found] = field(default_factory=list)
    folders: list["Folder"] = field(default_factory=list)

    @property
    def names(self) -> frozenset[str]:
        """Names of all that lies directly in it."""
        return frozenset([file.name for file in self.files] + [folder.path.name for folder in self.folders])

    def all_files(self) -> Iterator[Found]:
        """Files in it and below it."""
        yield from self.files
        for folder in self.folders:
            yield from folder.all_files()


def read_folder(path: Path, rules: Rules, left_out: list[Finding], *, deep: bool = True) -> Folder:
    """Read a folder and, where ``deep``, all below it; what does not count is added to ``left_out``."""
    top = Folder(path)
    waiting = [top]
    while waiting:
        folder = waiting.pop()
        try:
            entries = sorted(os.scandir(folder.path), key=lambda entry: entry.name)
        except OSError as error:
            left_out.append(finding("unreadable", shown(folder.path), reason=error.strerror or str(error)))
            continue
        for entry in entries:
            _sort(entry, folder, rules, left_out)
        if deep or folder is top:
            waiting.extend(folder.folders)
    return top


def read_file(path: Path) -> Found:
    """Facts of one file."""
    facts = path.stat()
    return Found(path, facts.st_size, facts.st_mtime)


def _sort(entry: "os.DirEntry[str]", folder: Folder, rules: Rules, left_out: list[Finding]) -> None:
    path = folder.path / entry.name
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError as error:
        left_out.append(finding("unreadable", shown(path), reason=error.strerror or str(error)))
        return
    if stat.S_ISLNK(facts.st_mode):
        left_out.append(finding("left-out-link", shown(path)))
    elif stat.S_ISDIR(facts.st_mode):
        if rules.hidden.match(entry.name) and not _is_part_of_zarr(entry.name):
            left_out.append(finding("left-out-hidden", shown(path)))
        else:
            folder.folders.append(Folder(path))
    elif not stat.S_ISREG(facts.st_mode):
        left_out.append(finding("left-out-special", shown(path)))
    elif rules.hidden.match(entry.name) and not _is_part_of_zarr(entry.name):
        left_out.append(finding("left-out-hidden", shown(path)))
    else:
        folder.files.append(Found(path, facts.st_size, facts.st_mtime))


def _is_part_of_zarr(name: str) -> bool:
    return name in {".zgroup", ".zarray", ".zattrs", ".zmetadata"}
