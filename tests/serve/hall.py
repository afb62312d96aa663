"""A small facility in which every case of the data policy is there: open, embargoed, proprietary, in quarantine."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import h5py
import numpy as np

from verriere.archive import Source
from verriere.facility import Facility
from verriere.model import (
    Account,
    Axis,
    BaseRange,
    Basis,
    Capture,
    Datafile,
    Dataset,
    Duty,
    Instrument,
    Member,
    Parameter,
    Person,
    Proposal,
    Reading,
    RecordedUser,
    Research,
    Role,
    Sample,
    Signal,
    State,
    Technique,
    Visit,
)
from verriere.serve.auth.passwords import hash_password
from verriere.techniques import panet
from verriere.testing import FrozenClock
from verriere.wording import finding

NOW = datetime(2026, 9, 14, 10, 0, tzinfo=UTC)
PASSWORD = "the light comes from above"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&"

CLAIRE = Person("Fontaine, Claire", "claire@lab.example", affiliation="Institut de la lumière")
MAJA = Person("Lindqvist, Maja", "maja@lab.example")
PAOLO = Person("Rossi, Paolo", "paolo@firm.example")
SPITE = Person(SCRIPT, "spite@lab.example", affiliation=SCRIPT)

SWING = Instrument("SWING", "SWING", "Small and wide angle scattering", ("i11-c",))
ANATOMIX = Instrument("ANATOMIX", "ANATOMIX", "X-ray tomography")
WICKED = Instrument("W<1>", SCRIPT, SCRIPT, (SCRIPT,))

ACCOUNTS = (
    Account("claire", CLAIRE.email, "Claire Fontaine"),
    Account("louis", "louis@elsewhere.example", "Louis Moreau"),
    Account("office", "office@facility.example", "Data Office", Duty.DATA_OFFICE),
)


@dataclass(frozen=True)
class Hall:
    """What is in the facility, by identifier."""

    facility: Facility
    open: Dataset
    embargoed: Dataset
    proprietary: Dataset
    quarantined: Dataset
    wicked: Dataset
    spare: Dataset


def build(folder: Path, clock: FrozenClock) -> Hall:
    """Make the facility in ``folder``, with bytes in its archive and records in its catalogue."""
    facility = Facility.create(folder / "facility", name="Hall of light", clock=clock)
    catalogue = facility.catalogue
    catalogue.put_instruments([SWING, ANATOMIX, WICKED], now=NOW)
    catalogue.put_proposals(
        [
            _proposal("20220088", "Silver behenate as a calibrant", MAJA),
            _proposal("20260415", "Lysozyme in the pores of zeolites", CLAIRE),
            _proposal("20269031", "Porosity of catalyst supports", PAOLO, Research.PROPRIETARY),
            replace(_proposal("x", SCRIPT, SPITE), abstract=SCRIPT),
        ],
        now=NOW,
    )
    old, recent = NOW - timedelta(days=1500), NOW - timedelta(days=12)
    catalogue.put_visits(
        [
            Visit("20220088-S", "20220088", "SWING", old, old + timedelta(days=1)),
            Visit("20260415-A", "20260415", "ANATOMIX", recent, recent + timedelta(days=1)),
            Visit("20269031-A", "20269031", "ANATOMIX", recent, recent + timedelta(days=1)),
            Visit("x-1", "x", WICKED.id, old, old + timedelta(days=1)),
        ],
        now=NOW,
    )
    catalogue.put_samples([Sample("s-x", "x", SCRIPT, SCRIPT, SCRIPT)], now=NOW)
    for account in ACCOUNTS:
        catalogue.add_account(account, hash_password(PASSWORD))
    saxs, tomography = panet.by_name("SAXS")[0], panet.by_name("tomography")[0]
    hall = Hall(
        facility,
        open=_dataset("ds-open", "Silver behenate, 2 m", State.OPEN, "20220088-S", "SWING", saxs, "AgBh_0001.nxs"),
        embargoed=_dataset(
            "ds-embargoed", "Zeolite grains", State.EMBARGOED, "20260415-A", "ANATOMIX", tomography, "grains_0042.nxs"
        ),
        proprietary=_dataset(
            "ds-private", "Catalyst batch 7", State.PROPRIETARY, "20269031-A", "ANATOMIX", tomography, "batch.nxs"
        ),
        quarantined=_dataset("ds-lost", "Of nobody knows what", State.QUARANTINED, None, None, saxs, "lost.nxs"),
        wicked=_wicked(),
        spare=_dataset("ds-spare", "To be given a visit", State.QUARANTINED, None, None, saxs, "spare.nxs"),
    )
    every = (hall.open, hall.embargoed, hall.proprietary, hall.quarantined, hall.wicked, hall.spare)
    kept = [_keep(facility, folder, one) for one in every]
    catalogue.register(kept, now=NOW)
    return Hall(facility, *kept)


def _proposal(identifier: str, title: str, person: Person, research: Research = Research.PUBLIC) -> Proposal:
    members = (Member(person, Role.PRINCIPAL_INVESTIGATOR),)
    return Proposal(identifier, title, research, "How it behaves in the beam.", members)


def _dataset(  # noqa: PLR0917 the table above reads better without six names in each row
    identifier: str, title: str, state: State, visit: str | None, instrument: str | None, technique: str, file: str
) -> Dataset:
    capture = Capture(
        format="nexus",
        title=Reading(title, "/entry/title"),
        start_time=Reading("2022-08-06T09:30:00+02:00", "/entry/start_time"),
        instrument=Reading(instrument or "nowhere", "/entry/instrument/name"),
        sample=Reading("silver behenate", "/entry/sample/name"),
        energy=Parameter("energy", "/entry/instrument/beam/energy", 12.0, "keV", BaseRange("eV", 12e3, 12e3)),
        detectors=(Reading("EIGER 4M", "/entry/instrument/detector/description"),),
        techniques=(Technique(technique, panet.label(technique), Basis.INFERRED, "/entry/data"),),
        signal=Signal("/entry/data/I", (200,), "float64", label="I", axes=(Axis("Q", "1/nm", "/entry/data/Q"),)),
        users=(RecordedUser("Someone Private", "/entry/user/name"),),
        personal_paths=("/entry/user/name",),
        parameters=(
            *(Parameter(f"motor_{number:03}", f"/entry/motors/m{number}", number / 7, "mm") for number in range(120)),
            Parameter("temperature", "/entry/t", None, "K", BaseRange("K", 290, 301), 290.0, 295.2, 301.0, 1000),
            Parameter("login", "/entry/user/login", "private-login", personal=True),
        ),
        findings=(finding("not-hdf5", "/entry/sample"),),
    )
    return Dataset(
        identifier,
        version=1,
        source=f"/beamline/secret-folder/{file}",
        title=title,
        state=state,
        ingested_at=NOW,
        visit_id=visit,
        instrument_id=instrument,
        captures=((file, capture),),
        opened_at=NOW - timedelta(days=30) if state is State.OPEN else None,
    )


def _wicked() -> Dataset:
    base = _dataset("ds-wicked", SCRIPT, State.OPEN, "x-1", WICKED.id, panet.by_name("SAXS")[0], "wicked.nxs")
    said = Reading(SCRIPT, SCRIPT)
    capture = Capture(
        format="nexus",
        title=said,
        start_time=said,
        end_time=said,
        facility=said,
        detectors=(said,),
        identifiers=(said,),
        energy=Parameter(SCRIPT, SCRIPT, SCRIPT, SCRIPT),
        techniques=(Technique(panet.by_name("SAXS")[0], SCRIPT, Basis.STATED, SCRIPT),),
        signal=Signal(SCRIPT, (3,), "int32", label=SCRIPT, axes=(Axis(SCRIPT, SCRIPT),)),
        parameters=(Parameter(SCRIPT, SCRIPT, SCRIPT, SCRIPT),),
        findings=(finding("not-hdf5", SCRIPT, file=SCRIPT, name=SCRIPT),),
    )
    return replace(base, sample_id="s-x", captures=((SCRIPT.replace("/", "∕"), capture),))


def _keep(facility: Facility, folder: Path, dataset: Dataset) -> Dataset:
    """Put a real file into the archive, and its digests into the record."""
    name = dataset.captures[0][0]
    path = folder / f"{dataset.id}.nxs"
    with h5py.File(path, "w") as file:
        q = np.linspace(0.1, 4, 200)
        data = file.create_group("entry/data")
        data["Q"], data["I"] = q, 1e4 * np.exp(-((q - 1.076) ** 2) / 0.002) + 10
        data.attrs["signal"] = "I"
    bytes_ = path.read_bytes()
    receipt = facility.archive.put(dataset.id, [Source(path, name)], b"{}", created=NOW)
    stored = receipt.files[0]
    assert stored.sha256 == sha256(bytes_).hexdigest()
    files = (Datafile(stored.name, stored.size, stored.sha256, stored.blake3, NOW, media_type="application/x-hdf5"),)
    return replace(dataset, files=files, captures=((stored.name, dataset.captures[0][1]),))
