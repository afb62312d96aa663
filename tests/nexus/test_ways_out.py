"""Nothing comes out of another file than ours, whichever way a file leads there."""

import os
from pathlib import Path

import h5py
import numpy as np
import pytest
from tests.nexus.writing import entry_of, group

from verriere.model import Capture
from verriere.nexus import capture, open_safely, reading
from verriere.nexus.walk import NotReadable

SECRET = 77123451234
SECRET_TEXT = "embargoed-compound-7"


def codes(found: Capture) -> set[str]:
    return {item.code for item in found.findings}


@pytest.fixture
def other_visit(tmp_path: Path) -> Path:
    """A file of somebody else, beside the folder of ours."""
    folder = tmp_path / "other-visit"
    folder.mkdir()
    path = folder / "scan.h5"
    with h5py.File(path, "w") as file:
        file["data"] = np.full((4, 4), SECRET, dtype="int64")
        file["name"] = SECRET_TEXT
        file["entry/sample/name"] = SECRET_TEXT
        file["energy"] = float(SECRET)
        file["energy"].attrs["units"] = "eV"
    return path


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    folder = tmp_path / "visit"
    folder.mkdir()
    return folder / "scan.nxs"


def _links_out(file: h5py.File, target: str) -> None:
    """Every way that HDF5 has to another file, where the capture would look."""
    entry = entry_of(file)
    entry["title"] = h5py.ExternalLink(target, "/name")
    group(entry, "sample", "NXsample")["name"] = h5py.ExternalLink(target, "/name")
    entry["through"] = h5py.ExternalLink(target, "/")
    entry["experiment_identifier"] = h5py.SoftLink("/entry/through/name")
    instrument = group(entry, "instrument", "NXinstrument")
    instrument["name"] = h5py.SoftLink("/entry/through/name")
    mono = group(instrument, "monochromator", "NXmonochromator")
    mono["energy"] = h5py.ExternalLink(target, "/energy")
    data = group(entry, "data", "NXdata")
    data.attrs["signal"] = "data"
    layout = h5py.VirtualLayout(shape=(4, 4), dtype="int64")
    layout[...] = h5py.VirtualSource(target, "data", shape=(4, 4))
    data.create_virtual_dataset("data", layout)
    scalar = h5py.VirtualLayout(shape=(1,), dtype="float64")
    scalar[...] = h5py.VirtualSource(".", "/entry/through/energy", shape=(1,))
    data.create_virtual_dataset("wavelength", scalar)
    data["wavelength"].attrs["units"] = "m"
    data.create_dataset("raw", shape=(64,), dtype="u1", external=[(target, 0, 64)]).attrs["units"] = "mm"
    entry.create_dataset("definition", shape=(1,), dtype="S64", external=[(target, 0, 64)])


@pytest.mark.parametrize("absolute", [True, False])
def test_links_to_another_visit_are_refused_and_nothing_of_it_is_read(
    ours: Path, other_visit: Path, absolute: bool
) -> None:
    target = str(other_visit) if absolute else os.path.relpath(other_visit, ours.parent)
    with h5py.File(ours, "w") as file:
        _links_out(file, target)
    found = capture(ours)
    assert "link-refused" in codes(found)
    assert SECRET_TEXT not in repr(found)
    assert str(SECRET) not in repr(found).replace("_", "")
    assert found.signal is None or not found.signal.readable


def test_links_to_system_files_are_refused_and_nothing_of_them_is_read(ours: Path) -> None:
    with h5py.File(ours, "w") as file:
        _links_out(file, "/etc/passwd")
    found = capture(ours)
    assert "link-refused" in codes(found)
    assert "root:x" not in repr(found)
    with open_safely(ours) as tree:
        for name in ("/entry/data/raw", "/entry/definition"):
            node = tree.get(name)
            assert node is not None
            with pytest.raises(NotReadable):
                reading.read(node)


