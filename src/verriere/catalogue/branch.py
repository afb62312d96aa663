"""The parts of a search: one for each level of access at which the question means something else."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import tzinfo
from functools import lru_cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Connection, False_, Select, case, func, literal, or_, select

from verriere.catalogue.fulltext import FullText, Match
from verriere.catalogue.query.compile import Compiler, Names, sees_through, split
from verriere.catalogue.query.tree import Node, Text
from verriere.catalogue.tables import dataset, instrument_name, technique, technique_set
from verriere.catalogue.visibility import levels, visible
from verriere.model import Viewer
from verriere.policy import Access, AccessRules
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
    ranked
        The same as ``query`` with ``rank``, how well a hit answers, the smaller the better; None where no words were
        searched for. Apart, since ranking takes longer than finding, and a count needs none.
    dated
        The same as ``query``, but beginning at the table of datasets and not at the words: where there are very many
        hits, the first ones in the order of an index are found before all of them are.
    """

    query: Select[Any]
    level: ColumnElement[int]
    access: Access | None
    ranked: Select[Any] | None
    dated: Select[Any]


def branches(  # noqa: PLR0917 - what a search stands on, in the order it is used
    connection: Connection,
    tree: Node,
    viewer: Viewer,
    rules: AccessRules,
    text: FullText,
    zone: tzinfo,
    *,
    apart: bool,
) -> list[Branch]:
    """The branches of a search.

    Parameters
    ----------
    apart
        One branch for each level even where the question does not need it: what the hits are sorted by does.
    """
    match, rest = split(tree)
    allowed = levels(viewer, rules)
    names = Names(lambda leaf: _instruments(connection, leaf), lambda leaf: _techniques(connection, leaf))
    conditions = {access: Compiler(access, text, names, zone).condition(rest) for access in allowed}
    if match is not None:
        return [
            _worded(match, condition, conditions[access], text, access)
            for access, condition in allowed.items()
            if not isinstance(conditions[access], False_)
        ]
    if sees_through(rest) and not apart and len(allowed) > 1:
        condition = next(iter(conditions.values()))
        level = case(*((where, int(access)) for access, where in allowed.items()))
        query = select().select_from(dataset).where(visible(viewer, rules), condition)
        return [Branch(query, level, None, None, query)]
    every = {
        access: select().select_from(dataset).where(condition, conditions[access])
        for access, condition in allowed.items()
        if not isinstance(conditions[access], False_)
    }
    return [Branch(query, literal(int(access)), access, None, query) for access, query in every.items()]


def _worded(
    match: Match, allowed: ColumnElement[bool], rest: ColumnElement[bool], text: FullText, access: Access
) -> Branch:
    """A branch that begins at the full-text index.

    SQLite would begin at the table of datasets, and ask the index of words again for every row of it; a table made
    first leaves it no choice.
    """
    found = select(text.key.label("found_key")).select_from(text.table).where(text.matches(match, access))

    def joined(words: CTE) -> Select[Any]:
        first = words.prefix_with("MATERIALIZED") if text.materialised else words
        return select().select_from(first).join(dataset, dataset.c.key == first.c.found_key).where(allowed, rest)

    name = access.name.lower()
    query = joined(found.cte(f"found_{name}"))
    # Ranked is only what is a hit. Not `key IN`: FTS5 would look each of them up by itself.
    hits = query.add_columns(dataset.c.key)
    ranked = found.add_columns(text.rank(match, access).label("rank")).where((text.key + 0).in_(hits))
    # Neither is `IN` alone: with `IS TRUE` each row asks, in the order of an index, and the first ones suffice.
    dated = select().select_from(dataset).where(allowed, rest, dataset.c.key.in_(found).is_(True))
    return Branch(query, literal(int(access)), access, joined(ranked.cte(f"ranked_{name}")), dated)


@lru_cache(maxsize=1024)
def _narrower(iri: str) -> frozenset[str]:
    return panet.narrower(iri)


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
    """Where a term stands that is called so, by label, short name or code, or one that is a kind of it."""
    name = f" {' '.join(leaf.words)}"
    called = technique.c.folded.startswith(name) if leaf.prefix else technique.c.folded == f"{name} "
    by_code = func.lower(technique.c.code) == leaf.words[-1]
    codes = set(connection.scalars(select(technique.c.code).where(or_(called, by_code))))
    meant = {panet.PREFIX + code for code in codes} | (
        {*panet.by_name(" ".join(leaf.words))} if not leaf.prefix else set()
    )
    codes |= {iri.removeprefix(panet.PREFIX) for each in meant for iri in _narrower(each)}
    together = connection.scalars(select(technique_set.c.techniques))
    return {each for each in together if codes.intersection(each.split())}
