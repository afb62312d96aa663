"""Macromolecular crystallography: a rotation scan of lysozyme on an EIGER, written as an NXmx master with data files.

The master holds the geometry and a virtual dataset over external links to the images, as the detector's file writer
and the beamline leave it: images are nowhere but in the data files.
"""

from dataclasses import dataclass
from math import erf
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from verriere.simulate.beamtime import FACILITY, Beamtime
from verriere.simulate.crystal import Experiment, Spots, TetragonalCell, diffract, random_orientation
from verriere.simulate.detectors import Eiger
from verriere.simulate.writing import COMPRESSED, HC, Value, after, field, group, iso

DETECTOR = Eiger("EIGER X 1M", (2, 1))
WAVELENGTH = 0.97856
FRAMES_PER_FILE = 15
FRAME_WIDTH = 0.5
"""Rotation during one frame [deg]."""
EXPOSURE = 0.1
SPREAD = 1.1
"""Standard deviation of a spot on the detector [pixel]."""
CUTOFF = 65534
MASKED = 65535

Image = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sweep:
    """What is on the images of one scan: the experiment, and each reflection with the counts it gives in all."""

    experiment: Experiment
    frames: int
    spots: Spots
    counts: Image

    def share(self, frame: int) -> Image:
        """How much of each reflection is in one frame (0 to 1): the part of its rocking curve that the frame sees."""
        edges = np.deg2rad(FRAME_WIDTH) * np.array([frame, frame + 1])
        low, high = ((edge - self.spots.angle) / (np.sqrt(2) * self.spots.width) for edge in edges)
        return 0.5 * (_erf(high) - _erf(low))


def sweep(seed: int, frames: int = 30) -> Sweep:
    """The crystal of this seed, turned by ``frames`` times `FRAME_WIDTH`."""
    rng = np.random.default_rng([seed, 4])
    rows, columns = DETECTOR.shape
    experiment = Experiment(
        TetragonalCell(),
        random_orientation(rng),
        WAVELENGTH,
        distance=92.0,
        pixel=DETECTOR.pixel_size * 1e3,
        centre=(rows / 2 + 8.3, columns / 2 - 4.6),
        mosaicity=np.deg2rad(0.06),
    )
    hkl = experiment.cell.reflections(experiment.resolution(DETECTOR.shape))
    spots = diffract(experiment, hkl, np.deg2rad(-0.5), np.deg2rad(frames * FRAME_WIDTH + 0.5))
    # The same crystal gives the same intensity to equivalent reflections, however often they are seen.
    counts = 1500 * experiment.cell.intensities(spots.hkl, rng) * np.clip(spots.width / experiment.mosaicity, 0, 4)
    useful = np.rad2deg(spots.width) < 1.0
    return Sweep(experiment, frames, spots.select(useful), counts[useful])


