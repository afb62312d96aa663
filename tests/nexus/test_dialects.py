"""Files as other houses and other years write them, made here: rules that fit the files at hand may fit no other."""

from collections.abc import Callable

import h5py
import numpy as np
import pytest
from tests.nexus.writing import group, put, said

from verriere.model import Basis, Capture


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
