"""Which place a value is taken from, and what counts as no value, whichever house wrote the file."""

from collections.abc import Callable

import h5py
import numpy as np
import pytest
from tests.nexus.writing import group, put, said

from verriere.model import Capture


def test_pump_and_ring_are_not_the_probe(captured: Callable[..., Capture]) -> None:
    def write(file: h5py.File) -> None:
        entry = group(file, "entry", "NXentry")
        instrument = group(entry, "instrument", "NXinstrument")
        laser = group(instrument, "laser", "NXsource")
        laser["name"] = "Ti:Sa laser"
        put(laser, "photon_energy", 1.55, "eV")
        ring = group(instrument, "source", "NXsource")
        ring["name"] = "BESSY II"
        put(ring, "energy", 1.7, "GeV")
        put(ring, "current", 300.0, "mA")
        put(group(instrument, "beam_pump", "NXbeam"), "incident_wavelength", 800.0, "nm")
        put(group(instrument, "beam_probe", "NXbeam"), "incident_energy", 700.0, "eV")

    found = captured(write)
    assert said(found) == {"facility": "BESSY II", "energy": (700.0, "eV")}
    assert {item.name for item in found.parameters} >= {"ring_energy", "ring_current"}


def test_energy_scan_has_a_range(captured: Callable[..., Capture]) -> None:
    def write(file: h5py.File) -> None:
        entry = group(file, "entry", "NXentry", default="data")
        entry["definition"] = "NXxas"
        mono = group(group(entry, "instrument", "NXinstrument"), "monochromator", "NXmonochromator")
        put(mono, "energy", np.linspace(7000.0, 7500.0, 101), "eV")
        data = group(entry, "data", "NXdata", signal="absorbed_beam", axes="energy")
        put(data, "absorbed_beam", np.linspace(1, 2, 101))
        data["energy"] = mono["energy"]

    found = captured(write)
    assert found.energy is not None
    assert found.energy.value is None
    assert (found.energy.minimum, found.energy.maximum, found.energy.count) == (7000.0, 7500.0, 101)
    assert found.energy.base is not None
    assert (found.energy.base.minimum, found.energy.base.maximum) == (7000.0, 7500.0)
    assert found.signal is not None
    assert found.signal.axes[0].path == "/entry/data/energy"


@pytest.mark.parametrize(
    "text", ["", " ", "{Entry Name}", "${title}", "Unknown", "n/a", "NONE", "-", "Inconnu", "to be defined"]
)
def test_placeholders_are_missing(captured: Callable[..., Capture], text: str) -> None:
    def write(file: h5py.File) -> None:
        entry = group(file, "entry", "NXentry")
        entry["title"] = text
        entry["experiment_identifier"] = text
        group(entry, "sample", "NXsample")["name"] = text
        group(entry, "instrument", "NXinstrument")["name"] = text
        group(entry, "user", "NXuser")["name"] = text

    found = captured(write)
    assert said(found) == {}
    assert found.users == ()


@pytest.mark.parametrize("text", ["Na", "Nd", "empty cell", "test of the {100} face", "0", "unknown phase in Fe2O3"])
def test_short_or_odd_names_are_not_placeholders(captured: Callable[..., Capture], text: str) -> None:
    def write(file: h5py.File) -> None:
        group(group(file, "entry", "NXentry"), "sample", "NXsample")["name"] = text

    assert said(captured(write)) == {"sample": text}


def test_group_without_classes_is_understood_by_its_names(captured: Callable[..., Capture]) -> None:
    def write(file: h5py.File) -> None:
        entry = file.create_group("entry")
        entry["title"] = "no classes"
        entry["sample/name"] = "Fe"
        entry["instrument/name"] = "I18"
        put(entry.create_group("data"), "data", np.arange(12.0).reshape(3, 4))

    found = captured(write)
    assert found.format == "hdf5"
    assert said(found) == {"title": "no classes", "sample": "Fe", "instrument": "I18"}
    assert "not-nexus-inside" in {item.code for item in found.findings}
