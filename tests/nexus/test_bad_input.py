"""Whatever is in a file: nothing is raised, and little time and memory is taken."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest
from tests.nexus.writing import entry_of, group

from verriere.model import Capture
from verriere.nexus import Limits, capture, open_safely, reading
from verriere.nexus.walk import NotReadable


def codes(found: Capture) -> set[str]:
    return {item.code for item in found.findings}


def test_truncated_file_is_reported(tmp_path: Path) -> None:
    whole = tmp_path / "whole.nxs"
    with h5py.File(whole, "w") as file:
        entry_of(file)["title"] = "a scan"
        file["data"] = np.zeros(10_000)
    cut = tmp_path / "cut.nxs"
    for size in (9, 100, 2000, whole.stat().st_size - 1):
        cut.write_bytes(whole.read_bytes()[:size])
        assert codes(capture(cut)) == {"hdf5-damaged"}


def test_bytes_changed_at_random_never_raise(tmp_path: Path) -> None:
    whole = tmp_path / "whole.nxs"
    with h5py.File(whole, "w") as file:
        entry = entry_of(file)
        entry["title"] = "a scan"
        data = group(entry, "data", "NXdata")
        data["data"] = np.arange(1000.0)
        data["data"].attrs["units"] = "mm"
    content = whole.read_bytes()
    random = np.random.default_rng(3)
    broken = tmp_path / "broken.nxs"
    for attempt in range(60):
        spoiled = bytearray(content)
        for place in random.integers(100, min(len(content), 6000), 12):
            spoiled[place] = int(random.integers(0, 256))
        broken.write_bytes(spoiled)
        script = "import sys; from pathlib import Path; from verriere.nexus import capture; capture(Path(sys.argv[1]))"
        if attempt < 3:  # in a process of its own: a crash of the library would end the tests
            subprocess.run([sys.executable, "-c", script, str(broken)], check=True, env=_environment())
        capture(broken)


def test_loops_of_links_end(tmp_path: Path) -> None:
    path = tmp_path / "loop.nxs"
    with h5py.File(path, "w") as file:
        entry = entry_of(file)
        entry["title"] = "round and round"
        entry["again"] = entry
        entry["root"] = file["/"]
        one = entry.create_group("one")
        one.create_group("two")["one"] = one
        file["a"] = h5py.SoftLink("/b")
        file["b"] = h5py.SoftLink("/a")
        file["self"] = h5py.SoftLink("/self")
        file["outside"] = h5py.ExternalLink("loop.nxs", "/outside")
        entry.attrs["default"] = "again"
    found = capture(path)
    assert found.title is not None
    assert found.title.value == "round and round"
    assert {"soft-link-broken"} <= codes(found)


def test_a_million_groups_are_looked_at_within_seconds(tmp_path: Path) -> None:
    path = tmp_path / "million.h5"
    with h5py.File(path, "w", libver="latest") as file:
        first = file.create_group("g0")
        for number in range(1000):
            first.create_group(str(number))
        for number in range(1, 1000):
            file.copy("g0", f"g{number}")
    start = time.monotonic()
    found = capture(path)
    assert time.monotonic() - start < 25
    assert "too-many-objects" in codes(found)


def test_time_for_one_file_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "slow.h5"
    with h5py.File(path, "w", libver="latest") as file:
        for number in range(3000):
            file.create_group(str(number))
    found = capture(path, limits=Limits(seconds=0.0))
    assert "too-many-objects" in codes(found)


def test_deep_nesting_ends(tmp_path: Path) -> None:
    path = tmp_path / "deep.h5"
    with h5py.File(path, "w") as file:
        here: h5py.Group = file
        for _ in range(500):
            here = here.create_group("deeper")
    assert "too-deep" in codes(capture(path))


def test_a_dataset_declared_as_2_to_60_values_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "vast.nxs"
    with h5py.File(path, "w") as file:
        data = group(entry_of(file), "data", "NXdata")
        data.attrs["signal"] = "data"
        data.create_dataset("data", shape=(2**30, 2**30), dtype="u2", chunks=(1024, 1024))
        data.create_dataset("series", shape=(2**60,), dtype="f8", chunks=(1024,)).attrs["units"] = "mm"
        data.create_dataset("texts", shape=(2**60,), dtype=h5py.string_dtype(), chunks=(1024,))
        data.create_dataset("one_chunk", shape=(1,), maxshape=(None,), dtype="f8", chunks=(2**28,)).attrs["units"] = (
            "mm"
        )
    found = capture(path)
    assert found.signal is not None
    assert found.signal.shape == (2**30, 2**30)
    assert all(item.count < 2**60 for item in found.parameters)
    with open_safely(path) as tree:
        node = tree.get("/entry/data/data")
        assert node is not None
        with pytest.raises(NotReadable):
            reading.read(node)
        assert reading.read(node, (slice(0, 2), slice(0, 3))).shape == (2, 3)


def test_names_of_objects_stay_text(tmp_path: Path) -> None:
    path = tmp_path / "names.nxs"
    names = ["..", "..\\..\\etc", "line\nbreak\t", "\x1b[31mred", "<script>alert(1)</script>", "é Å", "%s{0}"]
    with h5py.File(path, "w") as file:
        entry = entry_of(file)
        for name in names:
            made = entry.create_group(name.encode("utf-8"))
            made["gap"] = 1.5
            made["gap"].attrs["units"] = "mm"
    found = capture(path)
    assert len(found.parameters) == len(names)
    assert all(item.source.isprintable() for item in found.parameters)
    assert "/entry/line\\nbreak\\t/gap" in {item.source for item in found.parameters}
    with open_safely(path) as tree:
        assert tree.get("/entry/line\nbreak\t/gap") is tree.get("/entry/line\\nbreak\\t/gap")


def test_html_is_kept_as_text(tmp_path: Path) -> None:
    path = tmp_path / "html.nxs"
    html = '<img src=x onerror="alert(1)">Ag behenate</img>'
    with h5py.File(path, "w") as file:
        entry = entry_of(file)
        entry["title"] = html
        group(entry, "sample", "NXsample")["name"] = html
    found = capture(path)
    assert found.title is not None
    assert found.title.value == html


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def _alone(path: Path) -> dict[str, Any]:
    """Capture in a process of its own, to know the memory it takes [MiB]."""
    script = (
        "import sys, json, resource; from pathlib import Path; from verriere.nexus import capture\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "found = capture(Path(sys.argv[1]))\n"
        "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(json.dumps({'codes': [f.code for f in found.findings], 'size': len(repr(found)),\n"
        "  'memory': (after - before) / 1024, 'title': found.title and len(found.title.value)}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(path)],
        check=True,
        capture_output=True,
        text=True,
        env=_environment(),
        timeout=60,
    )
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("how", ["variable", "fixed", "chunked"])
def test_a_text_of_100_megabytes_is_not_loaded(tmp_path: Path, how: str) -> None:
    path = tmp_path / "long.nxs"
    long = "x" * 100_000_000
    with h5py.File(path, "w") as file:
        entry = entry_of(file)
        if how == "variable":
            entry["title"] = long
        elif how == "fixed":
            entry["title"] = np.bytes_(long)
        else:
            entry.create_dataset("title", data=[long], dtype=h5py.string_dtype(), chunks=(1,))
    del long
    answer = _alone(path)
    assert "long-text" in answer["codes"]
    assert answer["title"] is None
    assert answer["memory"] < 40
    assert answer["size"] < 10_000


def test_an_attribute_of_100_megabytes_is_cut(tmp_path: Path) -> None:
    path = tmp_path / "long-attribute.nxs"
    with h5py.File(path, "w", libver="latest") as file:
        entry_of(file).attrs["title"] = "x" * 100_000_000
    answer = _alone(path)
    assert answer["size"] < 100_000


def test_a_wrong_date_is_reported_and_left_out(tmp_path: Path) -> None:
    path = tmp_path / "date.nxs"
    with h5py.File(path, "w") as file:
        entry = entry_of(file)
        entry["start_time"] = "2018-12-13T15:51Z34.902"
        entry["end_time"] = "2024-02-30T10:00:00"
    found = capture(path)
    assert found.start_time is None
    assert found.end_time is None
    assert [item.where for item in found.findings if item.code == "time-unreadable"] == [
        "/entry/start_time",
        "/entry/end_time",
    ]


def test_a_unit_nobody_knows_is_kept_as_written_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "unit.nxs"
    with h5py.File(path, "w") as file:
        mono = group(group(entry_of(file), "instrument", "NXinstrument"), "monochromator", "NXmonochromator")
        mono["gap"] = 3.0
        mono["gap"].attrs["units"] = "furlongs per fortnight"
        mono["detune"] = 4.0
        mono["detune"].attrs["units"] = "furlongs per fortnight"
    found = capture(path)
    assert [(item.unit, item.base, item.value) for item in found.parameters] == [
        ("furlongs per fortnight", None, 4.0),
        ("furlongs per fortnight", None, 3.0),
    ]
    assert [item.details["count"] for item in found.findings if item.code == "unit-unknown"] == ["2"]


def test_a_damaged_chunk_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "chunk.nxs"
    with h5py.File(path, "w") as file:
        data = group(entry_of(file), "data", "NXdata")
        values = data.create_dataset(
            "data", data=np.random.default_rng(1).random(5000), chunks=(5000,), compression="gzip"
        )
        values.attrs["units"] = "mm"
        chunk = values.id.get_chunk_info(0)
    with path.open("r+b") as raw:
        raw.seek(chunk.byte_offset + 10)
        raw.write(b"\x00" * 500)
    assert "unreadable-data" in codes(capture(path))


def test_an_unknown_filter_is_reported_once(tmp_path: Path) -> None:
    path = tmp_path / "filter.nxs"
    with h5py.File(path, "w") as file:
        data = group(entry_of(file), "data", "NXdata")
        data.attrs["signal"] = "data"
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_chunk((4, 4))
        properties.set_filter(31999, h5py.h5z.FLAG_OPTIONAL, (1,))
        space = h5py.h5s.create_simple((4, 4))
        h5py.h5d.create(data.id, b"data", h5py.h5t.NATIVE_INT32, space, properties).write_direct_chunk(
            (0, 0), b"\x01" * 64
        )
    found = capture(path)
    assert found.signal is not None
    assert not found.signal.readable
    assert [item.where for item in found.findings if item.code == "unreadable-data"] == ["/entry/data/data"]


def test_memory_of_a_whole_capture_is_small(tmp_path: Path) -> None:
    path = tmp_path / "large.nxs"
    with h5py.File(path, "w") as file:
        data = group(entry_of(file), "data", "NXdata")
        data.attrs["signal"] = "data"
        data.create_dataset("data", data=np.ones((200, 512, 512), dtype="u2"), chunks=(1, 512, 512))
        data["time"] = np.arange(2_000_000.0)
        data["time"].attrs["units"] = "s"
    answer = _alone(path)
    assert answer["memory"] < 60
