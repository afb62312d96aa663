"""What foreign files say of themselves, and that the converted file says the same."""

import re
from pathlib import Path
from xml.etree import ElementTree

import h5py
import nmrglue
import numpy as np
import pytest
from tests.techniques.formats.conftest import codes, examined, files_of

from verriere.ingest.extract import extract
from verriere.ingest.gather import Group
from verriere.nexus import capture
from verriere.nexus.text import decode
from verriere.techniques import panet
from verriere.techniques.formats.converting import Order, convert, rendered
from verriere.wording import describe

Foreign = dict[str, Group]


def test_every_file_is_read_drawn_and_converted(foreign: Foreign, tmp_path: Path) -> None:
    assert len(foreign) > 25
    for name, group in foreign.items():
        if "thaumatin" in group.source:
            continue  # nineteen large frames: drawn below
        (leader, found), *_ = extract(group).captures
        for each in found.findings:
            assert describe(each, "fr").text != each.code
        if name.startswith("hit-"):  # packed in a way that nobody here unpacks
            assert codes(found) >= {"format-unsupported"}
            continue
        assert found.signal is not None, name
        assert "format-damaged" not in codes(found), name
        files = files_of(group)
        plot = rendered(Order(files, leader, found.signal))
        assert not isinstance(plot, str), (name, plot)
        assert plot.png.startswith(b"\x89PNG")
        target = tmp_path / "converted.nxs"
        convert(files, leader, target)
        again = capture(target)
        for field in ("title", "start_time", "end_time", "instrument", "sample", "facility"):
            ours, theirs = getattr(found, field), getattr(again, field)
            assert ours is None or (theirs is not None and ours.value == theirs.value), (name, field)
        assert again.signal is not None
        assert again.signal.path == found.signal.path
        assert again.signal.shape == found.signal.shape


def test_of_a_large_series_only_the_frame_that_is_drawn_is_unpacked(foreign: Foreign) -> None:
    group = foreign["thau_3_2_#.cbf.bz2"]
    found = examined(files_of(group), group.members[0].name)
    assert found.signal is not None
    assert found.signal.shape == (19, 2527, 2463)
    plot = rendered(Order(files_of(group), group.members[0].name, found.signal))
    assert not isinstance(plot, str)
    assert "frame 10 of 19" in plot.alt


@pytest.mark.parametrize(
    ("name", "technique"),
    [("22", "NMR"), ("jcamp_aspirin_1h.dx", "NMR"), ("easyspin_hyscore.DSC", "EPR"), ("cwepr_EMX-winEPR.par", "EPR"),
     ("pyteomics_test.mzML", "MS"), ("cu_metal_rt.xdi", "XAS")],
)  # fmt: skip
def test_the_format_tells_the_technique(foreign: Foreign, name: str, technique: str) -> None:
    group = foreign[name]
    found = examined(files_of(group), group.members[0].name)
    assert [each.iri for each in found.techniques] == list(panet.by_name(technique))


def test_a_scan_without_an_energy_is_no_absorption_spectrum(foreign: Foreign) -> None:
    group = foreign["nonxafs_1d.xdi"]
    found = examined(files_of(group), group.members[0].name)
    assert found.techniques == ()
    assert "xdi-no-energy" in codes(found)


def test_each_value_says_the_key_that_it_was_read_from(foreign: Foreign) -> None:
    found = examined(files_of(foreign["22"]), "fid")
    frequency = next(one for one in found.parameters if one.name == "spectrometer_frequency")
    assert (frequency.source, frequency.unit) == ("acqus:SFO1", "MHz")
    assert frequency.base is not None
    assert frequency.base.minimum == pytest.approx(400.13188235e6)


