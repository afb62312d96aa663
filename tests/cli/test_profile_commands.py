"""Profiles are listed, shown and checked; files of other formats become NeXus; each file has its score."""

from pathlib import Path

import h5py
import pytest

from verriere.testing.command import Run

WRONG = 'id = "mine"\ntechniques = ["PaNET01195"]\nlabel_en = "Mine"\nlabel_fr = "La mienne"\nsources = ["x"]\n'


def test_profiles_are_listed_and_shown_in_both_languages(verriere: Run) -> None:
    listed = {each["id"] for each in verriere("profile", "list", "--json").json["profiles"]}
    assert listed >= {"record", "saxs", "sans", "nmr", "epr", "mass-spectrometry", "tomography", "xrf", "xas"}
    assert "Température" in verriere("profile", "show", "nmr", "--language", "fr").out
    assert verriere("profile", "show", "alchemy").code != 0


def test_a_profile_that_is_wrong_is_told_with_its_line(verriere: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(f'{WRONG}\n[[field]]\nname = "x"\nneed = "very"\n')
    told = verriere("profile", "lint", path)
    assert told.code == 1
    assert f"{path}:9: need 'very' is unknown → one of required, recommended, optional" in told.out
    assert verriere("profile", "lint", path, "--json").json["files"][str(path)][0]["line"]


def test_check_says_the_score_of_each_file(verriere: Run, shared: Path) -> None:
    files = [shared / "data/xas/cu_metal_rt.xdi", shared / "data/epr/cwepr_BDPA-1DFieldSweep.DSC"]
    told = verriere("check", *files)
    assert told.out.count("of 100") == 2
    scores = [each["completeness"] for each in verriere("check", *files, "--json").json["datasets"]]
    assert all(0 < score < 100 for score in scores)


@pytest.mark.parametrize("name", ["nmr/bruker_coffee/22", "xas/cu_metal_rt.xdi"])
def test_a_dataset_becomes_one_nexus_file_and_is_not_overwritten(
    verriere: Run, shared: Path, tmp_path: Path, name: str
) -> None:
    target = tmp_path / "made.nxs"
    assert verriere("convert", shared / "data" / name, "-o", target).code == 0
    with h5py.File(target) as file:
        assert file["entry"].attrs["NX_class"] == "NXentry"
        assert "original" in file["entry"]
    again = verriere("convert", shared / "data" / name, "-o", target, "--json")
    assert again.code == 1
    assert "--overwrite" in again.json["converted"][0]["trouble"]
    assert verriere("convert", shared / "data" / name, "-o", target, "--overwrite").code == 0
