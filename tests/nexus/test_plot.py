"""The default plot: what is drawn, what is said of it, and what is refused."""

import struct
import time
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from verriere.errors import NotPlottable
from verriere.model import Axis, Signal
from verriere.nexus.capture import capture
from verriere.nexus.drawing import colours, scales
from verriere.nexus.opening import open_safely
from verriere.nexus.plot import LIMITS, Plot, render
from verriere.nexus.views import Curves, Picture, look

Make = Callable[[h5py.File], None]


def signal_of(data: h5py.Dataset, *axes: str, uncertainties: str | None = None, interpretation: str = "") -> Signal:
    """A signal as reading finds it: axes named by path, "" where there is none."""
    return Signal(
        data.name,
        data.shape,
        data.dtype.name,
        label=data.name.rsplit("/")[-1],
        axes=tuple(Axis(path.rsplit("/")[-1], None, path or None) for path in axes),
        uncertainties=uncertainties,
        interpretation=interpretation,
    )


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., tuple[Path, Signal]]:
    """Write arrays into a file; the one named ``data`` is the signal, over the axes that are named."""

    def write(*axes: str, interpretation: str = "", **arrays: object) -> tuple[Path, Signal]:
        path = tmp_path / "file.h5"
        with h5py.File(path, "w") as file:
            for name, values in arrays.items():
                file[name] = values
            spread = "/errors" if "errors" in arrays else None
            return path, signal_of(file["data"], *axes, uncertainties=spread, interpretation=interpretation)

    return write


def view_of(path: Path, signal: Signal) -> Curves | Picture:
    with open_safely(path, limits=LIMITS) as tree:
        return look(tree, signal)


def size_of(plot: Plot) -> tuple[int, int]:
    """Width and height as the PNG's own header says."""
    assert plot.png.startswith(b"\x89PNG\r\n")
    width, height = struct.unpack(">II", plot.png[16:24])
    return width, height


def test_scattering_over_q_is_drawn_on_logarithmic_axes_without_what_is_not_positive(
    make: Callable[..., tuple[Path, Signal]],
) -> None:
    q = np.linspace(-0.01, 0.5, 52)
    path, signal = make("/Q", data=1 / (1 + (50 * q) ** 4), Q=q)
    view = view_of(path, signal)
    assert isinstance(view, Curves)
    assert scales(view) == "loglog"
    plot = render(path, signal)
    assert "2 points where Q is not positive are left out" in plot.alt
    assert all(x is not None and x > 0 for x, *_ in plot.table)


def test_the_alternative_text_says_axes_ranges_and_where_the_peak_is(make: Callable[..., tuple[Path, Signal]]) -> None:
    path, signal = make("/angle", data=[1.0, 2, 40, 3, 1], angle=[10.0, 11, 12.5, 13, 14])
    plot = render(path, signal)
    assert "data against angle, 5 points" in plot.alt
    assert "angle runs from 10 to 14" in plot.alt
    assert "largest value, 40, is at angle 12.5" in plot.alt
    assert plot.table[2] == (12.5, 40.0)


def test_the_alternative_text_is_french_with_a_decimal_comma_where_that_is_asked(
    make: Callable[..., tuple[Path, Signal]],
) -> None:
    path, signal = make("/angle", data=[1.0, 2, 40, 3, 1], angle=[10.0, 11, 12.5, 13, 14])
    assert "La plus grande valeur, 40, est à angle 12,5" in render(path, signal, language="fr").alt


def test_edges_of_bins_become_their_middles(make: Callable[..., tuple[Path, Signal]]) -> None:
    path, signal = make("/tof", data=[5.0, 6, 7], tof=[0.0, 1, 2, 3])
    assert [x for x, _ in render(path, signal).table] == [0.5, 1.5, 2.5]


def test_an_axis_that_does_not_fit_gives_way_to_the_index_and_this_is_said(
    make: Callable[..., tuple[Path, Signal]],
) -> None:
    path, signal = make("/x", "/y", data=np.random.default_rng(1).random((40, 50)), x=np.arange(7), y=np.arange(9))
    assert "x (index)" in render(path, signal).alt


def test_standard_errors_are_drawn_unless_they_are_all_zero(make: Callable[..., tuple[Path, Signal]]) -> None:
    path, signal = make(data=[1.0, 2, 3], errors=[0.1, 0.1, 0.2])
    assert "Standard errors" in render(path, signal).alt
    path, signal = make(data=[1.0, 2, 3], errors=[0.0, 0, 0])
    assert "Standard errors" not in render(path, signal).alt


