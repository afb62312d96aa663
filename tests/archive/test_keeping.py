from collections.abc import Callable
from pathlib import Path

from verriere.archive import Archive, Source


def test_the_same_files_twice_are_kept_once(
    archive: Archive, tmp_path: Path, validate: Callable[[Archive], None]
) -> None:
    scan = tmp_path / "scan.nxs"
    scan.write_bytes(b"counts")
    first = archive.put("scan-1", [Source(scan, "scan.nxs")], b"{}")
    again = archive.put("scan-1", [Source(scan, "scan.nxs")], b"{}")
    assert (first.revision, first.changed) == (1, True)
    assert (again.revision, again.changed) == (1, False)
    assert archive.path_of("scan-1", "scan.nxs").read_bytes() == b"counts"
    validate(archive)
