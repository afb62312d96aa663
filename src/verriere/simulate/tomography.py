"""X-ray tomography: absorption by a capillary with grains in it, in parallel beam, written as NXtomo.

Every body of the phantom is an ellipsoid, so its projection is known exactly (the chord of an ellipse), and a slice can
be drawn without the projections: `slice_of` is what a reconstruction must look like.
"""

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from verriere.simulate.beamtime import FACILITY, Beamtime
from verriere.simulate.writing import COMPRESSED, HC, after, field, group, iso

ROWS, COLUMNS = 96, 160
ANGLES = 181
DARKS = FLATS = 10
OFFSET = 2.5
"""How far the axis of rotation stands to the right of the middle of the image [pixel]."""
PIXEL = 3.25e-6
ENERGY = 25.0
BEAM = 14_000.0
OFFSET_COUNTS = 104.0

Volume = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ellipsoid:
    """A body of even attenuation.

    Parameters
    ----------
    centre
        x, y and z [pixel] from the middle; z is the axis of rotation.
    axes
        Half axes [pixel].
    turn
        Of the first half axis, around z, from x [rad].
    attenuation
        What it adds to the attenuation coefficient [1/pixel].
    """

    centre: tuple[float, float, float]
    axes: tuple[float, float, float]
    turn: float
    attenuation: float

    def project(self, angle: Volume, row: Volume, column: Volume) -> Volume:
        """Attenuation along parallel rays; angle [rad], row and column [pixel] from the middle, broadcast together."""
        (x, y, z), (a, b, c) = self.centre, self.axes
        width = (a * np.cos(angle - self.turn)) ** 2 + (b * np.sin(angle - self.turn)) ** 2
        across = column - (x * np.cos(angle) + y * np.sin(angle))
        inside = np.maximum(width * (1 - ((row - z) / c) ** 2) - across**2, 0)
        return np.asarray(self.attenuation * 2 * a * b * np.sqrt(inside) / width)

    def fill(self, x: Volume, y: Volume, z: float) -> Volume:
        """Attenuation coefficient at points of the slice at height z [1/pixel]."""
        (x0, y0, z0), (a, b, c) = self.centre, self.axes
        along = (x - x0) * np.cos(self.turn) + (y - y0) * np.sin(self.turn)
        across = (y - y0) * np.cos(self.turn) - (x - x0) * np.sin(self.turn)
        inside = (along / a) ** 2 + (across / b) ** 2 + ((z - z0) / c) ** 2 <= 1
        return np.asarray(self.attenuation * inside)


def phantom(seed: int) -> list[Ellipsoid]:
    """A glass capillary with porous grains, the same for the same seed."""
    rng = np.random.default_rng([seed, 2])
    tall = 40.0 * ROWS
    bodies = [
        Ellipsoid((0, 0, 0), (70, 70, tall), 0, 0.008),
        Ellipsoid((0, 0, 0), (64, 64, tall), 0, -0.007),
    ]
    for _ in range(26):
        radius, turn = 52 * np.sqrt(rng.uniform()), rng.uniform(0, 2 * np.pi)
        axes = rng.uniform(5, 13, 3)
        centre = (radius * np.cos(turn), radius * np.sin(turn), rng.uniform(-0.5, 0.5) * ROWS)
        bodies.append(Ellipsoid(centre, (axes[0], axes[1], axes[2]), rng.uniform(0, np.pi), rng.uniform(0.006, 0.014)))
    return bodies


def slice_of(bodies: list[Ellipsoid], row: int) -> Volume:
    """What the phantom is at one row of the detector: attenuation [1/pixel], shape (COLUMNS, COLUMNS), y then x."""
    along = np.arange(COLUMNS) - (COLUMNS - 1) / 2
    y, x = np.meshgrid(along, along, indexing="ij")
    return np.asarray(sum(body.fill(x, y, row - (ROWS - 1) / 2) for body in bodies))


def project(bodies: list[Ellipsoid], angles: Volume, *, rows: int = ROWS, offset: float = OFFSET) -> Volume:
    """Attenuation along each ray, shape (len(angles), rows, COLUMNS); angles in rad."""
    row = (np.arange(rows, dtype=np.float64) - (rows - 1) / 2)[None, :, None]
    column = (np.arange(COLUMNS, dtype=np.float64) - (COLUMNS - 1) / 2 - offset)[None, None, :]
    total = np.zeros((len(angles), rows, COLUMNS))
    for body in bodies:
        total += body.project(angles[:, None, None], row, column)
    return total


