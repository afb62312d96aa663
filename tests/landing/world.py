"""A facility whose records are as different as DOIs can stand for, with bytes in its archive."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import h5py
import numpy as np

from verriere.archive import Source
from verriere.facility import Facility
from verriere.model import (
    Axis,
    BaseRange,
    Basis,
    Capture,
    Collection,
    Datafile,
    Dataset,
    Funding,
    Instrument,
    Member,
    Parameter,
    Person,
    PidKind,
    PidState,
    Proposal,
    Publication,
    Reading,
    RecordedUser,
    Related,
    Research,
    Role,
    Sample,
    Scan,
    Signal,
    State,
    Technique,
    Visit,
)
from verriere.publish.describe import landing_of
from verriere.publish.landing import Landing
from verriere.techniques import panet
from verriere.testing import FrozenClock

NOW = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
OLD, RECENT = NOW - timedelta(days=1500), NOW - timedelta(days=12)
ORIGIN = "https://data.example.org"
SOLEIL = "https://ror.org/01ydb3330"
ANR = "https://ror.org/00rbzpz17"
ORCID = "https://orcid.org/0000-0002-1825-0097"

CLAIRE = Person("Fontaine, Claire", "claire@lab.example", "0000-0002-1825-0097", "Institut de la lumière", SOLEIL)
SUHARTO = Person("Suharto", "suharto@lab.example")
BEN = Person("Marsh, Ben", "ben@lab.example", "0000-0002-1825-0098", "Lab & <Sons>")  # a wrong check digit
CONSORTIUM = Person("Zeolite Consortium", "office@zeolites.example", ror=SOLEIL, organisation=True)
HELENE = Person("Perrin, Hélène", "helene@facility.example")

SWING = Instrument(
    "SWING",
    "SWING",
    "Small and wide angle scattering",
    ("i11-c",),
    owners=(Person("Synchrotron SOLEIL", "", ror=SOLEIL, organisation=True),),
    manufacturers=(Person("DECTRIS", "", organisation=True),),
    model="EIGER 4M",
    techniques=(panet.by_name("SAXS")[0],),
    commissioned="2009-06-01",
    related=(Related("IsDescribedBy", "10.1107/S0909049509000000", title="A beamline", kind="JournalArticle"),),
)
PLAIN = Instrument("PLAIN", "Plain beamline")

_PI, _CO, _CONTACT = Role.PRINCIPAL_INVESTIGATOR, Role.CO_PROPOSER, Role.LOCAL_CONTACT
PROPOSALS = (
    Proposal(
        "20220088",
        "Silver behenate as a calibrant",
        abstract="How it behaves in the beam.",
        members=(Member(SUHARTO, _CO), Member(CLAIRE, _PI), Member(CONSORTIUM, _CO)),
        kind="standard",
        language="en",
        translations=(("fr", "Le béhénate d’argent comme étalon"),),
        funding=(Funding("Agence nationale de la recherche", ANR, "ANR-22-0001", "Light", "https://anr.fr/1"),),
        related=(Related("IsReferencedBy", "10.1107/S1600577518002278"),),
    ),
    Proposal("20260415", "Zéolithes <script>alert(1)</script> & Co", members=(Member(BEN, _PI),), language="fr"),
    Proposal("20269031", "Porosity of catalyst supports", Research.PROPRIETARY, members=(Member(BEN, _PI),)),
    Proposal("20200001", "Of nobody"),
)
VISITS = (
    Visit("20220088-S", "20220088", "SWING", OLD, OLD + timedelta(days=1), (Member(HELENE, _CONTACT),)),
    Visit("20260415-P", "20260415", "PLAIN", RECENT, RECENT + timedelta(days=1)),
    Visit("20269031-P", "20269031", "PLAIN", RECENT, RECENT + timedelta(days=1)),
    Visit("20200001-P", "20200001", "PLAIN", OLD, OLD + timedelta(days=1)),
)
SAMPLES = (
    Sample("AgBeh", "20220088", "silver behenate", "From the shelf", "C22H43AgO2", kind="powder", hazards="do not eat"),
    Sample("AgBeh-2", "20220088", "a pinch of it", parent_id="AgBeh"),
    Sample("zeolite", "20260415", "zeolite that nobody may know of"),
)
PAPERS = (
    Related("IsSupplementTo", "https://doi.org/10.1107/S1600577518002278", title="A paper", kind="JournalArticle"),
    Related("IsSupplementTo", "1LYZ", "PDB"),
    Related("IsSourceOf", "2301.00001", "arXiv"),
    Related("IsDocumentedBy", "not an address at all", "URL"),
)


@dataclass(frozen=True)
class World:
    """The facility, and what can be described in it."""

    facility: Facility

    def landing(
        self, kind: PidKind, identifier: str, *, doi: str = "", withdrawn: str = "", origin: str = ORIGIN
    ) -> Landing:
        """What is public of a thing, under a DOI where one is given."""
        return landing_of(self.facility, publication(kind, identifier, doi, withdrawn), kind, identifier, origin=origin)

    def landings(self) -> list[Landing]:
        """One of each case."""
        kinds = PidKind
        return [
            self.landing(kinds.DATASET, "open", doi="10.5072/Open-1"),
            self.landing(kinds.DATASET, "open"),
            self.landing(kinds.DATASET, "embargoed", doi="10.5072/embargoed"),
            self.landing(kinds.DATASET, "orphan", doi="10.5072/orphan"),
            self.landing(kinds.DATASET, "open", doi="10.5072/gone", withdrawn="The wrong sample & <wrong> shutter"),
            self.landing(kinds.VISIT, "20220088-S", doi="10.5072/visit"),
            self.landing(kinds.VISIT, "20260415-P", doi="10.5072/visit-2"),
            self.landing(kinds.INSTRUMENT, "SWING", doi="10.5072/swing"),
            self.landing(kinds.INSTRUMENT, "PLAIN", doi="10.5072/plain"),
            self.landing(kinds.SAMPLE, "AgBeh", doi="10.5072/sample"),
            self.landing(kinds.COLLECTION, "rings", doi="10.5072/collection"),
        ]


def publication(kind: PidKind, identifier: str, doi: str, withdrawn: str = "") -> Publication | None:
    """A findable DOI, or a tombstone; none without a DOI."""
    if not doi:
        return None
    return Publication(
        doi,
        kind,
        identifier,
        NOW,
        NOW,
        version=1 if kind is PidKind.DATASET else None,
        wanted=PidState.REGISTERED if withdrawn else PidState.FINDABLE,
        state=PidState.FINDABLE,
        published_at=NOW,
        withdrawn_at=NOW if withdrawn else None,
        reason=withdrawn,
    )


def build(folder: Path, *, settings: str = "") -> World:
    """Make the facility in ``folder``; ``settings`` is put at the end of its file of settings."""
    clock = FrozenClock(NOW)
    with Facility.create(folder / "facility", name="Synchrotron of the World", clock=clock):
        pass
    file = folder / "facility/verriere.toml"
    text = file.read_text(encoding="utf-8").replace("[facility]", f'[facility]\nror = "{SOLEIL}"', 1)
    file.write_text(text.replace("[embargo]", "[embargo]\n" + settings, 1), encoding="utf-8")
    facility = Facility.open(folder / "facility", clock=clock)
    catalogue = facility.catalogue
    catalogue.put_instruments([SWING, PLAIN], now=NOW)
    catalogue.put_proposals(PROPOSALS, now=NOW)
    catalogue.put_visits(VISITS, now=NOW)
    catalogue.put_samples(SAMPLES, now=NOW)
    datasets = [
        replace(_dataset("open", "20220088-S", "SWING", State.OPEN), sample_id="AgBeh", related=PAPERS),
        replace(_dataset("embargoed", "20260415-P", "PLAIN", State.EMBARGOED), sample_id="zeolite"),
        _dataset("private", "20269031-P", "PLAIN", State.PROPRIETARY),
        _dataset("lost", None, None, State.QUARANTINED),
        replace(_dataset("orphan", "20200001-P", "PLAIN", State.OPEN), captures=()),
    ]
    catalogue.register([_keep(facility, folder, each) for each in datasets], now=NOW)
    collection = Collection("rings", "Rings of all kinds", "claire", NOW, "Two", ("open", "private", "embargoed"))
    secret = replace(collection, id="secrets", dataset_ids=("private",))
    catalogue.put_collections([collection, secret], now=NOW, by="claire")
    return World(facility)


def _dataset(identifier: str, visit: str | None, instrument: str | None, state: State) -> Dataset:
    saxs = panet.by_name("SAXS")[0]
    capture = Capture(
        format="nexus",
        title=Reading("Rings", "/entry/title"),
        start_time=Reading("2022-08-06T09:30:00+02:00", "/entry/start_time"),
        end_time=Reading("2022-08-06T10:30:00+02:00", "/entry/end_time"),
        sample=Reading("secret powder", "/entry/sample/name"),
        energy=Parameter("energy", "/entry/energy", 12.0, "keV", BaseRange("eV", 12e3, 12e3)),
        detectors=(Reading("EIGER 4M", "/entry/instrument/detector/description"),),
        techniques=(Technique(saxs, panet.label(saxs), Basis.INFERRED, "/entry/data"),),
        signal=Signal("/entry/data/I", (200,), "float64", label="I", axes=(Axis("Q", "1/nm", "/entry/data/Q"),)),
        scans=(Scan("/entry", "NXsas"),),
        users=(RecordedUser("Someone Private", "/entry/user/name"),),
        parameters=(
            Parameter("temperature", "/entry/t", None, "K", BaseRange("K", 290, 301), 290.0, 295.2, 301.0, 1000),
            Parameter("angle", "/entry/a", float("nan"), "deg"),
            Parameter("odd", "/entry/o", 3.0, "furlong"),
        ),
    )
    name = f"{identifier}_0001.nxs"
    return Dataset(
        identifier,
        version=1,
        source=f"/beamline/{name}",
        title="Rings",
        state=state,
        ingested_at=NOW,
        visit_id=visit,
        instrument_id=instrument,
        captures=((name, capture),),
        opened_at=NOW - timedelta(days=30) if state is State.OPEN else None,
    )


def _keep(facility: Facility, folder: Path, dataset: Dataset) -> Dataset:
    """Put a real file into the archive, and its digests into the record."""
    name = f"{dataset.id}_0001.nxs"
    path = folder / name
    with h5py.File(path, "w") as file:
        data = file.create_group("entry/data")
        data["Q"], data["I"] = np.linspace(0.1, 4, 200), np.linspace(5, 1, 200)
        data.attrs["signal"] = "I"
    receipt = facility.archive.put(dataset.id, [Source(path, name)], b"{}", created=NOW)
    files = [
        Datafile(one.name, one.size, one.sha256, one.blake3, NOW, media_type="application/x-hdf5")
        for one in receipt.files
    ]
    return replace(dataset, files=tuple(files))
