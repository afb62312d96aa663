"""A simulated scan is worth its name if the phantom comes back from it."""

from datetime import UTC, datetime
from pathlib import Path

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from verriere.model import Person
from verriere.simulate import tomography
from verriere.simulate.beamtime import Beamtime

BEAMTIME = Beamtime(
    "20260415-ANATOMIX", datetime(2026, 3, 6, 9, tzinfo=UTC), Person("Roux, Inès", "i@example.org"), "x"
)


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tomography.write(tmp_path_factory.mktemp("anatomix"), BEAMTIME, seed=3)[1]


def filtered_back_projection(
    sinogram: NDArray[np.float64], angles: NDArray[np.float64], offset: float
) -> NDArray[np.float64]:
    """Parallel beam with a ramp filter; sinogram (angle, column), offset of the axis from the middle [pixel]."""
    size = sinogram.shape[1]
    padded = 2 * size
    ramp = np.abs(np.fft.fftfreq(padded))
    filtered = np.fft.ifft(np.fft.fft(sinogram, padded, axis=1) * ramp, axis=1).real[:, :size]
    along = np.arange(size) - (size - 1) / 2
    y, x = np.meshgrid(along, along, indexing="ij")
    columns = np.arange(size)
    image = np.zeros((size, size))
    for line, angle in zip(filtered, angles, strict=True):
        where = x * np.cos(angle) + y * np.sin(angle) + (size - 1) / 2 + offset
        image += np.interp(where, columns, line, left=0, right=0)
    return image * np.pi / len(angles)


def sinogram_of(scan: Path, row: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    with h5py.File(scan) as file:
        frames = file["entry/instrument/detector/data"][:, row, :].astype(np.float64)
        keys = file["entry/instrument/detector/image_key"][()]
        angles = np.deg2rad(file["entry/sample/rotation_angle"][()])
    dark, flat = frames[keys == 2].mean(axis=0), frames[keys == 1].mean(axis=0)
    return -np.log(np.maximum(frames[keys == 0] - dark, 1) / (flat - dark)), angles[keys == 0]


def test_a_slice_is_reconstructed_from_the_file_and_looks_like_the_phantom(scan: Path) -> None:
    sinogram, angles = sinogram_of(scan, 40)
    with h5py.File(scan) as file:
        offset = file["entry/instrument/detector/x_rotation_axis_pixel_position"][()]
    found = filtered_back_projection(sinogram, angles, offset)
    true = tomography.slice_of(tomography.phantom(3), 40)
    assert np.corrcoef(found.ravel(), true.ravel())[0, 1] > 0.93
    inside = true > 0.006
    assert found[inside].mean() == pytest.approx(true[inside].mean(), rel=0.05)


def test_the_axis_of_rotation_is_where_opposite_projections_say(scan: Path) -> None:
    sinogram, _ = sinogram_of(scan, 40)
    columns = np.arange(sinogram.shape[1])
    first, last = ((line * columns).sum() / line.sum() for line in (sinogram[0], sinogram[-1]))
    assert (first + last) / 2 - (len(columns) - 1) / 2 == pytest.approx(tomography.OFFSET, abs=0.3)


def test_every_image_has_a_key_and_an_angle(scan: Path) -> None:
    with h5py.File(scan) as file:
        data, keys = file["entry/data/data"], file["entry/data/image_key"][()]
        assert len(data) == len(keys) == len(file["entry/data/rotation_angle"])
        assert {key: int((keys == key).sum()) for key in (0, 1, 2)} == {0: 181, 1: 10, 2: 10}
