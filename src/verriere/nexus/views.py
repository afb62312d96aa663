"""What of a signal is drawn: which frame, over which axes, and how many of its values.

Reading is bounded: one frame of a stack, thinned or gathered into blocks where it is large, in pieces of
`Limits.piece` bytes. What is not in the file, or was declared and never written, is refused: HDF5 would give zeros.
"""

import math
import re
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from h5py import h5d
from numpy.typing import NDArray

from verriere.errors import NotPlottable
from verriere.model import Axis, Signal
from verriere.nexus.links import sources_of
from verriere.nexus.reading import read
from verriere.nexus.walk import Node, NotReadable, Tree

Array = NDArray[np.float64]

MOST_POINTS = 20_000
"""Of one curve."""
MOST_PIXELS = 900
"""Rows or columns of a picture; more are gathered into blocks."""
STRIP = 1 << 20
"""Pixels of a large frame that are turned into floats at once."""
MOST_CURVES = 8
SPAN = 512 << 20
"""Bytes that may have to be decompressed for one picture."""
_STACKED = re.compile(r".*(delay|time|temperature|frame|scan|pressure|cycle).*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Scale:
    """One axis as it is drawn: ``values`` at the middle of each bin; ``kind`` says what to call it without a label."""

    label: str
    unit: str | None
    values: Array
    kind: Literal["axis", "index", "row", "column"] = "axis"

    @property
    def is_index(self) -> bool:
        """Whether it only counts."""
        return self.kind != "axis"


@dataclass(frozen=True, slots=True)
class Frame:
    """Which one of a stack is shown, counted from 1; ``axis`` is "" where the ``dimension`` (from 1) has no name."""

    dimension: int
    axis: str
    place: int
    count: int


@dataclass(frozen=True, slots=True)
class Curves:
    """One curve or a few: ``y`` of shape (curve, point), ``errors`` the same or None, every ``step``-th point."""

    signal: Signal
    x: Scale
    y: Array
    errors: Array | None = None
    step: int = 1
    frames: tuple[Frame, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """An image or a map: ``values`` of shape (y, x), NaN where masked; ``size`` is its full size, columns and rows."""

    signal: Signal
    x: Scale
    y: Scale
    values: Array
    size: tuple[int, int]
    frames: tuple[Frame, ...] = ()

    @property
    def is_image(self) -> bool:
        """Whether it is of a detector, without axes: drawn with square pixels, the first row at the top."""
        return self.x.is_index and self.y.is_index


@dataclass(frozen=True, slots=True)
class _Cut:
    """The part of a stack that is looked at: a position in each dimension, None for those that are drawn."""

    places: tuple[int | None, ...]

    @property
    def shown(self) -> tuple[int, ...]:
        return tuple(index for index, place in enumerate(self.places) if place is None)

    def selection(self, *parts: slice) -> tuple[slice, ...]:
        """Slices for each dimension; ``parts`` for those that are drawn."""
        rest = iter(parts)
        return tuple(next(rest) if place is None else slice(place, place + 1) for place in self.places)


def look(tree: Tree, signal: Signal) -> Curves | Picture:
    """Read what is drawn of a signal.

    Raises
    ------
    NotPlottable
        The reason is a key of the sentences in ``tables/plots.toml``.
    """
    node = tree.get(signal.path)
    if node is None or node.kind == "broken":
        raise NotPlottable("refused_missing" if signal.readable else "refused_absent")
    node = node.target or node
    _check(node)
    shape = node.shape or ()
    signal = signal if signal.shape == shape else replace(signal, shape=shape, axes=())
    try:
        cut = _cut(signal, node)
        view = _curves(tree, node, signal, cut) if _is_curve(signal, cut) else _picture(tree, node, signal, cut)
    except NotReadable as error:
        raise NotPlottable("refused_unreadable", reason=str(error)) from None
    if _is_unmapped(node, view):
        raise NotPlottable("refused_absent")
    return view


def _check(node: Node) -> None:
    if not node.is_dataset or not node.is_number or not node.size:
        raise NotPlottable("refused_kind")
    away = sources_of(node)
    if away:
        raise NotPlottable("refused_absent" if away == "broken" else "refused_outside")
    layout = node.id.get_create_plist().get_layout()
    if layout not in {h5d.VIRTUAL, h5d.COMPACT} and node.id.get_storage_size() == 0:
        raise NotPlottable("refused_unwritten")


def _is_unmapped(node: Node, view: Curves | Picture) -> bool:
    """Whether a virtual dataset has no source for what was looked at, so that only its fill value was read."""
    properties = node.id.get_create_plist()
    if properties.get_layout() != h5d.VIRTUAL:
        return False
    mapped = sum(
        int(properties.get_virtual_vspace(index).get_select_npoints())
        for index in range(properties.get_virtual_count())
    )
    values = view.y if isinstance(view, Curves) else view.values
    return mapped < node.size and not np.nan_to_num(values).any()


def _axis(signal: Signal, dimension: int) -> Axis:
    return signal.axes[dimension] if dimension < len(signal.axes) else Axis("")


def _cut(signal: Signal, node: Node) -> _Cut:
    """The middle of every dimension but the last two; a dimension of time or delay is cut before others."""
    shape = signal.shape
    long = [index for index, length in enumerate(shape) if length > 1] or list(range(len(shape)))[-1:]
    drawn = long[-2:]
    small = node.type is not None and node.size * node.type.size <= node.tree.limits.piece
    if len(long) > 2 and small and signal.interpretation not in {"image", "spectrum"}:
        calm = [index for index in long if not _STACKED.fullmatch(_axis(signal, index).label)]
        if len(calm) >= 2:
            drawn = calm[-2:]
    narrow = len(drawn) == 2 and shape[drawn[0]] <= MOST_CURVES and shape[drawn[1]] >= 8 * shape[drawn[0]]
    if signal.interpretation == "spectrum" and len(long) > 2 and not narrow:
        drawn = drawn[-1:]
    return _Cut(tuple(None if index in drawn else length // 2 for index, length in enumerate(shape)))


def _is_curve(signal: Signal, cut: _Cut) -> bool:
    lengths = [signal.shape[index] for index in cut.shown]
    if len(lengths) < 2:
        return True
    # A few long rows are spectra side by side, unless each row has a place of its own on an axis or it is an image.
    rows, columns = lengths
    placed = _axis(signal, cut.shown[0]).path is not None and rows > 2
    return signal.interpretation != "image" and rows <= MOST_CURVES and columns >= 8 * rows and not placed


def _frames(signal: Signal, cut: _Cut) -> tuple[Frame, ...]:
    return tuple(
        Frame(index + 1, _axis(signal, index).label, place + 1, signal.shape[index])
        for index, place in enumerate(cut.places)
        if place is not None and signal.shape[index] > 1
    )


def _curves(tree: Tree, node: Node, signal: Signal, cut: _Cut) -> Curves:
    shown = cut.shown
    length = signal.shape[shown[-1]] if shown else 1
    step = -(-length // MOST_POINTS)
    rows = signal.shape[shown[0]] if len(shown) == 2 else 1
    parts = (*([slice(0, rows)] if len(shown) == 2 else []), slice(0, length, step))[-len(shown) :] if shown else ()
    selection = cut.selection(*parts)
    _check_span(node, selection)
    y = _numbers(node, selection).reshape(rows, -1)
    errors = None
    spread = tree.get(signal.uncertainties) if signal.uncertainties else None
    if spread is not None and spread.shape == signal.shape and spread.is_number:
        errors = _quietly(spread, selection)
        errors = None if errors is None or not np.nan_to_num(errors).any() else errors.reshape(rows, -1)
    x = _scale(tree, signal, cut, shown[-1], slice(0, length, step)) if shown else None
    x = x or Scale("", None, np.arange(0, length, step, dtype=np.float64), "index")
    return Curves(signal, x, y, errors, step, _frames(signal, cut))


def _picture(tree: Tree, node: Node, signal: Signal, cut: _Cut) -> Picture:
    rows, columns = (signal.shape[index] for index in cut.shown)
    blocks = -(-rows // MOST_PIXELS), -(-columns // MOST_PIXELS)
    whole = cut.selection(slice(0, rows), slice(0, columns))
    _check_span(node, whole)
    values = _gather(node, cut, (rows, columns), blocks)
    spread = tree.get(signal.uncertainties) if signal.uncertainties else None
    if spread is not None and spread.shape == signal.shape and blocks == (1, 1) and spread.is_number:
        errors = _quietly(spread, whole)
        if errors is not None and errors.any():  # neither counts nor an error: nothing was measured there
            values[(errors.reshape(values.shape) == 0) & (values == 0)] = np.nan
    scales = []
    for dimension, block, length, kind in zip(cut.shown, blocks, (rows, columns), ("row", "column"), strict=True):
        scale = _scale(tree, signal, cut, dimension, slice(0, length))
        if scale is not None and not _is_monotonic(scale.values):
            scale = None
        middle = _block_means(scale.values if scale else np.arange(length, dtype=np.float64), block)
        label = _axis(signal, dimension).label
        scales.append(
            replace(scale, values=middle) if scale else Scale(label, None, middle, kind)  # type: ignore[arg-type]
        )
    y, x = scales
    if x.is_index != y.is_index:  # a map over one axis and a count, not an image
        y, x = (replace(scale, kind="index") if scale.is_index else scale for scale in (y, x))
    return Picture(signal, x, y, values, (columns, rows), _frames(signal, cut))


def _gather(node: Node, cut: _Cut, size: tuple[int, int], blocks: tuple[int, int]) -> Array:
    """One frame, gathered into blocks: the largest of counts (or a Bragg spot would vanish), the mean of others."""
    assert node.type is not None
    rows, columns = size
    first, second = cut.shown
    row_bytes = columns * node.type.size
    height = max(1, node.tree.limits.piece // max(1, row_bytes) // blocks[0]) * blocks[0]
    counts = node.type.dtype is not None and node.type.dtype.kind in "iub"
    slabs = []
    for start in range(0, rows, height):
        raw = read(node, cut.selection(slice(start, min(start + height, rows)), slice(0, columns)))
        raw = raw.reshape(raw.shape[first], raw.shape[second])
        mask = _mask_of(raw)
        strip = max(1, STRIP // columns // blocks[0]) * blocks[0]
        for top in range(0, len(raw), strip):
            part = slice(top, top + strip)
            slabs.append(_blocks(_as_floats(raw[part], None if mask is None else mask[part]), blocks, largest=counts))
    return np.concatenate(slabs)


def _blocks(values: Array, blocks: tuple[int, int], *, largest: bool) -> Array:
    if blocks == (1, 1):
        return values
    tall, wide = (-(-length // block) for length, block in zip(values.shape, blocks, strict=True))
    padded = np.full((tall * blocks[0], wide * blocks[1]), np.nan)
    padded[: values.shape[0], : values.shape[1]] = values
    grouped = padded.reshape(tall, blocks[0], wide, blocks[1])
    if largest:
        return np.asarray(np.fmax.reduce(np.fmax.reduce(grouped, axis=3), axis=1))
    seen = np.isfinite(grouped).sum(axis=(1, 3))
    return np.where(seen > 0, np.nansum(grouped, axis=(1, 3)) / np.maximum(seen, 1), np.nan)


def _block_means(values: Array, block: int) -> Array:
    return np.add.reduceat(values, np.arange(0, len(values), block)) / np.diff(
        [*range(0, len(values), block), len(values)]
    )


def _numbers(node: Node, selection: tuple[slice, ...]) -> Array:
    """Values as floats, those that stand for "no pixel" or "no value" as NaN."""
    raw = read(node, selection)
    return _as_floats(raw, _mask_of(raw))


def _as_floats(raw: NDArray[Any], mask: NDArray[np.bool_] | None) -> Array:
    values = raw.astype(np.float64)
    values[~np.isfinite(values)] = np.nan
    if mask is not None:
        values[mask] = np.nan
    return values


def _mask_of(raw: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Where counting detectors have no pixel: they write the largest number there is, or -1 and -2.

    A frame that is mostly such a number is not masked: it is saturated, or means something else by it.
    """
    if raw.dtype.kind not in "iu" or raw.dtype.itemsize < 2 or raw.ndim < 2 or raw.size < 64:
        return None
    if raw.dtype.kind == "u":
        mask = raw == np.iinfo(raw.dtype).max
    else:
        mask = (raw == np.iinfo(raw.dtype).max) | (raw == -1) | (raw == -2)
        if (raw[~mask] < 0).any():  # negative numbers are values here
            return None
    return mask if 0 < mask.mean() < 0.5 else None


def _quietly(node: Node, selection: tuple[slice, ...]) -> Array | None:
    try:
        return _numbers(node, selection) if not sources_of(node.target or node) else None
    except NotReadable:
        return None


def _check_span(node: Node, selection: tuple[slice, ...]) -> None:
    """Refuse what would take too long: every chunk that the selection touches is read and decompressed."""
    assert node.type is not None
    lengths = [
        len(range(*part.indices(length))) * (part.step or 1)
        for part, length in zip(selection, node.shape or (), strict=True)
    ]
    if math.prod(lengths) * node.type.size > SPAN:
        raise NotPlottable("refused_large")


def _scale(tree: Tree, signal: Signal, cut: _Cut, dimension: int, part: slice) -> Scale | None:
    """The values of an axis at what is drawn; None where no dataset fits the dimension."""
    axis = _axis(signal, dimension)
    node = tree.get(axis.path) if axis.path else None
    node = node and (node.target or node)
    if node is None or not node.is_number or node.shape is None:
        return None
    length = signal.shape[dimension]
    try:
        if node.shape == signal.shape and len(signal.shape) > 1:
            values = _along(node, cut, dimension)
        elif math.prod(node.shape) in {length, length + 1} and max(node.shape) == math.prod(node.shape):
            values = read(node).astype(np.float64).ravel()
        elif len(node.shape) > 1 and length in node.shape and node.shape.count(length) == 1 and node.ndim <= 2:
            middle = tuple(slice(None) if size == length else slice(size // 2, size // 2 + 1) for size in node.shape)
            values = read(node, middle).astype(np.float64).ravel()
        else:
            return None
    except NotReadable:
        return None
    if values is None or not np.isfinite(values).any():
        return None
    if len(values) == length + 1:
        values = (values[1:] + values[:-1]) / 2
    return Scale(axis.label, axis.unit, values[part])


def _along(node: Node, cut: _Cut, dimension: int) -> Array | None:
    """An axis given at every pixel, as one row or column of it; None where it also varies the other way."""
    shape = node.shape or ()
    parts = [slice(0, shape[index]) for index in cut.shown]
    if math.prod(shape[index] for index in cut.shown) * 8 > node.tree.limits.piece:
        return None
    grid = read(node, cut.selection(*parts)).astype(np.float64)
    grid = grid.reshape([shape[index] for index in cut.shown])
    along = cut.shown.index(dimension)
    if grid.ndim == 1:
        return grid
    line = np.asarray(np.nanmean(grid, axis=1 - along))
    spread = np.nanmax(np.abs(grid - np.expand_dims(line, 1 - along)))
    return line if spread <= 0.02 * np.ptp(line[np.isfinite(line)]) else None


def _is_monotonic(values: Array) -> bool:
    steps = np.diff(values)
    return bool(np.isfinite(values).all() and len(values) > 1 and ((steps > 0).all() or (steps < 0).all()))
