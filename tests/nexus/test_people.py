"""Everything of a person that a file holds is known as such, wherever it can be read."""

from pathlib import Path

import h5py
import pytest

from verriere.model import Capture
from verriere.nexus import Limits, capture


@pytest.fixture
def spoken(tmp_path: Path) -> Capture:
    """A file with a user who has a short name, a login, and an address, and links to what is about them."""
    with h5py.File(tmp_path / "scan.nxs", "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        user = entry.create_group("user")
        user.attrs["NX_class"] = "NXuser"
        user["name"], user["email"], user["facility_user_id"] = "Li Wu", "zqx77@lab.example", "wuli"
        user["affiliation"] = "Obscure Institute"
        entry["title"] = h5py.SoftLink("/entry/user/affiliation")
        entry["raw"] = h5py.ExternalLink("/gpfs/home/wu/raw/f.h5", "/x")
        sample = entry.create_group("sample")
        sample.attrs["NX_class"] = "NXsample"
        sample["name"], sample["description"] = "grown by Li Wu", "wuli_3"
    return capture(tmp_path / "scan.nxs")


def test_a_user_is_known_by_their_logins_too(spoken: Capture) -> None:
    (user,) = spoken.users
    assert (user.name, user.email, user.logins) == ("Li Wu", "zqx77@lab.example", ("wuli",))


@pytest.mark.parametrize("place", ["sample/name", "sample/description", "title", "raw", "user/affiliation"])
def test_a_place_is_personal_whatever_name_it_has(spoken: Capture, place: str) -> None:
    assert f"/entry/{place}" in spoken.personal_paths


def test_what_there_was_no_time_to_look_at_is_personal(tmp_path: Path) -> None:
    path = tmp_path / "late.nxs"
    with h5py.File(path, "w") as file:
        file.attrs["NX_class"] = "NXroot"
        file.create_group("entry").attrs["NX_class"] = "NXentry"
        file["entry"].attrs["title"] = "by zqx77@lab.example"
    found = capture(path, limits=Limits(seconds=0.0))
    assert "/@NX_class" in found.personal_paths
