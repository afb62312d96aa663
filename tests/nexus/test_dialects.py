"""Files as other houses and other years write them, made here: rules that fit the files at hand may fit no other."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from verriere.model import Basis, Capture
from verriere.nexus import capture

Write = Callable[[h5py.File], None]


@pytest.fixture
def captured(tmp_path: Path) -> Callable[..., Capture]:
    def of(write: Write, name: str = "scan.nxs") -> Capture:
        path = tmp_path / name
        with h5py.File(path, "w") as file:
            write(file)
        return capture(path)

    return of


def group(parent: h5py.Group, path: str, nx_class: str, /, **attrs: Any) -> h5py.Group:
    made = parent.create_group(path)
    made.attrs["NX_class"] = nx_class
    made.attrs.update(attrs)
    return made


def put(parent: h5py.Group, name: str, value: Any, units: str | bytes | None = None, **attrs: Any) -> h5py.Dataset:
    made = parent.create_dataset(name, data=value)
    if units is not None:
        made.attrs["units"] = units
    made.attrs.update(attrs)
    return made


def said(found: Capture) -> dict[str, Any]:
    """The fields of a capture as plain values."""
    names = ("title", "start_time", "end_time", "instrument", "facility", "sample", "experiment_identifier")
    read = {name: getattr(found, name) for name in names}
    fields = {name: value.value for name, value in read.items() if value is not None}
    for name in ("energy", "wavelength"):
        value = getattr(found, name)
        if value is not None and value.basis is Basis.STATED:
            fields[name] = (value.value, value.unit)
    return fields


def test_bliss_of_the_esrf(captured: Callable[..., Capture]) -> None:
    def write(file: h5py.File) -> None:
        file.attrs.update({"NX_class": "NXroot", "creator": "Bliss", "publisher": "bliss", "default": "2.1"})
        for name, command in (("1.1", "ascan sy 0 1 10 0.1"), ("2.1", "loopscan 10 1")):
            entry = group(file, name, "NXentry", default="plotselect")
            entry["title"] = command
            entry["start_time"] = "2023-06-07T11:22:33.123456+02:00"
            entry["end_time"] = "2023-06-07T11:23:33.123456+02:00"
            group(entry, "sample", "NXsample")["name"] = "LaB6_01"
            instrument = group(entry, "instrument", "NXinstrument")
            put(instrument, "name", "ESRF-ID22", short_name="id22")
            group(instrument, "machine", "NXsource")["name"] = "ESRF"
            eiger = group(instrument, "eiger", "NXdetector")
            put(eiger, "data", np.arange(10 * 6 * 5, dtype="u4").reshape(10, 6, 5), interpretation="image")
            for counter in ("epoch_trig", "elapsed_time", "mon1"):
                put(group(instrument, counter, "NXdetector"), "data", np.arange(10.0))
            positioners = group(instrument, "positioners", "NXcollection")
            put(positioners, "energy", 35.0, "keV")
            put(positioners, "sy", 0.5, "mm")
            plot = group(entry, "plotselect", "NXdata", signal="data")
            plot["data"] = h5py.SoftLink(f"/{name}/instrument/eiger/data")

    found = captured(write, "sample_dataset.h5")
    assert found.dialect == "esrf"
    assert said(found) == {
        "title": "loopscan 10 1",
        "start_time": "2023-06-07T11:22:33.123456+02:00",
        "end_time": "2023-06-07T11:23:33.123456+02:00",
        "instrument": "ESRF-ID22",
        "facility": "ESRF",
        "sample": "LaB6_01",
        "energy": (35.0, "keV"),
    }
    assert [item.value for item in found.detectors] == ["eiger"]
    assert found.signal is not None
    assert (found.signal.path, found.signal.shape) == ("/2.1/plotselect/data", (10, 6, 5))
    assert len(found.scans) == 2
    assert found.wavelength is not None
    assert found.wavelength.basis is Basis.INFERRED
    assert found.wavelength.value == pytest.approx(0.354241, rel=1e-5)


def test_swing_of_soleil_in_2024(captured: Callable[..., Capture]) -> None:
    def write(file: h5py.File) -> None:
        file.attrs.update({"creator": "Synchrotron SOLEIL", "file_name": b"capillary_00042.nxs"})
        entry = group(file, "capillary_00042", "NXentry", name="{Entry Name}")
        entry["title"] = "kinetics, buffer B"
        entry["start_time"] = "2024-03-05T21:08:40.000+0100"
        entry["end_time"] = "2024-03-05T21:09:10.000+0100"
        entry["experiment_identifier"] = "20231456"
        sample = group(entry, "sample_info", "NXsample")
        sample["name"] = np.array([b"lysozyme 5 mg/mL"])
        user = group(entry, "User", "NXuser")
        user["name"] = "{name of the user}"
        user["affiliation"] = "Elsewhere"
        swing = group(entry, "SWING", "NXinstrument", name="{Name of instrument}")
        mono = group(swing, "i11-c-c03-op-mono", "NXmonochromator")
        put(mono, "energy", np.array([12.0]), "KeV")
        put(mono, "lambda", np.array([1.0332016]), b"\xc5")
        machine = group(swing, "ans-ca-machinestatus", "NXsource")
        put(machine, "current", np.array([450.1]), "mA")
        put(group(swing, "i11-c-c08-ex-fent_h.1", "NXslit"), "gap", np.array([0.3]), "mm")
        eiger = group(swing, "i11-c-c09-dt-eiger.1", "NXdetector")
        put(eiger, "distance", np.array([2000.0]), "mm")
        put(group(swing, "i11-c-c00-ca-cpt.3", "NXdetector"), "integration_time", np.array([1.0]), "s")
        scan = group(entry, "scan_data", "NXdata")
        put(scan, "actuator_1_1", np.arange(20.0), "s", alias="time")
        put(scan, "data_01", np.arange(20.0), interpretation="scalar", long_name="i11-c-c08/dt/i0", signal=1)
        put(
            scan,
            "data_02",
            np.arange(20 * 8 * 9, dtype="u4").reshape(20, 8, 9),
            interpretation="image",
            alias="eiger",
            signal=1,
        )
        put(scan, "data_03", np.arange(200.0).reshape(20, 10), interpretation="spectrum", signal=1)

    found = captured(write)
    assert found.dialect == "soleil"
    assert said(found) == {
        "title": "kinetics, buffer B",
        "start_time": "2024-03-05T21:08:40+01:00",
        "end_time": "2024-03-05T21:09:10+01:00",
        "instrument": "SWING",
        "facility": "Synchrotron SOLEIL",
        "sample": "lysozyme 5 mg/mL",
        "experiment_identifier": "20231456",
        "energy": (12.0, "KeV"),
        "wavelength": (1.0332016, "Å"),
    }
    assert found.signal is not None
    assert found.signal.path == "/capillary_00042/scan_data/data_02"
    assert found.signal.label == "eiger"
    assert [item.path.rsplit("/", 1)[1] for item in found.signals] == ["data_02", "data_03", "data_01"]
    assert [item.value for item in found.detectors] == ["i11-c-c09-dt-eiger.1"]
    assert found.users == ()


def test_flyscan_of_soleil_without_a_creator(captured: Callable[..., Capture]) -> None:
    def write(file: h5py.File) -> None:
        file.attrs["creator"] = "{facility or program where file originated}?"
        entry = group(file, "flyscan_00001", "NXentry")
        entry["title"] = "{experiment-type}"
        entry["start_time"] = "2013-11-18T12:41:20+0100"
        diffabs = group(entry, "DIFFABS", "NXinstrument")
        put(group(diffabs, "D13-1-C03__OP__MONO__#1", "NXmonochromator"), "energy", 8.05, "keV")
        scan = group(entry, "scan_data", "NXdata")
        put(scan, "xpad_image", np.arange(5 * 12 * 10, dtype="i4").reshape(5, 12, 10))
        put(scan, "delta", np.arange(5.0), "deg")

    found = captured(write)
    assert said(found) == {
        "start_time": "2013-11-18T12:41:20+01:00",
        "instrument": "DIFFABS",
        "facility": "Synchrotron SOLEIL",
        "energy": (8.05, "keV"),
    }
    assert found.facility is not None
    assert found.facility.basis is Basis.INFERRED
    assert found.signal is not None
    assert found.signal.path == "/flyscan_00001/scan_data/xpad_image"
    assert {item.code for item in found.findings} >= {"placeholder"}


def test_nxmx_of_max_iv(captured: Callable[..., Capture]) -> None:
    def write(file: h5py.File) -> None:
        file.attrs["default"] = "entry"
        entry = group(file, "entry", "NXentry", default="data")
        entry["definition"] = "NXmx"
        entry["start_time"] = "2022-11-03T10:15:00.000Z"
        source = group(entry, "source", "NXsource")
        put(source, "name", "MAX IV Laboratory", short_name="MAX IV")
        source["type"] = "Synchrotron X-ray Source"
        instrument = group(entry, "instrument", "NXinstrument")
        put(instrument, "name", "BioMAX", short_name="MX")
        put(group(instrument, "beam", "NXbeam"), "incident_wavelength", 0.976, "angstrom")
        detector = group(instrument, "detector", "NXdetector")
        detector["description"] = "Dectris EIGER 16M"
        put(detector, "photon_energy", 12703.0, "eV")
        put(detector, "detector_distance", 0.2, "m")
        group(detector, "detectorSpecific", "NXcollection")["nimages"] = 10
        group(entry, "sample", "NXsample")["name"] = "Thaumatin-x12"
        data = group(entry, "data", "NXdata", signal="data_000001")
        for number in range(3):
            data[f"data_{number + 1:06d}"] = h5py.ExternalLink(f"x_data_{number + 1:06d}.h5", "/entry/data/data")

    found = captured(write, "x_master.h5")
    assert found.dialect == "dectris"
    assert said(found) == {
        "start_time": "2022-11-03T10:15:00Z",
        "instrument": "BioMAX",
        "facility": "MAX IV Laboratory",
        "sample": "Thaumatin-x12",
        "wavelength": (0.976, "angstrom"),
        "energy": (12703.0, "eV"),
    }
    assert [item.value for item in found.detectors] == ["Dectris EIGER 16M"]
    assert found.signal is None
    assert sum(item.code == "link-broken" for item in found.findings) == 3


def test_raw_file_of_isis(captured: Callable[..., Capture]) -> None:
    def write(file: h5py.File) -> None:
        entry = group(file, "raw_data_1", "NXentry")
        entry["title"] = np.array([b"Vanadium 0.5 mm rod  300K    "])
        entry["start_time"] = np.array([b"2019-07-02T08:12:55"])
        entry["end_time"] = np.array([b"2019-07-02T09:12:55"])
        entry["experiment_identifier"] = np.array([b"1920123"])
        entry["beamline"] = np.array([b"WISH"])
        put(entry, "proton_charge", np.array([44.1]), "uA.hour")
        user = group(entry, "user_1", "NXuser")
        user["name"] = np.array([b"A. N. Other"])
        instrument = group(entry, "instrument", "NXinstrument")
        put(instrument, "name", np.array([b"WISH"]), short_name="WSH")
        source = group(instrument, "source", "NXsource")
        source["name"] = np.array([b"ISIS"])
        source["type"] = np.array([b"Pulsed Neutron Source"])
        group(entry, "sample", "NXsample")["name"] = np.array([b" "])
        detector = group(entry, "detector_1", "NXdata")
        put(
            detector,
            "counts",
            np.arange(1 * 20 * 30).reshape(1, 20, 30),
            signal=1,
            axes="period_index,spectrum_index,time_of_flight",
        )
        put(detector, "time_of_flight", np.arange(31.0), "microsecond")

    found = captured(write, "WISH00045678.nxs")
    assert said(found) == {
        "title": "Vanadium 0.5 mm rod 300K",
        "start_time": "2019-07-02T08:12:55",
        "end_time": "2019-07-02T09:12:55",
        "instrument": "WISH",
        "facility": "ISIS",
        "experiment_identifier": "1920123",
    }
    assert [user.name for user in found.users] == ["A. N. Other"]
    assert found.signal is not None
    assert [axis.label for axis in found.signal.axes] == ["period_index", "spectrum_index", "time_of_flight"]
    assert found.signal.axes[2].path == "/raw_data_1/detector_1/time_of_flight"
    charge = next(item for item in found.parameters if item.name == "proton_charge")
    assert charge.base is not None
    assert charge.base.maximum == pytest.approx(44.1 * 3.6e-3)


def test_sans_of_the_ill(captured: Callable[..., Capture]) -> None:
    def write(file: h5py.File) -> None:
        entry = group(file, "entry0", "NXentry")
        entry["title"] = "SDS micelles"
        entry["start_time"] = "12-Feb-13 10:22:36"
        entry["end_time"] = "12-Feb-13 10:52:36"
        entry["experiment_identifier"] = "9-10-1234"
        d33 = group(entry, "D33", "NXinstrument")
        d33["name"] = "D33"
        source = group(d33, "source", "NXsource")
        source["name"] = "ILL"
        source["type"] = "Reactor Neutron Source"
        put(group(d33, "selector", "NXvelocity_selector"), "wavelength", 6.0, "angstrom")
        group(entry, "sample", "NXsample")["name"] = "SDS 2%"
        put(
            group(entry, "data1", "NXdata", signal="MultiDetector1_data"),
            "MultiDetector1_data",
            np.arange(64).reshape(8, 8),
        )

    found = captured(write, "012345.nxs")
    assert said(found) == {
        "title": "SDS micelles",
        "start_time": "2013-02-12T10:22:36",
        "end_time": "2013-02-12T10:52:36",
        "instrument": "D33",
        "facility": "ILL",
        "experiment_identifier": "9-10-1234",
        "sample": "SDS 2%",
        "wavelength": (6.0, "angstrom"),
    }
    assert found.energy is not None
    assert found.energy.base is not None
    assert found.energy.base.maximum == pytest.approx(81.8042 / 36 * 1e-3, rel=1e-4), "neutrons, not photons"


def test_nxtomo_with_keys_and_no_default(captured: Callable[..., Capture]) -> None:
    def write(file: h5py.File) -> None:
        entry = group(file, "entry0000", "NXentry")
        entry["definition"] = "NXtomo"
        entry["title"] = "fossil_HA_900_"
        entry["start_time"] = "2021-05-04 10:11:12.5+02:00"
        put(group(entry, "beam", "NXbeam"), "incident_energy", 71.5, "keV")
        instrument = group(entry, "instrument", "NXinstrument")
        instrument["name"] = "BM18"
        source = group(instrument, "source", "NXsource")
        source["name"] = "ESRF"
        source["probe"] = "x-ray"
        detector = group(instrument, "detector", "NXdetector")
        put(detector, "data", np.arange(6 * 4 * 5, dtype="u2").reshape(6, 4, 5))
        detector["image_key"] = np.array([2, 1, 0, 0, 0, 1])
        sample = group(entry, "sample", "NXsample")
        sample["name"] = "fossil"
        put(sample, "rotation_angle", np.linspace(0, 180, 6), "degree")

    found = captured(write)
    assert said(found)["energy"] == (71.5, "keV")
    assert said(found)["facility"] == "ESRF"
    assert said(found)["start_time"] == "2021-05-04T10:11:12.5+02:00"
    assert found.signal is not None
    assert found.signal.path == "/entry0000/instrument/detector/data"


def test_data_exchange_of_the_aps(captured: Callable[..., Capture]) -> None:
    def write(file: h5py.File) -> None:
        file["implements"] = "exchange:measurement:process"
        put(file.create_group("exchange"), "data", np.arange(3 * 4 * 5, dtype="u2").reshape(3, 4, 5), axes="theta:y:x")
        put(file["exchange"], "theta", np.array([0.0, 90.0, 180.0]), "deg")
        put(file["exchange"], "data_white", np.full((2, 4, 5), 65535, dtype="u2"))
        file["process/acquisition/start_date"] = "2022-02-02T10:11:12-0600"
        measurement = file.create_group("measurement")
        measurement["instrument/name"] = "Micro-CT, 2-BM"
        measurement["instrument/source/name"] = "Advanced Photon Source"
        put(measurement["instrument"].create_group("monochromator"), "energy", 27.4, "keV")
        measurement["instrument/detector/model"] = "Oryx ORX-10G-51S5M"
        measurement["sample/name"] = "fly_ash_12"
        measurement["sample/experiment/proposal"] = "GUP-75243"
        measurement["sample/experimenter/name"] = "A. N. Other"

    found = captured(write, "fly_ash_012.h5")
    assert found.format == "data-exchange"
    assert said(found) == {
        "start_time": "2022-02-02T10:11:12-06:00",
        "instrument": "Micro-CT, 2-BM",
        "facility": "Advanced Photon Source",
        "sample": "fly_ash_12",
        "experiment_identifier": "GUP-75243",
        "energy": (27.4, "keV"),
    }
    assert [item.value for item in found.detectors] == ["Oryx ORX-10G-51S5M"]
    assert [item.name for item in found.users] == ["A. N. Other"]
    assert found.signal is not None
    assert found.signal.path == "/exchange/data"
    assert "data-saturated" in {item.code for item in found.findings}


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
