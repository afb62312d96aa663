"""Techniques concluded from a stack of images and what moved between them, or from a curve of reflectivity.

Scans of different techniques look alike: a sample turns before a detector in tomography, in crystallography and in
microscopy of grains. So each rule asks for what only its technique has, geometry and a look at one image included, and
where that is not in the file it says nothing.
"""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from verriere.errors import InputInvalid
from verriere.model import Capture
from verriere.nexus import reading, units
from verriere.nexus.places import Places
from verriere.nexus.walk import Node, NotReadable
from verriere.techniques.rules import rules

Found = tuple[str, Node]
Series = NDArray[np.float64]

_MOST = 200_000
"""Values read of one axis."""
_PIXELS = 1 << 18
"""Pixels looked at of one image."""
_LARGE = 900
"""Pixels of the shorter side of a detector for crystallography."""
_FEWEST = {"ptychography": 16, "spiral": 50, "crystallography": 20, "tomography": 90, "reflectivity": 10}
"""Images or points without which nobody can tell."""
_PROTEIN_CELL = 25.0
"""Length [Å] that every edge of a macromolecule's cell exceeds, and hardly a small molecule's do."""
_JOULES_IN_EV = 1.602176634e-19


def infer_scans(places: Places, found: Capture) -> Iterator[Found]:
    """What scans tell, the surest first."""
    stacks = [node for node in _datasets(places) if node.is_number and node.ndim == 3 and min(node.shape or (0,)) > 1]
    yield from _reflectivity(places)
    if stacks:
        yield from _ptychography(places, found, stacks)
        yield from _flyscan_tomography(stacks)
        yield from _rotation(places, found, stacks)


def _reflectivity(places: Places) -> Iterator[Found]:
    """A curve called reflectivity that falls by a thousandth and more over q, or over a small angle."""
    for group in places.tree.nodes:
        curves = {name: node for name, node in group.children.items() if node.is_number and node.ndim == 1}
        for name, node in curves.items():
            if not rules().structure["reflectivity"].fullmatch(name) or node.size < _FEWEST["reflectivity"]:
                continue
            values = _values(node)
            for other, axis in curves.items():
                beside = _values(axis) if axis.size == node.size and axis is not node else None
                if beside is None or values is None or not _rises(beside) or not _is_reflected(values):
                    continue
                if rules().structure["transfer"].fullmatch(other) or _is_grazing(other, axis, beside):
                    yield "reflectometry", node
                    return


