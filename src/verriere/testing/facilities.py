"""A facility with a dataset in every state that time leads to, made as the real ones are: archive and catalogue agree.

Three beamlines; a public proposal of years ago, whose data are open; a recent one with visits on two beamlines, under
embargo, but for a dataset that its team released; a proprietary one; and a dataset of which nobody knows whose it is.
Some of the people have an ORCID iD. All are invented.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import h5py
import numpy as np

from verriere.archive import Receipt, Source, sidecar
from verriere.ingest.holdings import Holdings
from verriere.model import (
    Account,
    Axis,
    BaseRange,
    Basis,
    Capture,
    Datafile,
    Dataset,
    Decision,
    DecisionKind,
    Duty,
    Funding,
    Instrument,
    Parameter,
    Person,
    Reading,
    RecordedUser,
    Research,
    Role,
    Sample,
    Signal,
    State,
    Visit,
)
from verriere.stewardship import records as office
from verriere.stewardship.proposals import Beamtime
from verriere.testing.records import CRYSTALLOGRAPHY, NOW, SAXS, TOMOGRAPHY, keV, member, orcid, proposal
from verriere.wording import finding

CLAIRE = Person("Fontaine, Claire", "claire@lab.example", orcid(1), "Institut de la lumière")
DANIEL = Person("Okafor, Daniel", "daniel@lab.example", orcid(2), "Institut de la lumière")
MAJA = Person("Lindqvist, Maja", "maja@lab.example")
PAOLO = Person("Rossi, Paolo", "paolo@firm.example", affiliation="Catalyse et Cie")
HELENE = Person("Perrin, Hélène", "helene@facility.example", orcid(3), "Synchrotron SOLEIL")

OWNER = Person("Synchrotron SOLEIL", "", ror="https://ror.org/01ydb3330", organisation=True)
SWING = Instrument("SWING", "SWING", "Small and wide angle scattering", ("i11-c",), owners=(OWNER,))
ANATOMIX = Instrument("ANATOMIX", "ANATOMIX", "X-ray tomography", owners=(OWNER,))
PROXIMA = Instrument("PROXIMA-1", "PROXIMA-1", "Macromolecular crystallography", ("PX1",), owners=(OWNER,))

_TECHNIQUES = {ANATOMIX.id: TOMOGRAPHY, PROXIMA.id: CRYSTALLOGRAPHY}

ACCOUNTS = (
    Account("claire", CLAIRE.email, "Claire Fontaine"),
    Account("louis", "louis@elsewhere.example", "Louis Moreau"),
    Account("office", "office@facility.example", "Data Office", Duty.DATA_OFFICE),
)
"""One of a team, a stranger, and the data office."""


@dataclass(frozen=True)
class Samples:
    """The datasets of a facility that `furnish` furnished."""

    open: Dataset
    embargoed: Dataset
    crystal: Dataset
    released: Dataset
    proprietary: Dataset
    quarantined: Dataset

    @property
    def all(self) -> tuple[Dataset, ...]:
        """Every one."""
        return (self.open, self.embargoed, self.crystal, self.released, self.proprietary, self.quarantined)


def furnish(holdings: Holdings) -> Samples:
    """Let a facility know its beamlines, proposals, visits, samples and datasets; its clock says when they were."""
    now = holdings.now()
    office.take(holdings, beamtime(now))
    early = Decision(DecisionKind.EARLY_RELEASE, now - timedelta(days=3), CLAIRE.name, "it is in a paper")

    def made(*row: Any, **also: Any) -> Dataset:
        return keep(holdings, replace(measured(*row), ingested_at=now, **also))

    hidden, secret, lost = State.EMBARGOED, State.PROPRIETARY, State.QUARANTINED
    return Samples(
        open=made(
            *("ds-open", "Silver behenate, 2 m", State.OPEN, "20220088-S", SWING, "AgBh_0001.nxs"),
            opened_at=now - timedelta(days=30),
            sample_id="20220088-1",
        ),
        embargoed=made("ds-embargoed", "Zeolite grains", hidden, "20260415-A", ANATOMIX, "grains_0042.nxs"),
        crystal=made("ds-crystal", "Crystal 12", hidden, "20260415-P", PROXIMA, "x12.h5"),
        released=made(
            *("ds-released", "Crystal 3", State.OPEN, "20260415-P", PROXIMA, "x3.h5"),
            opened_at=early.decided_at,
            decisions=(early,),
        ),
        proprietary=made("ds-private", "Catalyst batch 7", secret, "20269031-A", ANATOMIX, "batch.nxs"),
        quarantined=made("ds-lost", "Of nobody knows what", lost, None, None, "lost.nxs"),
    )


def beamtime(now: datetime) -> Beamtime:
    """What a user office knows: one visit of four years ago, and three that ended eleven days ago."""
    old, recent, day = now - timedelta(days=1500), now - timedelta(days=12), timedelta(days=1)
    contact = (member(HELENE, Role.LOCAL_CONTACT),)
    zeolites = proposal("20260415", "Lysozyme in the pores of zeolites", CLAIRE, member(DANIEL, Role.CO_PROPOSER))
    return Beamtime(
        instruments=(SWING, ANATOMIX, PROXIMA),
        proposals=(
            proposal("20220088", "Silver behenate as a calibrant", MAJA),
            replace(zeolites, funding=(Funding("Agence nationale de la recherche", award_number="ANR-26-0415"),)),
            proposal("20269031", "Porosity of catalyst supports", PAOLO, research=Research.PROPRIETARY),
        ),
        visits=(
            Visit("20220088-S", "20220088", SWING.id, old, old + day, contact),
            Visit("20260415-A", "20260415", ANATOMIX.id, recent, recent + day, contact),
            Visit("20260415-P", "20260415", PROXIMA.id, recent, recent + day, contact),
            Visit("20269031-A", "20269031", ANATOMIX.id, recent, recent + day, contact),
        ),
        samples=(
            Sample("20220088-1", "20220088", "silver behenate", "Calibrant", "AgC22H43O2"),
            Sample("20260415-1", "20260415", "zeolite grains", "Grains of 20 to 80 µm in a capillary"),
            Sample("20269031-1", "20269031", "catalyst support", "Batch 7"),
        ),
    )


def measured(  # noqa: PLR0917 - the tables of datasets read better without six names in each row
    identifier: str, title: str, state: State, visit: str | None, instrument: Instrument | None, file: str
) -> Dataset:
    """A dataset whose file says as much as a real one: a hundred motors, a name that is personal, a finding."""
    technique = _TECHNIQUES.get(instrument.id if instrument else "", SAXS)
    capture = Capture(
        format="nexus",
        title=Reading(title, "/entry/title"),
        start_time=Reading("2022-08-06T09:30:00+02:00", "/entry/start_time"),
        instrument=Reading(instrument.name if instrument else "nowhere", "/entry/instrument/name"),
        sample=Reading("silver behenate", "/entry/sample/name"),
        energy=replace(keV(12.0), source="/entry/instrument/beam/energy"),
        detectors=(Reading("EIGER 4M", "/entry/instrument/detector/description"),),
        techniques=(replace(technique, basis=Basis.INFERRED, source="/entry/data"),),
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
        matched_by="identifier" if visit else "",
        instrument_id=instrument.id if instrument else None,
        captures=((file, capture),),
    )


def keep(holdings: Holdings, dataset: Dataset, content: bytes | None = None) -> Dataset:
    """Put a dataset of one file into the archive, then into the catalogue; again with other bytes, a new version.

    Parameters
    ----------
    content
        Of its file, which is named as its first capture; a small NeXus file with a curve, where None.

    Returns
    -------
    Dataset
        With the digests, version and revision that the archive gave it.
    """
    name = dataset.captures[0][0]
    spool = holdings.state / "spool"
    spool.mkdir(exist_ok=True)
    path = spool / f"{dataset.id}.bytes"
    path.write_bytes(curve() if content is None else content)
    made = list[Dataset]()

    def record(receipt: Receipt) -> bytes:
        known = sidecar.decode(Dataset, holdings.archive.read_sidecar(dataset.id)) if receipt.revision > 1 else None
        files = tuple(
            Datafile(each.name, each.size, each.sha256, each.blake3, each.mtime, media_type="application/x-hdf5")
            for each in receipt.files
        )
        stored = ((receipt.files[0].name, dataset.captures[0][1]), *dataset.captures[1:])
        version = known.version + receipt.data_changed if known else dataset.version
        made.append(replace(dataset, files=files, captures=stored, version=version, revision=receipt.revision))
        return sidecar.encode(made[-1])

    holdings.archive.put(dataset.id, [Source(path, name)], record, created=holdings.now())
    path.unlink()
    holdings.catalogue.register(made[-1:], now=holdings.now())
    holdings.journal()
    return made[-1]


def curve() -> bytes:
    """A NeXus file with one peak over Q."""
    written = BytesIO()
    with h5py.File(written, "w") as file:
        q = np.linspace(0.1, 4, 200)
        data = file.create_group("entry/data")
        data["Q"], data["I"] = q, 1e4 * np.exp(-((q - 1.076) ** 2) / 0.002) + 10
        data.attrs["signal"] = "I"
    return written.getvalue()