def write(
    folder: Path, beamtime: Beamtime, *, seed: int, name: str = "grains", sample: str = "zeolite grains"
) -> list[Path]:
    """Write one scan: darks, flats, projections over 180 degrees, flats again.

    Nobody named the sample of the alignment scan beside it, which has few angles and no flats at the end.

    Returns
    -------
    list of Path
        The alignment scan, then the scan.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng([seed, 3])
    bodies = phantom(seed)
    quick = _write_one(folder / f"{name}_align_0001.nxs", bodies, beamtime, rng, angles=19, sample="", minutes=4)
    scan = _write_one(folder / f"{name}_0002.nxs", bodies, beamtime, rng, angles=ANGLES, sample=sample, minutes=15)
    return [quick, scan]


def _write_one(
    path: Path,
    bodies: list[Ellipsoid],
    beamtime: Beamtime,
    rng: np.random.Generator,
    *,
    angles: int,
    sample: str,
    minutes: float,
) -> Path:
    theta = np.linspace(0, 180, angles)
    half = FLATS // 2
    keys = np.array([2] * DARKS + [1] * half + [0] * angles + [1] * half, dtype=np.int32)
    degrees = np.concatenate([np.zeros(DARKS + half), theta, np.full(half, 180.0)])
    frames = _frames(project(bodies, np.deg2rad(theta)), keys, rng)
    start = after(beamtime.start, 60 * minutes)
    exposure = 0.05
    with h5py.File(path, "w") as file:
        file.attrs["default"] = "entry"
        file.attrs["creator"] = "anatomix-recorder 3.1"
        entry = group(file, "entry", "NXentry", default="data")
        field(entry, "definition", "NXtomo")
        field(entry, "title", beamtime.title if sample else "alignment")
        field(entry, "start_time", iso(start))
        field(entry, "end_time", iso(after(start, len(keys) * (exposure + 0.01))))
        field(entry, "experiment_identifier", beamtime.identifier)
        user = group(entry, "user", "NXuser")
        field(user, "name", beamtime.user.name)
        field(user, "email", beamtime.user.email)
        instrument = group(entry, "instrument", "NXinstrument")
        field(instrument, "name", "ANATOMIX")
        source = group(instrument, "source", "NXsource")
        field(source, "name", FACILITY)
        field(source, "type", "Synchrotron X-ray Source")
        field(source, "probe", "x-ray")
        mono = group(instrument, "monochromator", "NXmonochromator")
        field(mono, "energy", ENERGY, "keV")
        field(mono, "wavelength", HC / ENERGY, "angstrom")
        detector = group(instrument, "detector", "NXdetector")
        field(detector, "description", "Hamamatsu Orca Flash 4.0 V2 with a LuAG:Ce scintillator")
        field(detector, "x_pixel_size", PIXEL, "m")
        field(detector, "y_pixel_size", PIXEL, "m")
        field(detector, "distance", 0.035, "m")
        field(detector, "count_time", exposure, "s")
        field(detector, "x_rotation_axis_pixel_position", OFFSET, "pixel")
        field(detector, "image_key", keys)
        detector.create_dataset("data", data=frames, chunks=(1, ROWS, COLUMNS), **COMPRESSED).attrs["units"] = "counts"
        about = group(entry, "sample", "NXsample")
        if sample:
            field(about, "name", sample)
        field(about, "rotation_angle", degrees, "deg")
        field(group(entry, "control", "NXmonitor"), "data", rng.normal(2.1e5, 300, len(keys)), "counts")
        data = group(entry, "data", "NXdata", signal="data", axes=["rotation_angle", ".", "."])
        data["data"] = detector["data"]
        data["rotation_angle"] = about["rotation_angle"]
        data["image_key"] = detector["image_key"]
    return path


def _frames(attenuation: Volume, keys: NDArray[np.int32], rng: np.random.Generator) -> NDArray[np.uint16]:
    """Counts: an uneven beam that fades slowly, Beer and Lambert, counting noise, the offset of the camera."""
    row, column = np.indices((ROWS, COLUMNS))
    beam = BEAM * np.exp(-0.5 * ((row - 45) / 90) ** 2) * (1 + 0.05 * np.sin(row / 3.1) + 0.03 * np.cos(column / 7.3))
    fading = 1 - 0.01 * np.arange(len(keys)) / len(keys)
    seen = np.ones((len(keys), ROWS, COLUMNS))
    seen[keys == 0] = np.exp(-attenuation)
    expected = beam * fading[:, None, None] * seen
    expected[keys == 2] = 0
    counts = rng.poisson(expected) + rng.normal(OFFSET_COUNTS, 1.5, expected.shape)
    return np.clip(np.rint(counts), 0, 65535).astype(np.uint16)
