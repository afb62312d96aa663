"""Digests of a file, and a copy of it, in one read of its bytes.

Two threads share the work, each with as much to do as the other: one reads and feeds SHA-256, the other feeds BLAKE3
and writes. A few buffers go round between them, so memory does not grow with the file.
"""

import hashlib
import os
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import blake3

from verriere.archive.disk import write_all
from verriere.errors import SourceChanged, SourceUnreadable

Progress = Callable[[int], None]
"""Called with the number of bytes done since the last call, from the thread that reads."""

CHUNK = 1 << 20
"""Bytes that go from one thread to the other at a time: large enough to make handing over cheap, small enough to
stay in the processor's cache between reading, hashing and writing."""

BUFFERS = 6


@dataclass(frozen=True, slots=True)
class Digests:
    """What one read of a file told.

    Parameters
    ----------
    size
        In bytes.
    sha256, blake3
        Hexadecimal.
    mtime_ns
        Time of last change, in nanoseconds since 1970.
    """

    size: int
    sha256: str
    blake3: str
    mtime_ns: int


def digest_file(path: Path, *, progress: Progress | None = None) -> Digests:
    """Read a file once and give its digests.

    Raises
    ------
    SourceUnreadable
        It is not there, is not a regular file, or the disk does not give its bytes.
    SourceChanged
        It changed while it was read.
    """
    return _read(path, None, progress)


def copy_file(path: Path, target: Path, *, progress: Progress | None = None) -> Digests:
    """Read a file once, write it to the new file ``target`` (not yet synced) and give its digests.

    Raises
    ------
    SourceUnreadable, SourceChanged
        As for `digest_file`; ``target`` may then be left half-written.
    OSError
        ``target`` cannot be written.
    """
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o666)
    try:
        digests = _read(path, descriptor, progress)
        os.utime(descriptor, ns=(digests.mtime_ns, digests.mtime_ns))
    finally:
        os.close(descriptor)
    return digests


def _read(path: Path, target: int | None, progress: Progress | None) -> Digests:
    # Not to wait for ever on a named pipe that somebody left among the data.
    try:
        source = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except (OSError, ValueError) as error:
        raise SourceUnreadable(f"{path} cannot be read: {error}", hint=_READABLE) from error
    try:
        before = os.fstat(source)
        if not stat.S_ISREG(before.st_mode):
            raise SourceUnreadable(f"{path} is not a regular file", hint="name the files themselves")
        one_pass = _OnePass(source, target, progress)
        read = one_pass.in_two_threads if before.st_size > CHUNK else one_pass.in_one_thread
        try:
            size = read(before.st_size)
        except _ReadFailed as error:
            raise SourceUnreadable(f"{path} cannot be read: {error}", hint=_READABLE) from error
        after = os.fstat(source)
    finally:
        os.close(source)
    if size != before.st_size or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise SourceChanged(f"{path} changed while it was read", hint="wait until it is complete, then try again")
    return Digests(size, one_pass.sha256.hexdigest(), one_pass.blake3.hexdigest(), before.st_mtime_ns)


_READABLE = "check that it is there, that you may read it, and its disk"


class _ReadFailed(Exception):
    """The source, not the target, failed."""


class _OnePass:
    """One read of an open file through both digests, and to ``target`` where there is one."""

    def __init__(self, source: int, target: int | None, progress: Progress | None) -> None:
        self.sha256 = hashlib.sha256()
        self.blake3 = blake3.blake3()
        self._source = source
        self._target = target
        self._progress = progress
        self._failure: OSError | None = None

    def in_one_thread(self, expected: int) -> int:
        """Read a small file; returns its size in bytes, or any larger than ``expected``: it need not end."""
        buffer = memoryview(bytearray(expected + 1))
        size = 0
        while size <= expected and (count := self._fill(buffer)):
            self.sha256.update(buffer[:count])
            self._take(buffer[:count])
            size += count
        return size

    def in_two_threads(self, expected: int) -> int:
        """Read a large file; returns as `in_one_thread` does."""
        free: SimpleQueue[memoryview] = SimpleQueue()
        filled: SimpleQueue[tuple[memoryview, int]] = SimpleQueue()
        for _ in range(BUFFERS):
            free.put(memoryview(bytearray(CHUNK)))
        other = threading.Thread(target=self._take_all, args=(filled, free), name="verriere-digest")
        other.start()
        size = 0
        try:
            while self._failure is None and size <= expected:
                buffer = free.get()
                count = self._fill(buffer)
                if not count:
                    break
                filled.put((buffer, count))
                self.sha256.update(buffer[:count])
                size += count
        finally:
            filled.put((memoryview(b""), 0))
            other.join()
        if self._failure is not None:
            raise self._failure
        return size

    def _fill(self, buffer: memoryview) -> int:
        try:
            count = os.readv(self._source, [buffer])
        except OSError as error:
            raise _ReadFailed(os.strerror(error.errno or 0)) from error
        if self._progress is not None and count:
            self._progress(count)
        return count

    def _take(self, part: memoryview) -> None:
        self.blake3.update(part)
        if self._target is not None:
            write_all(self._target, part)

    def _take_all(self, filled: SimpleQueue[tuple[memoryview, int]], free: SimpleQueue[memoryview]) -> None:
        while True:
            buffer, count = filled.get()
            if not count:
                return
            if self._failure is None:
                try:
                    self._take(buffer[:count])
                except OSError as error:
                    # The reading thread raises it; buffers keep going round so that it never waits in vain.
                    self._failure = error
            free.put(buffer)
