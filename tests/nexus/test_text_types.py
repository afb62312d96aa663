"""Every way HDF5 can write a text: fixed or variable length, ASCII or UTF-8, each kind of padding."""

from itertools import product
from pathlib import Path

import h5py
import numpy as np
import pytest
from h5py import h5a, h5d, h5s, h5t

from verriere.nexus import capture

CASES = list(product((h5t.CSET_ASCII, h5t.CSET_UTF8), (h5t.STR_NULLTERM, h5t.STR_NULLPAD, h5t.STR_SPACEPAD), (0, 1)))


def text_type(charset: int, padding: int, is_variable: int) -> object:
    kind = h5t.C_S1.copy()
    kind.set_size(h5t.VARIABLE if is_variable else 16)
    kind.set_cset(charset)
    kind.set_strpad(padding)
    return kind


@pytest.mark.parametrize(("charset", "padding", "is_variable"), CASES)
def test_a_title_and_a_class_are_read_however_the_text_is_stored(
    tmp_path: Path, charset: int, padding: int, is_variable: int
) -> None:
    kind = text_type(charset, padding, is_variable)
    memory = None if is_variable else kind

    def stored(text: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.generic]]":
        if is_variable:
            return np.array(text, dtype=h5py.string_dtype("utf-8" if charset == h5t.CSET_UTF8 else "ascii"))
        return np.array(text.ljust(15).encode(), dtype="S16")

    with h5py.File(tmp_path / "scan.nxs", "w") as file:
        entry = file.create_group("entry")
        attribute = h5a.create(entry.id, b"NX_class", kind, h5s.create(h5s.SCALAR))
        attribute.write(stored("NXentry"), memory)
        title = h5d.create(entry.id, b"title", kind, h5s.create(h5s.SCALAR))
        title.write(h5s.ALL, h5s.ALL, stored("Silver behenate"), memory)
    found = capture(tmp_path / "scan.nxs")
    assert found.title is not None
    assert found.title.value == "Silver behenate"
    assert [scan.path for scan in found.scans] == ["/entry"]
    assert not [finding for finding in found.findings if finding.code.startswith("unreadable")]
