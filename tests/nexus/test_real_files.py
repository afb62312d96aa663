"""Every real HDF5 file is captured; none raises, and none takes long."""

from pathlib import Path

import pytest

from verriere.nexus import capture

SUFFIXES = {".h5", ".hdf5", ".nxs", ".hdf"}


def test_no_real_file_raises(shared: Path) -> None:
    seen = 0
    for path in sorted((shared / "data").rglob("*")):
        if path.is_file():
            found = capture(path)
            assert found.format in {"nexus", "hdf5", "data-exchange", "other"}
            assert (found.format == "other") == (path.suffix not in SUFFIXES), path.name
            seen += found.format != "other"
    assert seen > 30


@pytest.mark.parametrize("content", [b"", b"not HDF5", b"\x89HDF\r\n\x1a\n" + b"\x00" * 40])
def test_what_is_not_hdf5_gets_a_finding(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "scan.nxs"
    path.write_bytes(content)
    found = capture(path)
    assert found.format == "other"
    assert [item.code for item in found.findings] == ["hdf5-damaged" if content.startswith(b"\x89HDF") else "not-hdf5"]