def test_a_hundred_curves_become_a_map(make: Callable[..., tuple[Path, Signal]]) -> None:
    path, signal = make("", "/Q", data=np.random.default_rng(1).random((120, 300)), Q=np.linspace(0.1, 4, 300))
    view = view_of(path, signal)
    assert isinstance(view, Picture)
    assert view.size == (300, 120)
    assert render(path, signal).alt.startswith("Map of data over Q and index")


def test_two_long_rows_are_two_curves(make: Callable[..., tuple[Path, Signal]]) -> None:
    path, signal = make(data=np.random.default_rng(1).random((2, 300)))
    plot = render(path, signal)
    assert plot.alt.startswith("2 curves of data")
    assert len(plot.columns) == 3


def test_of_a_stack_the_middle_frame_is_shown_and_named(make: Callable[..., tuple[Path, Signal]]) -> None:
    stack = np.zeros((21, 30, 40))
    stack[10, 3, 7] = 5
    path, signal = make("/angle", "", "", data=stack, angle=np.arange(21.0))
    plot = render(path, signal)
    assert "Shown is angle 11 of 21" in plot.alt
    assert "The largest value, 5, is at column 7 and row 3" in plot.alt


def test_of_a_stack_over_delays_the_delay_is_cut_and_not_the_energy(make: Callable[..., tuple[Path, Signal]]) -> None:
    path, signal = make(
        "/angle", "/energy", "/delay", data=np.random.default_rng(1).random((20, 30, 40)),
        angle=np.arange(20.0), energy=np.arange(30.0), delay=np.arange(40.0),
    )  # fmt: skip
    assert "Map of data over energy and angle" in render(path, signal).alt
    assert "Shown is delay 21 of 40" in render(path, signal).alt


@pytest.mark.parametrize(("dtype", "mask"), [("uint32", 2**32 - 1), ("uint16", 65535), ("int32", -1)])
def test_pixels_that_do_not_exist_are_masked(make: Callable[..., tuple[Path, Signal]], dtype: str, mask: int) -> None:
    image = np.arange(64 * 64).reshape(64, 64).astype(dtype) % 1000
    image[:, 30:34] = mask
    path, signal = make(data=image)
    plot = render(path, signal)
    assert "6.2% of the pixels are masked" in plot.alt
    assert "data runs from 0 to 999" in plot.alt


def test_a_frame_saturated_everywhere_is_shown_as_it_is(make: Callable[..., tuple[Path, Signal]]) -> None:
    path, signal = make(data=np.full((64, 64), 65535, dtype="uint16"))
    assert "All values are 65535" in render(path, signal).alt


def test_pixels_without_counts_and_without_error_were_not_measured(make: Callable[..., tuple[Path, Signal]]) -> None:
    values = np.random.default_rng(1).random((50, 50)) - 0.2
    values[:25] = 0
    path, signal = make(data=values, errors=np.where(values == 0, 0, 0.1))
    assert "50% of the pixels are masked" in render(path, signal).alt


def test_colours_are_logarithmic_where_the_values_ask_for_it_and_bear_negative_ones() -> None:
    rng = np.random.default_rng(1)
    steep = np.exp(rng.normal(0, 3, (100, 100))) - 0.01
    assert colours(steep).is_log
    assert colours(steep).low > 0
    assert not colours(rng.normal(100, 10, (100, 100))).is_log


def test_one_hot_pixel_does_not_flatten_the_picture() -> None:
    image = np.random.default_rng(1).normal(100, 10, (100, 100))
    image[3, 3] = 1e7
    assert colours(image).high < 200


def test_a_bragg_spot_survives_in_a_picture_smaller_than_the_detector(make: Callable[..., tuple[Path, Signal]]) -> None:
    image = np.ones((3000, 3000), dtype="uint16")
    image[1234, 2345] = 900
    path, signal = make(data=image)
    view = view_of(path, signal)
    assert isinstance(view, Picture)
    assert max(view.values.shape) <= 900
    assert np.nanmax(view.values) == 900


@pytest.mark.parametrize(
    "values",
    [
        np.full(5, np.nan), np.array([1.0]), np.array(3.0), np.zeros((5, 5)), np.array([np.inf, 1, 2]),
        np.full((9, 9), np.nan), np.array([True, False, True]), np.array([[1.0, np.nan], [np.inf, -np.inf]]),
        np.full((1, 1, 4, 1), 2.0), np.array([-1, -2, -3]), np.array([0, 2**63], dtype="uint64"),
        np.array([1e300, -1e300]), np.array([[5e-324] * 20] * 20),
    ],
    ids=lambda values: f"{values.dtype} {values.shape}",
)  # fmt: skip
def test_whatever_the_numbers_are_there_is_a_picture(make: Callable[..., tuple[Path, Signal]], values: object) -> None:
    path, signal = make(data=values)
    assert size_of(render(path, signal))[0] == 960


