"""Pixel detectors made of modules, with the gaps between them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MODULE = (514, 1030)
"""Rows and columns of one EIGER module."""
GAP = (37, 10)
"""Rows and columns without pixels between two EIGER modules."""


@dataclass(frozen=True, slots=True)
class Eiger:
    """An EIGER detector.

    Parameters
    ----------
    name
        As the maker writes it.
    modules
        In the vertical and in the horizontal.
    binning
        Pixels of the sensor, in each direction, added up to one pixel of the image.
    """

    name: str
    modules: tuple[int, int]
    binning: int = 1

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the image."""
        rows, columns = (n * size + (n - 1) * gap for n, size, gap in zip(self.modules, MODULE, GAP, strict=True))
        return rows // self.binning, columns // self.binning

    @property
    def pixel_size(self) -> float:
        """Edge of a pixel of the image [m]."""
        return 75e-6 * self.binning

    @property
    def gaps(self) -> NDArray[np.bool_]:
        """True where no pixel of a module lies; shape as `shape`."""
        blind: list[NDArray[np.bool_]] = []
        for size, gap, length in zip(MODULE, GAP, self.shape, strict=True):
            index = np.arange(length * self.binning)
            blind.append(np.any((index % (size + gap) >= size).reshape(length, self.binning), axis=1))
        rows, columns = blind
        return np.asarray(rows[:, None] | columns[None, :])