def test_a_companion_cannot_lead_further_out(ours: Path, other_visit: Path) -> None:
    companion = ours.parent / "companion.h5"
    with h5py.File(companion, "w") as file:
        _links_out(file, str(other_visit))
        file["plain"] = 5.0
    with h5py.File(ours, "w") as file:
        entry = entry_of(file)
        entry["title"] = h5py.ExternalLink("companion.h5", "/entry/title")
        entry["good"] = h5py.ExternalLink("companion.h5", "/plain")
        group(entry, "sample", "NXsample")["name"] = h5py.ExternalLink("companion.h5", "/entry/instrument/name")
        data = group(entry, "data", "NXdata")
        data.attrs["signal"] = "data"
        for name, source in (("data", "/entry/data/data"), ("more", "/entry/through/data")):
            layout = h5py.VirtualLayout(shape=(4, 4), dtype="int64")
            layout[...] = h5py.VirtualSource("companion.h5", source, shape=(4, 4))
            data.create_virtual_dataset(name, layout)
    found = capture(ours, allowed=[companion])
    assert SECRET_TEXT not in repr(found)
    assert str(SECRET) not in repr(found)
    assert not any(item.readable for item in found.signals)
    with open_safely(ours, allowed=[companion]) as tree:
        assert reading.number(tree.get("/entry/good")) == 5.0


def test_a_symbolic_link_in_the_folder_does_not_open_the_way_out(ours: Path, other_visit: Path) -> None:
    (ours.parent / "beside.h5").symlink_to(other_visit)
    with h5py.File(ours, "w") as file:
        _links_out(file, "beside.h5")
    found = capture(ours)
    assert "link-refused" in codes(found)
    assert SECRET_TEXT not in repr(found)


def test_a_virtual_dataset_over_companions_is_read(ours: Path) -> None:
    companion = ours.parent / "scan_000001.h5"
    with h5py.File(companion, "w") as file:
        file["data"] = np.arange(16).reshape(4, 4)
    with h5py.File(ours, "w") as file:
        data = group(entry_of(file), "data", "NXdata")
        data.attrs["signal"] = "data"
        data["data_000001"] = h5py.ExternalLink("scan_000001.h5", "/data")
        layout = h5py.VirtualLayout(shape=(4, 4), dtype="int64")
        layout[...] = h5py.VirtualSource(".", "/entry/data/data_000001", shape=(4, 4))
        data.create_virtual_dataset("data", layout)
    alone = capture(ours)
    assert alone.signal is not None
    assert not alone.signal.readable
    found = capture(ours, allowed=[companion])
    assert found.signal is not None
    assert found.signal.readable
    assert found.companions == ("scan_000001.h5",)
    with open_safely(ours, allowed=[companion]) as tree:
        node = tree.get("/entry/data/data")
        assert node is not None
        assert int(reading.read(node)[3, 3]) == 15


@pytest.mark.parametrize("through", ["virtual", "external"])
def test_a_relative_name_does_not_lead_to_the_folder_that_the_portal_runs_in(
    ours: Path, other_visit: Path, monkeypatch: pytest.MonkeyPatch, through: str
) -> None:
    """HDF5 looks for a relative name from the working folder too; a file of the same name beside ours is a decoy."""
    monkeypatch.chdir(other_visit.parent.parent)
    name = str(other_visit.relative_to(other_visit.parent.parent))
    decoy = ours.parent / other_visit.name
    with h5py.File(decoy, "w") as file:
        file["data"] = np.zeros((4, 4), dtype="int64")
    with h5py.File(ours, "w") as file:
        data = group(entry_of(file), "data", "NXdata")
        data.attrs["signal"] = "data"
        file["out"] = h5py.ExternalLink(name, "/")
        layout = h5py.VirtualLayout(shape=(4, 4), dtype="int64")
        source = (name, "data") if through == "virtual" else (".", "/out/data")
        layout[...] = h5py.VirtualSource(*source, shape=(4, 4))
        data.create_virtual_dataset("data", layout)
    with open_safely(ours, allowed=[decoy]) as tree:
        node = tree.get("/entry/data/data")
        assert node is not None
        with pytest.raises(NotReadable):
            reading.read(node)
