"""Bragg spots are where the crystal's cell, its orientation and the geometry of the file put them."""

from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from verriere.model import Person
from verriere.simulate import crystallography
from verriere.simulate.beamtime import Beamtime

BEAMTIME = Beamtime("20260415-PX1", datetime(2026, 3, 8, 9, tzinfo=UTC), Person("Roux, Inès", "i@example.org"), "x")
SEED = 5


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return crystallography.write(tmp_path_factory.mktemp("px1"), BEAMTIME, seed=SEED, frames=20)[0]


def scattered(
    hkl: NDArray[np.int64], orientation: NDArray[np.float64], cell: NDArray[np.float64], s0: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Scattered wave vector and excitation error [1/Å] of reflections at one orientation, shape (n, 4)."""
    r = hkl / cell[:3] @ orientation.T
    out = s0 + r
    return np.column_stack([out, np.linalg.norm(out, axis=1) - np.linalg.norm(s0)])


def turn(angle: float) -> NDArray[np.float64]:
    """Right-handed rotation around (-1, 0, 0)."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([[1, 0, 0], [0, c, s], [0, -s, c]])


def predict(master: Path) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Indices, and angle [rad], row and column of each spot, by turning the crystal in small steps.

    Nothing of the simulation is used: only what the master says, with the geometry of NXmx's transformations.
    """
    with h5py.File(master) as file:
        sample, detector = file["entry/sample"], file["entry/instrument/detector"]
        cell, orientation = sample["unit_cell"][()], sample["orientation_matrix"][()]
        omega = np.deg2rad([sample["transformations/omega"][0], sample["transformations/omega_end"][-1]])
        wavelength = file["entry/instrument/beam/incident_wavelength"][()]
        distance = detector["transformations/det_z"][()]
        module = detector["module"]
        pixel = module["fast_pixel_direction"][()]
        corner = module["module_offset"].attrs["offset"]
    s0 = np.array([0, 0, 1 / wavelength])
    most = 27, 27, 13
    grid = np.stack(np.meshgrid(*(np.arange(-n, n + 1) for n in most), indexing="ij"), axis=-1).reshape(-1, 3)
    hkl = grid[(grid != 0).any(axis=1)]
    found: list[tuple[NDArray[np.int64], NDArray[np.float64]]] = []
    steps = np.linspace(omega[0], omega[1], 201)
    before = scattered(hkl, turn(steps[0]) @ orientation, cell, s0)
    for low, high in pairwise(steps):
        now = scattered(hkl, turn(high) @ orientation, cell, s0)
        crossed = np.sign(before[:, 3]) != np.sign(now[:, 3])
        part = before[crossed, 3] / (before[crossed, 3] - now[crossed, 3])
        out = before[crossed, :3] + part[:, None] * (now[crossed, :3] - before[crossed, :3])
        place = out[:, :2] * (distance / out[:, 2])[:, None]
        column, row = ((corner[axis] - place[:, axis]) / pixel for axis in (0, 1))
        found.append((hkl[crossed], np.column_stack([low + part * (high - low), row, column])))
        before = now
    return np.concatenate([h for h, _ in found]), np.concatenate([spot for _, spot in found])


def test_spots_on_the_images_are_where_an_independent_prediction_puts_them(master: Path) -> None:
    _, predicted = predict(master)
    turned = crystallography.sweep(SEED, 20)
    off = []
    with h5py.File(master) as file:
        images = file["entry/data/data"]
        for frame in (3, 11):
            image = images[frame].astype(np.float64)
            degrees = np.rad2deg(predicted[:, 0])
            here = predicted[(degrees > frame * 0.5 - 0.3) & (degrees < frame * 0.5 + 0.8)]
            strong = np.flatnonzero((turned.counts * turned.share(frame) > 400) & (turned.share(frame) > 0.9))
            for row, column in zip(turned.spots.row[strong], turned.spots.column[strong], strict=True):
                y, x = round(row), round(column)
                box = image[max(y - 4, 0) : y + 5, max(x - 4, 0) : x + 5]
                alone = (np.hypot(here[:, 1] - row, here[:, 2] - column) < 10).sum() == 1
                if box.shape != (9, 9) or box.max() > 60000 or not alone:
                    continue
                box = box - np.median(np.concatenate([box[0], box[-1], box[:, 0], box[:, -1]]))
                rows, columns = np.indices(box.shape)
                centre = y - 4 + (rows * box).sum() / box.sum(), x - 4 + (columns * box).sum() / box.sum()
                off.append(np.hypot(here[:, 1] - centre[0], here[:, 2] - centre[1]).min())

    assert len(off) >= 20
    assert np.median(off) < 0.1


def test_the_simulation_predicts_as_the_independent_prediction_does_within_a_tenth_of_a_pixel(master: Path) -> None:
    hkl, predicted = predict(master)
    turned = crystallography.sweep(SEED, 20)
    where = {(*indices, round(spot[0], 3)): spot for indices, spot in zip(hkl.tolist(), predicted, strict=True)}
    compared = 0
    for indices, angle, row, column in zip(
        turned.spots.hkl.tolist(), turned.spots.angle, turned.spots.row, turned.spots.column, strict=True
    ):
        for near in (-0.001, 0, 0.001):
            spot = where.get((*indices, round(round(angle, 3) + near, 3)))
            if spot is not None and abs(spot[0] - angle) < 2e-4:
                assert np.hypot(spot[1] - row, spot[2] - column) < 0.1
                compared += 1
                break
    assert compared > 1000


def test_there_is_a_ring_of_water_at_3_3_angstrom(master: Path) -> None:
    with h5py.File(master) as file:
        mean = file["entry/data/data"][:5].astype(np.float64)
        wavelength = file["entry/instrument/beam/incident_wavelength"][()]
        detector = file["entry/instrument/detector"]
        centre, distance = (detector["beam_center_y"][()], detector["beam_center_x"][()]), detector["distance"][()]
        blind = detector["pixel_mask"][()] > 0
    image = np.median(mean, axis=0)
    rows, columns = np.indices(image.shape)
    radius = np.hypot(rows - centre[0], columns - centre[1]) * 75e-6
    spacing = wavelength / (2 * np.sin(np.arctan2(radius, distance) / 2))
    ring, inside = (mean[:, (np.abs(spacing - d) < 0.1) & ~blind].mean() for d in (3.3, 5.5))
    assert ring > 1.5 * inside


def test_images_are_only_in_the_data_files_that_the_master_links_to(master: Path) -> None:
    with h5py.File(master) as file:
        link = file["entry/data"].get("data_000001", getlink=True)
        assert isinstance(link, h5py.ExternalLink)
        assert link.filename == "lyso-x12_1_data_000001.h5"
        assert file["entry/data/data"].is_virtual
        assert file["entry/data/data"].shape == (20, 1065, 1030)
        assert "end_time" not in file["entry"]