def write(folder: Path, beamtime: Beamtime, *, seed: int, name: str = "lyso-x12_1", frames: int = 30) -> list[Path]:
    """Write one rotation scan.

    The master has no ``end_time``: the writer was stopped before it knew it, and only the estimate is there.

    Returns
    -------
    list of Path
        The master, then the data files that it links to.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng([seed, 5])
    turned = sweep(seed, frames)
    lit, shadow = background(turned.experiment), _shadow(turned.experiment)
    master = folder / f"{name}_master.h5"
    parts = []
    for number, first in enumerate(range(0, frames, FRAMES_PER_FILE), start=1):
        part = folder / f"{name}_data_{number:06d}.h5"
        span = range(first, min(first + FRAMES_PER_FILE, frames))
        with h5py.File(part, "w") as file:
            data = group(group(file, "entry", "NXentry"), "data", "NXdata")
            images = data.create_dataset(
                "data", (len(span), *DETECTOR.shape), np.uint16, chunks=(1, *DETECTOR.shape), **COMPRESSED
            )
            images.attrs["image_nr_low"], images.attrs["image_nr_high"] = span[0] + 1, span[-1] + 1
            for index, frame in enumerate(span):
                images[index] = image(turned, frame, lit, shadow, rng)
        parts.append(part)
    with h5py.File(master, "w") as file:
        file.attrs["default"] = "entry"
        _write_master(group(file, "entry", "NXentry", default="data"), turned, parts, beamtime)
    return [master, *parts]


def image(
    turned: Sweep, frame: int, lit: Image, shadow: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.uint16]:
    """Counts of one frame: spots over the background, the shadow of the beam stop, counting noise, gaps."""
    expected = lit.copy()
    strength = turned.counts * turned.share(frame)
    bright = np.flatnonzero(strength > 0.5)
    _add_spots(expected, turned.spots.row[bright], turned.spots.column[bright], strength[bright])
    expected[shadow] *= 0.02
    counts = np.minimum(rng.poisson(expected), CUTOFF).astype(np.uint16)
    counts[DETECTOR.gaps] = MASKED
    return counts


def background(experiment: Experiment) -> Image:
    """Counts that every frame has: air near the beam, the two broad rings of water near 3.3 and 2.1 Å."""
    rows, columns = np.indices(DETECTOR.shape, dtype=np.float64)
    radius = np.hypot(rows - experiment.centre[0], columns - experiment.centre[1]) * experiment.pixel
    angle = np.arctan2(radius, experiment.distance)
    s = 2 * np.sin(angle / 2) / experiment.wavelength
    water = 2.6 * np.exp(-0.5 * ((s - 1 / 3.3) / 0.045) ** 2) + 0.9 * np.exp(-0.5 * ((s - 1 / 2.1) / 0.06) ** 2)
    return np.asarray((0.25 + water + 9 * np.exp(-s / 0.035)) * np.cos(angle) ** 3)


def _shadow(experiment: Experiment) -> NDArray[np.bool_]:
    """Pixels behind the beam stop and its arm."""
    rows, columns = np.indices(DETECTOR.shape)
    y, x = experiment.centre
    return np.asarray((np.hypot(rows - y, columns - x) < 17) | ((np.abs(columns - x) < 5) & (rows > y)))


def _add_spots(expected: Image, row: Image, column: Image, counts: Image) -> None:
    """Add a round Gaussian spot of so many counts at each place, in place."""
    reach = np.arange(-6, 7)
    y = np.rint(row).astype(int)[:, None] + reach
    x = np.rint(column).astype(int)[:, None] + reach
    along = np.exp(-0.5 * ((y - row[:, None]) / SPREAD) ** 2)
    across = np.exp(-0.5 * ((x - column[:, None]) / SPREAD) ** 2)
    spot = (counts / (2 * np.pi * SPREAD**2))[:, None, None] * along[:, :, None] * across[:, None, :]
    inside = ((y >= 0) & (y < expected.shape[0]))[:, :, None] & ((x >= 0) & (x < expected.shape[1]))[:, None, :]
    every_y, every_x = np.broadcast_to(y[:, :, None], spot.shape), np.broadcast_to(x[:, None, :], spot.shape)
    np.add.at(expected, (every_y[inside], every_x[inside]), spot[inside])


def _write_master(entry: h5py.Group, turned: Sweep, parts: list[Path], beamtime: Beamtime) -> None:
    experiment, frames = turned.experiment, turned.frames
    omega = FRAME_WIDTH * np.arange(frames)
    start = after(beamtime.start, 3600)
    field(entry, "definition", "NXmx", version="1.5")
    field(entry, "title", beamtime.title)
    field(entry, "start_time", iso(start))
    field(entry, "end_time_estimated", iso(after(start, frames * EXPOSURE)))
    field(entry, "experiment_identifier", beamtime.identifier)
    user = group(entry, "user", "NXuser")
    field(user, "name", beamtime.user.name)
    field(user, "email", beamtime.user.email)
    source = group(entry, "source", "NXsource")
    field(source, "name", FACILITY, short_name="SOLEIL")
    field(source, "type", "Synchrotron X-ray Source")
    field(source, "probe", "x-ray")
    sample = group(entry, "sample", "NXsample")
    field(sample, "name", "lysozyme crystal 12")
    field(sample, "temperature", 100.0, "K")
    cell = experiment.cell
    field(sample, "unit_cell", np.array([cell.a, cell.a, cell.c, 90.0, 90.0, 90.0]))
    field(sample, "orientation_matrix", experiment.orientation)
    field(sample, "depends_on", "/entry/sample/transformations/omega")
    turn = group(sample, "transformations", "NXtransformations")
    axis: dict[str, Value] = {
        "transformation_type": "rotation",
        "vector": np.array([-1.0, 0.0, 0.0]),
        "depends_on": ".",
    }
    field(turn, "omega", omega, "deg", **axis)
    field(turn, "omega_end", omega + FRAME_WIDTH, "deg")
    _write_instrument(group(entry, "instrument", "NXinstrument"), experiment)
    data = group(entry, "data", "NXdata", signal="data", axes=["omega", ".", "."])
    data["omega"] = turn["omega"]
    layout = h5py.VirtualLayout((frames, *DETECTOR.shape), np.uint16)
    for number, part in enumerate(parts):
        first = number * FRAMES_PER_FILE
        data[f"data_{number + 1:06d}"] = h5py.ExternalLink(part.name, "/entry/data/data")
        shape = (min(FRAMES_PER_FILE, frames - first), *DETECTOR.shape)
        layout[first : first + shape[0]] = h5py.VirtualSource(part.name, "/entry/data/data", shape)
    data.create_virtual_dataset("data", layout)


def _write_instrument(instrument: h5py.Group, experiment: Experiment) -> None:
    field(instrument, "name", "PROXIMA-1", short_name="PX1")
    beam = group(instrument, "beam", "NXbeam")
    field(beam, "incident_wavelength", experiment.wavelength, "angstrom")
    field(beam, "total_flux", 1.2e12, "Hz")
    mono = group(instrument, "monochromator", "NXmonochromator")
    field(mono, "energy", HC / experiment.wavelength * 1e3, "eV")
    attenuator = group(instrument, "attenuator", "NXattenuator")
    field(attenuator, "attenuator_transmission", 0.2)
    detector = group(instrument, "detector", "NXdetector")
    field(detector, "description", f"Dectris {DETECTOR.name}")
    field(detector, "type", "Pixel")
    field(detector, "distance", experiment.distance * 1e-3, "m")
    field(detector, "beam_center_x", experiment.centre[1], "pixel")
    field(detector, "beam_center_y", experiment.centre[0], "pixel")
    for name in ("x_pixel_size", "y_pixel_size"):
        field(detector, name, DETECTOR.pixel_size, "m")
    field(detector, "count_time", EXPOSURE - 2e-5, "s")
    field(detector, "frame_time", EXPOSURE, "s")
    field(detector, "bit_depth_readout", 16)
    field(detector, "saturation_value", CUTOFF)
    field(detector, "sensor_material", "Si")
    field(detector, "sensor_thickness", 0.00045, "m")
    detector.create_dataset("pixel_mask", data=DETECTOR.gaps.astype(np.uint8), **COMPRESSED)
    field(detector, "depends_on", "/entry/instrument/detector/transformations/det_z")
    moved = group(detector, "transformations", "NXtransformations")
    along: dict[str, Value] = {
        "transformation_type": "translation",
        "vector": np.array([0.0, 0.0, 1.0]),
        "depends_on": ".",
    }
    field(moved, "det_z", experiment.distance, "mm", **along)
    module = group(detector, "module", "NXdetector_module")
    field(module, "data_origin", np.array([0, 0]))
    field(module, "data_size", np.array(DETECTOR.shape))
    corner = -np.array([experiment.centre[1], experiment.centre[0]]) * experiment.pixel
    place: dict[str, Value] = {
        "transformation_type": "translation",
        "depends_on": "/entry/instrument/detector/transformations/det_z",
    }
    field(
        module,
        "module_offset",
        0.0,
        "mm",
        vector=np.array([1.0, 0.0, 0.0]),
        offset=np.array([-corner[0], -corner[1], 0.0]),
        **place,
    )
    field(module, "fast_pixel_direction", experiment.pixel, "mm", vector=np.array([-1.0, 0.0, 0.0]), **place)
    field(module, "slow_pixel_direction", experiment.pixel, "mm", vector=np.array([0.0, -1.0, 0.0]), **place)


def _erf(values: Image) -> Image:
    return np.fromiter((erf(value) for value in values), dtype=np.float64, count=len(values))
