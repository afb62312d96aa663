"""Taking what a user office says into the archive and the catalogue, and saying what that changes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal, TypeVar

from verriere.archive import Deposit
from verriere.archive.deposit import Refused
from verriere.archive.sidecar import encode
from verriere.errors import InputInvalid
from verriere.ingest.erased import Erased
from verriere.ingest.holdings import Holdings
from verriere.model import Instrument, Proposal, Related, Sample, Visit
from verriere.policy.samples import family_trouble
from verriere.stewardship.dmp import active
from verriere.stewardship.proposals import Beamtime

Record = Instrument | Proposal | Visit | Sample
T = TypeVar("T", Instrument, Proposal, Visit, Sample)


@dataclass(frozen=True, slots=True)
class Change:
    """What taking a record does to what was known of it."""

    kind: str
    id: str
    change: Literal["new", "changed", "same"]


def take(
    holdings: Holdings, said: Beamtime, *, by: str = "import", create_instruments: bool = False, dry_run: bool = False
) -> tuple[Change, ...]:
    """Take records in: the archive first, so that nothing is in the catalogue only.

    Nothing is removed. Decisions on the embargo of a visit are the facility's, not the user office's, and stay; so do
    the works that a team has related to its proposal, and what it has said of a sample that this says nothing about.

    Parameters
    ----------
    create_instruments
        Take an instrument that a visit names and nobody knows in under that name. Else it is refused: it is a name
        that somebody mistyped more often than a new beamline.

    Raises
    ------
    InputInvalid
        A visit or a sample is of a proposal, or a visit on an instrument, that neither the file nor the catalogue
        knows; or a sample cannot be cut from what it says.
    """
    catalogue = holdings.catalogue
    erased = Erased.of(holdings.archive)
    known_visits, known_proposals = _by_id(catalogue.visits()), _by_id(catalogue.proposals())
    known_samples = _by_id(catalogue.samples()) if said.samples else {}
    known: dict[type[Record], Mapping[str, Record]] = {
        Instrument: _by_id(catalogue.instruments()),
        Proposal: known_proposals,
        Visit: known_visits,
        Sample: known_samples,
    }
    visits = tuple(
        replace(visit, decisions=known_visits[visit.id].decisions) if visit.id in known_visits else visit
        for visit in said.visits
    )
    proposals = tuple(_with_works(each, known_proposals.get(each.id)) for each in said.proposals)
    samples = tuple(completed(each, known_samples.get(each.id)) for each in said.samples)
    there = {**known[Instrument], **_by_id(said.instruments)}
    new = tuple(Instrument(name, name) for name in sorted({visit.instrument_id for visit in visits} - there.keys()))
    _require_proposals(said, known[Proposal].keys())
    _require_families(samples, known_samples)
    if not create_instruments:
        _require_instruments(visits, there)

    spoken: tuple[Record, ...] = (*said.instruments, *new, *proposals, *visits, *samples)
    records = tuple(erased.clean(record) for record in spoken)
    changes = [(record, _change(record, known[type(record)].get(record.id))) for record in records]
    if not dry_run:
        new_or_changed = [record for record, change in changes if change.change != "same"]
        keep(holdings, new_or_changed, by=by)
        active.follow(holdings, {about for record in new_or_changed if (about := _proposal_of(record))}, by=by)
    return tuple(change for _, change in changes)


def _proposal_of(record: Record) -> str | None:
    return record.id if isinstance(record, Proposal) else getattr(record, "proposal_id", None)


def object_id(record: Record) -> str:
    """Name of a record's object in the archive: ``visit:20250123-1``."""
    return f"{type(record).__name__.lower()}:{record.id}"


def keep(holdings: Holdings, records: Sequence[Record], *, by: str) -> None:
    """Keep records as they are: the archive first, then the catalogue."""
    now = holdings.now()
    deposits = [Deposit(object_id(record), (), encode(record), message=by, created=now) for record in records]
    for result in holdings.archive.put_many(deposits):
        if isinstance(result, Refused):
            raise result.error
    catalogue = holdings.catalogue
    catalogue.put_instruments([each for each in records if isinstance(each, Instrument)], now=now, by=by)
    catalogue.put_proposals([each for each in records if isinstance(each, Proposal)], now=now, by=by)
    catalogue.put_visits([each for each in records if isinstance(each, Visit)], now=now, by=by)
    catalogue.put_samples([each for each in records if isinstance(each, Sample)], now=now, by=by)
    holdings.journal()


def _with_works(said: Proposal, known: Proposal | None) -> Proposal:
    if known is None:
        return said
    return replace(said, related=_merged(said.related, known.related))


def _merged(said: Sequence[Related], known: Sequence[Related]) -> tuple[Related, ...]:
    named = {(each.relation, each.identifier) for each in said}
    return (*said, *(each for each in known if (each.relation, each.identifier) not in named))


def completed(said: Sample, known: Sample | None) -> Sample:
    """A sample with what was known of it where nothing is said."""
    if known is None:
        return said
    texts = ("description", "formula", "parent_id", "kind", "location", "shipment", "hazards")
    silent = {name: getattr(known, name) for name in texts if not getattr(said, name)}
    return replace(said, related=_merged(said.related, known.related), **silent)


def _by_id(records: Iterable[T]) -> dict[str, T]:
    return {record.id: record for record in records}


def _change(record: Record, known: Record | None) -> Change:
    change: Literal["new", "changed", "same"] = "new" if known is None else "same" if known == record else "changed"
    return Change(type(record).__name__.lower(), record.id, change)


def _require_instruments(visits: Iterable[Visit], known: Mapping[str, Record]) -> None:
    names = {
        name.casefold(): each.id
        for each in known.values()
        if isinstance(each, Instrument)
        for name in (*each.aliases, each.name, each.id)
    }
    for visit in visits:
        if visit.instrument_id not in known:
            near = get_close_matches(visit.instrument_id.casefold(), names, n=1)
            meant = f"did you mean {names[near[0]]!r}? " if near else ""
            raise InputInvalid(
                f"{object_id(visit)} is on instrument {visit.instrument_id!r}, which nobody knows",
                hint=f"{meant}A new one: --create-instruments, or under instruments in a file of JSON",
            )


def _require_proposals(said: Beamtime, known: Iterable[str]) -> None:
    proposals = {proposal.id for proposal in said.proposals} | set(known)
    dependent: tuple[Visit | Sample, ...] = (*said.visits, *said.samples)
    for record in dependent:
        if record.proposal_id not in proposals:
            raise InputInvalid(
                f"{object_id(record)} is of proposal {record.proposal_id!r}, which nobody knows",
                hint="add the proposal to the file",
            )


def _require_families(samples: Sequence[Sample], known: Mapping[str, Sample]) -> None:
    there = {**known, **_by_id(samples)}
    for sample in samples:
        if trouble := family_trouble(sample, there):
            raise InputInvalid(f"{object_id(sample)}: {trouble}", hint="correct its parent_id")
