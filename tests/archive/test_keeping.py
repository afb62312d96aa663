"""Putting files and what is known of them into the archive, and reading them back."""

import os
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import blake3
import pytest

from verriere.archive import Archive, Deposit, Receipt, Refused, Source
from verriere.errors import (
    FacilityExists,
    FacilityNotFound,
    InputInvalid,
    NotFound,
    SourceChanged,
    SourceUnreadable,
    StorageUnfit,
)
from verriere.model import Store

Validate = Callable[[Archive], None]
Write = Callable[[str, bytes], Source]


def test_files_come_back_byte_for_byte_with_both_digests(archive: Archive, write: Write, validate: Validate) -> None:
    large = os.urandom(5_000_001)
    receipt = archive.put("tomo-1", [write("scan.nxs", b"counts"), write("raw/frames.h5", large)], b'{"title":"tooth"}')
    frames, scan = receipt.files
    assert (frames.name, frames.size, scan.name, scan.size) == ("raw/frames.h5", 5_000_001, "scan.nxs", 6)
    assert (frames.sha256, frames.blake3) == (sha256(large).hexdigest(), blake3.blake3(large).hexdigest())
    assert (scan.sha256, scan.blake3) == (sha256(b"counts").hexdigest(), blake3.blake3(b"counts").hexdigest())
    assert archive.path_of("tomo-1", "raw/frames.h5").read_bytes() == large
    assert archive.read_sidecar("tomo-1") == b'{"title":"tooth"}'
    assert archive.files("tomo-1") == receipt.files
    place = archive.ocfl / sha256(b"tomo-1").hexdigest()[:3] / "tomo-1" / "v1" / "content" / "data"
    assert (place / "scan.nxs").read_bytes() == b"counts", "a person finds a file without this software"
    validate(archive)


def test_the_same_files_and_sidecar_change_nothing(archive: Archive, write: Write) -> None:
    sources = [write("scan.nxs", b"counts"), write("dark.nxs", b"dark")]
    first = archive.put("scan-1", sources, b"{}")
    os.utime(sources[0].path, (0, 0))
    again = archive.put("scan-1", sources, b"{}")
    assert (first.revision, first.changed, first.data_changed) == (1, True, True)
    assert (again.revision, again.changed, again.data_changed) == (1, False, False)
    assert again.files == first.files, "only the time of a source differs"
    assert archive.revision("scan-1") == 1


def test_a_changed_file_makes_a_new_version_and_the_old_one_still_reads(
    archive: Archive, write: Write, validate: Validate
) -> None:
    archive.put("scan-1", [write("scan.nxs", b"first"), write("flat.nxs", b"flat")], b"1")
    receipt = archive.put("scan-1", [write("scan.nxs", b"second"), write("flat.nxs", b"flat")], b"2")
    assert (receipt.revision, receipt.data_changed) == (2, True)
    assert archive.path_of("scan-1", "scan.nxs").read_bytes() == b"second"
    assert archive.path_of("scan-1", "scan.nxs", revision=1).read_bytes() == b"first"
    assert (archive.read_sidecar("scan-1", 1), archive.read_sidecar("scan-1", 2)) == (b"1", b"2")
    content = archive.folder_of("scan-1") / "v2" / "content"
    assert sorted(path.name for path in content.rglob("*") if path.is_file()) == [
        "manifest.json",
        "record.json",
        "scan.nxs",
    ], "what did not change is not kept twice"
    validate(archive)


def test_a_file_that_goes_away_is_gone_from_the_new_version_only(
    archive: Archive, write: Write, validate: Validate
) -> None:
    scan, dark = write("scan.nxs", b"counts"), write("dark.nxs", b"dark")
    archive.put("scan-1", [scan, dark], b"{}")
    archive.put("scan-1", [scan], b"{}")
    with pytest.raises(NotFound, match="dark"):
        archive.path_of("scan-1", "dark.nxs")
    assert archive.path_of("scan-1", "dark.nxs", revision=1).read_bytes() == b"dark"
    validate(archive)


