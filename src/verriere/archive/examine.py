"""Looking at one object: whether its structure is what its inventory says, and its bytes are what they were.

Nothing here writes. `Damage` says what is wrong and, where bytes are, which ones should be there.
"""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from verriere.archive import digest, inventory, layout, manifest
from verriere.archive.digest import Progress
from verriere.archive.inventory import DIGEST_NAME, FILE_NAME, Inventory
from verriere.archive.manifest import Stored
from verriere.errors import FixityLost, SourceChanged, SourceUnreadable
from verriere.model import Finding
from verriere.wording import finding


@dataclass(frozen=True, slots=True)
class Damage:
    """Something that is wrong.

    Parameters
    ----------
    path
        In the object, relative to it; of a file that stayed in place, absolute.
    sha256
        Of the bytes that should be there; empty where that is not known or the archive does not hold them.
    names
        Names in the dataset of the files that these bytes are.
    """

    finding: Finding
    path: str
    sha256: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen: the inventory to go by, None where none is whole, and what is wrong."""

    inventory: Inventory | None
    damage: tuple[Damage, ...]


def structure(folder: Path, object_id: str) -> Look:
    """Check everything of an object except the bytes of its content."""
    damage = list(_declaration(folder, object_id))
    versions = sorted(int(entry.name[1:]) for entry in folder.glob("v[0-9]*") if entry.name[1:].isdigit())
    found = {name: _inventory(folder / name, object_id) for name in ("", *(f"v{number}" for number in versions))}
    known = [held for held in found.values() if isinstance(held, Inventory)]
    root = found[""]
    guide = root if isinstance(root, Inventory) else max(known, key=lambda held: held.head, default=None)
    for name, held in found.items():
        path = f"{name}/{FILE_NAME}".lstrip("/")
        if guide is not None and name and int(name[1:]) > guide.head:
            continue  # told below: as something unfinished, or something extra
        if isinstance(held, str):
            damage.append(Damage(_finding("fixity-inventory", path, object_id, reason=held), path))
        elif name and held.head != int(name[1:]):
            damage.append(Damage(_finding("fixity-inventory", path, object_id, reason="of another version"), path))
    if guide is not None:
        damage += _strangers(folder, object_id, guide, found)
    return Look(guide, tuple(damage))


def content(
    folder: Path, held: Inventory, progress: Progress | None = None, pool: Executor | None = None
) -> Iterator[Damage]:
    """Read all bytes again, also those that stayed in place, and compare their digests."""
    reading = _Reading(folder, held, progress)
    checks: list[Callable[[], Damage | None]] = [
        partial(reading.kept, path, sha256) for sha256, paths in held.manifest.items() for path in paths
    ]
    checks += [partial(reading.in_place, file) for file in _files(folder, held, held.head) if file.location is not None]
    done = (check() for check in checks) if pool is None else pool.map(lambda check: check(), checks)
    yield from (damage for damage in done if damage is not None)


def sizes(folder: Path, held: Inventory) -> Mapping[str, int]:
    """SHA-256 to size in bytes, for all files of all versions whose lists can be read."""
    return {file.sha256: file.size for file in _every_file(folder, held)}


def is_whole(text: bytes, line: bytes) -> bool:
    """Whether an inventory and the line with its digest fit together."""
    return inventory.digest_line(text).split() == line.split()


def _finding(code: str, where: str, object_id: str, file: str = "", **details: str) -> Finding:
    return finding(code, where, file=file, object=object_id, **details)


def _declaration(folder: Path, object_id: str) -> Iterator[Damage]:
    name = layout.OBJECT_DECLARATION
    try:
        whole = (folder / name).read_bytes() == layout.OBJECT_DECLARATION_TEXT
    except OSError:
        whole = False
    if not whole:
        yield Damage(finding("fixity-missing", name, object=object_id), name)


def _inventory(folder: Path, object_id: str) -> Inventory | str:
    """The inventory in a folder, or what is wrong with it."""
    try:
        text, line = (folder / FILE_NAME).read_bytes(), (folder / DIGEST_NAME).read_bytes()
    except OSError as error:
        return error.strerror or "unreadable"
    if not is_whole(text, line):
        return "its digest differs"
    try:
        held = inventory.decode(text)
    except FixityLost as error:
        return error.message
    return held if held.object_id == object_id else f"it is of {held.object_id}"


def _strangers(folder: Path, object_id: str, guide: Inventory, found: Mapping[str, Inventory | str]) -> list[Damage]:
    """Everything in the object that its inventory does not know."""
    expected = {path for paths in guide.manifest.values() for path in paths}
    places = ("", *(f"v{number}/" for number in range(1, guide.head + 1)))
    expected |= {place + name for place in places for name in (FILE_NAME, DIGEST_NAME)}
    expected.add(layout.OBJECT_DECLARATION)
    strangers: list[Damage] = []
    following = f"v{guide.head + 1}"
    if isinstance(found.get(following), Inventory):
        strangers.append(Damage(_finding("fixity-unfinished", following, object_id), following))
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        unfinished = bool(strangers) and name.startswith(f"{following}/")
        if name not in expected and not unfinished and (path.is_symlink() or not path.is_dir()):
            strangers.append(Damage(_finding("fixity-extra", name, object_id), name))
    return strangers


def _files(folder: Path, held: Inventory, revision: int) -> tuple[Stored, ...]:
    """Files of a revision; none where their list is damaged, which its own digest tells."""
    sha256 = held.versions[revision - 1].state.get(manifest.LOGICAL_PATH)
    if sha256 is None:
        return ()
    try:
        return manifest.decode((folder / held.content_path(sha256)).read_bytes())
    except (OSError, FixityLost):
        return ()


def _every_file(folder: Path, held: Inventory) -> Iterator[Stored]:
    for revision in range(1, held.head + 1):
        yield from _files(folder, held, revision)


def _names(held: Inventory) -> Mapping[str, tuple[str, ...]]:
    """SHA-256 to the names that any version gives these bytes."""
    names: dict[str, set[str]] = {}
    for version in held.versions:
        for logical, sha256 in version.state.items():
            names.setdefault(sha256, set()).add(logical.removeprefix(manifest.DATA))
    return {sha256: tuple(sorted(found)) for sha256, found in names.items()}


class _Reading:
    """The bytes of one object, read again."""

    def __init__(self, folder: Path, held: Inventory, progress: Progress | None) -> None:
        self._folder = folder
        self._object_id = held.object_id
        self._names = _names(held)
        self._blake3 = {file.sha256: file.blake3 for file in _every_file(folder, held)}
        self._progress = progress

    def kept(self, path: str, sha256: str) -> Damage | None:
        """What is wrong with bytes in the object."""
        code = _compare(self._folder / path, sha256, self._blake3.get(sha256, ""), self._progress)
        if not code:
            return None
        names = self._names.get(sha256, ())
        told = _finding(f"fixity-{code}", path, self._object_id, file="".join(names[:1]))
        return Damage(told, path, sha256, names)

    def in_place(self, file: Stored) -> Damage | None:
        """What is wrong with bytes that stayed in place."""
        location = file.location or ""
        code = _compare(Path(location), file.sha256, file.blake3, self._progress)
        if not code:
            return None
        return Damage(_finding(f"in-place-{code}", location, self._object_id, file=file.name), location)


def _compare(path: Path, sha256: str, blake3: str, progress: Progress | None) -> str:
    """Empty where the bytes are as they were, else how they are not."""
    try:
        now = digest.digest_file(path, progress=progress)
    except SourceUnreadable:
        return "missing"
    except SourceChanged:
        return "changed"
    same = now.sha256 == sha256 and blake3 in ("", now.blake3)
    return "" if same else "changed"
