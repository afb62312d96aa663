"""Parts of a dataset: a range of an array, named in the one way that everyone means, and the digest of its values."""

import re
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from math import prod

import numpy as np

from verriere.archive import Archive
from verriere.errors import InputInvalid, NotFound
from verriere.model import Dataset, Selection
from verriere.nexus import Limits, Node, NotReadable, open_safely
from verriere.nexus.reading import read

_ONE = re.compile(r"\s*(-?\d+)\s*")
_RANGE = re.compile(r"\s*(-?\d*)\s*:\s*(-?\d*)\s*(?::\s*(\d*)\s*)?")


def take(archive: Archive, dataset: Dataset, wanted: Selection) -> tuple[Selection, str]:
    """Read a part, in pieces of bounded size.

    Returns
    -------
    tuple
        The selection in its one form (``0:100,0:2167:2,5``: every dimension, from, to, step), with type and shape, and
        the SHA-256, in hexadecimal, of its values in C order, little-endian.

    Raises
    ------
    NotFound
        There is no such file or array in the dataset.
    InputInvalid
        The slices do not fit the array, or it holds no numbers, or cannot be read.
    """
    paths = {file.path: archive.path_of(dataset.id, file.path, dataset.revision) for file in dataset.files}
    if wanted.file not in paths:
        raise NotFound(f"dataset {dataset.id} has no file {wanted.file!r}", hint=f"verriere show {dataset.id}")
    try:
        with open_safely(paths[wanted.file], allowed=tuple(paths.values()), name=wanted.file) as tree:
            node = tree.get(wanted.path)
            if node is None or not node.is_dataset:
                raise NotFound(f"{wanted.file} has no array {wanted.path!r}", hint="give its whole path: /entry/...")
            if not node.is_number:
                raise InputInvalid(f"{wanted.path} holds no numbers", hint="cite the whole dataset")
            return _taken(node, wanted)
    except NotReadable as error:
        raise InputInvalid(f"{wanted.file}, {wanted.path}: {error}", hint="cite the whole dataset") from error


def _taken(node: Node, wanted: Selection) -> tuple[Selection, str]:
    slices = parse(wanted.slices, node.shape or ())
    digest = sha256()
    dtype = np.dtype(node.dtype or "u1").newbyteorder("<")
    for piece in _pieces(slices, node.shape or (), dtype.itemsize):
        digest.update(np.ascontiguousarray(read(node, piece).astype(dtype, copy=False)).data)
    counts = tuple(len(range(*each.indices(length))) for each, length in zip(slices, node.shape or (), strict=True))
    return replace(wanted, slices=write(slices), dtype=dtype.str, shape=counts), digest.hexdigest()


def parse(text: str, shape: tuple[int, ...]) -> tuple[slice, ...]:
    """Slices as numpy writes them, each with a begin, an end and a step that fit; dimensions left out are taken whole.

    Raises
    ------
    InputInvalid
        They are not slices, or are outside the array, or select nothing.
    """
    written = text.split(",") if text.strip() else []
    if len(written) > len(shape):
        raise InputInvalid(f"{text!r} has {len(written)} slices for an array of {len(shape)} dimensions")
    found = [_slice(part, length) for part, length in zip(written, shape, strict=False)]
    return (*found, *(slice(0, length, 1) for length in shape[len(found) :]))


def write(slices: tuple[slice, ...]) -> str:
    """The one form of slices that `parse` made."""
    return ",".join(f"{s.start}:{s.stop}" + (f":{s.step}" if s.step != 1 else "") for s in slices)


def _slice(text: str, length: int) -> slice:
    if one := _ONE.fullmatch(text):
        index = int(one[1]) + (length if int(one[1]) < 0 else 0)
        bounds = (index, index + 1, 1)
    elif several := _RANGE.fullmatch(text):
        first, last, step = several.groups()
        begin, end = int(first or 0), int(last) if last else length
        bounds = (begin + length * (begin < 0), end + length * (end < 0), int(step or 1))
    else:
        raise InputInvalid(f"{text!r} is not a slice", hint="write 0:100, or 5, for each dimension, with commas")
    begin, end, step = bounds
    if step < 1 or not 0 <= begin < end <= length:
        raise InputInvalid(f"{text.strip()} is outside an array of {length}", hint="frames are counted from 0")
    # The last value that is taken ends the range, so that all ways to write the same range are one.
    return slice(begin, range(begin, end, step)[-1] + 1, step)


def _pieces(slices: tuple[slice, ...], shape: tuple[int, ...], itemsize: int) -> Iterator[tuple[slice, ...]]:
    """The same values in C order, in pieces that are read at once."""
    counts = [len(range(*each.indices(length))) for each, length in zip(slices, shape, strict=True)]
    most = max(1, Limits().piece // itemsize)
    if not counts or prod(counts) <= most:
        yield slices
        return
    first, rest = slices[0], slices[1:]
    rows = most // max(1, prod(counts[1:]))
    if rows >= 1:
        step = rows * first.step
        for begin in range(first.start, first.stop, step):
            yield (slice(begin, min(begin + step, first.stop), first.step), *rest)
        return
    for index in range(first.start, first.stop, first.step):
        for inner in _pieces(rest, shape[1:], itemsize):
            yield (slice(index, index + 1, 1), *inner)