def test_new_knowledge_is_a_small_new_version(archive: Archive, write: Write, validate: Validate) -> None:
    archive.put("scan-1", [write("scan.nxs", b"counts" * 1000)], b'{"state":"embargoed"}')
    assert archive.put_sidecar("scan-1", b'{"state":"open"}', "the embargo ended") == 2
    assert archive.put_sidecar("scan-1", b'{"state":"open"}', "again") == 2
    assert archive.put_sidecars({"scan-1": b'{"state":"embargoed"}'}, "taken back") == {"scan-1": 3}
    assert archive.read_sidecar("scan-1", 2) == b'{"state":"open"}'
    assert archive.path_of("scan-1", "scan.nxs").read_bytes() == b"counts" * 1000
    assert not (archive.folder_of("scan-1") / "v2" / "content" / "data").exists()
    assert not (archive.folder_of("scan-1") / "v3" / "content").exists(), "the first record is used again"
    validate(archive)
    with pytest.raises(NotFound):
        archive.put_sidecar("scan-2", b"{}", "of nothing")


def test_a_sidecar_can_hold_what_is_known_only_after_the_read(archive: Archive, write: Write) -> None:
    asked: list[Receipt] = []

    def record(receipt: Receipt) -> bytes:
        asked.append(receipt)
        return f"{receipt.revision} {receipt.files[0].sha256}".encode()

    archive.put("scan-1", [write("scan.nxs", b"counts")], record)
    again = archive.put("scan-1", [write("scan.nxs", b"counts")], record)
    assert archive.read_sidecar("scan-1") == f"1 {sha256(b'counts').hexdigest()}".encode()
    assert not again.changed
    assert [(receipt.revision, receipt.data_changed) for receipt in asked] == [(1, True), (1, False)]
    changed = archive.put("scan-1", [write("scan.nxs", b"others")], record)
    assert archive.read_sidecar("scan-1").startswith(b"2 ")
    assert changed.data_changed


def test_two_files_of_the_same_bytes_are_kept_once_and_both_read(
    archive: Archive, write: Write, validate: Validate
) -> None:
    archive.put("scan-1", [write("a/flat.nxs", b"flat"), write("b/flat.nxs", b"flat")], b"{}")
    paths = {archive.path_of("scan-1", f"{folder}/flat.nxs") for folder in "ab"}
    assert [path.read_bytes() for path in paths] == [b"flat"]
    validate(archive)


def test_a_batch_keeps_what_it_can_and_says_what_it_refuses(archive: Archive, write: Write, validate: Validate) -> None:
    deposits = [Deposit(f"scan-{number}", [write(f"{number}.nxs", b"%d" % number)], b"{}") for number in range(20)]
    deposits.insert(3, Deposit("gone", [Source(Path("/nowhere/scan.nxs"), "scan.nxs")], b"{}"))
    results = archive.put_many(deposits)
    assert [result.object_id for result in results] == [deposit.object_id for deposit in deposits]
    refused = [result for result in results if isinstance(result, Refused)]
    assert [result.object_id for result in refused] == ["gone"]
    assert isinstance(refused[0].error, SourceUnreadable)
    assert sorted(archive.objects()) == sorted(f"scan-{number}" for number in range(20))
    assert list((archive.root / "staging").iterdir()) == [archive.root / "staging" / "lock"]
    validate(archive)
    with pytest.raises(InputInvalid):
        archive.put_many([deposits[0], deposits[0]])


def test_records_of_the_facility_are_objects_too(archive: Archive, validate: Validate) -> None:
    long = "sample:" + "é/" * 200
    names = ["proposal:20240123", "visit:20240123-1", long]
    for name in names:
        archive.put(name, [], b'{"schema":"x"}', message="import")
    assert sorted(archive.objects()) == sorted(names)
    assert list(archive.objects("proposal:")) == ["proposal:20240123"]
    assert archive.files("proposal:20240123") == ()
    assert archive.exists(long)
    assert not archive.exists("proposal:1")
    validate(archive)


@pytest.mark.parametrize("name", ["", "a\nb", "\udcff"])
def test_an_object_needs_a_name_that_can_be_written(archive: Archive, name: str) -> None:
    with pytest.raises(InputInvalid):
        archive.put(name, [], b"{}")


def test_a_link_keeps_the_bytes_without_a_copy(archive: Archive, write: Write, validate: Validate) -> None:
    source = write("scan.nxs", b"counts")
    archive.put("scan-1", [source], b"{}", store=Store.LINK)
    assert archive.path_of("scan-1", "scan.nxs").samefile(source.path)
    source.path.unlink()
    assert archive.path_of("scan-1", "scan.nxs").read_bytes() == b"counts"
    assert archive.verify("scan-1") == ()
    validate(archive)


def test_a_link_to_another_disk_is_refused_with_what_to_do(archive: Archive, tmp_path: Path) -> None:
    source = Path("/proc/version")  # on every Linux, and on no disk
    assert source.stat().st_dev != tmp_path.stat().st_dev
    with pytest.raises(StorageUnfit) as refused:
        archive.put("scan-1", [Source(source, "scan.nxs")], b"{}", store=Store.LINK)
    assert "--store copy" in refused.value.hint
    assert not archive.exists("scan-1")


