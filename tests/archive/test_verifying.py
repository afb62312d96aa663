"""Reading the bytes again, and mending what is damaged."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from verriere.archive import Archive, Source
from verriere.errors import NotFound
from verriere.model import Finding, Severity, Store
from verriere.wording import describe

Validate = Callable[[Archive], None]
Write = Callable[[str, bytes], Source]

LARGE = bytes(range(256)) * 8000


@pytest.fixture
def sources(write: Write) -> list[Source]:
    """A scan of two files."""
    return [write("scan.nxs", b"counts"), write("raw/frames.h5", LARGE)]


@pytest.fixture
def kept(archive: Archive, sources: list[Source]) -> Path:
    """Folder of an object of three versions, with those files."""
    archive.put("tomo-1", sources, b"1")
    archive.put_sidecar("tomo-1", b"2", "corrected")
    archive.put_sidecar("tomo-1", b"3", "opened")
    return archive.folder_of("tomo-1")


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return sorted(finding.code for finding in findings)


def test_whole_objects_have_nothing_to_say(archive: Archive, kept: Path) -> None:
    read: list[int] = []
    assert archive.verify("tomo-1", progress=read.append) == ()
    assert sum(read) > len(LARGE)
    with pytest.raises(NotFound):
        archive.verify("tomo-2")


def test_one_flipped_bit_is_found_and_told_in_both_languages(archive: Archive, kept: Path) -> None:
    path = archive.path_of("tomo-1", "raw/frames.h5")
    data = bytearray(path.read_bytes())
    data[1_000_000] ^= 1
    path.write_bytes(data)
    (found,) = archive.verify("tomo-1")
    assert (found.code, found.severity, found.file) == ("fixity-changed", Severity.ERROR, "raw/frames.h5")
    assert "verriere verify tomo-1 --repair-from" in describe(found, "fr").fix
    assert "?" not in describe(found, "en").text + describe(found, "fr").text


def test_missing_and_foreign_files_are_found(archive: Archive, kept: Path) -> None:
    archive.path_of("tomo-1", "scan.nxs").unlink()
    (kept / "v1" / "content" / "virus.exe").write_bytes(b"?")
    (kept / "notes.txt").write_bytes(b"?")
    assert codes(archive.verify("tomo-1")) == ["fixity-extra", "fixity-extra", "fixity-missing"]


def test_a_damaged_file_is_mended_from_the_originals(
    archive: Archive, kept: Path, sources: list[Source], validate: Validate
) -> None:
    archive.path_of("tomo-1", "raw/frames.h5").write_bytes(b"rust")
    archive.path_of("tomo-1", "scan.nxs").unlink()
    originals = sources[0].path.parent
    assert codes(archive.verify("tomo-1", originals)) == ["fixity-repaired", "fixity-repaired"]
    assert archive.verify("tomo-1") == ()
    assert archive.path_of("tomo-1", "raw/frames.h5").read_bytes() == LARGE
    validate(archive)


def test_a_file_that_was_renamed_since_still_mends(archive: Archive, kept: Path, sources: list[Source]) -> None:
    archive.path_of("tomo-1", "scan.nxs").write_bytes(b"rust!!")
    moved = sources[0].path.parent / "somewhere" / "else.nxs"
    moved.parent.mkdir()
    sources[0].path.rename(moved)
    assert codes(archive.verify("tomo-1", moved.parent.parent)) == ["fixity-repaired"]


def test_bytes_of_another_digest_never_mend(archive: Archive, kept: Path, sources: list[Source]) -> None:
    path = archive.path_of("tomo-1", "scan.nxs")
    path.write_bytes(b"rust!!")
    sources[0].path.write_bytes(b"wrong!")
    assert codes(archive.verify("tomo-1", sources[0].path.parent)) == ["fixity-changed"]
    assert path.read_bytes() == b"rust!!"


@pytest.mark.parametrize(
    "damaged",
    [
        "0=ocfl_object_1.1",
        "inventory.json",
        "inventory.json.sha256",
        "v1/inventory.json",
        "v2/inventory.json.sha256",
        "v3/inventory.json",
        "v2/content/record.json",
        "v1/content/manifest.json",
    ],
)
def test_whatever_is_damaged_a_second_copy_mends(
    archive: Archive, kept: Path, tmp_path: Path, validate: Validate, damaged: str
) -> None:
    shutil.copytree(archive.root, tmp_path / "second")
    whole = (kept / damaged).read_bytes()
    (kept / damaged).write_bytes(b"rust")
    assert len(archive.verify("tomo-1")) >= 1
    foreseen = codes(archive.verify("tomo-1", tmp_path / "second", dry_run=True))
    assert "fixity-repairable" in foreseen
    assert "fixity-repaired" not in foreseen
    assert (kept / damaged).read_bytes() == b"rust"
    assert "fixity-repaired" in codes(archive.verify("tomo-1", tmp_path / "second"))
    assert (kept / damaged).read_bytes() == whole
    assert archive.verify("tomo-1") == ()
    validate(archive)


@pytest.mark.parametrize("damaged", ["inventory.json", "v3/inventory.json", "v1/inventory.json"])
def test_an_inventory_mends_from_the_others_of_the_object(
    archive: Archive, kept: Path, tmp_path: Path, validate: Validate, damaged: str
) -> None:
    (kept / damaged).unlink()
    empty = tmp_path / "nothing"
    empty.mkdir()
    assert codes(archive.verify("tomo-1", empty)) == ["fixity-repaired"]
    assert archive.verify("tomo-1") == ()
    validate(archive)


def test_an_object_without_any_whole_inventory_mends_from_a_second_copy(
    archive: Archive, kept: Path, tmp_path: Path, validate: Validate
) -> None:
    shutil.copytree(archive.root, tmp_path / "second")
    for inventory in kept.rglob("inventory.json"):
        inventory.write_bytes(b"rust")
    assert set(codes(archive.verify("tomo-1"))) == {"fixity-inventory"}
    archive.verify("tomo-1", tmp_path / "second")
    assert archive.verify("tomo-1") == ()
    validate(archive)


def test_a_file_in_place_that_changes_or_goes_is_found(archive: Archive, write: Write) -> None:
    scan = write("scan.nxs", b"counts")
    archive.put("scan-1", [scan], b"{}", store=Store.IN_PLACE)
    assert archive.verify("scan-1") == ()
    scan.path.write_bytes(b"others")
    assert codes(archive.verify("scan-1")) == ["in-place-changed"]
    scan.path.unlink()
    (found,) = archive.verify("scan-1")
    assert (found.code, found.where, found.file) == ("in-place-missing", str(scan.path), "scan.nxs")


def test_many_objects_are_verified_in_their_order(archive: Archive, write: Write) -> None:
    names = [f"scan-{number}" for number in range(12)]
    for name in names:
        archive.put(name, [write(f"{name}.nxs", name.encode())], b"{}")
    archive.path_of("scan-7", "scan-7.nxs").write_bytes(b"rust")
    results = dict(archive.verify_many(names))
    assert list(results) == names
    assert [name for name, findings in results.items() if findings] == ["scan-7"]
