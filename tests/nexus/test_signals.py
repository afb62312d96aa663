"""The default plot, its axes and its uncertainties, in the ways of NeXus since 2004."""

from pathlib import Path

import h5py
import numpy as np
import pytest

from verriere.model import Signal
from verriere.nexus import capture


def plot(path: Path, write: "object") -> Signal:
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        data = entry.create_group("data")
        data.attrs["NX_class"] = "NXdata"
        assert callable(write)
        write(data)
    found = capture(path).signal
    assert found is not None
    return found


@pytest.mark.parametrize(
    "axes", ["energy:angle", "energy,angle", "[energy, angle]", ["energy", "angle"], np.array([b"energy", b"angle"])]
)
def test_axes_named_in_any_way(tmp_path: Path, axes: object) -> None:
    def write(data: h5py.Group) -> None:
        data.attrs.update({"signal": "counts", "axes": axes})
        data["counts"] = np.ones((3, 4)) * np.arange(4)
        data["energy"] = np.arange(3.0)
        data["angle"] = np.arange(5.0)

    found = plot(tmp_path / "a.nxs", write)
    assert [axis.path for axis in found.axes] == ["/entry/data/energy", "/entry/data/angle"]


def test_axes_marked_by_number_with_a_primary_one(tmp_path: Path) -> None:
    def write(data: h5py.Group) -> None:
        data["counts"] = np.arange(4.0)
        data["counts"].attrs["signal"] = 1
        for name, primary in (("frame", 2), ("two_theta", 1)):
            data[name] = np.arange(4.0)
            data[name].attrs.update({"axis": 1, "primary": primary})

    assert plot(tmp_path / "a.nxs", write).axes[0].path == "/entry/data/two_theta"


def test_an_axis_that_does_not_fit_keeps_its_name_only(tmp_path: Path) -> None:
    def write(data: h5py.Group) -> None:
        data.attrs.update({"signal": "counts", "axes": ["x"]})
        data["counts"] = np.arange(4.0)
        data["x"] = np.arange(9.0)

    found = plot(tmp_path / "a.nxs", write)
    assert (found.axes[0].label, found.axes[0].path) == ("x", None)
    assert "axis-does-not-fit" in {item.code for item in capture(tmp_path / "a.nxs").findings}


def test_many_signals_are_ranked(tmp_path: Path) -> None:
    def write(data: h5py.Group) -> None:
        for name, shape, kind in (
            ("data_01", (5,), "scalar"),
            ("data_02", (5, 9), "spectrum"),
            ("data_03", (5, 4, 4), "image"),
        ):
            data[name] = np.arange(float(np.prod(shape))).reshape(shape)
            data[name].attrs.update({"signal": 1, "interpretation": kind})

    found = plot(tmp_path / "a.nxs", write)
    assert found.path == "/entry/data/data_03"


@pytest.mark.parametrize("name", ["counts_errors", "errors", "sigma"])
def test_uncertainties_are_found(tmp_path: Path, name: str) -> None:
    def write(data: h5py.Group) -> None:
        data.attrs["signal"] = "counts"
        data["counts"] = np.arange(4.0)
        data[name] = np.ones(4)
        if name == "sigma":
            data["counts"].attrs["uncertainties"] = "sigma"

    assert plot(tmp_path / "a.nxs", write).uncertainties == f"/entry/data/{name}"


def test_the_same_data_under_two_names_is_one_signal(tmp_path: Path) -> None:
    path = tmp_path / "a.nxs"
    with h5py.File(path, "w") as file:
        for name, nx_class in (
            ("entry", "NXentry"),
            ("entry/instrument", "NXinstrument"),
            ("entry/instrument/eiger", "NXdetector"),
        ):
            file.create_group(name).attrs["NX_class"] = nx_class
        file["entry/instrument/eiger/data"] = np.arange(8.0).reshape(2, 2, 2)
        data = file["entry"].create_group("data")
        data.attrs.update({"NX_class": "NXdata", "signal": "data"})
        data["data"] = file["entry/instrument/eiger/data"]
    found = capture(path)
    assert [item.path for item in found.signals] == ["/entry/data/data"]


def test_a_default_that_is_broken_gives_way_to_what_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.nxs"
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs.update({"NX_class": "NXentry", "default": "gone"})
        for name in ("gone", "here"):
            data = entry.create_group(name)
            data.attrs.update({"NX_class": "NXdata", "signal": "data"})
        entry["gone/data"] = h5py.ExternalLink("absent.h5", "/data")
        entry["here/data"] = np.arange(3.0)
    found = capture(path)
    assert found.signal is not None
    assert found.signal.path == "/entry/here/data"
    assert "default-leads-nowhere" in {item.code for item in found.findings}