def test_in_place_registers_without_moving(archive: Archive, write: Write, validate: Validate) -> None:
    source = write("scan.nxs", b"counts")
    receipt = archive.put("scan-1", [source], b"{}", store=Store.IN_PLACE)
    assert receipt.files[0].location == str(source.path)
    assert archive.path_of("scan-1", "scan.nxs") == source.path
    assert not (archive.folder_of("scan-1") / "v1" / "content" / "data").exists()
    assert not archive.put("scan-1", [source], b"{}", store=Store.IN_PLACE).changed
    copied = archive.put("scan-1", [source], b"{}", store=Store.COPY)
    assert (copied.revision, copied.files[0].location) == (2, None)
    back = archive.put("scan-1", [source], b"{}", store=Store.IN_PLACE)
    assert not back.changed, "what the archive holds it does not let go"
    validate(archive)


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "",
        "a//b",
        "./a",
        "a\nb\x1b[31m",
        "caf\udce9.nxs",
        "é.nxs",
        "%2e%2e/a",
        "x" * 250 + "é\n",
    ],
)
def test_a_hostile_name_stays_inside_and_is_remembered(
    archive: Archive, write: Write, validate: Validate, name: str
) -> None:
    source = Source(write("scan.nxs", b"counts").path, name)
    (file,) = archive.put("scan-1", [source], b"{}").files
    path = archive.path_of("scan-1", file.name)
    assert path.read_bytes() == b"counts"
    assert path.resolve().is_relative_to((archive.folder_of("scan-1") / "v1" / "content" / "data").resolve())
    assert file.name.isprintable()
    assert (file.original if file.original is not None else file.name) == name
    assert archive.files("scan-1") == (file,)
    validate(archive)


@pytest.mark.parametrize("names", [("a", "a"), ("a", "a/b"), ("a/b", "a")])
def test_names_that_cannot_stand_together_are_refused(archive: Archive, write: Write, names: tuple[str, str]) -> None:
    path = write("scan.nxs", b"counts").path
    with pytest.raises(InputInvalid):
        archive.put("scan-1", [Source(path, name) for name in names], b"{}")
    assert not archive.exists("scan-1")


def test_a_file_that_grows_while_it_is_read_is_refused(archive: Archive, write: Write) -> None:
    source = write("scan.nxs", b"counts" * 1_000_000)

    def grow(_: int) -> None:
        with source.path.open("ab") as file:
            file.write(b"more")

    with pytest.raises(SourceChanged):
        archive.put("scan-1", [source], b"{}", progress=grow)
    assert not archive.exists("scan-1")


@pytest.mark.parametrize("kind", ["missing", "folder", "pipe", "nul"])
def test_what_is_no_readable_file_is_refused(archive: Archive, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "source"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "nul":
        path = tmp_path / "a\0b"
    with pytest.raises(SourceUnreadable):
        archive.put("scan-1", [Source(path, "scan.nxs")], b"{}")


def test_progress_counts_every_byte(archive: Archive, write: Write) -> None:
    done: list[int] = []
    sources = [write("small.nxs", b"x" * 10), write("large.nxs", b"x" * 3_000_000)]
    archive.put("scan-1", sources, b"{}", progress=done.append)
    assert sum(done) == 3_000_010


def test_an_archive_is_made_once_and_only_where_there_is_one_is_it_opened(tmp_path: Path) -> None:
    with pytest.raises(FacilityNotFound):
        Archive(tmp_path)
    Archive.create(tmp_path)
    with pytest.raises(FacilityExists):
        Archive.create(tmp_path)
    assert list(Archive(tmp_path).objects()) == []


def test_an_empty_archive_is_valid(archive: Archive, validate: Validate) -> None:
    validate(archive)


def test_accounts_are_for_their_owner_alone(archive: Archive) -> None:
    assert archive.read_accounts() is None
    archive.write_accounts(b"[]")
    archive.write_accounts(b"[1]")
    assert archive.read_accounts() == b"[1]"
    path = archive.root / "private" / "accounts.json"
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_time_of_a_version_is_the_one_that_is_given(archive: Archive) -> None:
    archive.put("visit:1", [], b"{}", created=datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC), message="import")
    (version,) = archive.inventory("visit:1").versions
    assert (version.created, version.message) == ("2024-05-06T07:08:09+00:00", "import")
