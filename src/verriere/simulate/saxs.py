"""Small angle X-ray scattering, as an undulator beamline with an EIGER in a vacuum tube records it.

The files follow the layout that SOLEIL's recorder gives them: one entry named after the acquisition, the context of
the beamline under ``/<entry>/SWING/<Tango device>``, and the data under ``/<entry>/scan_data/data_NN``, which only
their attributes explain. Everything a person needs to average the rings of silver behenate is in the file.
"""

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np
from numpy.typing import NDArray

from verriere.simulate.beamtime import FACILITY, Beamtime
from verriere.simulate.detectors import Eiger
from verriere.simulate.writing import COMPRESSED, HC, after, group, iso, old_field

BEHENATE_D001 = 58.38
"""Spacing of the (001) planes of silver behenate [Å] (Blanton et al., Powder Diffraction 10, 91, 1995)."""
LYSOZYME_RG = 14.3
"""Radius of gyration of hen egg-white lysozyme in solution [Å]."""
DETECTOR = Eiger("EIGER-4M", (4, 2), binning=4)
MASKED = np.iinfo(np.uint32).max
"""What the detector writes where it has no pixel."""

Image = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Geometry:
    """Where the detector stands.

    Parameters
    ----------
    energy
        Of the photons [keV].
    distance
        From the sample to the detector [m].
    centre
        Row and column of the direct beam [pixel], counted from the middle of the first pixel.
    """

    energy: float = 12.0
    distance: float = 1.2
    centre: tuple[float, float] = (287.6, 254.3)

    @property
    def wavelength(self) -> float:
        """Of the photons [Å]."""
        return HC / self.energy

    def two_theta(self) -> Image:
        """Scattering angle of each pixel [rad]."""
        rows, columns = np.indices(DETECTOR.shape, dtype=np.float64)
        radius = np.hypot(rows - self.centre[0], columns - self.centre[1]) * DETECTOR.pixel_size
        return np.asarray(np.arctan2(radius, self.distance))

    def q(self) -> Image:
        """Scattering vector of each pixel [1/Å]."""
        return np.asarray(4 * np.pi / self.wavelength * np.sin(self.two_theta() / 2))


@dataclass(frozen=True, slots=True)
class _Exposure:
    name: str
    title: str
    sample: str
    formula: str
    frames: int
    seconds: float
    counts: Image
    concentration: float | None = None


def behenate(q: Image) -> Image:
    """Scattering of silver behenate: lamellar orders that fade and broaden, on a low background. Arbitrary units."""
    strength = np.array([1.0, 0.28, 0.42, 0.16, 0.24, 0.09, 0.12, 0.06, 0.05])
    total = 0.01 + 2e-7 / np.maximum(q, 0.01) ** 3
    for order, height in enumerate(strength, start=1):
        width = 0.0016 * (1 + 0.05 * order)
        total = total + height * np.exp(-0.5 * ((q - 2 * np.pi * order / BEHENATE_D001) / width) ** 2)
    return np.asarray(total)


def guinier_porod(q: Image, radius_of_gyration: float, exponent: float = 4.0) -> Image:
    """Form factor of compact particles, 1 at q = 0 (Hammouda, J. Appl. Cryst. 43, 716, 2010).

    Parameters
    ----------
    q, radius_of_gyration
        In reciprocal units of each other.
    exponent
        Of the Porod law at large q.
    """
    join = np.sqrt(1.5 * exponent) / radius_of_gyration
    guinier = np.exp(-((np.minimum(q, join) * radius_of_gyration) ** 2) / 3)
    return np.asarray(np.where(q <= join, guinier, guinier * (np.maximum(q, join) / join) ** -exponent))


def write(folder: Path, beamtime: Beamtime, *, seed: int, geometry: Geometry | None = None) -> list[Path]:
    """Write a calibration, a buffer and a protein in that buffer.

    The file of the buffer lacks what people forget: its title and its sample are still the placeholders of the
    template, and nobody recorded when it ended.

    Parameters
    ----------
    folder
        Made where it does not exist.
    seed
        Of the counting noise.

    Returns
    -------
    list of Path
        The files, in the order they were recorded.
    """
    geometry = geometry or Geometry()
    folder.mkdir(parents=True, exist_ok=True)
    q = geometry.q()
    capillary = 3.0 + 1.2e-5 / np.maximum(q, 0.008) ** 3
    protein = 120.0 * guinier_porod(q, LYSOZYME_RG)
    exposures = [
        _Exposure("agbh", "Silver behenate, calibration", "silver behenate", "AgC22H43O2", 1, 1.0, 900 * behenate(q)),
        _Exposure("buffer", "{Entry Name}", "{name of the sample}", "", 6, 0.5, capillary),
        _Exposure(
            "lysozyme",
            "Lysozyme 10 mg/ml at 20 degC, SAXS",
            "lysozyme",
            "",
            6,
            0.5,
            capillary + protein,
            concentration=10.0,
        ),
    ]
    rng = np.random.default_rng([seed, 1])
    return [
        _write_one(folder, number, one, beamtime, geometry=geometry, rng=rng)
        for number, one in enumerate(exposures, start=1)
    ]


def _frames(one: _Exposure, geometry: Geometry, rng: np.random.Generator) -> NDArray[np.uint32]:
    """Counts of each frame: solid angle, shadow of the beam stop, counting noise, gaps."""
    angle = geometry.two_theta()
    expected = one.counts * np.cos(angle) ** 3
    rows, columns = np.indices(DETECTOR.shape)
    from_centre = np.hypot(rows - geometry.centre[0], columns - geometry.centre[1])
    behind_arm = (np.abs(rows - geometry.centre[0] - 0.1 * (columns - geometry.centre[1])) < 2) & (
        columns < geometry.centre[1]
    )
    expected = np.where((from_centre < 7) | behind_arm, 0.02, expected)
    frames = rng.poisson(expected, (one.frames, *DETECTOR.shape)).astype(np.uint32)
    frames[:, DETECTOR.gaps] = MASKED
    return frames


