"""What one file says of itself, each value with the place it was read."""

from dataclasses import dataclass
from enum import StrEnum

from verriere.model.finding import Finding


class Basis(StrEnum):
    """Whether a file states something or a reader concluded it from the structure."""

    STATED = "stated"
    INFERRED = "inferred"


@dataclass(frozen=True, slots=True)
class Reading:
    """A text that was read somewhere.

    Parameters
    ----------
    value
        The text, cleaned of white space; times as ISO 8601, with an offset only where one was written.
    source
        Where it was read: an absolute HDF5 path (``/entry/title``), an attribute (``/entry/sample@name``,
        ``/@creator``), ``file name``, ``form`` or ``import``.
    raw
        As written, where that differs from ``value``.
    """

    value: str
    source: str
    raw: str | None = None
    basis: Basis = Basis.STATED


@dataclass(frozen=True, slots=True)
class BaseRange:
    """A parameter in the base unit of its dimension, so that ``12000 eV`` and ``12 keV`` are the same.

    ``minimum`` equals ``maximum`` for a scalar.
    """

    unit: str
    minimum: float
    maximum: float


@dataclass(frozen=True, slots=True)
class Parameter:
    """A name, a value and a unit as written, the value in base units, and where it was read.

    Parameters
    ----------
    name
        Short name in the field's words (``energy``, ``detector_distance``) or, where none is known, the last part
        of the HDF5 path.
    source
        Where it was read, as in `Reading`.
    value
        A number or a text; None for a series.
    unit
        As written; None where nothing is written.
    base
        In base units; None for texts, for unknown units and where there is no unit.
    minimum, mean, maximum
        Of a series, in the unit as written, NaN left out; None for a scalar.
    count
        Number of values: 1 for a scalar.
    personal
        Shown to the team only.
    """

    name: str
    source: str
    value: float | str | None = None
    unit: str | None = None
    base: BaseRange | None = None
    minimum: float | None = None
    mean: float | None = None
    maximum: float | None = None
    count: int = 1
    personal: bool = False
    basis: Basis = Basis.STATED


@dataclass(frozen=True, slots=True)
class Technique:
    """A PaNET term that a dataset is about."""

    iri: str
    label: str
    basis: Basis
    source: str


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis of a signal: its label and unit, and the dataset that holds its values, if any fits."""

    label: str
    unit: str | None = None
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Signal:
    """Something that can be plotted.

    Parameters
    ----------
    path
        HDF5 path of the data.
    shape
        Shape of the data; () for a scalar.
    dtype
        As numpy writes it, ``int32``.
    readable
        False where the shape is known but the values are not in the file (a broken link or virtual dataset).
    axes
        One for each dimension; empty where nothing is known of them.
    uncertainties
        HDF5 path of the standard errors, of the same shape.
    """

    path: str
    shape: tuple[int, ...]
    dtype: str
    readable: bool = True
    label: str = ""
    unit: str | None = None
    axes: tuple[Axis, ...] = ()
    uncertainties: str | None = None
    interpretation: str = ""


@dataclass(frozen=True, slots=True)
class RecordedUser:
    """A person named in a file: personal data, shown to the team only.

    Parameters
    ----------
    is_login
        Whether ``name`` is a login, where the file has no other name.
    logins
        By which the file names the person, too.
    """

    name: str
    source: str
    role: str | None = None
    email: str | None = None
    orcid: str | None = None
    is_login: bool = False
    logins: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """One NXentry (or what stands for one)."""

    path: str
    definition: str | None = None
    title: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    command: str | None = None
    signal: Signal | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """All that one file says of itself.

    Parameters
    ----------
    format
        ``nexus``, ``hdf5`` (HDF5 without NeXus structure), ``data-exchange``, ``other`` (not HDF5).
    dialect
        Name of the table that read it: ``soleil``, ``dls``, ``dectris``, ``canSAS``, ``generic`` and so on.
    energy, wavelength
        Of the probe (photons or neutrons), never of the ring.
    signal
        The default plot.
    signals
        Every plot that was found, the default first.
    personal_paths
        Places in the file whose values are personal data.
    companions
        Other files that links in this one name, as written.
    """

    format: str
    dialect: str = "generic"
    kind: str = "raw"
    title: Reading | None = None
    start_time: Reading | None = None
    end_time: Reading | None = None
    instrument: Reading | None = None
    facility: Reading | None = None
    sample: Reading | None = None
    experiment_identifier: Reading | None = None
    energy: Parameter | None = None
    wavelength: Parameter | None = None
    detectors: tuple[Reading, ...] = ()
    techniques: tuple[Technique, ...] = ()
    signal: Signal | None = None
    signals: tuple[Signal, ...] = ()
    users: tuple[RecordedUser, ...] = ()
    scans: tuple[Scan, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    identifiers: tuple[Reading, ...] = ()
    personal_paths: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
