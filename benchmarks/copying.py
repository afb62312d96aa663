"""Copying ingest of large files: how near it comes to what the machine can do.

The floor is one pass that reads, hashes with OpenSSL's SHA-256 and writes in two threads, then syncs: nothing of an
archive, no second digest, no staging. Both are measured in turns in the same run, and each is given by its best turn,
because other work on the machine only ever makes a turn slower.
"""

import argparse
import hashlib
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import SimpleQueue

from verriere.archive import Archive, Source

MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Figure:
    """One figure and its floor.

    Parameters
    ----------
    value, floor
        Speed [MB/s], the best of the turns.
    ratio
        Of the two.
    peak_memory
        Of the archive's process while it copied [MB].
    """

    figure: str
    value: float
    floor: float
    ratio: float
    unit: str
    peak_memory: float
    goal: float = 0.9


def measure(*, files: int = 4, megabytes: int = 1000, turns: int = 3, folder: Path | None = None) -> Figure:
    """Copy ``files`` files of ``megabytes`` MB each into an archive, and past the floor.

    Parameters
    ----------
    folder
        Where to work: on the disk that is to be measured. Twice the size of the files must be free.
    """
    with tempfile.TemporaryDirectory(dir=folder) as name:
        work = Path(name)
        sources = [_source(work / f"frames-{number}.h5", megabytes) for number in range(files)]
        total = files * megabytes
        floors, values, peak = [], [], 0.0
        for _ in range(turns):
            floors.append(total / _floor(sources, work / "floor"))
            seconds, memory = _in_a_child(sources, work / "archive")
            values.append(total / seconds)
            peak = max(peak, memory)
    return Figure(
        figure=f"copying ingest of {files} x {megabytes} MB, fsync included",
        value=round(max(values)),
        floor=round(max(floors)),
        ratio=round(max(values) / max(floors), 2),
        unit="MB/s",
        peak_memory=round(peak),
    )


def _source(path: Path, megabytes: int) -> Path:
    block = os.urandom(MEGABYTE)
    with path.open("wb", buffering=0) as file:
        for number in range(megabytes):
            cut = number * 4096 % MEGABYTE
            file.write(block[cut:])
            file.write(block[:cut])
        os.fsync(file.fileno())
    return path


def _in_a_child(sources: list[Path], root: Path) -> tuple[float, float]:
    """Seconds and peak memory [MB] of the deposit, in a process of its own so that its memory is its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
        archive = Archive.create(root)
        began = time.perf_counter()
        archive.put("scan-1", [Source(path, path.name) for path in sources], b"{}\n")
        seconds = time.perf_counter() - began
        status = Path("/proc/self/status").read_text()
        peak = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))
        os.write(writing, json.dumps([seconds, peak * 1024 / MEGABYTE]).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        seconds, memory = json.loads(answer.read())
    os.waitpid(child, 0)
    shutil.rmtree(root)
    os.sync()
    return float(seconds), float(memory)


def _floor(sources: list[Path], folder: Path) -> float:
    folder.mkdir()
    began = time.perf_counter()
    for source in sources:
        _copy(source, folder / source.name)
    seconds = time.perf_counter() - began
    shutil.rmtree(folder)
    os.sync()
    return seconds


def _copy(source: Path, target: Path) -> None:
    free: SimpleQueue[memoryview] = SimpleQueue()
    filled: SimpleQueue[memoryview | None] = SimpleQueue()
    for _ in range(4):
        free.put(memoryview(bytearray(1 << 20)))
    digest = hashlib.sha256()
    with source.open("rb", buffering=0) as origin, target.open("wb", buffering=0) as copy:

        def write() -> None:
            while (part := filled.get()) is not None:
                copy.write(part)
                free.put(memoryview(part.obj))

        writer = threading.Thread(target=write)
        writer.start()
        while count := origin.readinto(buffer := free.get()):
            filled.put(buffer[:count])
            digest.update(buffer[:count])
        filled.put(None)
        writer.join()
        os.fsync(copy.fileno())


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=4)
    parser.add_argument("--megabytes", type=int, default=1000, help="of each file")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="on the disk to measure")
    chosen = parser.parse_args(arguments)
    figure = measure(files=chosen.files, megabytes=chosen.megabytes, turns=chosen.turns, folder=chosen.folder)
    sys.stdout.write(json.dumps(asdict(figure)) + "\n")


if __name__ == "__main__":
    main()