def _write_one(
    folder: Path, number: int, one: _Exposure, beamtime: Beamtime, *, geometry: Geometry, rng: np.random.Generator
) -> Path:
    name = f"{one.name}_{number:05d}"
    start = after(beamtime.start, 420 * number)
    end = after(start, one.frames * one.seconds + 3.2)
    path = folder / f"{name}_{start:%Y-%m-%d_%H-%M-%S}.nxs"
    with h5py.File(path, "w") as file:
        file.attrs["creator"] = np.bytes_(FACILITY.encode())
        file.attrs["NeXus_version"] = np.bytes_(b"4.3.0")
        written = "{File name of original NeXus file}" if one.name == "buffer" else path.name
        file.attrs["file_name"] = np.bytes_(written.encode())
        entry = group(file, name, "NXentry")
        old_field(entry, "title", one.title, description="Extended title for entry")
        old_field(entry, "start_time", iso(start), description="Starting time of measurement")
        if one.name != "buffer":
            old_field(entry, "end_time", iso(end), description="Ending time of measurement")
        old_field(entry, "experiment_identifier", beamtime.identifier)
        old_field(entry, "duration", round((end - start).total_seconds()), "s")
        technique = group(entry, "experiment_technique", "NXnote")
        old_field(technique, "name", "SAXS")
        old_field(technique, "identifier", "http://purl.org/pan-science/PaNET/PaNET01188")
        user = group(entry, "User", "NXuser")
        old_field(user, "name", beamtime.user.name, description="Name of user responsible for this entry")
        old_field(user, "email", beamtime.user.email, description="Email of user")
        old_field(user, "affiliation", beamtime.user.affiliation or "", description="Affiliation of user")
        old_field(user, "role", "proposer")
        sample = group(entry, "sample_info", "NXsample")
        old_field(sample, "name", one.sample)
        old_field(sample, "temperature", 293.15, "K")
        if one.formula:
            old_field(sample, "chemical_formula", one.formula)
        if one.concentration is not None:
            old_field(sample, "concentration", one.concentration, "mg/ml")
        _write_context(entry, one, geometry, iso(start))
        _write_data(entry, one, _frames(one, geometry, rng), start.timestamp(), rng)
    return path


def _write_context(entry: h5py.Group, one: _Exposure, geometry: Geometry, stamp: str) -> None:
    """The beamline as its Tango devices tell it."""
    instrument = group(entry, "SWING", "NXinstrument")
    old_field(instrument, "name", "SWING")
    machine = group(instrument, "ans__ca__machinestatus", "NXsource")
    old_field(machine, "name", FACILITY)
    old_field(machine, "type", "Synchrotron X-ray Source")
    old_field(machine, "probe", "x-ray")
    old_field(machine, "current", 449.8, "mA", timestamp=stamp, description="Stored current")
    mono = group(instrument, "i11-c-c03__op__mono", "NXmonochromator")
    old_field(mono, "energy", geometry.energy, "keV", timestamp=stamp)
    old_field(mono, "wavelength", geometry.wavelength, "Å", timestamp=stamp)
    slits = group(instrument, "i11-c-c05__ex__fent_h.1", "NXaperture")
    old_field(slits, "gap", 0.4, "mm", timestamp=stamp)
    old_field(slits, "position", 0.02, "mm", timestamp=stamp)
    detector = group(instrument, DETECTOR.name, "NXdetector")
    old_field(detector, "description", "EIGER X 4M, 4 x 4 pixels added up")
    old_field(detector, "distance", geometry.distance * 1e3, "mm", description="Sample to detector")
    old_field(detector, "pixel_size_x", DETECTOR.pixel_size * 1e6, "um", description="Of a pixel of the image")
    old_field(detector, "pixel_size_z", DETECTOR.pixel_size * 1e6, "um", description="Of a pixel of the image")
    old_field(detector, "dir_beam_x", geometry.centre[1], "pixel", description="Column of the direct beam")
    old_field(detector, "dir_beam_z", geometry.centre[0], "pixel", description="Row of the direct beam")
    old_field(detector, "binning_x", DETECTOR.binning)
    old_field(detector, "binning_y", DETECTOR.binning)
    old_field(detector, "exposure_time", one.seconds * 1e3, "ms")
    old_field(detector, "nb_frames", one.frames)


def _write_data(
    entry: h5py.Group, one: _Exposure, frames: NDArray[np.uint32], began: float, rng: np.random.Generator
) -> None:
    data = group(entry, "scan_data", "NXdata", signal="data_01")
    image = data.create_dataset("data_01", data=frames, chunks=(1, *frames.shape[1:]), **COMPRESSED)
    for key, text in {
        "alias": "eiger_image",
        "long_name": "i11-c-c08/dt/eiger-4m/image",
        "interpretation": "image",
        "units": "counts",
        "description": f"{MASKED} where there is no pixel",
    }.items():
        image.attrs[key] = np.bytes_(text.encode())
    diode = rng.normal(1.9e-6, 4e-9, one.frames)
    old_field(
        data,
        "data_02",
        diode,
        "A",
        alias="transmitted",
        long_name="i11-c-c08/dt/mi_diode.8/averageIntensity",
        interpretation="scalar",
    )
    old_field(data, "integration_times", np.full(one.frames, one.seconds), "s", long_name="integration_time")
    old_field(data, "sensors_timestamps", began + 3.2 + one.seconds * np.arange(one.frames), "s")
