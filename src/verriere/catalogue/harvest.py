"""What harvesters are told: the items behind DOIs in the order of their last change, and the records made of them.

An item is a DOI that the world may know: of a dataset that of each version, and not the one that stands for all of
them. Whether an item is there is decided by `verriere.catalogue.visibility`; what was published and is withdrawn stays
as a deleted item.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    and_,
    case,
    delete,
    exists,
    extract,
    false,
    func,
    insert,
    literal,
    not_,
    null,
    or_,
    select,
    true,
    tuple_,
)

from verriere.catalogue.tables import (
    Instant,
    String,
    collection_dataset,
    dataset,
    harvest_payload,
    proposal,
    publication,
    sample,
    shelf,
    visit,
)
from verriere.catalogue.visibility import public_states, visible
from verriere.model import ANONYMOUS, PidKind, PidState, Research
from verriere.policy import AccessRules
from verriere.techniques import panet


@dataclass(frozen=True, slots=True)
class Head:
    """An item: what its header says.

    Parameters
    ----------
    techniques
        Codes of PaNET, with spaces between.
    """

    doi: str
    kind: PidKind
    changed_at: datetime
    is_withdrawn: bool
    instrument_id: str | None
    techniques: str
    year: int | None
    proposal_kind: str

    @property
    def place(self) -> tuple[datetime, str]:
        """Where it stands in every list."""
        return self.changed_at, self.doi


class Asked(Protocol):
    """A set: its kind, and the value of it; None for all that have one."""

    @property
    def kind(self) -> str:
        """``beamline``, ``technique``, ``year``, ``proposal``; anything else is all datasets."""

    @property
    def value(self) -> str | None:
        """Of that kind."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some items: changed at ``start`` or later and before ``end``, and of a set."""

    start: datetime | None
    end: datetime
    asked: Asked | None = None


@dataclass(frozen=True, slots=True)
class Kinds:
    """What sets there can be."""

    instruments: frozenset[str]
    techniques: frozenset[str]
    years: frozenset[int]
    proposals: frozenset[str]


def page(
    connection: Connection, rules: AccessRules, span: Span, after: tuple[datetime, str] | None, size: int
) -> list[Head]:
    """The next items of a list."""
    query = _within(connection, rules, span)
    if after is not None:
        place = tuple_(literal(after[0], Instant), literal(after[1], String))
        query = query.where(tuple_(publication.c.changed_at, publication.c.doi) > place)
    rows = connection.execute(query.order_by(publication.c.changed_at, publication.c.doi).limit(size))
    return [_head(row) for row in rows]


def count(connection: Connection, rules: AccessRules, span: Span) -> int:
    """How many items a list has."""
    query = _within(connection, rules, span).with_only_columns(func.count(), maintain_column_froms=True)
    return connection.scalar(query) or 0


def head(connection: Connection, rules: AccessRules, doi: str) -> Head | None:
    """The item of a DOI."""
    row = connection.execute(_items(connection, rules).where(publication.c.doi == doi)).first()
    return _head(row) if row is not None else None


def earliest(connection: Connection, rules: AccessRules) -> datetime | None:
    """The datestamp before which no item was changed."""
    query = _items(connection, rules).order_by(publication.c.changed_at).limit(1)
    row = connection.execute(query).first()
    return row.changed_at if row is not None else None


def kinds(connection: Connection, rules: AccessRules) -> Kinds:
    """What items are in sets by."""
    items = _items(connection, rules).subquery()
    columns = (items.c.instrument_id, items.c.techniques, items.c.year, items.c.proposal_kind)
    rows = connection.execute(select(*columns).distinct()).all()
    return Kinds(
        frozenset(row.instrument_id for row in rows if row.instrument_id),
        frozenset(code for row in rows for code in (row.techniques or "").split()),
        frozenset(row.year for row in rows if row.year),
        frozenset(row.proposal_kind for row in rows if row.proposal_kind),
    )


def payloads(connection: Connection, heads: Sequence[Head], prefix: str, maker: str) -> dict[str, str]:
    """The records that were made already of items as they are, by DOI."""
    kept = harvest_payload.c
    changed = {head.doi: head.changed_at for head in heads}
    query = select(kept.doi, kept.changed_at, kept.payload).where(
        kept.doi.in_(changed), kept.prefix == prefix, kept.maker == maker
    )
    return {row.doi: row.payload for row in connection.execute(query) if row.changed_at == changed[row.doi]}


def unmade(connection: Connection, rules: AccessRules, prefix: str, maker: str, most: int) -> list[Head]:
    """Items as they are of which no record was made yet, the earliest changed first."""
    kept = harvest_payload.c
    made = exists().where(
        kept.doi == publication.c.doi,
        kept.prefix == prefix,
        kept.changed_at == publication.c.changed_at,
        kept.maker == maker,
    )
    query = _items(connection, rules).where(publication.c.withdrawn_at.is_(None), not_(made))
    rows = connection.execute(query.order_by(publication.c.changed_at, publication.c.doi).limit(most))
    return [_head(row) for row in rows]


