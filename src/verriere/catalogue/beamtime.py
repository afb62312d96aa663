"""Proposals, visits, instruments, samples, plans and surveys: records, and the tables that say who is of which team."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, Table, delete, insert, select

from verriere.catalogue.codec import decode, encode
from verriere.catalogue.derive import Surroundings
from verriere.catalogue.fold import spaced
from verriere.catalogue.history import Event
from verriere.catalogue.tables import (
    instrument,
    instrument_name,
    person_name,
    plan,
    proposal,
    sample,
    survey,
    team,
    visit,
)
from verriere.errors import InputInvalid, NotFound
from verriere.model import Dataset, Instrument, Plan, Proposal, Sample, Survey, Visit

Beamtime = Instrument | Proposal | Visit | Sample | Plan | Survey
Thing = TypeVar("Thing", Instrument, Proposal, Visit, Sample, Plan, Survey)

_CHUNK = 500
"""How many identifiers go into one query."""


def one(connection: Connection, kind: type[Thing], identifier: str) -> Thing:
    """The record of that kind and identifier.

    Raises
    ------
    NotFound
        There is none.
    """
    found = some(connection, kind, [identifier])
    if not found:
        raise NotFound(f"no {kind.__name__.lower()} {identifier}", hint="list the proposals: verriere proposal list")
    return found[identifier]


def some(connection: Connection, kind: type[Thing], identifiers: Collection[str]) -> dict[str, Thing]:
    """The records of that kind that there are, by identifier."""
    table = _TABLES[kind]
    found: dict[str, Thing] = {}
    wanted = sorted(identifiers)
    for start in range(0, len(wanted), _CHUNK):
        query = select(table.c.id, table.c.record).where(table.c.id.in_(wanted[start : start + _CHUNK]))
        found |= {identifier: decode(kind, record) for identifier, record in connection.execute(query)}
    return found


def every(connection: Connection, kind: type[Thing], **of: str) -> list[Thing]:
    """All records of that kind, by identifier; ``proposal_id="..."`` or ``instrument_id="..."`` for some of them."""
    table = _TABLES[kind]
    query = select(table.c.record).order_by(table.c.id)
    for name, value in of.items():
        query = query.where(table.c[name] == value)
    return [decode(kind, record) for (record,) in connection.execute(query)]


def visits_at(connection: Connection, instrument_id: str, moment: datetime, slack: timedelta) -> list[Visit]:
    """The visits on an instrument around a moment, the earliest first."""
    query = (
        select(visit.c.record)
        .where(
            visit.c.instrument_id == instrument_id, visit.c.start_at <= moment + slack, visit.c.end_at >= moment - slack
        )
        .order_by(visit.c.start_at, visit.c.id)
    )
    return [decode(Visit, record) for (record,) in connection.execute(query)]


def visits_of(connection: Connection, person: str) -> list[Visit]:
    """The visits of whose team a person is, the latest first."""
    query = (
        select(visit.c.record)
        .join(team, team.c.visit_id == visit.c.id)
        .where(team.c.person == person)
        .order_by(visit.c.start_at.desc(), visit.c.id)
    )
    return [decode(Visit, record) for (record,) in connection.execute(query)]


def team_of(connection: Connection, visit_id: str | None) -> frozenset[str]:
    """Keys of the people of a visit and its proposal."""
    if visit_id is None:
        return frozenset()
    return frozenset(connection.scalars(select(team.c.person).where(team.c.visit_id == visit_id)))


def surroundings(connection: Connection, datasets: Iterable[Dataset]) -> dict[str, Surroundings]:
    """What each dataset hangs on, by the dataset's identifier.

    Raises
    ------
    InputInvalid
        A dataset is of a visit that there is not.
    """
    wanted = list(datasets)
    visits = some(connection, Visit, {d.visit_id for d in wanted if d.visit_id is not None})
    proposals = some(connection, Proposal, {each.proposal_id for each in visits.values()})
    instruments = some(connection, Instrument, {d.instrument_id for d in wanted if d.instrument_id is not None})
    samples = some(connection, Sample, {d.sample_id for d in wanted if d.sample_id is not None})
    found = {}
    for dataset in wanted:
        its_visit = visits.get(dataset.visit_id or "")
        if dataset.visit_id is not None and its_visit is None:
            raise InputInvalid(f"dataset {dataset.id} is of visit {dataset.visit_id}, which is not known", hint=_IMPORT)
        found[dataset.id] = Surroundings(
            visit=its_visit,
            proposal=proposals.get(its_visit.proposal_id) if its_visit else None,
            instrument=instruments.get(dataset.instrument_id or ""),
            sample=samples.get(dataset.sample_id or ""),
        )
    return found


_IMPORT = "import its proposal first: verriere proposal import FILE"


def put(connection: Connection, things: Sequence[Beamtime]) -> list[Event]:
    """Insert or replace records of one kind; what is the same already is left alone.

    Returns
    -------
    list of Event
        One for each record that is new or changed, for the history.

    Raises
    ------
    InputInvalid
        A visit or a sample is of a proposal that there is not.
    """
    unique = {thing.id: thing for thing in things}
    if not unique:
        return []
    kind = type(things[0])
    table = _TABLES[kind]
    query = select(table.c.id, table.c.record).where(table.c.id.in_(unique))
    there = {row.id: row.record for row in connection.execute(query)}
    changed = [thing for identifier, thing in sorted(unique.items()) if there.get(identifier) != encode(thing)]
    if not changed:
        return []
    _require_proposals(connection, changed)
    connection.execute(delete(table).where(table.c.id.in_([t.id for t in changed if t.id in there])))
    connection.execute(insert(table), [_row(thing) for thing in changed])
    _derive(connection, changed)
    word = kind.__name__.lower()
    return [Event(f"{word}:{t.id}", "changed" if t.id in there else "recorded") for t in changed]


def _row(thing: Beamtime) -> dict[str, object]:
    row: dict[str, object] = {"id": thing.id, "record": encode(thing)}
    match thing:
        case Proposal():
            row |= {"research": thing.research.value, "kind": thing.kind}
        case Visit():
            row |= {
                "proposal_id": thing.proposal_id,
                "instrument_id": thing.instrument_id,
                "start_at": thing.start,
                "end_at": thing.end,
            }
        case Sample() | Plan():
            row["proposal_id"] = thing.proposal_id
    return row


def _require_proposals(connection: Connection, things: Sequence[Beamtime]) -> None:
    wanted = {thing.proposal_id for thing in things if isinstance(thing, Visit | Sample)}
    missing = wanted - some(connection, Proposal, wanted).keys()
    if missing:
        raise InputInvalid(f"there is no proposal {min(missing)}", hint=_IMPORT)


def _derive(connection: Connection, things: Sequence[Beamtime]) -> None:
    """Bring the tables of teams and of instruments' names up to date."""
    for thing in things:
        match thing:
            case Instrument():
                names = {spaced(name) for name in (thing.id, thing.name, *thing.aliases)}
                connection.execute(delete(instrument_name).where(instrument_name.c.instrument_id == thing.id))
                connection.execute(
                    insert(instrument_name), [{"folded": name, "instrument_id": thing.id} for name in sorted(names)]
                )
            case Proposal():
                for each in every(connection, Visit, proposal_id=thing.id):
                    _derive_team(connection, each, thing)
            case Visit():
                _derive_team(connection, thing, one(connection, Proposal, thing.proposal_id))


def _derive_team(connection: Connection, its_visit: Visit, its_proposal: Proposal) -> None:
    people = [member.person for member in (*its_proposal.members, *its_visit.members)]
    for table, name, values in (
        (team, "person", {person.key for person in people if person.key}),
        (person_name, "folded", {spaced(person.name) for person in people}),
    ):
        connection.execute(delete(table).where(table.c.visit_id == its_visit.id))
        if values:
            connection.execute(insert(table), [{name: value, "visit_id": its_visit.id} for value in sorted(values)])


_TABLES: dict[type, Table] = {
    Instrument: instrument,
    Proposal: proposal,
    Visit: visit,
    Sample: sample,
    Plan: plan,
    Survey: survey,
}
