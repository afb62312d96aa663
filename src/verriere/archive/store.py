"""The archive: bytes and what is known of them, as OCFL objects that need no database.

A folder with these parts::

    ocfl/       the OCFL 1.1 storage root; an object a dataset, and one a proposal, visit, sample or instrument
    staging/    changes being made ready; nothing is in it when nothing is going on
    locks/      files that processes lock while they change an object
    history/    what happened, line by line
    private/    accounts

An object's newest version holds ``record.json`` (all that is known: the sidecar), ``manifest.json`` (the list of
files) and ``data/`` (the files). A revision is the number of an OCFL version.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote

from verriere.archive import disk, inventory, layout, manifest, staging
from verriere.archive.deposit import Deposit, Receipt, Refused, Sidecar, Source, gather
from verriere.archive.digest import Progress
from verriere.archive.history import Journal
from verriere.archive.inventory import CONTENT, Inventory
from verriere.archive.manifest import Stored
from verriere.archive.names import checked_id
from verriere.errors import FacilityExists, FacilityNotFound, InputInvalid, NotFound, VerriereError
from verriere.model import Store

RECORD = "record.json"

_LOCKS = 256


class Archive:
    """The archive in a folder that `create` made.

    Safe to use from several threads and processes at once.

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
        self._staging = root / "staging"
        self._locks = root / "locks"
        self._accounts = root / "private" / "accounts.json"
        self.history = Journal(root / "history")
        if not (self.ocfl / layout.ROOT_DECLARATION).is_file():
            raise FacilityNotFound(f"no archive in {root}", hint="make a facility with: verriere init DIR")

    @classmethod
    def create(cls, root: Path) -> "Archive":
        """Make an empty archive in the folder ``root``, which may exist.

        Raises
        ------
        FacilityExists
            There is one already.
        StorageFull, StorageUnfit
            The folder cannot be written.
        """
        if (root / "ocfl").exists():
            raise FacilityExists(f"{root} holds an archive already", hint="choose another folder")
        with disk.keeping(root):
            for part in ("staging", "locks", "history"):
                (root / part).mkdir(parents=True, exist_ok=True)
            (root / "private").mkdir(mode=0o700, exist_ok=True)
            fresh = root / "staging" / "ocfl"
            disk.remove(fresh)
            fresh.mkdir()
            layout.declare_root(fresh)
            disk.sync_all(root)
            fresh.rename(root / "ocfl")
            disk.sync_folder(root)
        return cls(root)

    # Writing

    def put(
        self,
        object_id: str,
        files: Sequence[Source],
        sidecar: Sidecar,
        *,
        message: str = "ingest",
        store: Store = Store.COPY,
        created: datetime | None = None,
        progress: Progress | None = None,
    ) -> Receipt:
        """Keep files and what is known of them: a new object, or a new version where something differs.

        The same files and the same sidecar change nothing. Bytes are read once. When this returns, all of it is on the
        disk; when it raises, nothing of it is in the archive.

        Raises
        ------
        StorageFull, StorageUnfit
            The disk does not take it.
        SourceUnreadable, SourceChanged, InputInvalid
            A file cannot be kept.
        """
        deposit = Deposit(object_id, files, sidecar, message=message, store=store, created=created)
        return _accepted(self.put_many([deposit], progress=progress)[0])

    def put_sidecar(self, object_id: str, sidecar: Sidecar, message: str, *, created: datetime | None = None) -> int:
        """Keep new knowledge of files that stay as they are; returns the revision.

        Raises
        ------
        NotFound
            There is no such object.
        """
        deposit = Deposit(object_id, None, sidecar, message=message, created=created)
        return _accepted(self.put_many([deposit])[0]).revision

    def put_sidecars(
        self, sidecars: Mapping[str, Sidecar], message: str, *, created: datetime | None = None
    ) -> dict[str, int]:
        """As `put_sidecar` for many objects, waiting for the disk once; returns their revisions.

        Raises
        ------
        NotFound
            There is no such object; the other objects have their new sidecars.
        """
        deposits = [Deposit(key, None, sidecar, message=message, created=created) for key, sidecar in sidecars.items()]
        return {receipt.object_id: receipt.revision for receipt in map(_accepted, self.put_many(deposits))}

    def put_many(
        self, deposits: Sequence[Deposit], *, progress: Progress | None = None
    ) -> tuple[Receipt | Refused, ...]:
        """Make many deposits, waiting for the disk once.

        A deposit whose files cannot be read is refused and the others are made. Each is whole or not there at all.

        Parameters
        ----------
        progress
            Called with the number of bytes read since the last call.

        Returns
        -------
        tuple
            One result for each deposit, in their order.

        Raises
        ------
        StorageFull, StorageUnfit
            The disk does not take it; deposits that were not complete are taken back.
        InputInvalid
            Two deposits for one object.
        """
        names = [deposit.object_id for deposit in deposits]
        if len(set(names)) < len(names):
            raise InputInvalid("two deposits for one object in one batch", hint="join them")
        results: list[Receipt | Refused] = []
        with disk.keeping(self.root), staging.batch(self._staging) as folder:
            gathered = [
                self._gather(deposit, folder / str(number), progress) for number, deposit in enumerate(deposits)
            ]
            changes: list[staging.Change] = []
            with self._locked(names):
                for number, (deposit, files) in enumerate(zip(deposits, gathered, strict=True)):
                    if isinstance(files, Refused):
                        results.append(files)
                        continue
                    result = self._prepare(deposit, files, folder / str(number))
                    if isinstance(result, Receipt) and result.changed:
                        path = layout.object_path(deposit.object_id)
                        changes.append(staging.Change(number, str(path), result.revision))
                    results.append(result)
                if changes:
                    staging.move_in(folder, self.ocfl, changes)
        return tuple(results)

    def heal(self) -> int:
        """Finish or take back what processes that died had begun; returns the number of changes that were finished."""
        with disk.keeping(self.root):
            return staging.heal(self._staging, self.ocfl)

    # Reading

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
        return self._read(self.inventory(object_id), RECORD, revision)

    def files(self, object_id: str, revision: int | None = None) -> tuple[Stored, ...]:
        """Files of an object, in the order of names; none for a facility record. Raises `NotFound`."""
        return self._files(self.inventory(object_id), revision)

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
        for file in self._files(held, revision):
            if file.name == name and file.location is not None:
                return Path(file.location)
        raise NotFound(f"{object_id} holds no file {name!r}", hint=f"list its files: verriere show {object_id}")

    # Beside the objects

    def append_history(self, lines: Iterable[str]) -> None:
        """Add lines to the journal, all or none, and wait until they are on the disk: see `Journal.append`."""
        self.history.append(lines)

    def read_history(self) -> Iterator[str]:
        """Every line of the journal, in the order they were added."""
        return self.history.read()

    def write_accounts(self, text: bytes) -> None:
        """Keep the accounts in a file that only its owner may read."""
        with disk.keeping(self.root):
            disk.replace(self._accounts, text, mode=0o600)

    def read_accounts(self) -> bytes | None:
        """What `write_accounts` kept; None where it was never called."""
        try:
            return self._accounts.read_bytes()
        except FileNotFoundError:
            return None

    # Within

    def _read(self, held: Inventory, logical: str, revision: int | None = None) -> bytes:
        digest = _state(held, revision)[logical]
        return (self.folder_of(held.object_id) / held.content_path(digest)).read_bytes()

    def _files(self, held: Inventory, revision: int | None = None) -> tuple[Stored, ...]:
        if manifest.LOGICAL_PATH not in _state(held, revision):
            return ()
        return manifest.decode(self._read(held, manifest.LOGICAL_PATH, revision))

    def _held(self, object_id: str) -> Inventory:
        return self.inventory(object_id) if self.exists(object_id) else Inventory(object_id)

    def _gather(self, deposit: Deposit, folder: Path, progress: Progress | None) -> tuple[Stored, ...] | Refused | None:
        try:
            held = self._held(deposit.object_id)
            if deposit.files is None:
                return None
            known = {file.name: file for file in self._files(held)}
            data = folder / "version" / CONTENT / manifest.DATA
            return gather(deposit.files, deposit.store, known, data, progress)
        except VerriereError as error:
            disk.remove(folder)
            return Refused(deposit.object_id, error)

    def _prepare(self, deposit: Deposit, gathered: tuple[Stored, ...] | None, folder: Path) -> Receipt | Refused:
        """Make the staged bytes a version of the object, which is locked; only moving it in is left to do."""
        held = self._held(deposit.object_id)
        before = {file.name: file for file in self._files(held)}
        if gathered is None and not held.head:
            missing = NotFound(f"the archive holds no {deposit.object_id}", hint="ingest it first")
            return Refused(deposit.object_id, missing)
        files = tuple(before.values()) if gathered is None else tuple(_settled(file, before) for file in gathered)
        same = bool(held.head) and {file.name: file for file in files} == before
        if held.head and same:
            receipt = Receipt(deposit.object_id, held.head, files, changed=False, data_changed=False)
            if _text(deposit.sidecar, receipt) == self._read(held, RECORD):
                return receipt
        receipt = Receipt(deposit.object_id, held.head + 1, files, changed=True, data_changed=not same)
        texts = {RECORD: _text(deposit.sidecar, receipt)}
        if files:
            texts[manifest.LOGICAL_PATH] = manifest.encode(files)
        state = {logical: sha256(text).hexdigest() for logical, text in texts.items()}
        state |= {file.logical_path: file.sha256 for file in files if file.location is None}
        grown, fresh = held.grown(state, created=deposit.created or datetime.now(UTC), message=deposit.message)
        _write_version(folder, grown, {logical: texts[logical] for logical in fresh if logical in texts}, set(fresh))
        return receipt

    @contextmanager
    def _locked(self, names: Sequence[str]) -> Iterator[None]:
        """Hold the locks of these objects, taken in one order by everybody so that nobody waits in a circle."""
        stripes = {sha256(name.encode("utf-8", "surrogatepass")).digest()[0] % _LOCKS for name in names}
        with ExitStack() as held:
            for stripe in sorted(stripes):
                held.enter_context(disk.locked(self._locks / f"{stripe:02x}"))
            yield