def keep(connection: Connection, made: Sequence[tuple[Head, str]], prefix: str, maker: str) -> None:
    """Keep records beside the items that they were made of."""
    kept = harvest_payload.c
    dois = [each.doi for each, _ in made]
    connection.execute(delete(harvest_payload).where(kept.doi.in_(dois), kept.prefix == prefix))
    rows = [
        {"doi": each.doi, "prefix": prefix, "changed_at": each.changed_at, "maker": maker, "payload": payload}
        for each, payload in made
    ]
    connection.execute(insert(harvest_payload), rows)


def _head(row: Any) -> Head:
    return Head(
        doi=row.doi,
        kind=PidKind(row.kind),
        changed_at=row.changed_at,
        is_withdrawn=row.withdrawn_at is not None,
        instrument_id=row.instrument_id,
        techniques=row.techniques or "",
        year=int(row.year) if row.year else None,
        proposal_kind=row.proposal_kind or "",
    )


def _items(connection: Connection, rules: AccessRules) -> Select[Any]:
    """Every item with what its header says. Of what is hidden now, though withdrawn, no more than that it was there."""
    of = publication.c
    shown = _shown(rules)
    kind = {each: of.kind == each.value for each in PidKind}
    joined = (
        publication.outerjoin(dataset, and_(kind[PidKind.DATASET], dataset.c.id == of.subject_id))
        .outerjoin(visit, and_(kind[PidKind.VISIT], visit.c.id == of.subject_id))
        .outerjoin(sample, and_(kind[PidKind.SAMPLE], sample.c.id == of.subject_id))
        .outerjoin(
            proposal, proposal.c.id == func.coalesce(dataset.c.proposal_id, visit.c.proposal_id, sample.c.proposal_id)
        )
    )
    own = case((kind[PidKind.INSTRUMENT], of.subject_id), else_=null())
    told = {
        "instrument_id": func.coalesce(dataset.c.instrument_id, visit.c.instrument_id, own),
        "techniques": dataset.c.techniques,
        "year": func.coalesce(dataset.c.year, extract("year", visit.c.start_at)),
        "proposal_kind": proposal.c.kind,
    }
    facts = [case((shown, told[name])).label(name) for name in told]
    listed = and_(
        of.published_at.is_not(None),
        or_(of.kind != PidKind.DATASET.value, of.version.is_not(None)),
        or_(of.withdrawn_at.is_not(None), and_(of.wanted == PidState.FINDABLE.value, shown)),
    )
    return select(of.doi, of.kind, of.changed_at, of.withdrawn_at, *facts).select_from(joined).where(listed)


def _shown(rules: AccessRules) -> ColumnElement[bool]:
    """What everybody may know of."""
    of = publication.c
    public = proposal.c.research == Research.PUBLIC.value
    seen = dataset.alias()
    some = select(collection_dataset.c.collection_id).where(
        collection_dataset.c.dataset_id == seen.c.id, seen.c.state.in_(public_states(ANONYMOUS, rules))
    )
    return or_(
        and_(of.kind == PidKind.DATASET.value, visible(ANONYMOUS, rules)),
        and_(of.kind == PidKind.VISIT.value, public),
        and_(of.kind == PidKind.SAMPLE.value, public),
        and_(of.kind == PidKind.COLLECTION.value, of.subject_id.in_(some)),
        of.kind == PidKind.INSTRUMENT.value,
    )


def _within(connection: Connection, rules: AccessRules, span: Span) -> Select[Any]:
    query = _items(connection, rules).where(publication.c.changed_at < span.end)
    if span.start is not None:
        query = query.where(publication.c.changed_at >= span.start)
    if span.asked is None:
        return query
    facts = {column.name: column.element for column in query.selected_columns if hasattr(column, "element")}
    return query.where(_in_set(connection, facts, span.asked))


def _in_set(  # noqa: PLR0911 - one for each kind of set
    connection: Connection, facts: dict[str, ColumnElement[Any]], asked: Asked
) -> ColumnElement[bool]:
    match asked.kind, asked.value:
        case "beamline", None:
            return facts["instrument_id"].is_not(None)
        case "beamline", value:
            return facts["instrument_id"] == value
        case "technique", None:
            return func.coalesce(facts["techniques"], "") != ""
        case "technique", value:
            return facts["techniques"].in_(_together(connection, value or ""))
        case "year", None:
            return facts["year"].is_not(None)
        case "year", str(value):
            return facts["year"] == int(value) if value.isascii() and value.isdigit() and len(value) == 4 else false()
        case "proposal", None:
            return func.coalesce(facts["proposal_kind"], "") != ""
        case "proposal", value:
            return facts["proposal_kind"] == value
        case _:
            return and_(true(), publication.c.kind == PidKind.DATASET.value)


def _together(connection: Connection, code: str) -> Collection[str]:
    """What stands in the table of datasets where there is a technique or a kind of it."""
    wanted = {iri.removeprefix(panet.PREFIX) for iri in panet.narrower(panet.PREFIX + code)} | {code}
    return sorted(
        each for each in connection.scalars(select(shelf.c.techniques).distinct()) if wanted & {*each.split()}
    )
