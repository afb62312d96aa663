"""How fast small NeXus files are captured, beside a bare walk of the same files with h5py.

Prints one JSON line: files a second of ours, of the floor measured in the same run, and the ratio. The two take turns,
so that a busy machine slows both.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np

from verriere.nexus import capture


def write(path: Path, seed: int, datasets: int = 60) -> None:
    """A scan as a beamline writes it: an entry, its instrument with devices, a sample, one small detector."""
    random = np.random.default_rng(seed)
    with h5py.File(path, "w") as file:
        file.attrs["default"] = "entry"
        file.attrs["creator"] = "benchmark"
        entry = _group(file, "entry", "NXentry")
        entry.attrs["default"] = "data"
        for name, text in (
            ("title", f"scan {seed}"),
            ("start_time", "2024-05-17T09:30:00+02:00"),
            ("end_time", "2024-05-17T09:31:00+02:00"),
            ("experiment_identifier", f"2024{seed:04d}"),
            ("definition", "NXsas"),
        ):
            entry[name] = text
        instrument = _group(entry, "instrument", "NXinstrument")
        instrument["name"] = "SWING"
        source = _group(instrument, "source", "NXsource")
        source["name"] = "SOLEIL"
        source["probe"] = "x-ray"
        _value(_group(instrument, "monochromator", "NXmonochromator"), "energy", 12.0, "keV")
        detector = _group(instrument, "detector", "NXdetector")
        detector["description"] = "Eiger 4M"
        _value(detector, "distance", 2.0, "m")
        _value(detector, "x_pixel_size", 7.5e-5, "m")
        _value(detector, "y_pixel_size", 7.5e-5, "m")
        _group(entry, "sample", "NXsample")["name"] = "silver behenate"
        data = _group(entry, "data", "NXdata")
        data.attrs["signal"] = "data"
        data.attrs["axes"] = ["q"]
        data["data"] = random.random(200)
        _value(data, "q", np.linspace(0.1, 5, 200), "1/nm")
        done = 16
        for device in range((datasets - done + 4) // 5):
            group = _group(instrument, f"i11-c-c0{device}", "NXpositioner")
            for number in range(min(5, datasets - done)):
                _value(group, f"position_{number}", float(random.random()), "mm")
                done += 1


def bare(path: Path) -> None:
    """Open, visit every object, read every attribute, close: what nobody can do without."""
    with h5py.File(path, "r") as file:

        def visit(_: str, item: h5py.Group | h5py.Dataset) -> None:
            for _value in item.attrs.values():
                pass

        file.visititems(visit)


def rate(work: Callable[[Path], object], paths: list[Path]) -> float:
    """Files a second."""
    start = time.perf_counter()
    for path in paths:
        work(path)
    return len(paths) / (time.perf_counter() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"{number}.nxs" for number in range(chosen.files)]
        for number, path in enumerate(paths):
            write(path, number)
        capture(paths[0])
        bare(paths[0])
        ours, floor = 0.0, 0.0
        for _ in range(chosen.rounds):
            ours = max(ours, rate(capture, paths))
            floor = max(floor, rate(bare, paths))
    line = {"figure": "capture", "files": chosen.files, "per_second": round(ours, 1), "floor": round(floor, 1)}
    print(json.dumps({**line, "ratio": round(ours / floor, 3)}))


def _group(parent: h5py.Group, name: str, nx_class: str) -> h5py.Group:
    group = parent.create_group(name)
    group.attrs["NX_class"] = nx_class
    return group


def _value(parent: h5py.Group, name: str, value: object, unit: str) -> None:
    parent[name] = value
    parent[name].attrs["units"] = unit


if __name__ == "__main__":
    main()