def test_labels_are_drawn_as_they_are_written(make: Callable[..., tuple[Path, Signal]]) -> None:
    path, signal = make("/x", data=[1.0, 2], x=[0.0, 1])
    ugly = Signal(
        signal.path, signal.shape, signal.dtype, label="$\\frac{\n<b>\x07" + "x" * 300, unit="$_{", axes=signal.axes
    )
    plot = render(path, ugly)
    assert "\n" not in plot.alt
    assert len(plot.alt) < 500


def test_the_picture_has_the_width_asked_for_and_is_dark_where_that_is_asked(
    make: Callable[..., tuple[Path, Signal]],
) -> None:
    path, signal = make(data=[1.0, 2, 3])
    assert size_of(render(path, signal, width=600))[0] == 600
    assert render(path, signal).png != render(path, signal, dark=True).png


def test_tables_are_bounded(make: Callable[..., tuple[Path, Signal]]) -> None:
    path, signal = make(data=np.arange(100_000.0))
    assert len(render(path, signal).table) <= 400
    path, signal = make(data=np.ones((500, 500)))
    plot = render(path, signal)
    assert (len(plot.table), len(plot.columns)) == (12, 13)


def test_images_of_an_absent_file_are_refused_and_never_drawn_as_zeros(tmp_path: Path) -> None:
    path = tmp_path / "master.h5"
    with h5py.File(path, "w") as file:
        layout = h5py.VirtualLayout((4, 50, 50), "uint16")
        layout[:] = h5py.VirtualSource("images.h5", "/data", (4, 50, 50))
        signal = signal_of(file.create_virtual_dataset("data", layout))
    with pytest.raises(NotPlottable, match="not in this file"):
        render(path, signal)
    with pytest.raises(NotPlottable, match="pas dans ce fichier"):
        render(path, signal, language="fr")


def test_images_of_another_file_are_drawn_where_it_is_of_the_dataset_and_refused_where_not(tmp_path: Path) -> None:
    images, path = tmp_path / "images.h5", tmp_path / "master.h5"
    with h5py.File(images, "w") as file:
        file["data"] = np.random.default_rng(1).poisson(9, (4, 50, 50)).astype("uint16")
    with h5py.File(path, "w") as file:
        layout = h5py.VirtualLayout((4, 50, 50), "uint16")
        layout[:] = h5py.VirtualSource("images.h5", "/data", (4, 50, 50))
        signal = signal_of(file.create_virtual_dataset("data", layout))
    assert "50 columns by 50 rows" in render(path, signal, allowed=[images]).alt
    with pytest.raises(NotPlottable):
        render(path, signal)


def test_what_was_declared_and_never_written_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "file.h5"
    with h5py.File(path, "w") as file:
        signal = signal_of(file.create_dataset("data", (2**60,), "f8", chunks=(1024,)))
    with pytest.raises(NotPlottable, match="never written"):
        render(path, signal)


def test_a_dataset_of_two_to_the_sixtieth_elements_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "file.h5"
    with h5py.File(path, "w") as file:
        data = file.create_dataset("data", (2**60,), "f8", chunks=(1024,))
        data[5:10] = 1
        signal = signal_of(data)
    began = time.monotonic()
    with pytest.raises(NotPlottable, match="too large"):
        render(path, signal)
    assert time.monotonic() - began < 1


def test_a_file_that_is_not_hdf5_is_refused_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "file.h5"
    path.write_text("no")
    with pytest.raises(NotPlottable, match="cannot be read"):
        render(path, Signal("/data", (1,), "f8"))


def test_every_real_file_with_a_signal_gets_a_picture_or_a_reason(shared: Path) -> None:
    drawn = refused = 0
    for path in sorted(shared.glob("data/**/*")):
        if path.suffix not in {".nxs", ".h5", ".hdf", ".hdf5"}:
            continue
        beside = [other for other in path.parent.rglob("*.h5") if other != path]
        found = capture(path, allowed=beside)
        for signal in found.signals[:2]:
            try:
                plot = render(path, signal, allowed=beside, language="fr")
            except NotPlottable:
                assert not signal.readable
                refused += 1
            else:
                assert plot.table
                drawn += 1
    assert drawn >= 30
    assert refused >= 2
