"""Small facilities to search in: people, visits and datasets in every state."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from verriere.catalogue import Catalogue
from verriere.model import (
    ANONYMOUS,
    BaseRange,
    Basis,
    Capture,
    Datafile,
    Dataset,
    Duty,
    Finding,
    Instrument,
    Member,
    Parameter,
    Person,
    Proposal,
    Reading,
    Research,
    Role,
    Sample,
    Severity,
    State,
    Technique,
    Viewer,
    Visit,
)

NOW = datetime(2026, 1, 1, tzinfo=UTC)
START = datetime(2024, 3, 4, 8, tzinfo=UTC)
SAXS = ("http://purl.org/pan-science/PaNET/PaNET01188", "small angle x-ray scattering")
TOMOGRAPHY = ("http://purl.org/pan-science/PaNET/PaNET01110", "tomography")

ELOISE = Person("Durand, Éloïse", "eloise@lab.example")
BEN = Person("Marsh, Ben", "ben@lab.example")

STRANGER = Viewer("stranger@lab.example", Duty.USER)
TEAM = Viewer(ELOISE.key, Duty.USER)
OFFICE = Viewer("office@facility.example", Duty.DATA_OFFICE)
EVERYBODY = (ANONYMOUS, STRANGER, TEAM, OFFICE)


def member(person: Person) -> Member:
    return Member(person, Role.PRINCIPAL_INVESTIGATOR)


def quantity(name: str, value: float, unit: str, base: str, factor: float = 1.0) -> Parameter:
    """A parameter as a file holds it, with its value in the base unit."""
    return Parameter(name, f"/entry/{name}", value, unit, BaseRange(base, value * factor, value * factor))


def keV(value: float) -> Parameter:  # noqa: N802 - the unit's own spelling
    return quantity("energy", value, "keV", "eV", 1000.0)


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
    technique: tuple[str, str] | None = SAXS,
    file: str = "",
    size: int = 10,
    findings: tuple[Finding, ...] = (),
) -> Dataset:
    """A dataset of one file that says what it is told to say."""
    name = file or f"{identifier}.nxs"
    capture = Capture(
        "nexus",
        title=Reading(title, "/entry/title") if title else None,
        start_time=Reading(start.isoformat(), "/entry/start_time") if start else None,
        sample=Reading(sample, "/entry/sample/name") if sample else None,
        energy=energy,
        techniques=(Technique(*technique, Basis.STATED, "/entry/definition"),) if technique else (),
        parameters=parameters,
        findings=findings,
    )
    return Dataset(
        id=identifier,
        version=1,
        source=f"/beamline/{name}",
        title=title or name,
        state=state,
        ingested_at=NOW,
        visit_id=visit if state is not State.QUARANTINED else None,
        instrument_id=instrument,
        files=(Datafile(name, size, "a" * 64, "b" * 64, NOW),),
        captures=((name, capture),),
    )


def finding(severity: Severity = Severity.WARNING) -> Finding:
    return Finding("broken-link", severity, "/entry/data")


def furnish(catalogue: Catalogue) -> None:
    """Two beamlines; Éloïse's public visit V1, Ben's public visit V2, Ben's proprietary visit V3."""
    catalogue.put_instruments(
        [Instrument("SWING", "SWING", aliases=("I11-1",)), Instrument("PX1", "PROXIMA-1")], now=NOW
    )
    catalogue.put_proposals(
        [
            Proposal("P1", "Silver", members=(member(ELOISE),)),
            Proposal("P2", "Teeth", members=(member(BEN),)),
            Proposal("P3", "Secret", research=Research.PROPRIETARY, members=(member(BEN),)),
        ],
        now=NOW,
    )
    end = START + timedelta(days=2)
    visit = Visit("V1", "P1", "SWING", START, end)
    catalogue.put_visits(
        [visit, replace(visit, id="V2", proposal_id="P2"), replace(visit, id="V3", proposal_id="P3")], now=NOW
    )
    catalogue.put_samples([Sample("S1", "P1", "AgBeh standard", formula="C22H43AgO2")], now=NOW)


def found(catalogue: Catalogue, text: str, viewer: Viewer = OFFICE) -> set[str]:
    """Identifiers of all hits of a search."""
    page = catalogue.search(text, viewer, size=500)
    assert page.total == len(page.hits)
    return {hit.id for hit in page.hits}
