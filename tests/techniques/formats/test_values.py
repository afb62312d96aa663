"""Numbers and fields against readers that others wrote, and against the bytes themselves."""

import base64
import warnings
import zlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import fabio
import h5py
import nmrglue
import numpy as np
import pytest
from pyimzml.ImzMLParser import ImzMLParser
from tests.techniques.formats.conftest import files_of

from verriere.ingest.gather import Group
from verriere.techniques.formats.converting import convert

Foreign = dict[str, Group]


def converted(group: Group, folder: Path) -> h5py.File:
    target = folder / "converted.nxs"
    convert(files_of(group), group.members[0].name, target)
    return h5py.File(target)


def test_a_bruker_transient_is_the_one_that_nmrglue_reads(foreign: Foreign, tmp_path: Path) -> None:
    group = foreign["22"]
    _, wanted = nmrglue.bruker.read(group.source)
    with converted(group, tmp_path) as file:
        fid = file["entry/fid"]
        assert np.array_equal(fid["real"][()], wanted.real)
        assert np.array_equal(fid["imaginary"][()], wanted.imag)
        dwell = 1 / file["entry/original/acqus/SW_h"][()]
        assert fid["time"][1] == pytest.approx(dwell)


def test_a_processed_bruker_spectrum_has_the_shifts_that_nmrglue_gives_it(foreign: Foreign, tmp_path: Path) -> None:
    group = foreign["22"]
    folder = Path(group.source) / "pdata" / "1"
    parameters, wanted = nmrglue.bruker.read_pdata(str(folder))
    with converted(group, tmp_path) as file:
        spectrum = file["entry/spectrum"]
        procs = parameters["procs"]
        assert np.array_equal(spectrum["real"][()] * 2.0 ** procs["NC_proc"], wanted)  # nmrglue scales
        udic = nmrglue.bruker.guess_udic(parameters, wanted)
        assert spectrum["shift"][0] == pytest.approx(procs["OFFSET"])
        assert np.ptp(spectrum["shift"][()]) == pytest.approx(procs["SW_p"] / procs["SF"], rel=1e-4)
        assert udic[0]["size"] == spectrum["shift"].size


def test_a_series_of_bruker_transients_is_the_one_that_nmrglue_reads(foreign: Foreign, tmp_path: Path) -> None:
    group = foreign["23"]
    _, wanted = nmrglue.bruker.read(group.source)
    with converted(group, tmp_path) as file:
        assert np.array_equal(file["entry/fid/real"][()] + 1j * file["entry/fid/imaginary"][()], wanted)


def test_a_varian_transient_is_the_one_that_nmrglue_reads(foreign: Foreign, tmp_path: Path) -> None:
    group = foreign["FAM013_AHTM.PROTON_04.fid"]
    said, wanted = nmrglue.varian.read(group.source)
    with converted(group, tmp_path) as file:
        assert np.array_equal(file["entry/fid/real"][()] + 1j * file["entry/fid/imaginary"][()], wanted)
        original = file["entry/original/procpar"]
        for name, parameter in said["procpar"].items():
            values = np.atleast_1d(original[name][()])
            texts = [value.decode() if isinstance(value, bytes) else value for value in values]
            assert len(texts) == len(parameter["values"]), name
            for ours, theirs in zip(texts, parameter["values"], strict=True):
                assert str(ours) == theirs or float(ours) == float(theirs), name


@pytest.mark.parametrize("name", ["jcamp_aspirin_1h.dx", "jcamp_cytisine_1h.jdx"])
def test_a_jcamp_spectrum_is_the_one_that_nmrglue_reads(foreign: Foreign, tmp_path: Path, name: str) -> None:
    group = foreign[name]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _, wanted = nmrglue.jcampdx.read(group.source)
    with converted(group, tmp_path) as file:
        assert np.array_equal(file["entry/data/real"][()], wanted[0])
        assert np.array_equal(file["entry/data/imaginary"][()], wanted[1])


