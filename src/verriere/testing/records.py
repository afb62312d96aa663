"""Records as an ingest makes them, for tests that need no files: each says what it is told to say, and nothing else."""

from datetime import UTC, datetime

from verriere.model import (
    BaseRange,
    Basis,
    Capture,
    Datafile,
    Dataset,
    Finding,
    Member,
    Parameter,
    Person,
    Proposal,
    Reading,
    Research,
    Role,
    State,
    Technique,
)
from verriere.techniques import panet

NOW = datetime(2026, 1, 1, tzinfo=UTC)
"""When everything here was ingested, unless it is told otherwise."""

START = datetime(2024, 3, 4, 8, tzinfo=UTC)
"""When everything here was measured, unless it is told otherwise."""


def orcid(number: int) -> str:
    """An ORCID iD that is well formed and nobody's: below the range that ORCID gives out."""
    digits = f"{number:015d}"
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11  # ISO 7064 MOD 11-2
    whole = digits + ("X" if check == 10 else str(check))
    return "-".join(whole[start : start + 4] for start in range(0, 16, 4))


def member(person: Person, role: Role = Role.PRINCIPAL_INVESTIGATOR) -> Member:
    """Somebody of a team."""
    return Member(person, role)


def proposal(identifier: str, title: str, *members: Person | Member, research: Research = Research.PUBLIC) -> Proposal:
    """A proposal; who is only named is its principal investigator."""
    team = tuple(member(each) if isinstance(each, Person) else each for each in members)
    return Proposal(identifier, title, research, "How it behaves in the beam.", team)


def technique_of(name: str, basis: Basis = Basis.STATED) -> Technique:
    """A technique by a name that PaNET knows: ``SAXS``, ``x-ray tomography``."""
    iri = panet.by_name(name)[0]
    return Technique(iri, panet.label(iri), basis, "/entry/definition")


def quantity(name: str, value: float, unit: str, base: str, factor: float = 1.0) -> Parameter:
    """A parameter as a file holds it, with its value in the base unit."""
    return Parameter(name, f"/entry/{name}", value, unit, BaseRange(base, value * factor, value * factor))


def keV(value: float) -> Parameter:  # noqa: N802 - the unit's own spelling
    """An energy of photons."""
    return quantity("energy", value, "keV", "eV", 1000.0)


SAXS = technique_of("SAXS")
TOMOGRAPHY = technique_of("tomography")
CRYSTALLOGRAPHY = technique_of("MX")


def dataset(
    identifier: str,
    *,
    state: State = State.OPEN,
    title: str | None = "Silver behenate",
    visit: str | None = "V1",
    instrument: str | None = "SWING",
    sample: str | None = None,
    start: datetime | None = START,
    energy: Parameter | None = None,
    parameters: tuple[Parameter, ...] = (),
    technique: Technique | None = SAXS,
    findings: tuple[Finding, ...] = (),
    said: Capture | None = None,
    file: str = "",
    size: int = 10,
    now: datetime = NOW,
) -> Dataset:
    """A dataset of one file; in quarantine it has no visit, whatever is said.

    Parameters
    ----------
    title, sample, start, energy, parameters, technique, findings
        What the file says, each None or empty where it does not say it.
    said
        All that the file says, instead of these.
    """
    name = file or f"{identifier}.nxs"
    capture = said or Capture(
        "nexus",
        title=_read(title, "title"),
        start_time=_read(start.isoformat() if start else None, "start_time"),
        sample=_read(sample, "sample/name"),
        energy=energy,
        techniques=(technique,) if technique else (),
        parameters=parameters,
        findings=findings,
    )
    return Dataset(
        id=identifier,
        version=1,
        source=f"/beamline/{name}",
        title=title or name,
        state=state,
        ingested_at=now,
        visit_id=visit if state is not State.QUARANTINED else None,
        instrument_id=instrument,
        files=(Datafile(name, size, "a" * 64, "b" * 64, now),),
        captures=((name, capture),),
    )


def _read(value: str | None, where: str) -> Reading | None:
    return Reading(value, f"/entry/{where}") if value else None
