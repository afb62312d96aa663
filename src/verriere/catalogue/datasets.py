"""Datasets: their records, and the search tables derived from them."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal_column,
    select,
    update,
)

from verriere.catalogue import beamtime
from verriere.catalogue.bulk import insert_rows
from verriere.catalogue.codec import decode, encode
from verriere.catalogue.derive import Derived, Shelf, derive
from verriere.catalogue.fold import spaced
from verriere.catalogue.fulltext import Document, FullText
from verriere.catalogue.history import Event
from verriere.catalogue.tables import dataset, dataset_parameter, dataset_record, shelf, technique
from verriere.errors import InputInvalid, NotFound
from verriere.model import Dataset, Proposal, State, Visit
from verriere.policy import EmbargoRules, due, ends_at, initial_state

_CHUNK = 500
"""How many datasets are worked on at a time: what bounds the memory, and the length of a query."""


def get(connection: Connection, identifier: str) -> Dataset:
    """The whole record of a dataset.

    Raises
    ------
    NotFound
        There is none.
    """
    record = connection.scalar(_RECORD_OF_ID, {"wanted": identifier})
    if record is None:
        raise NotFound(f"no dataset {identifier}", hint="list what there is: verriere search ''")
    return decode(Dataset, record)


def where(connection: Connection, condition: ColumnElement[bool]) -> Iterator[Dataset]:
    """The whole records of the datasets for which a condition on the table `dataset` holds, by identifier."""
    for row in in_order(connection, _RECORDS.add_columns(dataset.c.id).where(condition)):
        yield decode(Dataset, row.record)


def in_state(state: State) -> ColumnElement[bool]:
    """The datasets in a state, by the shelves on which they stand: no index of datasets begins with it."""
    return dataset.c.shelf.in_(select(shelf.c.id).where(shelf.c.state == state.value, shelf.c.number > 0))


def in_order(connection: Connection, query: Select[Any]) -> Iterator[Any]:
    """The rows of a query on `dataset` by identifier, some at a time; ``id`` is among their columns."""
    last = ""
    while rows := connection.execute(query.where(dataset.c.id > last).order_by(dataset.c.id).limit(_CHUNK)).all():
        yield from rows
        last = rows[-1].id


def put(connection: Connection, text: FullText, embargo: EmbargoRules, datasets: Sequence[Dataset]) -> list[Event]:
    """Insert datasets, or replace what is known of them; what is known already changes nothing.

    A record with a smaller revision than the one that is there comes from a step that was done twice, and is left out.

    Returns
    -------
    list of Event
        One for each dataset that is new or changed.
    """
    events = []
    for start in range(0, len(datasets), _CHUNK):
        events += _put(connection, text, embargo, datasets[start : start + _CHUNK])
    return events


def refresh(
    connection: Connection,
    text: FullText,
    embargo: EmbargoRules,
    column: ColumnElement[str | None],
    values: Sequence[str],
) -> None:
    """Derive the search rows of datasets again, after a change of what they hang on.

    Parameters
    ----------
    column, values
        Of the table `dataset`: which ones.
    """
    query = select(dataset.c.key, dataset_record.c.record).join_from(dataset, dataset_record, _JOINED)
    rows = connection.execute(query.where(column.in_(values))).all()
    for start in range(0, len(rows), _CHUNK):
        part = {key: decode(Dataset, record) for key, record in rows[start : start + _CHUNK]}
        derived = _derived(connection, embargo, part)
        _forget(connection, part.keys())
        _insert(connection, text, derived, new=False)


def derive_all(connection: Connection, text: FullText, embargo: EmbargoRules) -> None:
    """Derive the search rows of all datasets from the records, where there are none."""
    query = select(dataset_record.c.dataset_key, dataset_record.c.record).order_by(dataset_record.c.dataset_key)
    last = 0
    while rows := connection.execute(query.where(dataset_record.c.dataset_key > last).limit(_CHUNK)).all():
        part = {key: decode(Dataset, record) for key, record in rows}
        _insert(connection, text, _derived(connection, embargo, part), new=True)
        last = rows[-1].dataset_key


def _derived(connection: Connection, embargo: EmbargoRules, part: Mapping[int, Dataset]) -> list[tuple[int, Derived]]:
    around = beamtime.surroundings(connection, part.values())
    return [(key, derive(each, around[each.id], embargo)) for key, each in part.items()]


def standing(connection: Connection, identifier: str) -> tuple[State, str | None] | None:
    """State and visit of a dataset: what access to it depends on; None if there is none."""
    row = connection.execute(select(dataset.c.state, dataset.c.visit_id).where(dataset.c.id == identifier)).first()
    return (State(row.state), row.visit_id) if row is not None else None


def opens_at(connection: Connection, identifier: str) -> datetime | None:
    """When the embargo of a dataset ends or ended; None in quarantine and for proprietary research."""
    return connection.scalar(select(dataset.c.opens_at).where(dataset.c.id == identifier))


def due_now(connection: Connection, now: datetime, most: int | None) -> list[tuple[Dataset, datetime]]:
    """Datasets that should have opened by ``now``, each with the moment of it, the earliest first; ``most`` of them."""
    query = (
        select(dataset.c.opens_at, dataset_record.c.record)
        .join_from(dataset, dataset_record, _JOINED)
        .where(dataset.c.state == literal_column(f"'{State.EMBARGOED.value}'"), dataset.c.opens_at <= now)
        .order_by(dataset.c.opens_at, dataset.c.id)
        .limit(most)
    )
    return [(decode(Dataset, record), opens) for opens, record in connection.execute(query)]


def assigned(connection: Connection, identifier: str, visit_id: str, rules: EmbargoRules, now: datetime) -> Dataset:
    """A dataset in quarantine as it is once a person has said which visit it belongs to.

    Raises
    ------
    NotFound
        There is no such dataset or no such visit.
    InputInvalid
        The dataset is not in quarantine.
    """
    found = get(connection, identifier)
    if found.state is not State.QUARANTINED:
        raise InputInvalid(
            f"dataset {identifier} is of visit {found.visit_id} already", hint="verriere show " + identifier
        )
    visit = beamtime.one(connection, Visit, visit_id)
    proposal = beamtime.one(connection, Proposal, visit.proposal_id)
    state = initial_state(proposal.research, visit)
    changed = replace(
        found,
        visit_id=visit_id,
        instrument_id=found.instrument_id or visit.instrument_id,
        matched_by="person",
        candidates=(),
        state=state,
        revision=found.revision + 1,
    )
    opens = ends_at(visit, rules, found.decisions)
    if due(state, opens, now) is State.OPEN:
        return replace(changed, state=State.OPEN, opened_at=opens)
    return changed


def _put(connection: Connection, text: FullText, embargo: EmbargoRules, part: Sequence[Dataset]) -> list[Event]:
    wanted = {each.id: each for each in part}
    there = {
        identifier: (key, revision, record)
        for identifier, key, revision, record in connection.execute(
            select(dataset.c.id, dataset.c.key, dataset.c.revision, dataset_record.c.record)
            .join_from(dataset, dataset_record, _JOINED)
            .where(dataset.c.id.in_(wanted))
        )
    }
    records = {identifier: encode(each) for identifier, each in wanted.items()}
    changed = [
        each
        for identifier, each in wanted.items()
        if identifier not in there
        or (each.revision >= there[identifier][1] and records[identifier] != there[identifier][2])
    ]
    if not changed:
        return []
    next_key = (connection.scalar(select(func.max(dataset.c.key))) or 0) + 1
    old = {there[each.id][0]: each for each in changed if each.id in there}
    new = dict(enumerate((each for each in changed if each.id not in there), start=next_key))
    if old:
        derived = _derived(connection, embargo, old)
        _forget(connection, old.keys())
        connection.execute(delete(dataset_record).where(dataset_record.c.dataset_key.in_(old)))
        _insert(connection, text, derived, new=False)
    if new:
        _insert(connection, text, _derived(connection, embargo, new), new=True)
    insert_rows(connection, dataset_record, ((key, records[each.id]) for key, each in (old | new).items()))
    return [_event(each, "updated" if each.id in there else "registered") for each in changed]


def _event(each: Dataset, event: str) -> Event:
    details = {
        "version": str(each.version),
        "revision": str(each.revision),
        "state": each.state.value,
        "visit": each.visit_id or "",
    }
    return Event(f"dataset:{each.id}", event, details)


def _forget(connection: Connection, keys: Collection[int]) -> None:
    standing = select(dataset.c.shelf, func.count()).where(dataset.c.key.in_(keys)).group_by(dataset.c.shelf)
    _count(connection, {number: -count for number, count in connection.execute(standing)})
    connection.execute(delete(dataset_parameter).where(dataset_parameter.c.dataset_key.in_(keys)))
    connection.execute(delete(dataset).where(dataset.c.key.in_(keys)))


def _insert(connection: Connection, text: FullText, derived: Sequence[tuple[int, Derived]], *, new: bool) -> None:
    shelves = _shelves(connection, [rows.shelf for _, rows in derived])
    placed = [(key, shelves[rows.shelf], rows) for key, rows in derived]
    _count(connection, Counter(number for _, number, _ in placed))
    names = [column.name for column in dataset.columns]
    facts = ({**rows.row, "key": key, "shelf": number} for key, number, rows in placed)
    insert_rows(connection, dataset, ([row[name] for name in names] for row in facts))
    _name_techniques(connection, {code: names for _, rows in derived for code, names in rows.techniques.items()})
    insert_rows(connection, dataset_parameter, ((key, *each) for key, rows in derived for each in rows.parameters))
    text.replace(connection, [_document(*each) for each in placed], new=new)


def _document(key: int, number: int, rows: Derived) -> Document:
    return Document(key, (rows.row["state"], rows.row["visit_id"], number, rows.row["moment"]), rows.texts)


def _count(connection: Connection, changes: Mapping[int, int]) -> None:
    """Say on shelves that so many more datasets stand there, or fewer."""
    if changes:
        more = update(shelf).where(shelf.c.id == bindparam("its_id")).values(number=shelf.c.number + bindparam("more"))
        connection.execute(more, [{"its_id": number, "more": count} for number, count in changes.items()])


def _name_techniques(connection: Connection, names: dict[str, tuple[str, str]]) -> None:
    known = set(connection.scalars(select(technique.c.code).where(technique.c.code.in_(names))))
    rows = [
        {"code": code, "iri": iri, "label": label, "folded": spaced(label)}
        for code, (iri, label) in sorted(names.items())
        if code not in known
    ]
    if rows:
        connection.execute(insert(technique), rows)


def _shelves(connection: Connection, wanted: Sequence[Shelf]) -> dict[Shelf, int]:
    """The number of each of these shelves; new ones are put up, empty."""
    instruments, together = ({each[place] for each in wanted} for place in (1, 4))
    said = [shelf.c[name] for name in ("state", "instrument", "instrument_folded", "year", "techniques")]
    query = select(shelf.c.id, *said).where(shelf.c.instrument.in_(instruments), shelf.c.techniques.in_(together))
    known: dict[Shelf, int] = {(row[1], row[2], row[3], row[4], row[5]): row.id for row in connection.execute(query)}
    if missing := dict.fromkeys(each for each in wanted if each not in known):
        first = (connection.scalar(select(func.max(shelf.c.id))) or 0) + 1
        new = {each: number for number, each in enumerate(missing, start=first)}
        insert_rows(connection, shelf, [(number, *each, 0) for each, number in new.items()])
        known |= new
    return known


_JOINED = dataset_record.c.dataset_key == dataset.c.key
_RECORDS = select(dataset_record.c.record).join_from(dataset, dataset_record, _JOINED)
_RECORD_OF_ID = _RECORDS.where(dataset.c.id == bindparam("wanted"))
