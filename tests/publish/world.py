"""A small facility to publish from: an open, an embargoed, a proprietary and a quarantined dataset."""

from datetime import UTC, datetime

from verriere.archive import Receipt, Source, sidecar
from verriere.facility import Facility
from verriere.model import (
    Basis,
    Capture,
    Datafile,
    Dataset,
    Funding,
    Instrument,
    Member,
    Person,
    Proposal,
    Reading,
    Research,
    Role,
    Sample,
    State,
    Technique,
    Visit,
)
from verriere.stewardship import records
from verriere.stewardship.proposals import Beamtime

SAXS = Technique(
    "http://purl.org/pan-science/PaNET/PaNET01188", "small angle x-ray scattering", Basis.STATED, "/entry/definition"
)
ELOISE = Person("Durand, Éloïse", "eloise@lab.example", "0000-0002-1825-0097", "University of Example")
BEN = Person("Marsh, Ben", "ben@lab.example")

OPEN, EMBARGOED, PROPRIETARY, QUARANTINED = "open0000", "embargo0", "secret00", "unknown0"


def _day(year: int, day: int) -> datetime:
    return datetime(year, 2, day, 8, tzinfo=UTC)


def _leads(person: Person) -> Member:
    return Member(person, Role.PRINCIPAL_INVESTIGATOR)


BEAMTIME = Beamtime(
    instruments=(
        Instrument("SWING", "SWING", "Small-angle scattering", owners=(Person("Test", "", organisation=True),)),
        Instrument("PX1", "PROXIMA-1"),
    ),
    proposals=(
        Proposal("P1", "Silver", members=(_leads(ELOISE),), funding=(Funding("ANR", award_number="ANR-1"),)),
        Proposal("P2", "Teeth", members=(_leads(BEN),)),
        Proposal("P3", "Secret", research=Research.PROPRIETARY, members=(_leads(BEN),)),
    ),
    visits=(
        Visit("V1", "P1", "SWING", _day(2022, 1), _day(2022, 3)),
        Visit("V2", "P2", "SWING", _day(2025, 1), _day(2025, 3)),
        Visit("V3", "P3", "PX1", _day(2025, 5), _day(2025, 6)),
        Visit("V4", "P2", "PX1", datetime(2026, 3, 10, tzinfo=UTC), datetime(2026, 3, 12, tzinfo=UTC)),
    ),
    samples=(Sample("S1", "P1", "silver behenate", formula="C22H43AgO2"), Sample("S2", "P2", "molar", hazards="none")),
)


def dataset(
    facility: Facility,
    identifier: str,
    state: State,
    *,
    visit: str | None,
    sample: str | None = None,
    content: bytes = b"counts",
) -> Dataset:
    """Keep a dataset of one file in the archive, and register it; called again with other bytes, a new version."""
    file = facility.folder.parent / "beamline" / f"{identifier}.dat"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content)
    made: list[Dataset] = []

    def record(receipt: Receipt) -> bytes:
        known = sidecar.decode(Dataset, facility.archive.read_sidecar(identifier)) if receipt.revision > 1 else None
        capture = Capture(
            "nexus",
            title=Reading(f"Study of {identifier}", "/entry/title"),
            start_time=Reading("2025-02-01T10:00:00+01:00", "/entry/start_time"),
            techniques=(SAXS,),
        )
        made.append(
            Dataset(
                id=identifier,
                version=(known.version + receipt.data_changed) if known else 1,
                source=str(file),
                title=f"Study of {identifier}",
                state=state,
                ingested_at=facility.now(),
                revision=receipt.revision,
                visit_id=visit,
                instrument_id="SWING",
                sample_id=sample,
                files=tuple(Datafile(f.name, f.size, f.sha256, f.blake3, f.mtime) for f in receipt.files),
                captures=((file.name, capture),),
            )
        )
        return sidecar.encode(made[-1])

    facility.archive.put(identifier, [Source(file, file.name)], record, created=facility.now())
    facility.catalogue.register(made[-1:], now=facility.now())
    facility.journal()
    return made[-1]


def furnish(facility: Facility) -> None:
    """Let a facility know of everything above."""
    records.take(facility, BEAMTIME)
    dataset(facility, OPEN, State.OPEN, visit="V1", sample="S1")
    dataset(facility, EMBARGOED, State.EMBARGOED, visit="V2", sample="S2")
    dataset(facility, PROPRIETARY, State.PROPRIETARY, visit="V3")
    dataset(facility, QUARANTINED, State.QUARANTINED, visit=None)
