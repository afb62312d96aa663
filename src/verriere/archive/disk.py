"""The few things the archive asks of a file system: sync, rename, lock, and say clearly when it cannot."""

import ctypes
import errno
import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from verriere.errors import StorageFull, StorageUnfit, VerriereError

# EFBIG: a file system or a limit that takes no file of that size is as full as it gets.
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_UNFIT = {errno.EROFS, errno.EACCES, errno.EPERM}


@contextmanager
def keeping(root: Path) -> Iterator[None]:
    """Tell what the operating system refuses while something is written under ``root``.

    Raises
    ------
    StorageFull
        No space, no quota, or a file larger than what is allowed.
    StorageUnfit
        The disk is read-only, or its permissions do not let us write.
    """
    try:
        yield
    except VerriereError:
        raise
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(
                f"no room is left for the archive {root}; what was being written is taken back",
                hint="free or add space there, then run the same command again",
            ) from error
        if error.errno in _UNFIT:
            raise StorageUnfit(
                f"the archive {root} cannot be written: {os.strerror(error.errno or 0)}",
                hint="check the permissions of that folder and how its disk is mounted",
            ) from error
        raise


def write_new(path: Path, data: bytes) -> None:
    """Write a file that does not exist yet, without waiting for the disk."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        write_all(descriptor, memoryview(data))
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: memoryview) -> None:
    """Write every byte; a single write may take fewer."""
    done = 0
    while done < len(data):
        done += os.write(descriptor, data[done:])


def replace(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Put ``data`` at ``path`` so that a reader sees the old or the new bytes, also after a power cut."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}.new")
    with suppress(FileNotFoundError):
        fresh.unlink()
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        try:
            write_all(descriptor, memoryview(data))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        fresh.rename(path)
    except OSError:
        fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_all(folder: Path) -> None:
    """Wait until everything written to the file system of ``folder`` is on the disk: one wait for many files."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        if _libc_syncfs is None:
            os.sync()
        elif _libc_syncfs(descriptor) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(folder))
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock file ``path`` against other processes and threads; waits for it."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def try_lock(path: Path) -> int | None:
    """Take the lock file ``path`` if nobody holds it: an open descriptor to close, or None."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def remove(folder: Path) -> None:
    """Remove a folder and all in it; one that is already gone is no trouble."""
    shutil.rmtree(folder, ignore_errors=True)


def make_folders(base: Path, below: str) -> Path:
    """Make the folder ``base`` and those ``below`` it, all new, from the top: no system call is made in vain."""
    base.mkdir()
    for part in below.split("/"):
        base /= part
        base.mkdir()
    return base


def drop_empty(folders: list[Path]) -> None:
    """Remove those of the folders that are empty, the deepest first; OCFL allows none."""
    for folder in sorted(folders, reverse=True):
        with suppress(OSError):
            folder.rmdir()


def _find_syncfs() -> "ctypes._NamedFuncPointer | None":
    found = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if found is not None:
        found.argtypes = [ctypes.c_int]
    return found


_libc_syncfs = _find_syncfs()