def _is_reflected(values: Series) -> bool:
    """Whether it is a part of what came in, most of it first and a thousandth or less at last."""
    good = values[np.isfinite(values) & (values > 0)]
    if good.size < 0.8 * values.size or good.size < _FEWEST["reflectivity"] or good.max() > 2:
        return False
    first, last = np.median(good[: max(good.size // 10, 1)]), np.median(good[-max(good.size // 10, 1) :])
    return bool(last < 0.2 * first and good.min() < 1e-3 * good.max())


def _is_grazing(name: str, node: Node, values: Series) -> bool:
    """Whether an axis is an angle at which surfaces reflect: the first below 2 degrees, the last below 20."""
    if not rules().structure["angle"].fullmatch(name):
        return False
    degrees = np.degrees(values) if units.parse_unit(node.text_of("units")) == "rad" else values
    return bool(0 <= degrees.min() < 2 and degrees.max() < 20)


def _ptychography(places: Places, found: Capture, stacks: list[Node]) -> Iterator[Found]:
    """Diffraction over positions so near each other that the images overlap; not a grid, which maps have as well.

    With pixels of p at a distance z, an image of wavelength w holds what a window of w z / p on the sample did, and
    positions have to be nearer than half of it.
    """
    window = _window(places, found)
    if window is None:
        return
    for stack in stacks:
        count = (stack.shape or (0,))[0]
        if count < _FEWEST["ptychography"] or min((stack.shape or ())[1:]) < 32:
            continue
        in_cxi, positions = _positions(places, stack, count)
        if positions is None or not _overlap(positions, window):
            continue
        in_rows = _is_grid(positions[:, 0]) or _is_grid(positions[:, 1])
        if in_cxi or (count >= _FEWEST["spiral"] and not in_rows):
            yield "ptychography", stack
            return


def _window(places: Places, found: Capture) -> float | None:
    """What an image holds of the sample [m]; None where the file does not tell its geometry."""
    wavelength, distance = _wavelength(places, found), _length(places, "distance")
    pixel = _length(places, "pixel")
    if wavelength is None or not distance or not pixel:
        return None
    return wavelength * distance / pixel


def _positions(places: Places, stack: Node, count: int) -> tuple[bool, Series | None]:
    """Where the sample was for each image, in two directions [m], and whether CXI's convention says so."""
    for sample in (1, 2):
        moved = places.tree.get(f"/entry_1/sample_{sample}/geometry_1/translation")
        if moved is not None and moved.shape in {(count, 2), (count, 3)}:
            values = _values(moved)
            if values is None:
                continue
            table = values.reshape(count, -1)
            wide = np.argsort(np.ptp(table, axis=0))[-2:]
            return True, table[:, np.sort(wide)]
    axes = list[Series]()
    for node in _series_of(places, count):
        if rules().structure["position"].fullmatch(node.name) and len(axes) < 3:
            factor = _to_metre(node)
            values = _values(node)
            if factor is not None and values is not None and np.ptp(values) > 0:
                axes.append(values * factor)
    return False, np.stack(axes, axis=1) if len(axes) == 2 else None


def _overlap(positions: Series, window: float) -> bool:
    """Whether most positions are distinct, and nearer to another one than half of the window."""
    positions = positions[:1500]
    if not np.isfinite(positions).all() or min(np.ptp(positions, axis=0)) <= 0:
        return False
    between = np.hypot(*(positions[:, None, :] - positions[None, :, :]).transpose(2, 0, 1))
    np.fill_diagonal(between, np.inf)
    nearest = between.min(axis=1)
    return bool(np.median(nearest) > 0 and np.median(nearest) < 0.5 * window)


def _is_grid(along: Series) -> bool:
    """Whether positions along one direction stand in rows: few gaps between them are as wide as all others."""
    gaps = np.sort(np.diff(np.sort(along)))[::-1]
    rows = math.isqrt(along.size)
    return bool(gaps[:rows].sum() > 0.5 * np.ptp(along))


def _flyscan_tomography(stacks: list[Node]) -> Iterator[Found]:
    """SOLEIL's fly scans: a camera with a lens watches how the sample turns evenly by half a turn or more.

    The flats and darks are in files of their own. Grains that diffract are recorded in the same way, but on a dark
    ground, where tomography looks through the sample.
    """
    for stack in stacks:
        group = stack.parent
        if group is None or group.name != "scan_data" or not rules().structure["camera"].fullmatch(stack.name):
            continue
        count = (stack.shape or (0,))[0]
        for name, node in group.children.items():
            if node.size == count >= _FEWEST["tomography"] and rules().structure["rotation"].fullmatch(name):
                angles = _values(node)
                if angles is not None and 170 <= np.ptp(angles) <= 800 and _is_even(angles) and _lightness(stack) > 0.2:
                    yield "tomography", stack
                    return


def _rotation(places: Places, found: Capture, stacks: list[Node]) -> Iterator[Found]:
    """Spots on a large detector while a crystal turns evenly by small steps, at a distance and a wavelength that fit.

    Whose crystal it is, only its cell tells: without it, it is diffraction of a single crystal.
    """
    wavelength, distance = _wavelength(places, found), _length(places, "distance")
    if wavelength is None or not 0.4e-10 < wavelength < 3e-10 or not distance or not 0.03 < distance < 3:
        return
    if not _has_centre(places) or any(node.name == "image_key" for node in _datasets(places)):
        return
    for stack in stacks:
        if min((stack.shape or ())[1:]) < _LARGE:
            continue
        shape = (stack.shape or ())[1:]
        parts = [other for other in stacks if other.parent is stack.parent and (other.shape or ())[1:] == shape]
        count = sum((part.shape or (0,))[0] for part in parts)
        turned = [
            angles
            for node in _series_of(places, count)
            if rules().structure["spindle"].fullmatch(node.name) and (angles := _values(node)) is not None
        ]
        turning = [angles for angles in turned if np.ptp(angles) > 0]
        if count < _FEWEST["crystallography"] or len(turning) != 1 or not _is_even(turning[0]):
            continue
        step = float(np.abs(np.diff(turning[0])).mean())
        if 0 < step <= 1 and np.ptp(turning[0]) >= 5 and _lightness(stack) < 0.05:
            yield ("macromolecular crystallography" if _is_protein(places) else "single crystal diffraction"), stack
            return


def _has_centre(places: Places) -> bool:
    """Whether the file says where the beam meets the detector."""
    centres = [node for node in _datasets(places) if rules().structure["centre"].fullmatch(node.name)]
    return sum((reading.number(node) or 0) > 0 for node in centres[:10]) >= 2


def _is_protein(places: Places) -> bool:
    """Whether the edges of the sample's cell [angstrom] are a macromolecule's."""
    for node in _datasets(places):
        if node.name == "unit_cell" and node.is_number and node.size == 6:
            values = _values(node)
            if values is not None and values[:3].min() > _PROTEIN_CELL:
                return True
    return False


def _lightness(stack: Node) -> float:
    """How light most of an image is beside its lightest: 1 for an even field, near 0 for spots; NaN where not read."""
    count, rows, columns = stack.shape or (0, 0, 0)
    band = max(min(rows, _PIXELS // max(columns, 1)), 1)
    first = (rows - band) // 2
    try:
        image = reading.read(stack, (slice(count // 2, count // 2 + 1), slice(first, first + band), slice(0, columns)))
    except NotReadable:
        return math.nan
    values = image.astype(np.float64).ravel()
    if np.issubdtype(image.dtype, np.unsignedinteger):
        values = values[image.ravel() != np.iinfo(image.dtype).max]  # pixels that do not count
    values = values[np.isfinite(values) & (values >= 0)]
    if values.size < 100:
        return math.nan
    low, middle, high = np.percentile(values, (0.1, 50, 99.95))
    high = high if high > low else values.max()
    return float((middle - low) / (high - low)) if high > low else math.nan


def _wavelength(places: Places, found: Capture) -> float | None:
    """Of the photons [m], from the wavelength or the energy that was captured."""
    for parameter in (found.wavelength, found.energy):
        base = parameter.base if parameter is not None else None
        if base is not None and base.minimum > 0:
            return units.photon_wavelength(base.minimum) if base.unit == "eV" else base.minimum
    joules = reading.number(places.tree.get("/entry_1/instrument_1/source_1/energy"))  # CXI is in SI units
    return units.photon_wavelength(joules / _JOULES_IN_EV) if joules and joules > 0 else None


def _length(places: Places, kind: str) -> float | None:
    """The first length [m] of a name of this kind that has a unit of length."""
    for node in _datasets(places):
        if node.is_number and node.size == 1 and rules().structure[kind].fullmatch(node.name):
            value, factor = reading.number(node), _to_metre(node)
            if value and factor is not None:
                return abs(value) * factor
    return None


def _to_metre(node: Node) -> float | None:
    """What values of a dataset are multiplied with; CXI has no units, and is in metres."""
    written = node.text_of("units") or node.text_of("unit")
    if not written:
        return 1.0 if node.path.startswith("/entry_1/") else None
    try:
        return units.convert(1.0, written, "m")
    except InputInvalid:
        return None


def _series_of(places: Places, count: int) -> Iterator[Node]:
    """Series of so many numbers, each once."""
    seen = set[int]()
    for node in _datasets(places):
        if node.is_number and node.ndim == 1 and node.size == count and id(node.target or node) not in seen:
            seen.add(id(node.target or node))
            yield node


def _datasets(places: Places) -> Iterator[Node]:
    for node in places.tree.nodes:
        yield from (child for child in node.children.values() if child.is_dataset)


def _is_even(values: Series) -> bool:
    """Whether each step is as large as the others, within a tenth."""
    steps = np.diff(values)
    middle = np.median(steps)
    return bool(middle != 0 and np.mean(np.abs(steps - middle) <= 0.1 * abs(middle)) > 0.95)


def _rises(values: Series) -> bool:
    return bool(np.isfinite(values).all() and (np.diff(values) > 0).all())


def _values(node: Node) -> Series | None:
    """All values of a short series, all finite; None where they cannot be read."""
    if not 0 < node.size <= _MOST:
        return None
    try:
        values: Series = reading.read(node).astype(np.float64).ravel()
    except NotReadable:
        return None
    return values if np.isfinite(values).all() else None
