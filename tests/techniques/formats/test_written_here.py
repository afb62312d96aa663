"""Formats of which no real file lies beside the project, written as their manuals say."""

import gzip
import sqlite3
from pathlib import Path

import h5py
import nmrglue
import numpy as np
from tests.techniques.formats.conftest import codes, examined, files_of

from verriere.ingest.extract import extract
from verriere.ingest.plan import plan
from verriere.techniques.formats.converting import Order, convert, rendered

METHOD = """<?xml version="1.0"?><method><paramlist>
<param name="TD"><Value>4096</Value></param><param name="SW_h"><Value>1250000</Value></param>
<param name="ML1"><Value>144345212.9</Value></param></paramlist></method>"""
COMPOUND = """##TITLE= two spectra
##JCAMP-DX= 5.0
##DATA TYPE= LINK
##BLOCKS= 2
##TITLE= the structure
##DATA TYPE= INFRARED SPECTRUM
##XUNITS= 1/CM
##YUNITS= TRANSMITTANCE
##FIRSTX= 400
##LASTX= 403
##XFACTOR= 1
##YFACTOR= 0.5
##NPOINTS= 4
##XYDATA= (X++(Y..Y))
400 1 2 3
403 4
##END=
##TITLE= peaks
##DATA TYPE= MASS SPECTRUM
##NPOINTS= 3
##PEAK TABLE= (XY..XY)
51,10 77,20
105,100
##END=
##END=
"""


def test_an_ft_icr_folder_is_one_dataset_with_its_transient(tmp_path: Path) -> None:
    folder = tmp_path / "petroleum.d"
    (folder / "esi.m").mkdir(parents=True)
    (folder / "esi.m" / "apexAcquisition.method").write_text(METHOD)
    transient = np.round(1e5 * np.sin(np.arange(4096) / 7)).astype("<i4")
    (folder / "fid").write_bytes(transient.tobytes())
    (group,) = plan([tmp_path]).groups
    assert group.kind == "mass-spectrometer-folder"
    ((name, found),) = extract(group).captures
    assert found.signal is not None
    assert found.signal.shape == (4096,)
    assert {(one.name, one.value) for one in found.parameters} >= {("spectral_width", 1250000.0)}
    plot = rendered(Order(files_of(group), name, found.signal))
    assert not isinstance(plot, str)
    assert "0.001638 s" in plot.alt  # 4095 points of 0.4 µs
    (folder / "fid").write_bytes(transient.tobytes()[:1000])
    assert "format-short" in codes(examined(files_of(group), name))


def test_what_a_tims_analysis_says_is_read_and_nothing_is_written_to_it(tmp_path: Path) -> None:
    folder = tmp_path / "run.d"
    folder.mkdir()
    with sqlite3.connect(folder / "analysis.tdf") as database:
        database.execute("CREATE TABLE GlobalMetadata (Key TEXT, Value TEXT)")
        rows = [("SampleName", "plasma 7"), ("InstrumentName", "timsTOF"), ("OperatorName", "Jeanne Dupont")]
        database.executemany("INSERT INTO GlobalMetadata VALUES (?, ?)", rows)
    database.close()
    before = (folder / "analysis.tdf").read_bytes()
    found = examined({"analysis.tdf": folder / "analysis.tdf"}, "analysis.tdf")
    assert found.sample is not None
    assert found.instrument is not None
    assert (found.sample.value, found.instrument.value) == ("plasma 7", "timsTOF")
    assert [user.name for user in found.users] == ["Jeanne Dupont"]
    assert (folder / "analysis.tdf").read_bytes() == before
    assert [path.name for path in folder.iterdir()] == ["analysis.tdf"]


def test_each_block_of_a_compound_file_has_its_own_axis_and_factor(tmp_path: Path) -> None:
    path = tmp_path / "both.jdx"
    path.write_text(COMPOUND)
    found = examined({"both.jdx": path}, "both.jdx")
    assert codes(found) == set()
    assert [signal.shape for signal in found.signals] == [(4,), (3,)]
    assert found.title is not None
    assert found.title.value == "the structure"
    assert [one.label for one in found.techniques] == ["infrared spectroscopy"]
    plot = rendered(Order({"both.jdx": path}, "both.jdx", found.signals[0]))
    assert not isinstance(plot, str)
    assert plot.table == ((400.0, 0.5), (401.0, 1.0), (402.0, 1.5), (403.0, 2.0))


def test_a_spectrum_of_two_dimensions_is_put_together_from_its_blocks_as_nmrglue_does(tmp_path: Path) -> None:
    wanted = np.arange(8 * 16, dtype="<i4").reshape(8, 16)
    folder = tmp_path / "12" / "pdata" / "1"
    folder.mkdir(parents=True)
    written = nmrglue.bruker.reorder_submatrix(wanted, (8, 16), (4, 8), reverse=True)
    (folder / "2rr").write_bytes(np.ascontiguousarray(written, "<i4").tobytes())
    for name, points, block in (("procs", 16, 8), ("proc2s", 8, 4)):
        keys = f"##$SI= {points}\n##$XDIM= {block}\n##$OFFSET= 10\n##$SW_p= 4000\n##$SF= 400\n"
        (folder / name).write_text(f"##TITLE= Parameter file\n{keys}##$BYTORDP= 0\n##$DTYPP= 0\n##END=\n")
    (tmp_path / "12" / "acqus").write_text("##TITLE= Parameter file\n##$TD= 32\n##$NUC1= <1H>\n##END=\n")
    (group,) = plan([tmp_path]).groups
    target = tmp_path / "converted.nxs"
    convert(files_of(group), group.members[0].name, target)
    with h5py.File(target) as file:
        assert np.array_equal(file["entry/spectrum/real"][()], wanted)
        assert file["entry/spectrum/shift"][:2].tolist() == [10.0, 10 - 10 / 16]
    assert "format-companion-missing" in codes(examined(files_of(group), group.members[0].name))  # no ser


def test_spectra_that_are_packed_by_themselves_are_read(shared: Path, tmp_path: Path) -> None:
    path = tmp_path / "run.mzML.gz"
    path.write_bytes(gzip.compress((shared / "data/ms/pyteomics_test.mzML").read_bytes()))
    (tmp_path / "other.mzML.gz").write_bytes(path.read_bytes())
    groups = plan([tmp_path]).groups
    assert [group.kind for group in groups] == ["single", "single"]
    ((_, found),) = extract(groups[1]).captures
    assert found.format == "mzml"
    assert found.signal is not None
    assert found.signal.shape == (19914,)
    path.write_bytes(path.read_bytes()[:5000])
    assert "format-unreadable" in codes(examined({path.name: path}, path.name))