def _settled(file: Stored, before: Mapping[str, Stored]) -> Stored:
    """The row of a file that is kept already: only its time differs, or it is now left in place as well."""
    kept = before.get(file.name)
    if kept is not None and kept.sha256 == file.sha256 and kept.location in (None, file.location):
        return kept
    return file


def _write_version(folder: Path, grown: Inventory, texts: Mapping[str, bytes], fresh: set[str]) -> None:
    """Complete ``folder/version`` and put the files beside it that `staging` moves in."""
    version = folder / "version"
    version.mkdir(parents=True, exist_ok=True)
    content = version / CONTENT
    for path in list(content.rglob("*")) if content.exists() else ():
        if path.is_file() and str(path.relative_to(content)) not in fresh:
            path.unlink()  # an earlier version, or another file of this one, holds the same bytes
    for logical, text in texts.items():
        content.mkdir(exist_ok=True)
        disk.write_new(content / logical, text)
    for path in sorted(content.rglob("*"), reverse=True) if content.exists() else ():
        if path.is_dir():
            with suppress(OSError):
                path.rmdir()  # OCFL allows no empty folders
    text, line = grown.encode()
    named = folder / f"v{grown.head}"
    root = folder
    if grown.head == 1:
        root = folder / staging.OBJECT
        root.mkdir()
        disk.write_new(root / layout.OBJECT_DECLARATION, b"ocfl_object_1.1\n")
        named = root / "v1"
    for place in (version, root):
        disk.write_new(place / inventory.FILE_NAME, text)
        disk.write_new(place / inventory.DIGEST_NAME, line)
    version.rename(named)


def _state(held: Inventory, revision: int | None) -> Mapping[str, str]:
    if revision is None:
        return held.state
    if not 1 <= revision <= held.head:
        raise NotFound(f"{held.object_id} has no revision {revision}", hint=f"it has revisions 1 to {held.head}")
    return held.versions[revision - 1].state


def _text(sidecar: Sidecar, receipt: Receipt) -> bytes:
    return sidecar if isinstance(sidecar, bytes) else sidecar(receipt)


def _accepted(result: Receipt | Refused) -> Receipt:
    if isinstance(result, Refused):
        raise result.error
    return result