def test_a_zip_is_read_where_it_lies(foreign: Foreign, tmp_path: Path) -> None:
    group = foreign["bruker_aspirin-1h.zip"]
    with converted(group, tmp_path) as file:
        assert file["entry/fid/real"].shape == (8192,)
        assert file["entry/original/acqus/NUC1"][()] == b"1H"


@pytest.mark.parametrize(
    ("name", "shape", "first", "step"),
    [
        ("cwepr_BDPA-1DFieldSweep.DSC", (3000,), 3501.0, 30 / 2999),
        ("cwepr_BDPA-1DTimeSweep.DSC", (12000,), 0.0, 60 / 11999),
        ("cwepr_test-bes3t-1D-fieldsweep.DSC", (1000,), 3461.0, 100 / 999),
        ("easyspin_hyscore.DSC", (400, 400), None, 16.0),
    ],
)
def test_real_bes3t_numbers_are_those_of_the_bytes(
    foreign: Foreign, tmp_path: Path, name: str, *, shape: tuple[int, ...], first: float | None, step: float
) -> None:
    group = foreign[name]
    wanted = np.frombuffer(Path(group.source).with_suffix(".DTA").read_bytes(), ">f8").reshape(shape)
    with converted(group, tmp_path) as file:
        assert np.array_equal(file["entry/data/signal"][()], wanted)
        axis = file["entry/data/axis_x"][()]
        assert first is None or axis[0] == first
        assert axis[1] - axis[0] == pytest.approx(step)


@pytest.mark.parametrize(("name", "shape"), [("deerlab_mbp_4pdeer.DSC", (418,)), ("deerlab_2d.DSC", (300, 285))])
def test_complex_bes3t_numbers_are_those_of_the_bytes(
    foreign: Foreign, tmp_path: Path, name: str, shape: tuple[int, ...]
) -> None:
    group = foreign[name]
    wanted = np.frombuffer(Path(group.source).with_suffix(".DTA").read_bytes(), ">f8").view(">c16").reshape(shape)
    with converted(group, tmp_path) as file:
        data = file["entry/data"]
        assert np.array_equal(
            data["signal"][()] + 1j * data["imaginary_0" if "imaginary_0" in data else "imaginary"][()], wanted
        )


def test_the_second_axis_of_a_power_series_is_that_of_its_companion(foreign: Foreign, tmp_path: Path) -> None:
    group = foreign["cwepr_BDPA-2DFieldPower.DSC"]
    wanted = np.frombuffer(Path(group.source).with_suffix(".YGF").read_bytes(), ">f8")
    with converted(group, tmp_path) as file:
        assert np.array_equal(file["entry/data/axis_y"][()], wanted)
        assert (np.diff(np.log10(np.abs(wanted))) > 0).all() or (np.diff(wanted) < 0).all()


def test_winepr_numbers_are_those_of_the_bytes(foreign: Foreign, tmp_path: Path) -> None:
    group = foreign["cwepr_EMX-winEPR.par"]
    wanted = np.frombuffer(Path(group.source).with_suffix(".spc").read_bytes(), "<f4")
    with converted(group, tmp_path) as file:
        assert np.array_equal(file["entry/data/signal"][()], wanted)
        assert file["entry/data/axis_x"][0] == 3505.0
        assert file["entry/data/axis_x"][-1] == 3515.0


def spectra_of(path: str) -> list[dict[str, np.ndarray[Any, Any]]]:
    """Another reader of mzML, of its arrays alone: the whole tree at once, and base64, zlib and numpy."""
    space = "{http://psi.hupo.org/ms/mzml}"
    found = []
    for spectrum in ElementTree.parse(path).iter(f"{space}spectrum"):
        arrays = {}
        for array in spectrum.iter(f"{space}binaryDataArray"):
            names = {each.get("name") for each in array.iter(f"{space}cvParam")}
            raw = base64.b64decode(array.findtext(f"{space}binary") or "")
            raw = zlib.decompress(raw) if "zlib compression" in names else raw
            dtype = "<f8" if "64-bit float" in names else "<f4"
            arrays["mz" if "m/z array" in names else "intensity"] = np.frombuffer(raw, dtype)
        for each in spectrum.iter(f"{space}cvParam"):
            if each.get("name") == "scan start time":
                arrays["start"] = np.asarray(float(each.get("value", "nan")))
        found.append(arrays)
    return found


