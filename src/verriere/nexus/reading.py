"""Values of datasets, in pieces of bounded size."""

import math
import os
import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from h5py import h5d, h5s, h5z

from verriere.nexus.links import sources_of
from verriere.nexus.text import decode
from verriere.nexus.walk import Node, NotReadable, reason

_BUILT_IN_FILTERS = frozenset({h5z.FILTER_DEFLATE, h5z.FILTER_SHUFFLE, h5z.FILTER_FLETCHER32, h5z.FILTER_SZIP, 5, 6})
_FAILURES = (OSError, RuntimeError, ValueError, TypeError, KeyError, zlib.error, MemoryError)


@dataclass(frozen=True, slots=True)
class Spread:
    """Least, mean and largest of the values that are numbers, and how many there are in all."""

    minimum: float
    mean: float
    maximum: float
    count: int


def is_readable(node: Node) -> bool:
    """Whether the values are in the file (or the dataset) and can be read in bounded pieces."""
    try:
        _check(node, 1)
    except NotReadable:
        return False
    return True


def text(node: Node | None) -> str:
    """The first text of a dataset of texts; "" where there is none or it cannot be read."""
    found = texts(node, most=1)
    return found[0] if found else ""


def texts(node: Node | None, *, most: int = 1000) -> list[str]:
    """The texts of a dataset, ``most`` of them; those that are too long are reported and left out."""
    if node is None or not node.is_text or node.shape is None or node.size == 0:
        return []
    node = node.target or node
    shape = node.shape or ()
    count = min(node.size, most)
    try:
        if node.size > 1000 or len(shape) > 1:
            first = (slice(0, 1),) * (len(shape) - 1)
            raw = read(node, (*first, slice(0, min(count, shape[-1])))).ravel().tolist()
        else:
            raw = _whole(node).ravel().tolist()[:count]
    except NotReadable as error:
        _report(node, error)
        return []
    return [(decode(item) if isinstance(item, bytes) else str(item)).rstrip("\x00 ") for item in raw]


def number(node: Node | None) -> float | int | None:
    """The value of a dataset of one number; None where there is none, or not one, or it is not finite."""
    if node is None or not node.is_number or node.size != 1:
        return None
    node = node.target or node
    try:
        value = _whole(node).item()
    except NotReadable as error:
        _report(node, error)
        return None
    return value if isinstance(value, int) or math.isfinite(value) else None


def read(node: Node, selection: tuple[slice, ...] = ()) -> "np.ndarray[Any, Any]":
    """Values of a dataset, at most ``limits.piece`` bytes of them.

    Parameters
    ----------
    node
        A dataset of numbers or texts.
    selection
        One slice for each dimension from the first on; missing ones take all of theirs.

    Raises
    ------
    NotReadable
        There are too many, they are not in the file, or the file is damaged.
    """
    node = node.target or node
    shape = node.shape or ()
    parts = [item.indices(length) for item, length in zip(selection, shape, strict=False)]
    parts += [(0, length, 1) for length in shape[len(parts) :]]
    counts = tuple(len(range(*part)) for part in parts)
    _check(node, math.prod(counts))
    assert node.type is not None
    values = np.empty(counts, node.type.dtype)
    if not values.size:
        return values
    try:
        space = node.id.get_space()
        if shape:
            space.select_hyperslab(tuple(part[0] for part in parts), counts, tuple(part[2] for part in parts))
        node.id.read(
            h5s.create_simple(counts) if counts else h5s.ALL, space if shape else h5s.ALL, values, node.type.memory
        )
    except _FAILURES as error:
        raise NotReadable(reason(error)) from None
    return values


