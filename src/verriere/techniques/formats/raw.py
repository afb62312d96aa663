"""Arrays in files of plain numbers: as many as are there, whatever the header promises."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from verriere.techniques.formats.bundle import Bundle, Unreadable
from verriere.techniques.formats.record import Array, Numbers, Record

MOST_VALUES = 1 << 36
_HUGE, _TINY = 1e30, 1e-30


@dataclass(frozen=True, slots=True)
class FileArray:
    """Numbers of one kind that follow each other in a file, in rows.

    Parameters
    ----------
    shape
        As it can be read: short of what was promised where the file is.
    stride
        Bytes from the begin of a row to the next: more than a row has where it is padded.
    """

    bundle: Bundle
    name: str
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    offset: int
    stride: int

    def read(self, start: int, stop: int) -> Array:
        """Rows ``start`` to ``stop``."""
        rows = stop - start
        width = math.prod(self.shape[1:]) * self.dtype.itemsize
        with self.bundle.open(self.name) as stream:
            stream.seek(self.offset + start * self.stride)
            content = stream.read((rows - 1) * self.stride + width)
        if self.stride == width:
            values = np.frombuffer(content, self.dtype)
        else:
            padded = content.ljust(rows * self.stride, b"\0")
            lines = np.frombuffer(padded, np.uint8).reshape(rows, self.stride)[:, :width]
            values = np.ascontiguousarray(lines).view(self.dtype)
        if values.size < rows * math.prod(self.shape[1:]):
            raise Unreadable("format-unreadable", name=self.name, reason="it became shorter")
        return values.reshape(rows, *self.shape[1:])

    def numbers(
        self, name: str, label: str = "", unit: str | None = None, pick: Callable[[Array], Array] | None = None
    ) -> Numbers:
        """All of them, or what ``pick`` takes of the last axis (which goes then)."""
        if pick is None:
            return Numbers(name, self.shape, str(self.dtype), self.read, label, unit)
        taken = pick
        return Numbers(name, self.shape[:-1], str(self.dtype), lambda a, b: taken(self.read(a, b)), label, unit)


def file_array(
    record: Record,
    bundle: Bundle,
    name: str,
    dtype: str,
    shape: tuple[int, ...],
    *,
    offset: int = 0,
    stride: int | None = None,
) -> FileArray | None:
    """An array as a header describes it; None where nothing of it can be read, and a finding where less can be."""
    kind = np.dtype(dtype)
    width = math.prod(shape[1:]) * kind.itemsize
    stride = width if stride is None else stride
    if not shape or min(shape) < 1 or math.prod(shape) > MOST_VALUES:
        record.note("format-shape", name, shape=" x ".join(map(str, shape)) or "-")
        return None
    available = bundle.size(name) - offset
    expected = stride * (shape[0] - 1) + width
    rows = shape[0]
    if available < expected:
        rows = max(0, (available + stride - width) // stride) if stride else 0
        record.note("format-short", name, expected=expected, available=max(0, available))
        if rows < 1:
            return None
    return FileArray(bundle, name, kind, (min(rows, shape[0]), *shape[1:]), offset, stride)


def check_order(record: Record, found: FileArray) -> None:
    """Note numbers that make sense only when their bytes are turned round."""
    if found.dtype.itemsize == 1:
        return
    try:
        values = found.read(0, min(found.shape[0], 4096)).ravel()[:4096]
    except Unreadable as error:
        record.note(error.code, found.name, **error.details)
        return
    turned = values.view(found.dtype.newbyteorder())
    if not _makes_sense(values) and _makes_sense(turned):
        record.note("format-byte-order", found.name)


def _makes_sense(values: Array) -> bool:
    """Floats of an instrument are finite, and of sizes that a person would write; integers use few of their bits."""
    seen = values[values != 0]
    if not seen.size:
        return True
    if values.dtype.kind == "f":
        if not np.isfinite(seen).all():
            return False
        sizes = np.abs(seen)
        return bool((sizes < _HUGE).all() and (sizes > _TINY).mean() > 0.9)
    most = 8 * values.dtype.itemsize - 1
    return bool(np.median(np.log2(np.abs(seen.astype(np.float64)) + 1)) < most - 3)