def test_logins_and_names_are_personal(foreign: Foreign) -> None:
    for name in ("cwepr_EMX-winEPR.par", "bruker_aspirin-1h.zip", "jcamp_aspirin_1h.dx", "Example_Processed.imzML"):
        group = foreign[name]
        found = examined(files_of(group), group.members[0].name)
        assert found.users, name
        assert found.personal_paths, name
    bdpa = foreign["cwepr_BDPA-1DFieldSweep.DSC"]
    assert examined(files_of(bdpa), bdpa.members[0].name).users == ()  # xuser is nobody


def test_every_key_of_the_bruker_parameters_is_in_the_converted_file(foreign: Foreign, tmp_path: Path) -> None:
    group = foreign["23"]
    target = tmp_path / "converted.nxs"
    convert(files_of(group), group.members[0].name, target)
    with h5py.File(target) as file:
        for name in ("acqus", "acqu2s", "acqu", "pdata/1/procs", "pdata/1/proc2s"):
            path = Path(group.source) / name
            wanted = nmrglue.bruker.read_jcamp(str(path))
            ours = file["entry/original"][name.replace("/", ":")]
            for key, value in wanted.items():
                if key in {"_coreheader", "_comments"}:
                    continue
                read = ours[key][()]
                if isinstance(value, list):
                    texts = [each.decode() if isinstance(each, bytes) else each for each in np.atleast_1d(read)]
                    assert len(texts) == len(value), key
                    assert all(str(a) == str(b) or float(a) == float(b) for a, b in zip(texts, value, strict=True)), key
                elif isinstance(value, bool):  # nmrglue's way to say yes
                    assert read.decode() == ("yes" if value else "no"), key
                elif isinstance(read, bytes):
                    assert read.decode() == str(value).strip("<>"), key
                else:
                    assert float(read) == pytest.approx(float(value)), key
            assert ours["header_text/data"][()].decode() == path.read_bytes().decode("latin-1")


def test_every_key_of_a_descriptor_is_in_the_converted_file(foreign: Foreign, tmp_path: Path) -> None:
    for name, group in foreign.items():
        if group.kind != "bes3t":
            continue
        target = tmp_path / "converted.nxs"
        convert(files_of(group), group.members[0].name, target)
        text = decode(Path(group.source).read_bytes())
        with h5py.File(target) as file:
            (header,) = [each for key, each in file["entry/original"].items() if key.endswith(".DSC")]
            keys = {key.partition("#")[0].rpartition(".")[2] for key in header}
            for line in text.splitlines():
                if re.match(r"[A-Z]{3,6}\t", line):
                    assert line.split("\t")[0] in keys, (name, line[:40])
            assert header["header_text/data"][()].decode() == text


def test_every_item_of_the_xml_header_is_in_the_converted_file(foreign: Foreign, tmp_path: Path) -> None:
    group = foreign["pyteomics_test.mzML"]
    target = tmp_path / "converted.nxs"
    convert(files_of(group), group.members[0].name, target)
    root = ElementTree.parse(group.source).getroot()
    wanted: list[str] = []
    encoding = {part for array in root.iter() if array.tag.endswith("}binaryDataArray") for part in array.iter()}
    for element in root.iter():
        tag = element.tag.rpartition("}")[2]
        if element in encoding:  # how numbers are written, which the new file does in its own way
            continue
        if tag in {"offset", "index", "indexList", "indexListOffset", "fileChecksum", "spectrum", "binaryDataArray"}:
            continue
        wanted += [value for value in element.attrib.values() if value]
    with h5py.File(target) as file:
        kept: set[str] = set()
        for header in file["entry/original"].values():
            for item in header.values():
                if isinstance(item, h5py.Dataset):
                    kept.add(str(item.attrs.get("original_name", "")))
                    values = np.atleast_1d(item.asstr()[()] if item.dtype.kind == "O" else item[()])
                    kept |= {word for value in values for word in (str(value), *str(value).split(" "))}
        kept |= {key for header in file["entry/original"].values() for key in header}
        text = "\n".join(kept)
        spectrum_only = {"MS", "UO"}  # which vocabulary an accession is of is in the accession
        assert not [value for value in wanted if value not in spectrum_only and value not in text][:5]
