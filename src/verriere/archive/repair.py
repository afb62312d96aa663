"""Mending an object from its own second inventories, from another copy of the archive, or from the original files."""

import os
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from verriere.archive import digest, disk, examine, inventory, layout
from verriere.archive.examine import Damage
from verriere.archive.inventory import DIGEST_NAME, FILE_NAME, Inventory
from verriere.errors import SourceChanged, SourceUnreadable


class Repair:
    """Puts whole bytes in the place of damaged ones, atomically, and only where their digest fits.

    Parameters
    ----------
    folder
        Of the object.
    source
        Another archive (or its facility, or its OCFL root), or a folder with the original files.
    scratch
        Folder on the archive's file system for what is being copied.
    dry
        Look for whole bytes, and put nothing in place.
    """

    def __init__(self, folder: Path, object_id: str, source: Path, scratch: Path, *, dry: bool = False) -> None:
        self.dry = dry
        self._folder = folder
        self._object_id = object_id
        self._source = source
        self._scratch = scratch
        self._by_size: dict[int, list[Path]] | None = None
        path = layout.object_path(object_id)
        self._copies = [
            copy
            for root in (source, source / "ocfl", source / "archive" / "ocfl")
            if (copy := root / path) != folder and copy.is_dir()
        ]

    def structure(self, damage: Damage, guide: Inventory | None) -> Path | None:
        """Mend a declaration or an inventory; returns where the bytes came from, None where nothing helps."""
        if damage.path == layout.OBJECT_DECLARATION:
            self._put(self._folder / damage.path, layout.OBJECT_DECLARATION_TEXT)
            return self._folder
        if damage.finding.code == "fixity-unfinished":
            return self._inventory(self._folder, self._folder / damage.path)
        if damage.finding.code == "fixity-inventory":
            return self._any_inventory((self._folder / damage.path).parent, guide)
        return None

    def content(self, damage: Damage, size: int | None) -> Path | None:
        """Mend bytes; returns where they came from, None where no candidate has the right digest."""
        target = self._folder / damage.path
        if self.dry:
            return next((each for each in self._candidates(damage, size) if _sha256(each) == damage.sha256), None)
        for candidate in self._candidates(damage, size):
            scratch = self._scratch / "candidate"
            scratch.unlink(missing_ok=True)
            try:
                found = digest.copy_file(candidate, scratch)
            except (SourceUnreadable, SourceChanged):
                continue
            if found.sha256 != damage.sha256:
                continue
            _sync(scratch)
            target.parent.mkdir(parents=True, exist_ok=True)
            scratch.rename(target)
            disk.sync_folder(target.parent)
            return candidate
        return None

    def _any_inventory(self, target: Path, guide: Inventory | None) -> Path | None:
        head = guide.head if guide is not None else 0
        number = head if target == self._folder else int(target.name[1:])
        twin = self._folder / f"v{head}" if target == self._folder else self._folder
        if guide is not None and number == head and (origin := self._inventory(target, twin)):
            return origin  # the newest inventory is there twice, byte for byte
        for copy in self._copies:
            if origin := self._inventory(target, copy / target.relative_to(self._folder)):
                return origin
        if guide is None or number == head:
            return None
        # An earlier inventory is the beginning of a later one.
        text, line = _shortened(guide, number).encode()
        self._put(target / FILE_NAME, text)
        self._put(target / DIGEST_NAME, line)
        return self._folder

    def _inventory(self, target: Path, source: Path) -> Path | None:
        try:
            text, line = (source / FILE_NAME).read_bytes(), (source / DIGEST_NAME).read_bytes()
        except OSError:
            return None
        if not examine.is_whole(text, line) or inventory.decode(text).object_id != self._object_id:
            return None
        self._put(target / FILE_NAME, text)
        self._put(target / DIGEST_NAME, line)
        return source

    def _put(self, path: Path, text: bytes) -> None:
        if not self.dry:
            disk.replace(path, text)

    def _candidates(self, damage: Damage, size: int | None) -> Iterator[Path]:
        """Files that may hold the bytes, the likely ones first."""
        for copy in self._copies:
            yield copy / damage.path
        for name in damage.names:
            yield self._source / name
            yield self._source / self._object_id / name
        if size is not None:
            last = {Path(name).name for name in damage.names}
            yield from sorted(self._of_size().get(size, ()), key=lambda path: path.name not in last)

    def _of_size(self) -> Mapping[int, list[Path]]:
        if self._by_size is None:
            self._by_size = {}
            # Of another archive, only its copy of the object: all of it may be petabytes.
            for folder, _, names in chain.from_iterable(map(os.walk, self._copies or [self._source])):
                for path in (Path(folder, name) for name in names):
                    try:
                        self._by_size.setdefault(path.stat().st_size, []).append(path)
                    except OSError:
                        continue
        return self._by_size


def _shortened(held: Inventory, head: int) -> Inventory:
    """The inventory as it was when ``head`` was its newest version."""
    manifest = {
        digest: tuple(path for path in paths if int(path.split("/")[0][1:]) <= head)
        for digest, paths in held.manifest.items()
    }
    return Inventory(held.object_id, {key: paths for key, paths in manifest.items() if paths}, held.versions[:head])


def _sha256(path: Path) -> str:
    try:
        return digest.digest_file(path).sha256
    except (SourceUnreadable, SourceChanged):
        return ""


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
