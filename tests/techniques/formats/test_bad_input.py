"""Whatever is in a file, it makes findings and no exception, in bounded memory, and reaches no other file."""

import os
import re
import struct
import sys
import zipfile
from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.techniques.formats.conftest import codes, examined, files_of

from verriere.errors import NotConvertible
from verriere.ingest.extract import extract
from verriere.ingest.gather import Group
from verriere.ingest.plan import plan
from verriere.model import Severity
from verriere.techniques.formats.asdf import ordinates
from verriere.techniques.formats.converting import convert
from verriere.techniques.formats.reading import examine
from verriere.wording import describe

Foreign = dict[str, Group]
SMALL = (
    "22", "FAM013_AHTM.PROTON_04.fid", "bruker_aspirin-1h.zip", "jcamp_aspirin_1h.dx", "cwepr_BDPA-2DFieldPower.DSC",
    "cwepr_EMX-winEPR.par", "deerlab_mbp_4pdeer.DSC", "pyteomics_test.mzML", "Example_Processed.imzML",
    "dxtbx_omega_scan.cbf", "zn_znse_rt.xdi",
)  # fmt: skip


def copied(group: Group, folder: Path) -> dict[str, Path]:
    files = {}
    for name, path in files_of(group).items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(path.read_bytes())
        files[name] = target
    return files


def read_to_the_end(files: Mapping[str, Path], name: str, folder: Path) -> set[str]:
    found = examine(files, name)
    if found is None:
        return set()
    for each in found.findings:
        assert describe(each, "en").text != each.code
        assert len(describe(each, "fr").text) < 500
    try:
        convert(files, name, folder / "out.nxs")
    except NotConvertible:
        assert not (folder / "out.nxs").exists()
    return codes(found)


@pytest.mark.parametrize("name", SMALL)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_files_cut_short_make_findings(foreign: Foreign, tmp_path: Path, name: str, data: st.DataObject) -> None:
    group = foreign[name]
    files = copied(group, tmp_path)
    victim = data.draw(st.sampled_from(sorted(files)))
    length = files[victim].stat().st_size
    os.truncate(files[victim], data.draw(st.integers(0, max(0, length - 1))))
    read_to_the_end(files, group.members[0].name, tmp_path)


@pytest.mark.parametrize("name", SMALL)
@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_files_with_other_bytes_make_findings(foreign: Foreign, tmp_path: Path, name: str, data: st.DataObject) -> None:
    group = foreign[name]
    files = copied(group, tmp_path)
    victim = data.draw(st.sampled_from(sorted(files)))
    content = bytearray(files[victim].read_bytes())
    for _ in range(8 if content else 0):
        place = data.draw(st.integers(0, min(len(content), 1 << 16) - 1))
        content[place] = data.draw(st.integers(0, 255))
    files[victim].write_bytes(content)
    read_to_the_end(files, group.members[0].name, tmp_path)


@pytest.mark.parametrize(
    ("name", "gone", "missing"),
    [
        ("22", "acqus", "acqus"),
        ("22", "fid", "fid"),
        ("FAM013_AHTM.PROTON_04.fid", "procpar", "procpar"),
        ("cwepr_BDPA-2DFieldPower.DSC", "cwepr_BDPA-2DFieldPower.DSC", "DSC"),
        ("cwepr_BDPA-2DFieldPower.DSC", "cwepr_BDPA-2DFieldPower.DTA", "DTA"),
        ("cwepr_BDPA-2DFieldPower.DSC", "cwepr_BDPA-2DFieldPower.YGF", "YGF"),
        ("cwepr_EMX-winEPR.par", "cwepr_EMX-winEPR.par", "par"),
        ("cwepr_EMX-winEPR.par", "cwepr_EMX-winEPR.spc", "spc"),
        ("Example_Processed.imzML", "Example_Processed.ibd", "ibd"),
        ("Example_Processed.imzML", "Example_Processed.imzML", "imzML"),
    ],
)
def test_a_missing_companion_is_named(foreign: Foreign, tmp_path: Path, name: str, gone: str, missing: str) -> None:
    group = foreign[name]
    folder = tmp_path / Path(group.source).name if group.kind.endswith("-nmr") else tmp_path
    copied(group, folder)
    (folder / gone).unlink()
    for suffix in [".YGF", ".DTA"] if gone.endswith(".DSC") else []:  # the data alone
        if suffix == ".YGF":
            (folder / gone).with_suffix(suffix).unlink()
    (only,) = plan([tmp_path]).groups
    ((_, found),) = extract(only).captures
    (finding,) = [each for each in found.findings if each.code == "format-companion-missing"]
    assert finding.severity is Severity.ERROR
    assert finding.details["missing"].endswith(missing)


def test_numbers_in_the_other_byte_order_are_noticed(foreign: Foreign, tmp_path: Path) -> None:
    group = foreign["cwepr_BDPA-1DFieldSweep.DSC"]
    files = copied(group, tmp_path)
    descriptor = files["cwepr_BDPA-1DFieldSweep.DSC"]
    descriptor.write_bytes(descriptor.read_bytes().replace(b"BSEQ\tBIG", b"BSEQ\tLIT"))
    assert "format-byte-order" in codes(examined(files, descriptor.name))


def test_a_transient_in_the_other_byte_order_is_noticed(foreign: Foreign, tmp_path: Path) -> None:
    files = copied(foreign["22"], tmp_path)
    files["acqus"].write_bytes(files["acqus"].read_bytes().replace(b"##$BYTORDA= 0", b"##$BYTORDA= 1"))
    assert "format-byte-order" in codes(examined(files, "fid"))