@pytest.mark.parametrize("name", ["pyteomics_test.mzML", "openms_FTMS_profile.mzML", "openms_SerumTest.mzML"])
def test_spectra_are_those_of_the_xml(foreign: Foreign, tmp_path: Path, name: str) -> None:
    group = foreign[name]
    spectra = [each for each in spectra_of(group.source) if "mz" in each]
    with converted(group, tmp_path) as file:
        together = file["entry/spectra"]
        assert np.array_equal(together["mz"][()], np.concatenate([each["mz"] for each in spectra]))
        assert np.array_equal(together["intensity"][()], np.concatenate([each["intensity"] for each in spectra]))
        lengths = np.diff([0, *together["spectrum_end"][()]])
        assert lengths[lengths > 0].tolist() == [len(each["mz"]) for each in spectra if len(each["mz"])]


def test_the_total_ion_current_is_over_the_time_of_the_spectra(foreign: Foreign, tmp_path: Path) -> None:
    group = foreign["openms_SerumTest.mzML"]
    starts = [float(each["start"]) for each in spectra_of(group.source)]
    with converted(group, tmp_path) as file:
        assert file["entry/chromatogram/time"][()] == pytest.approx(starts)


def test_an_image_of_ions_is_the_one_of_pyimzml(foreign: Foreign, tmp_path: Path) -> None:
    group = foreign["Example_Processed.imzML"]
    with warnings.catch_warnings(), converted(group, tmp_path) as file:
        warnings.simplefilter("ignore")
        parser = ImzMLParser(group.source, parse_lib="ElementTree")
        spectra = [parser.getspectrum(number) for number in range(len(parser.coordinates))]
        together = file["entry/spectra"]
        assert np.array_equal(together["mz"][()], np.concatenate([mz for mz, _ in spectra]))
        assert np.array_equal(together["intensity"][()], np.concatenate([values for _, values in spectra]))
        assert file["entry/image/total_ion_current"].shape == (3, 3)
        parser.m.close()


@pytest.mark.parametrize("name", ["l-cyst_02_#.cbf", "dxtbx_omega_scan.cbf", "dxtbx_phi_scan_#.cbf"])
def test_pixels_are_those_that_fabio_reads(foreign: Foreign, tmp_path: Path, name: str) -> None:
    group = foreign[name]
    wanted = fabio.open(str(group.members[0].path)).data
    with converted(group, tmp_path) as file:
        image = file["entry/data/image"][()]
        assert np.array_equal(image.reshape(wanted.shape), wanted)


@pytest.mark.parametrize("name", ["cu_metal_rt.xdi", "fe2o3_rt.xdi", "zn_znse_rt.xdi", "nonxafs_1d.xdi"])
def test_columns_are_those_of_the_text(foreign: Foreign, tmp_path: Path, name: str) -> None:
    group = foreign[name]
    text = Path(group.source).read_text()
    labels = [line.split(":")[1].split()[0] for line in text.splitlines() if line.startswith("# Column.")]
    wanted = np.loadtxt(group.source)
    with converted(group, tmp_path) as file:
        for number, label in enumerate(labels):
            assert np.array_equal(file[f"entry/data/{label}"][()], wanted[:, number])


def test_absorption_that_is_not_written_is_computed_and_said(foreign: Foreign, tmp_path: Path) -> None:
    group = foreign["zn_znse_rt.xdi"]
    wanted = np.loadtxt(group.source)
    with converted(group, tmp_path) as file:
        assert file["entry/data/mu"][()] == pytest.approx(-np.log(wanted[:, 3] / wanted[:, 2]))
