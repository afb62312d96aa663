"""Which files belong together as one dataset."""

import bz2
import os
import shutil
import time
from pathlib import Path

import h5py
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verriere.errors import InputInvalid
from verriere.ingest.gather import Group
from verriere.ingest.plan import Plan, plan


def touch(path: Path, content: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names(group: Group) -> dict[str, str]:
    return {member.name: member.role for member in group.members}


def only(planned: Plan) -> Group:
    (group,) = planned.groups
    return group


def master(path: Path, *links: str, virtual: str = "") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w", libver="latest") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        for number, link in enumerate(links):
            entry[f"link_{number}"] = h5py.ExternalLink(link, "/data")
        if virtual:
            layout = h5py.VirtualLayout((3,), "i4")
            layout[:] = h5py.VirtualSource(virtual, "/data", (3,))
            entry.create_virtual_dataset("frames", layout)
    return path


def data(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with h5py.File(path, "w") as file:
        file["data"] = [1, 2, 3]
    return path


def test_a_master_takes_the_files_that_its_links_and_virtual_datasets_name(tmp_path: Path) -> None:
    master(tmp_path / "scan_1.nxs", "scan_1_meta.h5", virtual="scan_1_000001.h5")
    data(tmp_path / "scan_1_meta.h5")
    data(tmp_path / "scan_1_000001.h5")
    group = only(plan([tmp_path]))
    assert names(group) == {"scan_1.nxs": "data", "scan_1_000001.h5": "companion", "scan_1_meta.h5": "companion"}
    assert group.source == str(tmp_path / "scan_1.nxs")


def test_a_link_to_another_folder_takes_nothing(tmp_path: Path) -> None:
    data(tmp_path / "other_visit" / "secret.h5")
    master(tmp_path / "visit" / "scan.nxs", "../other_visit/secret.h5", str(tmp_path / "other_visit" / "secret.h5"))
    groups = plan([tmp_path]).groups
    assert [list(names(group)) for group in groups] == [["secret.h5"], ["scan.nxs"]]


def test_a_processed_file_does_not_take_the_scan_that_it_was_made_of(tmp_path: Path) -> None:
    master(tmp_path / "scan_1.nxs", "scan_1_data.h5")
    data(tmp_path / "scan_1_data.h5")
    master(tmp_path / "reduced.nxs", "scan_1.nxs")
    groups = plan([tmp_path]).groups
    assert [set(names(group)) for group in groups] == [{"reduced.nxs"}, {"scan_1.nxs", "scan_1_data.h5"}]


def test_a_master_of_masters_takes_them_all(tmp_path: Path) -> None:
    master(tmp_path / "run7.nxs", "run7_eiger_master.h5")
    master(tmp_path / "run7_eiger_master.h5", "run7_eiger_000001.h5")
    data(tmp_path / "run7_eiger_000001.h5")
    assert len(only(plan([tmp_path])).members) == 3


def test_files_that_link_to_each_other_are_one_dataset(tmp_path: Path) -> None:
    master(tmp_path / "a.nxs", "a_1.h5")
    master(tmp_path / "a_1.h5", "a.nxs")
    assert set(names(only(plan([tmp_path])))) == {"a.nxs", "a_1.h5"}


def test_the_folder_beside_with_the_same_name_belongs_to_the_scan(tmp_path: Path) -> None:
    master(tmp_path / "k1.nxs", "k1/k1-imaging.h5")
    data(tmp_path / "k1" / "k1-imaging.h5")
    touch(tmp_path / "k1" / "README.txt")
    assert names(only(plan([tmp_path]))) == {
        "k1.nxs": "data",
        "k1/README.txt": "other",
        "k1/k1-imaging.h5": "companion",
    }


def test_numbered_frames_are_one_dataset_for_each_series(tmp_path: Path) -> None:
    for number in (1, 2, 11):
        touch(tmp_path / f"thau_3_{number:04}.cbf.bz2", bz2.compress(b"frame"))
    touch(tmp_path / "thau_4_0001.cbf.bz2")
    first, second = plan([tmp_path]).groups
    assert len(first.members) == 3
    assert first.source == str(tmp_path / "thau_3_#.cbf.bz2")
    assert first.title == "thau_3"
    assert second.title == "thau_4_0001"


def test_a_series_keeps_its_name_when_it_grows(tmp_path: Path) -> None:
    touch(tmp_path / "run_9.cbf")
    before = only(plan([tmp_path])).source
    touch(tmp_path / "run_10.cbf")
    assert only(plan([tmp_path])).source == before


@pytest.mark.parametrize(
    ("files", "leader"),
    [
        (["a.DSC", "a.DTA", "a.YGF"], "a.DSC"),
        (["a.par", "a.spc"], "a.par"),
        (["a.imzML", "a.ibd"], "a.imzML"),
    ],
)
def test_formats_of_several_files_are_one_dataset(tmp_path: Path, files: list[str], leader: str) -> None:
    for name in files:
        touch(tmp_path / name)
    group = only(plan([tmp_path]))
    assert set(names(group)) == set(files)
    assert group.members[0].name == leader


def test_folders_of_nmr_experiments_are_one_dataset_each(tmp_path: Path) -> None:
    for part in ("fid", "acqus", "pdata/1/1r"):
        touch(tmp_path / "coffee" / "22" / part)
    for part in ("fid", "procpar"):
        touch(tmp_path / "PROTON_04.fid" / part)
    varian, bruker = plan([tmp_path]).groups
    assert (varian.kind, varian.title) == ("varian-nmr", "PROTON_04.fid")
    assert (bruker.kind, bruker.title) == ("bruker-nmr", "coffee/22")
    assert "pdata/1/1r" in names(bruker)


def test_flats_and_darks_by_themselves_are_one_auxiliary_dataset_of_their_folder(tmp_path: Path) -> None:
    data(tmp_path / "dark_field.h5")
    data(tmp_path / "flat_field.h5")
    master(tmp_path / "scan_7.nxs")
    flats, scan = plan([tmp_path]).groups
    assert names(flats) == {"dark_field.h5": "auxiliary", "flat_field.h5": "auxiliary"}
    assert names(scan) == {"scan_7.nxs": "data"}


def test_a_sample_named_flat_is_not_a_flat_field(tmp_path: Path) -> None:
    master(tmp_path / "flat_0001.nxs")
    assert names(only(plan([tmp_path]))) == {"flat_0001.nxs": "data"}


def test_documents_go_with_the_folder_that_is_a_dataset_and_are_left_out_elsewhere(tmp_path: Path) -> None:
    touch(tmp_path / "README.md")
    touch(tmp_path / "tables" / "air.stol")
    touch(tmp_path / "tables" / "LICENSE")
    planned = plan([tmp_path])
    assert names(only(planned)) == {"air.stol": "data", "LICENSE": "other"}
    assert [(found.code, Path(found.where).name) for found in planned.left_out] == [("left-out-document", "README.md")]


def test_what_is_beside_a_scan_under_its_name_is_kept_with_it(tmp_path: Path) -> None:
    master(tmp_path / "scan_1.nxs")
    touch(tmp_path / "scan_1.log")
    touch(tmp_path / "scan_1.nxs.png")
    assert names(only(plan([tmp_path]))) == {"scan_1.nxs": "data", "scan_1.log": "other", "scan_1.nxs.png": "other"}


def test_a_file_with_an_unfinished_name_waits(tmp_path: Path) -> None:
    touch(tmp_path / "scan.nxs.part")
    planned = plan([tmp_path])
    assert not planned.groups
    assert [found.code for found in planned.deferred] == ["deferred-unfinished"]


def test_a_file_that_a_program_writes_waits_until_it_is_closed(tmp_path: Path) -> None:
    path = tmp_path / "scan.nxs"
    with h5py.File(path, "w", libver="latest") as file:
        file["data"] = [1]
        file.flush()
        assert [found.code for found in plan([tmp_path]).deferred] == ["deferred-writing"]
        assert not plan([tmp_path], now=time.time() + 3600).deferred, "a program that died long ago must not block it"
    assert len(plan([tmp_path]).groups) == 1


def test_hidden_files_and_symbolic_links_are_named_and_left_out(tmp_path: Path) -> None:
    master(tmp_path / "inside" / "scan.nxs")
    touch(tmp_path / "inside" / ".scan.swp")
    data(tmp_path / "outside.h5")
    (tmp_path / "inside" / "link.h5").symlink_to(tmp_path / "outside.h5")
    (tmp_path / "inside" / "away").symlink_to(tmp_path)
    planned = plan([tmp_path / "inside"])
    assert len(planned.groups) == 1
    assert sorted(found.code for found in planned.left_out) == ["left-out-hidden", "left-out-link", "left-out-link"]


def test_one_file_brings_its_whole_dataset_and_the_same_name(tmp_path: Path) -> None:
    master(tmp_path / "scan_1.nxs", "scan_1_data.h5")
    data(tmp_path / "scan_1_data.h5")
    master(tmp_path / "scan_2.nxs")
    for part in ("fid", "acqus", "pdata/1/1r"):
        touch(tmp_path / "22" / part)
    whole = {group.source: group for group in plan([tmp_path]).groups}
    for name, source in (
        ("scan_1.nxs", "scan_1.nxs"),
        ("scan_1_data.h5", "scan_1.nxs"),
        ("22/fid", "22"),
        ("22/pdata/1/1r", "22"),
    ):
        assert only(plan([tmp_path / name])) == whole[str(tmp_path / source)]


def test_nothing_at_a_path_is_an_error_with_a_hint(tmp_path: Path) -> None:
    with pytest.raises(InputInvalid, match="nothing at"):
        plan([tmp_path / "absent"])


NAMES = [
    "s_1.nxs",
    "s_1.h5",
    "s_2.cbf",
    "s_3.cbf",
    "a.DSC",
    "a.DTA",
    "x.dat",
    "README.md",
    "t.tmp",
    "n.txt",
    ".h",
    "z.zip",
]
FOLDERS = ["", "s_1", "deep/er", "22"]


@settings(max_examples=60, deadline=None)
@given(files=st.sets(st.tuples(st.sampled_from(FOLDERS), st.sampled_from([*NAMES, "fid", "acqus"])), min_size=1))
def test_every_file_is_in_one_group_or_named_with_a_reason(
    tmp_path_factory: pytest.TempPathFactory, files: set[tuple[str, str]]
) -> None:
    root = tmp_path_factory.mktemp("files")
    paths = {touch(root / folder / name) for folder, name in files}
    try:
        planned = plan([root])
        taken = [member.path for group in planned.groups for member in group.members]
        named = [Path(found.where) for found in (*planned.left_out, *planned.deferred)]
        assert sorted([*taken, *named]) == sorted(paths)
        assert plan([root]) == planned
        assert len({group.source for group in planned.groups}) == len(planned.groups)
    finally:
        shutil.rmtree(root)


def test_the_real_files_fall_into_the_datasets_that_a_person_would_make(shared: Path) -> None:
    root = shared.resolve() / "data"
    planned = plan([root])
    by_source = {os.path.relpath(group.source, root): names(group) for group in planned.groups}
    assert len(by_source["mx_frames/thaumatin_grid/thau_3_2_#.cbf.bz2"]) == 19
    assert {"mx_frames/lcys/l-cyst_01_#.cbf", "mx_frames/lcys/l-cyst_02_#.cbf"} <= by_source.keys()
    assert len(by_source["tomo/k11_diad/k11-18014.nxs"]) == 3
    assert set(by_source["tomo/i12/separate_flats_darks/[flats-darks]"].values()) == {"auxiliary"}
    assert by_source["mx/nexgen/xrc_209_master.h5"] == {"xrc_209_master.h5": "data", "00001.h5": "auxiliary"}
    assert len(by_source["epr/cwepr_BDPA-2DFieldPower.DSC"]) == 3
    assert "nmr/bruker_coffee/22" in by_source
    assert {Path(found.where).name for found in planned.left_out} >= {"INDEX.md", "SHA256SUMS", "TRUTH.json"}