def test_a_secret_beside_the_file_is_not_brought_in_by_xml(foreign: Foreign, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the key of the safe")
    path = tmp_path / "evil.mzML"
    entity = f'<!DOCTYPE mzML [<!ENTITY secret SYSTEM "{secret.as_uri()}">]>'
    path.write_text(f'<?xml version="1.0"?>{entity}<mzML><run id="&secret;"/><sample name="x">&secret;</sample></mzML>')
    found = examined({"evil.mzML": path}, "evil.mzML")
    assert codes(found) == {"format-external"}
    assert "safe" not in repr(found)


def test_entities_that_grow_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "laughs.imzML"
    lines = ["<!ENTITY a0 'ha'>", *(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 12))]
    path.write_text(f"<?xml version='1.0'?><!DOCTYPE mzML [{''.join(lines)}]><mzML>&a11;</mzML>")
    assert "format-external" in codes(examined({"laughs.imzML": path}, "laughs.imzML"))


def test_an_imzml_reads_its_own_companion_and_no_other_place(foreign: Foreign, tmp_path: Path) -> None:
    files = copied(foreign["Example_Processed.imzML"], tmp_path)
    xml = files["Example_Processed.imzML"]
    text = xml.read_text("latin-1")
    changed = re.sub(r'(IMS:1000102" name="external offset" value=")\d+', r"\g<1>999999999999", text)
    changed = changed if changed != text else re.sub(r'value="\d+"([^>]*IMS:1000102)', r'value="999999999999"\1', text)
    assert changed != text
    xml.write_text(changed, "latin-1")
    assert "spectrum-unreadable" in codes(examined(files, xml.name))


def test_bytes_that_are_not_those_of_the_digest_are_noticed(foreign: Foreign, tmp_path: Path) -> None:
    files = copied(foreign["Example_Processed.imzML"], tmp_path)
    content = bytearray(files["Example_Processed.ibd"].read_bytes())
    content[-1] ^= 1
    content[0] ^= 1
    files["Example_Processed.ibd"].write_bytes(content)
    assert codes(examined(files, "Example_Processed.imzML")) >= {"format-checksum", "imzml-identifier"}


def test_a_zip_that_unpacks_to_gigabytes_is_not_unpacked(foreign: Foreign, tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.zip"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as packed,
        packed.open("1/acqus", "w", force_zip64=True) as one,
    ):
        for _ in range(64):
            one.write(b"#" * (1 << 20))
    found = examined({"bomb.zip": bomb}, "bomb.zip")
    assert "format-too-large" in codes(found)


def test_sizes_that_a_header_makes_up_are_refused(foreign: Foreign, tmp_path: Path) -> None:
    files = copied(foreign["cwepr_BDPA-1DFieldSweep.DSC"], tmp_path)
    path = files["cwepr_BDPA-1DFieldSweep.DSC"]
    path.write_bytes(path.read_bytes().replace(b"XPTS\t3000", b"XPTS\t99999999999999"))
    found = examined(files, path.name)
    assert codes(found) & {"format-short", "format-shape"}
    fid = tmp_path / "fid"
    fid.write_bytes(struct.pack(">6l2hl", 1 << 30, 1 << 30, 1 << 30, 4, 1 << 30, 1 << 30, 0, 0x4D, 1))
    assert codes(examined({"fid": fid, "procpar": path}, "fid")) & {"format-short", "format-shape"}


def test_duplicates_cannot_promise_more_than_is_read() -> None:
    values, _ = ordinates(["0A1s99999999", "1B2Z88888888"], 1000)
    assert len(values) == 1000


@pytest.mark.parametrize("name", ["a.zip", "a.dx", "a.xdi", "a.cbf", "a.mzML", "a.imzML", "a.DSC", "a.par", "fid"])
@given(content=st.binary(max_size=400))
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_at_all_make_findings(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    read_to_the_end({name: path}, name, tmp_path)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=2, max_size=60), st.integers(1, 12))
def test_squeezed_differences_come_back_as_they_were(values: list[int], width: int) -> None:
    """What is written by the rules of the standard is read as the same numbers."""
    lines = []
    for start in range(0, len(values) - 1, width):
        part = values[start : start + width + 1]  # the first says the last of the line before again
        steps = (_difference(after - before) for before, after in pairwise(part))
        lines.append(f"{start}{_squeezed(part[0])}{''.join(steps)}")
    assert ordinates(lines, 10_000) == ([float(value) for value in values], 0)


def _squeezed(value: int) -> str:
    digits = str(abs(value))
    letters = "@ABCDEFGHI" if value >= 0 else "@abcdefghi"
    return letters[int(digits[0])] + digits[1:]


def _difference(value: int) -> str:
    digits = str(abs(value))
    letters = "%JKLMNOPQR" if value >= 0 else "%jklmnopqr"
    return letters[int(digits[0])] + digits[1:]


def test_what_is_not_installed_is_named_and_the_header_is_read_all_the_same(
    foreign: Foreign, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fabio.compression", None)
    group = foreign["dxtbx_omega_scan.cbf"]
    found = examined(files_of(group), group.members[0].name)
    (trouble,) = [each for each in found.findings if each.code == "format-extra"]
    assert "verriere[formats]" in describe(trouble, "fr").fix
    assert found.wavelength is not None
    assert found.signal is None
