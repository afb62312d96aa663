"""Where the reflections of a turning crystal fall: the Ewald construction.

Lengths are in Å and 1/Å, angles in rad. The laboratory has the axes of McStas, as NXmx asks: z along the beam, y up,
x to the left of someone who looks along the beam.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

BEAM = np.array([0.0, 0.0, 1.0])
SPINDLE = np.array([-1.0, 0.0, 0.0])
"""Axis of rotation of the goniometer; the rotation is right-handed around it."""
FAST, SLOW = np.array([-1.0, 0.0, 0.0]), np.array([0.0, -1.0, 0.0])
"""Directions in which the column and the row of a pixel grow."""


@dataclass(frozen=True, slots=True)
class TetragonalCell:
    """A primitive tetragonal crystal of space group P 4(3) 2(1) 2, as lysozyme has it [Å]."""

    a: float = 79.1
    c: float = 37.9

    def reflections(self, d_min: float) -> NDArray[np.int64]:
        """Indices of all reflections to the resolution ``d_min`` that the screw axes allow, shape (n, 3)."""
        most = np.array([self.a, self.a, self.c]) // d_min
        h, k, index = (np.arange(-n, n + 1, dtype=np.int64) for n in most)
        every = np.stack(np.meshgrid(h, k, index, indexing="ij"), axis=-1).reshape(-1, 3)
        squared = ((every / [self.a, self.a, self.c]) ** 2).sum(axis=1)
        axial = (every == 0).sum(axis=1) == 2
        absent = axial & ((every[:, :2] % 2 != 0).any(axis=1) | (every[:, 2] % 4 != 0))
        return np.asarray(every[(squared > 0) & (squared <= d_min**-2) & ~absent])

    def intensities(self, hkl: NDArray[np.int64], rng: np.random.Generator, *, b_factor: float = 18.0) -> Array:
        """Intensities of Wilson's statistics that fade with resolution; equivalent reflections have the same."""
        unique = np.abs(hkl)
        unique[:, :2] = np.sort(unique[:, :2], axis=1)
        _, which = np.unique(unique, axis=0, return_inverse=True)
        strength = rng.exponential(1.0, which.max() + 1)[which.ravel()]
        squared = ((hkl / [self.a, self.a, self.c]) ** 2).sum(axis=1)
        return np.asarray(strength * np.exp(-b_factor * squared / 2))


@dataclass(frozen=True, slots=True)
class Experiment:
    """A crystal, a beam and a flat detector at right angles to it.

    Parameters
    ----------
    orientation
        Rotation matrix: crystal axes to laboratory, at spindle angle 0.
    wavelength
        Of the photons [Å].
    distance, pixel
        Of the detector from the crystal, and edge of its pixels [mm].
    centre
        Row and column where the beam meets it [pixel], counted from the middle of the first pixel.
    mosaicity
        Standard deviation of the directions of the blocks of the crystal [rad].
    """

    cell: TetragonalCell
    orientation: Array
    wavelength: float
    distance: float
    pixel: float
    centre: tuple[float, float]
    mosaicity: float

    def resolution(self, shape: tuple[int, int]) -> float:
        """Smallest spacing that reaches the farthest corner of a detector of so many rows and columns [Å]."""
        corners = [np.hypot(y - self.centre[0], x - self.centre[1]) for y in (0, shape[0]) for x in (0, shape[1])]
        return float(self.wavelength / (2 * np.sin(np.arctan2(max(corners) * self.pixel, self.distance) / 2)))


@dataclass(frozen=True, slots=True)
class Spots:
    """Reflections that cross the Ewald sphere, one row each time.

    Parameters
    ----------
    hkl
        Indices, shape (n, 3).
    angle
        Of the spindle when the reflection diffracts [rad].
    row, column
        Where it falls [pixel].
    width
        Standard deviation of its rocking curve [rad].
    """

    hkl: NDArray[np.int64]
    angle: Array
    row: Array
    column: Array
    width: Array

    def select(self, wanted: NDArray[np.bool_]) -> "Spots":
        """The spots for which ``wanted``, shape (n,), is true."""
        return Spots(self.hkl[wanted], self.angle[wanted], self.row[wanted], self.column[wanted], self.width[wanted])


def diffract(experiment: Experiment, hkl: NDArray[np.int64], first: float, last: float) -> Spots:
    """Find each reflection that diffracts between two spindle angles, and where it meets the detector.

    A reflection r diffracts where |s0 + r| = |s0|. Split along the spindle e, r(φ) = r∥ + p cos φ + (e x p) sin φ,
    so that the condition becomes A cos φ + B sin φ = C with two solutions (Arndt and Wonacott, The Rotation Method,
    1977).
    """
    reciprocal = hkl / [experiment.cell.a, experiment.cell.a, experiment.cell.c] @ experiment.orientation.T
    s0 = BEAM / experiment.wavelength
    parallel = np.outer(reciprocal @ SPINDLE, SPINDLE)
    flat = reciprocal - parallel
    turned = np.cross(SPINDLE, flat)
    a, b = flat @ s0, turned @ s0
    c = -0.5 * (reciprocal**2).sum(axis=1) - parallel @ s0
    size = np.hypot(a, b)
    reached = np.abs(c) < size
    hkl, parallel, flat, turned, a, b, c, size = (
        part[reached] for part in (hkl, parallel, flat, turned, a, b, c, size)
    )
    middle, half = np.arctan2(b, a), np.arccos(c / size)
    angle = np.concatenate([middle - half, middle + half])
    angle = first + np.mod(angle - first, 2 * np.pi)
    seen = angle <= last
    angle = angle[seen]
    twice = [np.concatenate([part, part])[seen] for part in (parallel, flat, turned)]
    r = twice[0] + twice[1] * np.cos(angle)[:, None] + twice[2] * np.sin(angle)[:, None]
    scattered = s0 + r
    forward = scattered[:, 2] > 0.05 * np.linalg.norm(s0)
    scattered, r, angle = scattered[forward], r[forward], angle[forward]
    on_detector = scattered * (experiment.distance / scattered[:, 2])[:, None] / experiment.pixel
    # How obliquely the reflection crosses the sphere; near the spindle it stays for long and is of no use.
    lorentz = np.abs(np.cross(np.broadcast_to(SPINDLE, r.shape), r) @ s0) / np.linalg.norm(s0)
    width = experiment.mosaicity * np.linalg.norm(r, axis=1) / np.maximum(lorentz, 1e-9)
    return Spots(
        np.concatenate([hkl, hkl])[seen][forward],
        angle,
        on_detector @ SLOW + experiment.centre[0],
        on_detector @ FAST + experiment.centre[1],
        width,
    )


def random_orientation(rng: np.random.Generator) -> Array:
    """A rotation matrix, every orientation being as likely."""
    w, x, y, z = (quaternion := rng.normal(size=4)) / np.linalg.norm(quaternion)
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )
