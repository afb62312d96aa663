"""Reading an archive: which objects there are, what is known of them, where their bytes lie."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from verriere.archive import inventory, layout, manifest
from verriere.archive.inventory import Inventory
from verriere.archive.manifest import Stored
from verriere.archive.names import checked_id
from verriere.errors import FacilityNotFound, NotFound

RECORD = "record.json"


class Reader:
    """The archive in a folder, to be read; any number of processes may while others write.

    Parameters
    ----------
    root
        The folder.

    Raises
    ------
    FacilityNotFound
        There is no archive.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.ocfl = root / "ocfl"
        if not (self.ocfl / layout.ROOT_DECLARATION).is_file():
            raise FacilityNotFound(f"no archive in {root}", hint="make a facility with: verriere init DIR")

    def objects(self, prefix: str = "") -> Iterator[str]:
        """Identifiers of the objects that begin with ``prefix``, in the order of their folders."""
        for group in sorted(entry for entry in self.ocfl.iterdir() if len(entry.name) == layout.TUPLE_SIZE):
            for folder in sorted(group.iterdir()):
                object_id = unquote(folder.name)
                if layout.object_path(object_id).name != folder.name:
                    object_id = inventory.decode((folder / inventory.FILE_NAME).read_bytes()).object_id
                if object_id.startswith(prefix):
                    yield object_id

    def exists(self, object_id: str) -> bool:
        """Whether there is such an object."""
        return (self.folder_of(object_id) / inventory.FILE_NAME).is_file()

    def revision(self, object_id: str) -> int:
        """Number of the newest revision; raises `NotFound`."""
        return self.inventory(object_id).head

    def inventory(self, object_id: str) -> Inventory:
        """The OCFL inventory of an object; raises `NotFound`."""
        try:
            text = (self.folder_of(object_id) / inventory.FILE_NAME).read_bytes()
        except (FileNotFoundError, NotADirectoryError) as error:
            raise NotFound(
                f"the archive holds no {object_id}", hint="list what there is: verriere search ''"
            ) from error
        return inventory.decode(text)

    def folder_of(self, object_id: str) -> Path:
        """Where an object is, or would be."""
        return self.ocfl / layout.object_path(checked_id(object_id))

    def read_sidecar(self, object_id: str, revision: int | None = None) -> bytes:
        """Text of ``record.json``, of the newest revision or the one that is asked for; raises `NotFound`."""
        return self.read(self.inventory(object_id), RECORD, revision)

    def files(self, object_id: str, revision: int | None = None) -> tuple[Stored, ...]:
        """Files of an object, in the order of names; none for a facility record. Raises `NotFound`."""
        return self.files_in(self.inventory(object_id), revision)

    def path_of(self, object_id: str, name: str, revision: int | None = None) -> Path:
        """Where the bytes of the file ``name`` lie, in the archive or in place.

        Raises
        ------
        NotFound
            No such object, no such revision, or no such file in it.
        """
        held = self.inventory(object_id)
        digest = _state(held, revision).get(manifest.DATA + name)
        if digest is not None:
            return self.folder_of(object_id) / held.content_path(digest)
        for file in self.files_in(held, revision):
            if file.name == name and file.location is not None:
                return Path(file.location)
        raise NotFound(f"{object_id} holds no file {name!r}", hint=f"list its files: verriere show {object_id}")

    def read(self, held: Inventory, logical: str, revision: int | None = None) -> bytes:
        """Bytes at a logical path of an object whose inventory is known."""
        digest = _state(held, revision)[logical]
        return (self.folder_of(held.object_id) / held.content_path(digest)).read_bytes()

    def files_in(self, held: Inventory, revision: int | None = None) -> tuple[Stored, ...]:
        """Files of an object whose inventory is known."""
        if manifest.LOGICAL_PATH not in _state(held, revision):
            return ()
        return manifest.decode(self.read(held, manifest.LOGICAL_PATH, revision))

    def held(self, object_id: str) -> Inventory:
        """The inventory of an object; one without versions where there is no such object yet."""
        return self.inventory(object_id) if self.exists(object_id) else Inventory(object_id)


def _state(held: Inventory, revision: int | None) -> Mapping[str, str]:
    if revision is None:
        return held.state
    if not 1 <= revision <= held.head:
        raise NotFound(f"{held.object_id} has no revision {revision}", hint=f"it has revisions 1 to {held.head}")
    return held.versions[revision - 1].state


def no_object(object_id: str) -> NotFound:
    """What to raise where an object is not there."""
    return NotFound(f"the archive holds no {object_id}", hint="list what there is: verriere search ''")