def spread(node: Node) -> Spread | None:
    """Least, mean and largest value of a dataset of numbers, read in pieces; NaN and infinities are left out.

    None where there is no finite value, where it cannot be read, or where there are more bytes than
    ``limits.series``.
    """
    node = node.target or node
    if node.type is None or not node.is_number or node.size * node.type.size > node.tree.limits.series:
        return None
    if not node.shape:
        value = number(node)
        return None if value is None else Spread(value, value, value, 1)
    row = max(1, math.prod(node.shape[1:]) * node.type.size)
    step = max(1, node.tree.limits.piece // row)
    low, high, total, finite = math.inf, -math.inf, 0.0, 0
    try:
        for start in range(0, node.shape[0], step):
            if node.tree.is_late:
                node.tree.note("too-slow", node.path, seconds=node.tree.limits.seconds)
                return None
            values = _whole(node) if step >= node.shape[0] else read(node, (slice(start, start + step),))
            if values.dtype.kind == "f":
                values = values[np.isfinite(values)]
            if values.size:
                low, high = min(low, float(values.min())), max(high, float(values.max()))
                total += float(values.sum(dtype=np.float64))
                finite += values.size
    except NotReadable as error:
        _report(node, error)
        return None
    return Spread(low, min(max(total / finite, low), high), high, node.size) if finite else None


def _whole(node: Node) -> "np.ndarray[Any, Any]":
    _check(node, node.size)
    assert node.type is not None
    values = np.empty(() if node.size == 1 else node.shape or (), node.type.dtype)
    try:
        node.id.read(h5s.ALL, h5s.ALL, values, node.type.memory)
    except _FAILURES as error:
        raise NotReadable(reason(error)) from None
    return values


def _check(node: Node, count: int) -> None:
    """Raise unless ``count`` values can be read safely and within limits."""
    node = node.target or node
    limits = node.tree.limits
    if node.id is None or node.type is None or node.type.dtype is None or node.shape is None:
        raise NotReadable("it holds no values that are read here")
    if node.type.is_text and not node.type.is_variable and node.type.size > limits.text:
        raise NotReadable(f"a text of {node.type.size} bytes is too long")
    if count * node.type.size > limits.piece:
        raise NotReadable(f"{count * node.type.size} bytes at once are too many")
    offset = node.id.get_offset()
    if offset is None:
        _check_layout(node)
    elif node.type.is_variable and node.tree.size > limits.piece:
        _check_length(node, os.pread(node.tree.file.get_vfd_handle(), 4, offset))


def _check_layout(node: Node) -> None:
    away = sources_of(node)
    if away:
        raise NotReadable("its values are in a file that is absent" if away == "broken" else "its values are outside")
    properties = node.id.get_create_plist()
    if properties.get_layout() != h5d.CHUNKED:
        return
    assert node.type is not None
    chunk = math.prod(properties.get_chunk()) * node.type.size
    if chunk > node.tree.limits.chunk:
        raise NotReadable(f"one chunk has {chunk} bytes")
    filters = [properties.get_filter(index)[0] for index in range(properties.get_nfilters())]
    if not filters and node.type.is_variable and node.tree.size > node.tree.limits.piece and node.size == 1:
        try:
            _check_length(node, node.id.read_direct_chunk((0,) * len(node.shape or ()))[1])
        except _FAILURES as error:
            raise NotReadable(reason(error)) from None
    if any(item not in _BUILT_IN_FILTERS and not h5z.filter_avail(item) for item in filters):
        import hdf5plugin  # noqa: PLC0415 - registers its filters; it takes long to import and few files need it

        missing = [item for item in filters if not h5z.filter_avail(item)]
        if missing:
            raise NotReadable(f"HDF5 filter {missing[0]} is not known ({hdf5plugin.version})")


def _check_length(node: Node, stored: bytes) -> None:
    """A text of variable length is stored as its length (4 bytes, little endian) and its place in a heap."""
    length = int.from_bytes(stored[:4], "little")
    if length > node.tree.limits.text:
        raise NotReadable(f"a text of {length} bytes is too long")


def _report(node: Node, error: NotReadable) -> None:
    code = "long-text" if "too long" in str(error) else "unreadable-data"
    if sources_of(node):
        return  # reported with its link
    if code == "long-text":
        node.tree.note(code, node.path, size=str(error).split()[3], limit=node.tree.limits.text)
    else:
        node.tree.note(code, node.path, reason=str(error))
