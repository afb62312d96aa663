"""The journal of what happened: lines that are only ever added, in segments of some megabytes.

``history/000001.jsonl`` and so on. A line is on the disk when `append` returns. Of a line that was being written when
the power went, nothing is left: it has no end of line, so that readers do not see it and the next writer cuts it off.
"""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from verriere.archive import disk
from verriere.errors import InputInvalid

SEGMENT_BYTES = 16 << 20
"""A segment that has grown to this size gets no more lines."""


class Journal:
    """The journal in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def append(self, lines: Iterable[str]) -> None:
        """Add lines, all or none, and wait until they are on the disk.

        Raises
        ------
        InputInvalid
            A line is empty or has an end of line in it.
        StorageFull, StorageUnfit
            The disk does not take them.
        """
        texts = list(lines)
        if any(not line or "\n" in line for line in texts):
            raise InputInvalid("a line of the history is empty or more than one line", hint="write one JSON value")
        if not texts:
            return
        data = memoryview("".join(line + "\n" for line in texts).encode())
        with disk.keeping(self._folder), disk.locked(self._folder / "lock"):
            path = self._current()
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
            try:
                end = _whole(descriptor)
                os.ftruncate(descriptor, end)
                os.lseek(descriptor, end, os.SEEK_SET)
                try:
                    disk.write_all(descriptor, data)
                    os.fsync(descriptor)
                except OSError:
                    os.ftruncate(descriptor, end)
                    raise
            finally:
                os.close(descriptor)
            if end == 0:
                disk.sync_folder(self._folder)

    def read(self) -> Iterator[str]:
        """Every whole line, in the order they were added."""
        for segment in self._segments():
            with segment.open(encoding="utf-8", newline="\n") as lines:
                for line in lines:
                    if line.endswith("\n"):
                        yield line[:-1]

    def last(self) -> str | None:
        """The newest line; None where there is none."""
        for segment in reversed(self._segments()):
            with segment.open("rb") as file:
                data = file.read()
            lines = data[: data.rfind(b"\n") + 1].split(b"\n")
            if len(lines) > 1:
                return lines[-2].decode()
        return None

    def _segments(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*.jsonl"))

    def _current(self) -> Path:
        segments = self._segments()
        if segments and segments[-1].stat().st_size < SEGMENT_BYTES:
            return segments[-1]
        return self._folder / f"{len(segments) + 1:06}.jsonl"


def _whole(descriptor: int) -> int:
    """Length of a segment up to its last end of line, in bytes."""
    end = os.fstat(descriptor).st_size
    step = 1 << 16
    while end > 0:
        start = max(0, end - step)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
