"""A beamtime on three beamlines, with what the user office knows of it.

Beside the recent visit there are two others, so that every case of the data policy can be seen: one that ended more
than three years ago, whose embargo is over, and one of proprietary research. All people are invented.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from verriere.model import Instrument, Member, Person, Proposal, Research, Role, Sample, Visit
from verriere.simulate import crystallography, saxs, tomography
from verriere.simulate.beamtime import Beamtime
from verriere.techniques import panet

Progress = Callable[[int, int, str], None]
"""Called with how many recordings are done, how many there are, and the name of the next ("" at the end)."""

ZONE = ZoneInfo("Europe/Paris")

INVESTIGATOR = Person("Fontaine, Claire", "claire.fontaine@example.org", affiliation="Institut de la lumière, Lyon")
COLLEAGUE = Person("Okafor, Daniel", "daniel.okafor@example.org", affiliation="Institut de la lumière, Lyon")
ELDER = Person("Lindqvist, Maja", "maja.lindqvist@example.org", affiliation="Nordic Colloid Laboratory")
INDUSTRY = Person("Rossi, Paolo", "paolo.rossi@example.org", affiliation="Catalyse et Cie")
CONTACTS = {
    "SWING": Person("Perrin, Hélène", "helene.perrin@example.org", affiliation="Synchrotron SOLEIL"),
    "ANATOMIX": Person("Dubreuil, Marc", "marc.dubreuil@example.org", affiliation="Synchrotron SOLEIL"),
    "PROXIMA-1": Person("Nguyen, Anh", "anh.nguyen@example.org", affiliation="Synchrotron SOLEIL"),
}
INSTRUMENTS = (
    Instrument(
        "SWING",
        "SWING",
        "Small and wide angle X-ray scattering",
        ("swing", "I11", "i11-c"),
        techniques=panet.by_name("SAXS"),
    ),
    Instrument(
        "ANATOMIX", "ANATOMIX", "X-ray tomography, in full field and at the nanometre", ("anatomix", "I13", "i13-a")
    ),
    Instrument(
        "PROXIMA-1",
        "PROXIMA-1",
        "Macromolecular crystallography",
        ("PX1", "proxima1", "I10", "i10-c"),
        techniques=panet.by_name("MX"),
    ),
)
STRANGER = Person("Moreau, Louis", "louis.moreau@example.org", affiliation="Université de l'Ouest")
"""Someone of no team, for those who want to see what a stranger sees."""


@dataclass(frozen=True, slots=True)
class SimulatedVisit:
    """What was simulated.

    Parameters
    ----------
    proposals
        JSON file for ``verriere proposal import``.
    files
        Every file that a beamline wrote, in the order it was written.
    folders
        Folder of each visit, by its identifier.
    investigator, stranger
        Two people to look at the result as: one of the recent visit's team, one of no team.
    """

    folder: Path
    proposals: Path
    files: tuple[Path, ...]
    folders: dict[str, Path]
    investigator: Person = INVESTIGATOR
    stranger: Person = STRANGER


def simulate_visit(folder: Path, *, seed: int = 1, now: datetime, progress: Progress | None = None) -> SimulatedVisit:
    """Record the visit, one folder a beamline, and write ``proposals.json``.

    Parameters
    ----------
    folder
        Made where it does not exist.
    seed
        The same seed and the same ``now`` give the same numbers.
    now
        With its zone. The recent visit ended some days before it, the old one more than three years before.
    """
    now = now.astimezone(ZONE).replace(minute=0, second=0, microsecond=0)
    proposals, visits, samples = _user_office(now)
    starts = {visit.id: visit.start for visit in visits}
    places = {visit.id: _place(folder, visit) for visit in visits}
    recent, old, *_ = (proposal.id for proposal in proposals)
    title = {proposal.id: proposal.title for proposal in proposals}

    def beamtime(visit_id: str, user: Person, about: str, identifier: str | None = None) -> Beamtime:
        return Beamtime(identifier or visit_id, starts[visit_id] + timedelta(hours=2), user, about)

    swing, tomo, crystal, elder, hidden = (visit.id for visit in visits)
    recordings: list[tuple[str, Callable[[], list[Path]]]] = [
        ("SWING", lambda: saxs.write(places[swing], beamtime(swing, INVESTIGATOR, title[recent]), seed=seed)),
        (
            "ANATOMIX",
            lambda: tomography.write(
                places[tomo], beamtime(tomo, COLLEAGUE, "Zeolite grains in a capillary"), seed=seed
            ),
        ),
        (
            "PROXIMA-1",
            lambda: crystallography.write(
                places[crystal], beamtime(crystal, INVESTIGATOR, "Lysozyme crystal 12, rotation"), seed=seed
            ),
        ),
        # Some years write the number of the proposal where others write the visit.
        ("SWING", lambda: saxs.write(places[elder], beamtime(elder, ELDER, title[old], old), seed=seed + 1)),
        (
            "ANATOMIX",
            lambda: tomography.write(
                places[hidden],
                beamtime(hidden, INDUSTRY, "Catalyst support, batch 7"),
                seed=seed + 2,
                name="support",
                sample="catalyst support",
            ),
        ),
    ]
    files: list[Path] = []
    for done, (name, record) in enumerate(recordings):
        if progress is not None:
            progress(done, len(recordings), name)
        files += record()
    if progress is not None:
        progress(len(recordings), len(recordings), "")
    path = folder / "proposals.json"
    path.write_text(_as_json(proposals, visits, samples), encoding="utf-8")
    return SimulatedVisit(folder, path, tuple(files), places)


def _place(folder: Path, visit: Visit) -> Path:
    """Where a beamline puts the files of a visit."""
    return folder / visit.instrument_id.lower() / f"{visit.start:%Y}" / f"{visit.start:%Y%m%d}_{visit.id}"


def _user_office(now: datetime) -> tuple[list[Proposal], list[Visit], list[Sample]]:
    """Proposals, visits in the order they are recorded, and samples."""
    days = timedelta(days=1)
    morning = now.replace(hour=8)
    over = morning - 1450 * days
    recent, old, private = f"{now.year}0415", f"{over.year}0088", f"{now.year}9031"
    proposals = [
        Proposal(
            recent,
            "Lysozyme from solution to crystal, in the pores of zeolites",
            abstract="How a protein orders when it is confined: its shape in solution, its crystals, and the grains "
            "between which they grow.",
            members=(Member(INVESTIGATOR, Role.PRINCIPAL_INVESTIGATOR), Member(COLLEAGUE, Role.CO_PROPOSER)),
        ),
        Proposal(
            old,
            "Conformation of lysozyme near its point of denaturation",
            members=(Member(ELDER, Role.PRINCIPAL_INVESTIGATOR),),
        ),
        Proposal(
            private,
            "Porosity of catalyst supports",
            research=Research.PROPRIETARY,
            members=(Member(INDUSTRY, Role.PRINCIPAL_INVESTIGATOR),),
        ),
    ]
    visits = [
        _visit(recent, "SWING", morning - 12 * days, morning - 11 * days),
        _visit(recent, "ANATOMIX", morning - 10 * days, morning - 9 * days),
        _visit(recent, "PROXIMA-1", morning - 8 * days, morning - 7 * days),
        _visit(old, "SWING", over, over + 1 * days),
        _visit(private, "ANATOMIX", morning - 30 * days, morning - 29 * days),
    ]
    samples = [
        Sample(f"{recent}-1", recent, "lysozyme", "Hen egg-white lysozyme, 10 mg/ml in acetate buffer, pH 4.5"),
        Sample(f"{recent}-2", recent, "zeolite grains", "Grains of 20 to 80 µm in a glass capillary"),
        Sample(f"{recent}-3", recent, "lysozyme crystal 12", "Grown from sample 1", parent_id=f"{recent}-1"),
        Sample(f"{recent}-4", recent, "silver behenate", "Calibrant", formula="AgC22H43O2"),
        Sample(f"{old}-1", old, "lysozyme", "Hen egg-white lysozyme at several temperatures"),
        Sample(f"{private}-1", private, "catalyst support", "Batch 7"),
    ]
    return proposals, visits, samples


def _visit(proposal: str, instrument: str, start: datetime, end: datetime) -> Visit:
    contact = Member(CONTACTS[instrument], Role.LOCAL_CONTACT)
    return Visit(f"{proposal}-{instrument}", proposal, instrument, start, end, (contact,))


def _as_json(proposals: list[Proposal], visits: list[Visit], samples: list[Sample]) -> str:
    """The file that ``verriere proposal import`` takes: each proposal with its visits and samples."""
    written = {
        "instruments": [asdict(instrument) for instrument in INSTRUMENTS],
        "proposals": [
            asdict(proposal)
            | {
                "visits": [asdict(visit) for visit in visits if visit.proposal_id == proposal.id],
                "samples": [asdict(sample) for sample in samples if sample.proposal_id == proposal.id],
            }
            for proposal in proposals
        ],
    }
    return json.dumps(written, ensure_ascii=False, indent=2, default=datetime.isoformat) + "\n"
