"""What a person at the SWING-like beamline would find in its files."""

from datetime import UTC, datetime
from pathlib import Path

import h5py
import numpy as np
import pytest
from numpy.typing import NDArray

from verriere.model import Person
from verriere.simulate import saxs
from verriere.simulate.beamtime import Beamtime

BEAMTIME = Beamtime("20260415-SWING", datetime(2026, 3, 4, 9, tzinfo=UTC), Person("Roux, Inès", "i@example.org"), "x")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return saxs.write(tmp_path_factory.mktemp("swing"), BEAMTIME, seed=7)


def azimuthal_average(path: Path, bins: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """q [1/Å] and mean counts of all frames, with the geometry that the file states and nothing else."""
    with h5py.File(path) as file:
        (entry,) = file.values()
        detector = entry["SWING/EIGER-4M"]
        centre = detector["dir_beam_z"][0], detector["dir_beam_x"][0]
        pixel, distance = detector["pixel_size_x"][0] * 1e-6, detector["distance"][0] * 1e-3
        wavelength = entry["SWING/i11-c-c03__op__mono/wavelength"][0]
        frames = entry["scan_data/data_01"][()]
    image = frames.astype(np.float64).mean(axis=0)
    rows, columns = np.indices(image.shape)
    radius = np.hypot(rows - centre[0], columns - centre[1]) * pixel
    q = 4 * np.pi / wavelength * np.sin(np.arctan2(radius, distance) / 2)
    seen = (frames[0] != np.iinfo(np.uint32).max) & (image > 0.8)  # without the gaps and the shadow of the beam stop
    edges = np.linspace(0.02, 0.6, bins + 1)
    total, _ = np.histogram(q[seen], edges, weights=image[seen])
    pixels, _ = np.histogram(q[seen], edges)
    return (edges[1:] + edges[:-1]) / 2, total / np.maximum(pixels, 1)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_silver_behenate_rings_lie_at_the_orders_of_its_spacing_within_a_thousandth(
    files: list[Path], order: int
) -> None:
    q, counts = azimuthal_average(files[0], 1200)
    expected = 2 * np.pi * order / 58.38
    near = np.abs(q - expected) < 0.006
    ring = counts[near] - counts[near].min()
    assert np.sum(q[near] * ring) / ring.sum() == pytest.approx(expected, rel=1e-3)


def test_protein_less_its_buffer_has_the_radius_of_gyration_of_lysozyme(files: list[Path]) -> None:
    q, buffer = azimuthal_average(files[1], 300)
    _, protein = azimuthal_average(files[2], 300)
    guinier = (q > 0.025) & (q < 1.2 / saxs.LYSOZYME_RG)
    slope, _ = np.polyfit(q[guinier] ** 2, np.log(protein[guinier] - buffer[guinier]), 1)
    assert np.sqrt(-3 * slope) == pytest.approx(saxs.LYSOZYME_RG, rel=0.03)


def test_counts_scatter_as_counting_statistics_ask(files: list[Path]) -> None:
    with h5py.File(files[2]) as file:
        (entry,) = file.values()
        frames = entry["scan_data/data_01"][()].astype(np.float64)
    mean = frames.mean(axis=0)
    usual = (mean > 5) & (mean < 1e4)
    assert (frames.var(axis=0, ddof=1)[usual] / mean[usual]).mean() == pytest.approx(1, abs=0.02)


def test_the_file_of_the_buffer_lacks_what_people_forget(files: list[Path]) -> None:
    with h5py.File(files[1]) as file:
        (entry,) = file.values()
        assert entry["title"][0] == b"{Entry Name}"
        assert "end_time" not in entry


def test_times_are_written_with_their_offset(files: list[Path]) -> None:
    with h5py.File(files[0]) as file:
        (entry,) = file.values()
        assert datetime.fromisoformat(entry["start_time"][0].decode()).utcoffset() is not None
