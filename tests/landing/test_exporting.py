"""``verriere export``: crates and bags that others' programs find whole, and nothing in them that is not open."""

import json
import zipfile
from pathlib import Path

import bagit
import pytest
from lxml import etree
from tests.landing import world as building
from tests.landing.world import NOW, World, publication

from verriere.errors import FixityLost
from verriere.model import PidKind
from verriere.publish import export
from verriere.testing.command import Run


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A facility with a DOI for the open dataset."""
    root = tmp_path_factory.mktemp("exported")
    world = building.build(root)
    with world.facility as facility:
        known = publication(PidKind.DATASET, "open", "10.5072/open.v1")
        assert known
        facility.catalogue.put_publications([known], now=NOW, by="office")
    return root / "facility"


def test_a_bag_is_whole_and_holds_a_crate(verriere: Run, folder: Path, tmp_path: Path) -> None:
    told = verriere("--facility", folder, "export", "open", "--as", "bagit", "-o", tmp_path / "bag")
    assert told.code == 0, told.err
    bag = bagit.Bag(str(tmp_path / "bag"))
    assert bag.validate() is True
    assert bag.info["External-Identifier"] == "https://doi.org/10.5072/open.v1"
    assert set(bag.payload_files()) == {"data/open_0001.nxs", "data/ro-crate-metadata.json"}
    assert etree.parse(str(tmp_path / "bag/metadata/datacite.xml")).getroot().tag.endswith("resource")
    again = verriere("--facility", folder, "export", "open", "--as", "bagit", "-o", tmp_path / "bag")
    assert again.code == 2


def test_a_crate_comes_as_one_file_too(verriere: Run, folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "crate.zip"
    told = verriere("--facility", folder, "export", "10.5072/open.v1", "--as", "rocrate", "-o", target, "--json")
    assert told.code == 0, told.err
    assert json.loads(told.out)["files"] == 2
    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        assert sorted(archive.namelist()) == ["open/open_0001.nxs", "open/ro-crate-metadata.json"]


def test_what_is_embargoed_is_described_and_absent(verriere: Run, folder: Path, tmp_path: Path) -> None:
    told = verriere("--facility", folder, "export", "embargoed", "--as", "bagit", "-o", tmp_path / "bag")
    assert told.code == 0, told.err
    bag = bagit.Bag(str(tmp_path / "bag"))
    assert bag.validate() is True
    assert list(bag.payload_files()) == ["data/ro-crate-metadata.json"]
    every = b"".join(path.read_bytes() for path in (tmp_path / "bag").rglob("*") if path.is_file())
    assert b"embargoed_0001" not in every


@pytest.mark.parametrize(
    ("form", "beginning"),
    [("datacite-xml", "<?xml"), ("datacite-json", "{"), ("dcat", "@prefix"), ("schema-org", "{"), ("ris", "TY  - ")],
)
def test_records_are_written_to_standard_output(verriere: Run, folder: Path, form: str, beginning: str) -> None:
    told = verriere("--facility", folder, "export", "visit:20220088-S", "--as", form)
    assert told.code == 0, told.err
    assert told.out.startswith(beginning)


@pytest.mark.parametrize(("name", "code"), [("private", 3), ("nothing-at-all", 3)])
def test_nothing_is_exported_that_nobody_may_know_of(verriere: Run, folder: Path, name: str, code: int) -> None:
    assert verriere("--facility", folder, "export", name, "--as", "dcat").code == code


def test_an_unknown_format_is_refused_with_those_there_are(verriere: Run, folder: Path) -> None:
    told = verriere("--facility", folder, "export", "open", "--as", "word")
    assert told.code == 2
    assert "rocrate" in told.err


def test_damaged_bytes_leave_nothing_behind(tmp_path: Path) -> None:
    world: World = building.build(tmp_path)
    landing = world.landing(PidKind.DATASET, "open")
    path = world.facility.archive.path_of("open", "open_0001.nxs")
    path.chmod(0o644)
    path.write_bytes(b"x" * path.stat().st_size)
    parts = export.parts(world.facility.archive, landing, "rocrate")
    with pytest.raises(FixityLost):
        export.write_folder(parts, tmp_path / "crate", lambda _: None)
    with pytest.raises(FixityLost):
        export.write_zip(parts, "open", tmp_path / "crate.zip", lambda _: None)
    assert not list(tmp_path.glob("crate*"))
