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

import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from verriere.archive import disk, layout, staging, verify, version
from verriere.archive.deposit import Deposit, Receipt, Refused, Sidecar, Source, gather
from verriere.archive.digest import Progress
from verriere.archive.history import Journal
from verriere.archive.manifest import Stored
from verriere.archive.reader import Reader, no_object
from verriere.archive.repair import Repair
from verriere.errors import FacilityExists, InputInvalid, VerriereError
from verriere.model import Finding, Store

_LOCKS = 256
_VERIFIERS = max(1, (os.cpu_count() or 1) // 2)
"""Files that are read side by side: each keeps two processors busy."""


class Archive(Reader):
    """The archive in a folder that `create` made, to be read and written.

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
        super().__init__(root)
        self.history = Journal(root / "history")
        self._staging = root / "staging"
        self._locks = root / "locks"
        self._accounts = root / "private" / "accounts.json"
        self._erased = root / "private" / "erased.json"

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
                    result = self._prepare(deposit, files, folder / str(number))
                    results.append(result)
                    if isinstance(result, Receipt) and result.changed:
                        path = layout.object_path(deposit.object_id)
                        changes.append(staging.Change(number, str(path), result.revision))
                if changes:
                    staging.move_in(folder, self.ocfl, changes)
        return tuple(results)

    def heal(self) -> int:
        """Finish or take back what processes that died had begun; returns the number of changes that were finished."""
        with disk.keeping(self.root):
            return staging.heal(self._staging, self.ocfl)

    def verify(
        self,
        object_id: str,
        repair_from: Path | None = None,
        *,
        dry_run: bool = False,
        progress: Progress | None = None,
    ) -> tuple[Finding, ...]:
        """Read an object's bytes again and compare them with their digests, and its structure with its inventory.

        Parameters
        ----------
        repair_from
            Another archive or facility, or a folder with the original files: damaged bytes are replaced by those that
            have the right digest.
        dry_run
            Replace nothing; say of what is damaged whether ``repair_from`` has it whole.
        progress
            Called with the number of bytes read since the last call.

        Returns
        -------
        tuple
            What is wrong, and what was mended; empty where all is well.

        Raises
        ------
        NotFound
            There is no such object.
        StorageFull, StorageUnfit
            What was mended could not be written.
        """
        with ThreadPoolExecutor(_VERIFIERS) as pool:
            return self._verify(object_id, repair_from, progress and verify.one_at_a_time(progress), pool, dry=dry_run)

    def verify_many(
        self, object_ids: Iterable[str], repair_from: Path | None = None, *, progress: Progress | None = None
    ) -> Iterator[tuple[str, tuple[Finding, ...]]]:
        """As `verify` for many objects, several side by side; in the order they are given."""
        told = progress and verify.one_at_a_time(progress)
        with ThreadPoolExecutor(_VERIFIERS) as pool:
            waiting: deque[tuple[str, Future[tuple[Finding, ...]]]] = deque()
            for object_id in object_ids:
                waiting.append((object_id, pool.submit(self._verify, object_id, repair_from, told, None)))
                if len(waiting) > 4 * _VERIFIERS:
                    first, found = waiting.popleft()
                    yield first, found.result()
            for first, found in waiting:
                yield first, found.result()

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

    def write_erased(self, text: bytes) -> None:
        """Keep who was erased, so that nobody brings them back, in a file that only its owner may read."""
        with disk.keeping(self.root):
            disk.replace(self._erased, text, mode=0o600)

    def read_erased(self) -> bytes | None:
        """What `write_erased` kept; None where nobody was erased."""
        try:
            return self._erased.read_bytes()
        except FileNotFoundError:
            return None

    # Within

    def _verify(
        self,
        object_id: str,
        repair_from: Path | None,
        progress: Progress | None,
        pool: Executor | None,
        *,
        dry: bool = False,
    ) -> tuple[Finding, ...]:
        folder = self.folder_of(object_id)
        if not folder.is_dir():
            raise no_object(object_id)
        if repair_from is None:
            lock = self._locked([object_id], shared=True)
            return verify.verify(folder, object_id, lock, progress=progress, pool=pool)
        with disk.keeping(self.root), staging.batch(self._staging) as scratch, self._locked([object_id]):
            repair = Repair(folder, object_id, repair_from, scratch, dry=dry)
            return verify.mend(repair, folder, object_id, progress=progress, pool=pool)

    def _gather(self, deposit: Deposit, folder: Path, progress: Progress | None) -> tuple[Stored, ...] | Refused | None:
        try:
            held = self.held(deposit.object_id)
            if deposit.files is None:
                return None
            known = {file.name: file for file in self.files_in(held)}
            data = disk.make_folders(folder, version.BYTES) if deposit.files else folder
            return gather(deposit.files, deposit.store, known, data, progress=progress)
        except VerriereError as error:
            disk.remove(folder)
            return Refused(deposit.object_id, error)

    def _prepare(
        self, deposit: Deposit, gathered: tuple[Stored, ...] | Refused | None, folder: Path
    ) -> Receipt | Refused:
        if isinstance(gathered, Refused):
            return gathered
        try:
            return version.prepare(self, deposit, gathered, folder)
        except VerriereError as error:
            return Refused(deposit.object_id, error)

    @contextmanager
    def _locked(self, names: Sequence[str], *, shared: bool = False) -> Iterator[None]:
        """Hold the locks of these objects, taken in one order by everybody so that nobody waits in a circle."""
        stripes = {sha256(name.encode("utf-8", "surrogatepass")).digest()[0] % _LOCKS for name in names}
        with ExitStack() as held:
            for stripe in sorted(stripes):
                held.enter_context(disk.locked(self._locks / f"{stripe:02x}", shared=shared))
            yield


def _accepted(result: Receipt | Refused) -> Receipt:
    if isinstance(result, Refused):
        raise result.error
    return result
