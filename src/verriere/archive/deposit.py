"""What is brought to the archive, and the reading of its bytes into a staging folder."""

import errno
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from verriere.archive import digest, manifest
from verriere.archive.digest import Digests, Progress
from verriere.archive.manifest import Stored
from verriere.archive.names import safe_name
from verriere.errors import InputInvalid, StorageUnfit, VerriereError
from verriere.model import Store


@dataclass(frozen=True, slots=True)
class Source:
    """A file to keep.

    Parameters
    ----------
    path
        Where its bytes are now.
    name
        Its path in the dataset, with ``/``. A name that is not safe is mapped to one that is; the archive remembers
        both.
    """

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the archive holds after a deposit.

    Parameters
    ----------
    revision
        Number of the newest OCFL version, counted from 1.
    files
        Of that version, in the order of names.
    changed
        Whether the deposit made this revision.
    data_changed
        Whether files differ from the revision before.
    """

    object_id: str
    revision: int
    files: tuple[Stored, ...]
    changed: bool
    data_changed: bool


@dataclass(frozen=True, slots=True)
class Refused:
    """A deposit of a batch that could not be made, and why; the others of the batch were."""

    object_id: str
    error: VerriereError


Sidecar = bytes | Callable[[Receipt], bytes]
"""Text of ``record.json``, or what makes it once digests and revision are known.

A function is asked first for the record as it would be were nothing new (``changed`` is False, ``revision`` is the
newest there is); where that is what the archive holds, no revision is made. Else it is asked for the record of the next
revision. It must not call the archive.
"""


@dataclass(frozen=True, slots=True)
class Deposit:
    """A dataset, or another record, to keep.

    Parameters
    ----------
    files
        Every file of the new version; None leaves the files as they are and changes the sidecar alone.
    created
        Written in the inventory; now, where None.
    """

    object_id: str
    files: Sequence[Source] | None
    sidecar: Sidecar
    message: str = "ingest"
    store: Store = Store.COPY
    created: datetime | None = None


def gather(
    files: Sequence[Source], store: Store, known: Mapping[str, Stored], folder: Path, *, progress: Progress | None
) -> tuple[Stored, ...]:
    """Read every file once, and bring those whose bytes the archive shall hold under ``folder``.

    Parameters
    ----------
    known
        Files of the newest version, by name. One of the same size and time is read without being written, and only
        written where it differs after all.

    Returns
    -------
    tuple
        In the order of names. A file that ``folder`` does not hold is one of ``known``, or stays in place.

    Raises
    ------
    InputInvalid
        Two files of one name, or a file named as another's folder.
    SourceUnreadable, SourceChanged
        A file cannot be read, or is still being written.
    StorageUnfit
        A hard link cannot be made.
    """
    gathered: dict[str, Stored] = {}
    for source in files:
        name = safe_name(source.name)
        if name in gathered:
            raise InputInvalid(f"two files are named {name!r}", hint="give each file of a dataset its own name")
        before = known.get(name)
        digests = _unchanged(source.path, before, progress)
        if digests is None:
            digests = _bring(source.path, folder, name, store, progress)
        gathered[name] = Stored(
            name=name,
            size=digests.size,
            sha256=digests.sha256,
            blake3=digests.blake3,
            mtime=manifest.moment(digests.mtime_ns),
            original=source.name if source.name != name else None,
            location=manifest.location_of(source.path) if store is Store.IN_PLACE else None,
        )
    return tuple(gathered[name] for name in sorted(gathered))


def _unchanged(path: Path, before: Stored | None, progress: Progress | None) -> Digests | None:
    """Digests of a file that the archive holds already; None where it must be brought."""
    if before is None or before.location is not None:
        return None
    try:
        now = path.stat()
    except (OSError, ValueError):
        return None  # reading it tells why
    if (now.st_size, manifest.moment(now.st_mtime_ns)) != (before.size, before.mtime):
        return None
    digests = digest.digest_file(path, progress=progress)
    return digests if digests.sha256 == before.sha256 else None


def _bring(path: Path, folder: Path, name: str, store: Store, progress: Progress | None) -> Digests:
    target = folder / name
    if store is Store.IN_PLACE:
        return digest.digest_file(path, progress=progress)
    try:
        if "/" in name:
            target.parent.mkdir(parents=True, exist_ok=True)
        if store is Store.COPY:
            return digest.copy_file(path, target, progress=progress)
        _link(path, target)
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise InputInvalid(
            f"{target.name!r} is the name of a file and of a folder", hint="give each file of a dataset its own name"
        ) from error
    # Through the link: these are the bytes that the archive holds, whatever becomes of the other name.
    return digest.digest_file(target, progress=progress)


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path.resolve(), target)
    except OSError as error:
        if error.errno not in (errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP):
            raise
        raise StorageUnfit(
            f"{path} cannot be linked into the archive: {os.strerror(error.errno)}",
            hint="use --store copy, or --store in-place to leave the bytes where they are",
        ) from error
