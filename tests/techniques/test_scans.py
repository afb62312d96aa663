"""Scans of different techniques look alike: each is concluded from what only it has, else nothing is."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verriere.model import Basis
from verriere.techniques.identify import examine

Content = dict[str, Any]
DICE = np.random.default_rng(7)


@pytest.fixture
def concluded(tmp_path: Path) -> Callable[[Content], list[str]]:
    """Write datasets (by path; ``path@name`` is an attribute) and say which techniques are concluded."""
    return lambda content: conclude(tmp_path / "scan.nxs", content)


def conclude(path: Path, content: Content) -> list[str]:
    with h5py.File(path, "w") as file:
        for place, value in content.items():
            where, at, name = place.partition("@")
            if at:
                file[where].attrs[name] = value
            else:
                file[where] = value
    found = examine(path).techniques
    assert all(technique.basis is Basis.INFERRED for technique in found)
    return [technique.label for technique in found]


def spiral(count: int, step: float) -> tuple[Any, Any]:
    turn = np.arange(count) * np.pi * (3 - np.sqrt(5))
    return step * np.sqrt(np.arange(count)) * np.cos(turn), step * np.sqrt(np.arange(count)) * np.sin(turn)


def diffraction(count: int, x: Any, y: Any, *, distance: float = 2.0) -> Content:
    """Images of a detector of 55 µm pixels at 8 keV: at 2 m, they hold 5.6 µm of the sample."""
    return {
        "entry/data/data": np.ones((count, 64, 64), "u2"),
        "entry/data/sample_x": x * 1e6,
        "entry/data/sample_x@units": "um",
        "entry/data/sample_y": y * 1e6,
        "entry/data/sample_y@units": "um",
        "entry/instrument/detector/distance": distance,
        "entry/instrument/detector/distance@units": "m",
        "entry/instrument/detector/x_pixel_size": 55.0,
        "entry/instrument/detector/x_pixel_size@units": "um",
        "entry/instrument/monochromator/energy": 8.0,
        "entry/instrument/monochromator/energy@units": "keV",
        "entry@NX_class": "NXentry",
        "entry/instrument@NX_class": "NXinstrument",
        "entry/instrument/monochromator@NX_class": "NXmonochromator",
        "entry/instrument/detector@NX_class": "NXdetector",
    }


def test_images_that_overlap_along_a_spiral_are_ptychography(concluded: Callable[[Content], list[str]]) -> None:
    assert concluded(diffraction(100, *spiral(100, 1e-6))) == ["ptychography"]


def test_a_map_on_a_grid_may_be_any_technique(concluded: Callable[[Content], list[str]]) -> None:
    x, y = (axis.ravel() * 1e-6 for axis in np.mgrid[:10, :10])
    noise = DICE.normal(scale=2e-8, size=(2, 100))
    assert concluded(diffraction(100, x + noise[0], y + noise[1])) == []


def test_positions_too_far_apart_or_a_detector_too_near_are_no_ptychography(
    concluded: Callable[[Content], list[str]],
) -> None:
    assert concluded(diffraction(100, *spiral(100, 20e-6))) == []
    assert concluded(diffraction(100, *spiral(100, 1e-6), distance=0.1)) == []


def test_images_over_a_spiral_without_geometry_tell_nothing(concluded: Callable[[Content], list[str]]) -> None:
    content = diffraction(100, *spiral(100, 1e-6))
    for gone in ("entry/instrument/detector", "entry/instrument/monochromator"):
        left = {place: value for place, value in content.items() if not place.startswith(gone)}
        assert concluded(left) == []


def cxi(translation: Any, count: int = 49) -> Content:
    return {
        "cxi_version": 150,
        "entry_1/data_1/data": np.ones((count, 64, 64), "f4"),
        "entry_1/instrument_1/detector_1/distance": 2.0,
        "entry_1/instrument_1/detector_1/x_pixel_size": 55e-6,
        "entry_1/instrument_1/source_1/energy": 8000 * 1.602e-19,
        **({"entry_1/sample_1/geometry_1/translation": translation} if translation is not None else {}),
    }


def test_cxi_with_a_moving_sample_is_ptychography_and_without_is_not(
    concluded: Callable[[Content], list[str]],
) -> None:
    x, y = (axis.ravel() * 1e-6 for axis in np.mgrid[:7, :7])
    assert concluded(cxi(np.stack([x, y, np.zeros(49)], axis=1))) == ["ptychography"]
    assert concluded(cxi(None)) == []
    assert concluded(cxi(np.zeros((49, 3)))) == []
    assert concluded(cxi(np.stack([20 * x, 20 * y, 0 * x], axis=1))) == []


def reflected(q: Any) -> Any:
    return np.minimum(1.0, (0.03 / np.maximum(q, 1e-3)) ** 4)


def test_a_curve_of_reflectivity_over_q_or_a_small_angle_is_reflectometry(
    concluded: Callable[[Content], list[str]],
) -> None:
    q = np.linspace(0.005, 0.4, 120)
    assert concluded({"entry/data/reflectivity": reflected(q), "entry/data/qz": q}) == ["reflectometry"]
    angle = np.linspace(0.1, 6, 120)
    content = {"entry/data/Reflectivity": reflected(angle / 15), "entry/data/two_theta": angle}
    assert concluded(content) == ["reflectometry"]
    neutrons = content | {"entry/instrument/source/probe": "neutron", "entry/instrument/source@NX_class": "NXsource"}
    assert concluded(neutrons) == ["neutron reflectometry"]
    x_rays = content | {"entry/instrument/source/probe": "x-ray", "entry/instrument/source@NX_class": "NXsource"}
    assert concluded(x_rays) == ["x-ray reflectivity"]


@pytest.mark.parametrize(
    ("name", "axis", "low", "high"),
    [
        ("reflectivity", "wavelength", 0.1, 6.0),
        ("reflectivity", "two_theta", 10.0, 90.0),
        ("counts", "two_theta", 0.1, 6.0),
        ("intensity", "q", 0.005, 0.4),
    ],
)
def test_a_spectrum_of_reflectivity_a_powder_or_a_mere_intensity_is_not(
    concluded: Callable[[Content], list[str]], name: str, axis: str, low: float, high: float
) -> None:
    values = np.linspace(low, high, 120)
    assert concluded({f"entry/data/{name}": reflected(values / high / 2), f"entry/data/{axis}": values}) == []


def test_a_flat_reflectivity_is_a_mirror_and_no_reflectometry(concluded: Callable[[Content], list[str]]) -> None:
    q = np.linspace(0.005, 0.4, 120)
    assert concluded({"entry/data/reflectivity": np.full(120, 0.9), "entry/data/q": q}) == []


def rotation(**changed: Any) -> Content:
    """Spots on a megapixel detector while omega turns by 3 degrees in steps of a tenth."""
    images = np.zeros((60, 1000, 1000), "u2")
    images[:, ::97, ::89] = 900
    return {
        "entry/data/data": images,
        "entry/sample/goniometer/omega": 0.1 * np.arange(60),
        "entry/instrument/detector/detector_distance": 0.2,
        "entry/instrument/detector/detector_distance@units": "m",
        "entry/instrument/detector/beam_center_x": 503.0,
        "entry/instrument/detector/beam_center_y": 499.0,
        "entry/instrument/beam/incident_wavelength": 0.98,
        "entry/instrument/beam/incident_wavelength@units": "angstrom",
        "entry@NX_class": "NXentry",
        "entry/instrument@NX_class": "NXinstrument",
        "entry/instrument/beam@NX_class": "NXbeam",
        "entry/instrument/detector@NX_class": "NXdetector",
    } | {place.replace("__", "/"): value for place, value in changed.items()}


def test_spots_while_a_crystal_turns_are_diffraction_of_a_single_crystal(
    concluded: Callable[[Content], list[str]],
) -> None:
    assert concluded(rotation()) == ["single crystal diffraction"]


def test_a_large_cell_makes_it_macromolecular_crystallography(concluded: Callable[[Content], list[str]]) -> None:
    cell = {"entry__sample__unit_cell": [79.1, 79.1, 37.9, 90.0, 90.0, 90.0]}
    assert concluded(rotation(**cell)) == ["macromolecular crystallography"]
    small = {"entry__sample__unit_cell": [5.4, 7.9, 12.9, 90.0, 90.0, 90.0]}
    assert concluded(rotation(**small)) == ["single crystal diffraction"]


@pytest.mark.parametrize(
    "changed",
    [
        {"entry__sample__goniometer__omega": np.zeros(60)},
        {"entry__sample__goniometer__omega": 0.1 * np.arange(61)},
        {"entry__sample__goniometer__omega": np.repeat(np.arange(6.0), 10)},
        {"entry__sample__goniometer__phi": 0.1 * np.arange(60)},
        {"entry__instrument__detector__beam_center_x": 0.0},
        {"entry__instrument__beam__incident_wavelength": 12.0},
        {"entry__instrument__detector__detector_distance": 20.0},
        {"entry__instrument__detector__image_key": np.zeros(60, "u1")},
        {"entry__data__data": np.full((60, 1000, 1000), 700, "u2")},
        {"entry__data__data": np.ones((60, 200, 200), "u2")},
    ],
    ids=["still", "another length", "uneven", "two axes", "no centre", "soft", "far", "tomography", "light", "small"],
)
def test_what_turns_otherwise_is_not(concluded: Callable[[Content], list[str]], changed: Content) -> None:
    assert concluded(rotation(**changed)) == []


def radiographs(count: int) -> Any:
    across = np.abs(np.arange(80) - 40)
    return np.broadcast_to(np.where(across < 15, 9000, 30000).astype("u2"), (count, 60, 80)) + DICE.poisson(
        100, (count, 60, 80)
    ).astype("u2")


def flyscan(camera: str = "orca_image", angle: str = "tomo1Rz1", turned: float = 180.0, **also: Any) -> Content:
    return {
        f"flyscan_00001/scan_data/{camera}": radiographs(180),
        f"flyscan_00001/scan_data/{angle}": np.linspace(0, turned, 180),
        "flyscan_00001@NX_class": "NXentry",
    } | also


def test_a_fly_scan_of_half_a_turn_before_a_camera_is_tomography(concluded: Callable[[Content], list[str]]) -> None:
    assert concluded(flyscan()) == ["x-ray tomography"]
    assert concluded(flyscan("hamamatsu_image", "rotation", 360.0)) == ["x-ray tomography"]


def test_grains_that_diffract_on_a_dark_ground_are_no_tomography(concluded: Callable[[Content], list[str]]) -> None:
    dark = np.full((180, 60, 80), 100, "u2")
    dark[:, ::19, ::17] = 5000
    assert concluded(flyscan() | {"flyscan_00001/scan_data/orca_image": dark}) == []


def test_a_fly_scan_that_hardly_turns_or_is_of_another_detector_is_none(
    concluded: Callable[[Content], list[str]],
) -> None:
    assert concluded(flyscan(turned=20.0)) == []
    assert concluded(flyscan("xpad_image")) == []
    assert concluded(flyscan(angle="sample_x")) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.integers(4, 16),
    columns=st.integers(8, 16),
    jitter=st.floats(0, 0.04),
    seed=st.integers(0, 99),
    snake=st.booleans(),
)
def test_no_map_in_rows_is_ptychography_however_unsteady(
    tmp_path: Path, rows: int, columns: int, jitter: float, seed: int, *, snake: bool
) -> None:
    y, x = (axis.astype(float) for axis in np.mgrid[:rows, :columns])
    if snake:
        x[1::2] = x[1::2, ::-1]
    noise = np.random.default_rng(seed).normal(scale=jitter, size=(2, rows * columns))
    places = (x.ravel() + noise[0], y.ravel() + noise[1])
    assert conclude(tmp_path / "map.nxs", diffraction(rows * columns, *(each * 1e-6 for each in places))) == []


@pytest.mark.parametrize("count", [50, 64, 100, 300, 900])
def test_spirals_of_any_length_are_ptychography(concluded: Callable[[Content], list[str]], count: int) -> None:
    assert concluded(diffraction(count, *spiral(count, 1e-6))) == ["ptychography"]
