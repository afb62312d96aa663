"""The parts of a search: one for each level of access at which the question means something else."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal, or_, select

from verriere.catalogue.fulltext import FullText
from verriere.catalogue.query.compile import Compiler, Names, sees_through, split
from verriere.catalogue.query.tree import Node, Text
from verriere.catalogue.tables import dataset, instrument_name, technique
from verriere.policy import Access
from verriere.techniques import panet


@dataclass(frozen=True, slots=True)
class Branch:
    """Some of the hits; no dataset is in two branches of a search.

    Parameters
    ----------
    query
        What is selected from, and which; columns are added to it.
    level
        The viewer's `Access` to each hit, as a number.
    access
        The same where it is one for all of them; None where it differs.
    rank
        How well a hit answers, the smaller the better; None where no words were searched for.
    """

    query: Select[Any]
    level: ColumnElement[int]
    access: Access | None
    rank: ColumnElement[float] | None


def branches(
    connection: Connection,
    tree: Node,
    visible: Mapping[Access, ColumnElement[bool]],
    text: FullText,
    zone: tzinfo,
    *,
    apart: bool,
) -> list[Branch]:
    """The branches of a search.

    Parameters
    ----------
    visible
        From `verriere.catalogue.visibility.levels`.
    apart
        One branch for each level even where the question does not need it: what the hits are sorted by does.
    """
    match, rest = split(tree)
    names = Names(lambda leaf: _instruments(connection, leaf), lambda leaf: _techniques(connection, leaf))
    compiled = {access: Compiler(access, text, names, zone) for access in visible}
    if match is not None:
        return [
            Branch(
                select()
                .select_from(text.table)
                .join(dataset, dataset.c.key == text.key)
                .where(text.matches(match, access), condition, compiled[access].condition(rest)),
                literal(int(access)),
                access,
                text.rank(match, access),
            )
            for access, condition in visible.items()
        ]
    if sees_through(rest) and not apart and len(visible) > 1:
        any_access = next(iter(visible))
        condition = compiled[any_access].condition(rest)
        level = case(*((where, int(access)) for access, where in visible.items()))
        query = select().select_from(dataset).where(or_(*visible.values()), condition)
        return [Branch(query, level, None, None)]
    return [
        Branch(
            select().select_from(dataset).where(condition, compiled[access].condition(rest)),
            literal(int(access)),
            access,
            None,
        )
        for access, condition in visible.items()
    ]


def _instruments(connection: Connection, leaf: Text) -> Collection[str]:
    """Every folded name of the instruments that are called so; the name itself, where no instrument is."""
    name = f" {' '.join(leaf.words)}"
    here = instrument_name.c.folded
    called = here.startswith(name, autoescape=True) if leaf.prefix else here == f"{name} "
    meant = select(instrument_name.c.instrument_id).where(called)
    found = set(connection.scalars(select(here).where(instrument_name.c.instrument_id.in_(meant))))
    if leaf.prefix:
        written = dataset.c.instrument_folded
        return found | set(connection.scalars(select(written).distinct().where(written.startswith(name))))
    return found | {f"{name} "}


def _techniques(connection: Connection, leaf: Text) -> Collection[str]:
    """Codes of the terms that are called so, by label, short name or code, and of everything that is a kind of them."""
    name = f" {' '.join(leaf.words)}"
    called = technique.c.folded.startswith(name) if leaf.prefix else technique.c.folded == f"{name} "
    by_code = func.lower(technique.c.code) == leaf.words[-1]
    codes = set(connection.scalars(select(technique.c.code).where(or_(called, by_code))))
    meant = {panet.PREFIX + code for code in codes} | (
        {*panet.by_name(" ".join(leaf.words))} if not leaf.prefix else set()
    )
    return codes | {iri.removeprefix(panet.PREFIX) for each in meant for iri in panet.narrower(each)}
