"""Files are read in other processes, and no file can stop an ingest."""

import os
import signal
import time
import zlib
from pathlib import Path

import h5py
import pytest

from verriere.facility import Facility
from verriere.ingest.plan import plan
from verriere.ingest.readers import Readers, Stopped
from verriere.ingest.run import run
from verriere.ingest.summary import Outcome

from .conftest import WriteScan


def test_files_are_read_in_the_order_they_were_asked_for(tmp_path: Path, scan: WriteScan) -> None:
    for number in range(20):
        scan(tmp_path / f"scan_{number:02}.nxs", title=f"Scan {number:02}")
    groups = plan([tmp_path]).groups
    with Readers(2) as readers:
        titles = [read.captures[0][1].title for read in readers.read(groups)]
    assert [title.value for title in titles if title] == [f"Scan {number:02}" for number in range(20)]


def test_a_reader_that_dies_is_replaced_and_the_file_says_so(tmp_path: Path, scan: WriteScan) -> None:
    scan(tmp_path / "scan_1.nxs")
    scan(tmp_path / "scan_2.nxs")
    first, second = plan([tmp_path]).groups
    with Readers(1) as readers:
        assert next(readers.read([first])).captures[0][1].title
        reader = readers._idle.get()
        assert reader._process is not None
        reader._process.kill()
        reader._process.wait()
        readers._idle.put(reader)
        (found,) = next(readers.read([second])).captures[0][1].findings
        assert found.code == "reader-stopped"
        assert next(readers.read([second])).captures[0][1].title


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path, scan: WriteScan) -> None:
    scan(tmp_path / "scan_1.nxs")
    (group,) = plan([tmp_path]).groups
    with Readers(1) as readers:
        next(readers.read([group]))
        readers._seconds = 1.0
        reader = readers._idle.get()
        assert reader._process is not None
        os.kill(reader._process.pid, signal.SIGSTOP)
        readers._idle.put(reader)
        began = time.monotonic()
        (found,) = next(readers.read([group])).captures[0][1].findings
        assert found.code == "reader-stopped"
        assert "1 s" in found.details["reason"]
        assert time.monotonic() - began < 30


def test_what_is_no_measurement_at_all_is_kept_with_a_finding(facility: Facility, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (data / "not.h5").write_bytes(b"certainly not HDF5")
    with h5py.File(data / "whole.h5", "w") as file:
        file["data"] = list(range(10_000))
    cut = (data / "whole.h5").read_bytes()[:3000]
    (data / "whole.h5").unlink()
    (data / "cut.h5").write_bytes(cut)
    (data / "empty.nxs").touch()
    (data / "<script>alert(1)<script>.cbf").write_bytes(b"frame")
    (data / os.fsdecode(b"latin-\xe9.xdi")).write_bytes(b"table")
    summary = run(facility, [data])
    assert {taken.outcome for taken in summary.taken} == {Outcome.CREATED}
    assert len(summary.quarantined) == 5
    assert all(taken.findings for taken in summary.taken)


def test_every_real_file_is_taken_in_or_named(facility: Facility, shared: Path) -> None:
    data = shared.resolve() / "data"
    summary = run(facility, [data])
    assert {taken.outcome for taken in summary.taken} == {Outcome.CREATED}
    assert not [code for code in summary.findings() if code in {"reader-stopped", "vanished", "unreadable"}]
    files = sum(1 for path in data.rglob("*") if path.is_file())
    assert sum(taken.files for taken in summary.taken) + len(summary.left_out) == files
    assert len(summary.quarantined) == len(summary.taken), "none of them is of a visit of this facility"


def test_who_asks_a_reader_that_dies_is_told_and_the_next_is_answered() -> None:
    with Readers(1) as readers:
        with pytest.raises(Stopped, match="died"):
            readers.ask(os._exit, 1)
        assert readers.ask(abs, -2) == 2


def test_a_chunk_that_unpacks_to_more_than_the_memory_stops_nothing(tmp_path: Path, scan: WriteScan) -> None:
    packer = zlib.compressobj(9)
    first, again = (packer.compress(bytes(1 << 24)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    size = 301 << 24
    check = (size % 65521 << 16 | 1).to_bytes(4, "big")  # Adler-32 of so many zeros
    packed = zlib.compress(first + again * 300 + packer.flush()[:-4] + check, 9)
    assert len(packed) < 1 << 16
    with h5py.File(tmp_path / "bomb.nxs", "w") as file:
        properties = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        properties.set_chunk((64,))
        properties.set_deflate(9)
        properties.set_deflate(9)
        space = h5py.h5s.create_simple((64,))
        made = h5py.h5d.create(file.id, b"gap", h5py.h5t.NATIVE_INT32, space, properties)
        made.write_direct_chunk((0,), packed)
        file["gap"].attrs["units"] = "mm"
    scan(tmp_path / "scan.nxs", title="after it")
    with Readers(1) as readers:
        bomb, after = (read.captures[0][1] for read in readers.read(plan([tmp_path]).groups))
    assert not bomb.parameters
    assert {found.code for found in bomb.findings} & {"unreadable-data", "reader-stopped"}
    assert after.title is not None
    assert after.title.value == "after it"


def test_who_still_asks_when_the_readers_are_closed_is_interrupted() -> None:
    readers = Readers(1)
    readers.ask(abs, -3)
    readers.close()
    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            readers.ask(abs, -3)


def test_ctrl_c_does_not_reach_the_readers() -> None:
    with Readers(1) as readers:
        assert readers.ask(os.getpgid, 0) != os.getpgid(0)
