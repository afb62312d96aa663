"""Ingest as a whole: large files, many small ones, and how long the command takes to say hello.

Each figure has its floor, measured in the same run. Of small files, the floor is a bare walk with h5py that reads every
attribute, in as many processes. Of large ones, it is one pass that reads, hashes and writes (see `benchmarks.copying`).
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import h5py
from benchmarks.copying import _floor, _source

SOURCE = Path(__file__).parents[1] / "src"
ENVIRONMENT = os.environ | {"PYTHONPATH": str(SOURCE)}
PROGRAM = """
import json, resource, sys, time
from pathlib import Path
from verriere.facility import Facility
from verriere.ingest.run import run
folder, data = map(Path, sys.argv[1:])
with Facility.create(folder, name="Benchmark") as facility:
    began = time.perf_counter()
    summary = run(facility, [data])
    seconds = time.perf_counter() - began
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
print(json.dumps([len(summary.taken), seconds, memory]))
"""


def write_small(folder: Path, files: int, datasets: int) -> None:
    """Write NeXus files of ``datasets`` datasets, each with a unit."""
    folder.mkdir()
    for number in range(files):
        with h5py.File(folder / f"scan{number:05}_a.nxs", "w") as file:
            entry = file.create_group("entry")
            entry.attrs["NX_class"] = "NXentry"
            entry["title"] = f"Scan {number}"
            for group in range(datasets // 10):
                part = entry.create_group(f"part_{group}")
                part.attrs["NX_class"] = "NXcollection"
                for name in range(10):
                    value = part.create_dataset(f"motor_{name}", data=number + group + name / 10)
                    value.attrs["units"] = "mm"


def walk(path: str) -> int:
    """Open a file and look at everything in it, with the attributes: the floor."""
    found = 0

    def visit(_: str, node: h5py.HLObject) -> None:
        nonlocal found
        found += 1 + len(dict(node.attrs))

    with h5py.File(path) as file:
        file.visititems(visit)
    return found


def bare_walks(folder: Path) -> float:
    """Files a second of a bare walk, in as many processes as there are processors."""
    paths = sorted(map(str, folder.iterdir()))
    with ProcessPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        list(pool.map(walk, paths[:32], chunksize=4))
        began = time.perf_counter()
        list(pool.map(walk, paths, chunksize=16))
        return len(paths) / (time.perf_counter() - began)


def ingest(work: Path, data: Path) -> tuple[int, float, float]:
    """Datasets, seconds and peak memory [MB] of an ingest in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(work / "facility"), str(data)],
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
        text=True,
    )
    count, seconds, memory = json.loads(done.stdout)
    return count, seconds, memory


def small(files: int, datasets: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name:
        data = Path(name) / "data"
        write_small(data, files, datasets)
        floor = bare_walks(data)
        count, seconds, memory = ingest(Path(name), data)
        assert count == files
        return figure("small NeXus files", files / seconds, floor, "files/s", goal=0.5, peak_memory_mb=memory)


def large(files: int, megabytes: int) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as name:
        work, data = Path(name), Path(name) / "data"
        data.mkdir()
        sources = [_source(data / f"frames_{letter}.h5", megabytes) for letter in "abcdefgh"[:files]]
        floor = files * megabytes / _floor(sources, work / "floor")
        count, seconds, memory = ingest(work, data)
        assert count == files
        return figure(
            "large files, whole ingest", files * megabytes / seconds, floor, "MB/s", goal=0.9, peak_memory_mb=memory
        )


def hello() -> dict[str, object]:
    """Seconds of ``verriere --help``, the best of five; the floor is a Python that does nothing."""
    best = {}
    for name, arguments in (("value", ["-m", "verriere", "--help"]), ("floor", ["-c", "pass"])):
        times = []
        for _ in range(5):
            began = time.perf_counter()
            subprocess.run([sys.executable, *arguments], env=ENVIRONMENT, check=True, capture_output=True)
            times.append(time.perf_counter() - began)
        best[name] = min(times)
    return {"figure": "verriere --help", **best, "ratio": best["floor"] / best["value"], "unit": "s", "goal_s": 0.3}


def figure(name: str, value: float, floor: float, unit: str, **more: float) -> dict[str, object]:
    return {"figure": name, "value": value, "floor": floor, "ratio": value / floor, "unit": unit, **more}


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=4, help="large files")
    parser.add_argument("--megabytes", type=int, default=1000, help="size of a large file")
    parser.add_argument("--small", type=int, default=2000, help="small files")
    parser.add_argument("--datasets", type=int, default=60, help="datasets in a small file")
    chosen = parser.parse_args(arguments)
    print(json.dumps(hello()), flush=True)
    print(json.dumps(small(chosen.small, chosen.datasets)), flush=True)
    print(json.dumps(large(chosen.files, chosen.megabytes)), flush=True)


if __name__ == "__main__":
    main()
