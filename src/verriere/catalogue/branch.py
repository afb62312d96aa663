"""The parts of a search: how its hits are found, counted and listed."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Connection, False_, Select, and_, asc, case, desc, func, literal, or_, select

from verriere.catalogue.fulltext import FullText, Match
from verriere.catalogue.place import OF_DATASET, Place
from verriere.catalogue.query.compile import Compiler, Names, is_of_places, is_of_shelves, sees_through, split
from verriere.catalogue.query.tree import Node, Text
from verriere.catalogue.tables import dataset, instrument_name, shelf, technique
from verriere.catalogue.visibility import levels, own, public_states, visible
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
    place
        Where it has the columns of `Place`.
    level
        The viewer's `Access` to each hit, as a number.
    access
        The same where it is one for all of them; None where it differs.
    rank
        How well a hit answers, the smaller the better; None where no words were searched for. Apart, since ranking
        takes longer than finding, and a count needs none.
    """

    query: Select[Any]
    place: Place
    level: ColumnElement[int]
    access: Access | None = None
    rank: ColumnElement[float] | None = None


@dataclass(frozen=True, slots=True)
class Parts:
    """A search, taken apart.

    Parameters
    ----------
    listed
        Every hit, to be shown.
    counted
        Every hit that `shelved` does not count.
    shelved
        The shelves on which whatever stands is a hit; None where more was asked than shelves can tell.
    """

    listed: list[Branch]
    counted: list[Branch]
    shelved: Select[Any] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Who asks what, and what that stands on.

    Parameters
    ----------
    tree
        In its normal form.
    """

    connection: Connection
    tree: Node
    viewer: Viewer
    rules: AccessRules
    text: FullText
    zone: tzinfo
    match: Match | None = field(init=False)
    rest: Node = field(init=False)
    names: Names = field(init=False)

    def __post_init__(self) -> None:
        """Part the words from the rest."""
        match, rest = split(self.tree)
        names = Names(
            _once(lambda leaf: _instruments(self.connection, leaf)),
            _once(lambda leaf: _techniques(self.connection, leaf)),
        )
        for name, value in (("match", match), ("rest", rest), ("names", names)):
            object.__setattr__(self, name, value)

    def parts(self, *, apart: bool) -> Parts:
        """The parts of the search.

        Parameters
        ----------
        apart
            What the hits are sorted by is in the table of datasets, and differs by level.
        """
        if self.match is not None:
            return self._worded(self.match, apart=apart)
        listed = self._listed(apart=apart)
        if not is_of_shelves(self.rest):
            return Parts(listed, listed)
        states = public_states(self.viewer, self.rules)
        asked = Compiler(Access.TEAM, self.text, self.names, self.zone).of_shelves(self.rest)
        shelved = select().select_from(shelf).where(shelf.c.number > 0, shelf.c.state.in_(states), asked)
        if self.viewer.person is None or self.viewer.is_data_office:
            return Parts(listed, [], shelved)
        theirs = select().select_from(dataset).where(own(self.viewer), dataset.c.state.not_in(states))
        theirs = theirs.where(self._condition(Access.TEAM, OF_DATASET))
        return Parts(listed, [Branch(theirs, OF_DATASET, literal(int(Access.TEAM)), Access.TEAM)], shelved)

    def walked(self, reach: int, *, oldest: bool) -> Branch | None:
        """The hits among the ``reach`` newest or oldest datasets, each looked at by itself.

        None where words were not asked for, or more than places can tell.
        """
        if self.match is None or not is_of_places(self.rest):
            return None
        turn = asc if oldest else desc
        query = select(OF_DATASET.key, OF_DATASET.state, OF_DATASET.visit_id, OF_DATASET.shelf, OF_DATASET.moment)
        columns = query.order_by(turn(OF_DATASET.moment), turn(OF_DATASET.key)).limit(reach).subquery("walked").c
        place = Place(columns.key, columns.state, columns.visit_id, columns.shelf, columns.moment)
        match = self.match
        hits = {
            access: and_(allowed, rest, self.text.holds(match, access, place.key))
            for access, allowed, rest in self._levels(place)
        }
        return Branch(select().where(or_(*hits.values())), place, _level(hits))

    def _worded(self, match: Match, *, apart: bool) -> Parts:
        """Branches that begin at the full-text index."""
        place = self.text.place
        source = self.text.documents()
        if apart or not is_of_places(self.rest):
            source = source.join(dataset, dataset.c.key == place.key)
        # PostgreSQL asks in this order; the words of a document take longest.
        hits = {
            access: and_(allowed, rest, self.text.matches(match, access))
            for access, allowed, rest in self._levels(place)
        }
        listed = [
            Branch(
                select().select_from(source).where(condition),
                place,
                literal(int(access)),
                access,
                self.text.rank(match, access),
            )
            for access, condition in hits.items()
        ]
        if not self.text.at_once or len(listed) < 2:
            return Parts(listed, listed)
        # Each document is read once, not once for each level.
        together = select().select_from(source).where(or_(*hits.values()))
        return Parts(listed, [Branch(together, place, _level(hits))])

    def _listed(self, *, apart: bool) -> list[Branch]:
        if sees_through(self.rest) and not apart:
            condition = self._condition(Access.TEAM, OF_DATASET)
            query = select().select_from(dataset).where(visible(self.viewer, self.rules), condition)
            return [Branch(query, OF_DATASET, _level(levels(self.viewer, self.rules)))]
        return [
            Branch(select().select_from(dataset).where(allowed, rest), OF_DATASET, literal(int(access)), access)
            for access, allowed, rest in self._levels(OF_DATASET)
        ]

    def _levels(self, place: Place) -> Iterable[tuple[Access, ColumnElement[bool], ColumnElement[bool]]]:
        """Each level at which there may be hits: where it is theirs, and what the rest of the question means there."""
        for access, allowed in levels(self.viewer, self.rules, place).items():
            rest = self._condition(access, place)
            if not isinstance(rest, False_):
                yield access, allowed, rest

    def _condition(self, access: Access, place: Place) -> ColumnElement[bool]:
        return Compiler(access, self.text, self.names, self.zone, place).condition(self.rest)


def _level(conditions: Mapping[Access, ColumnElement[bool]]) -> ColumnElement[int]:
    return case(*((where, int(access)) for access, where in conditions.items()))


def _once(ask: Callable[[Text], Collection[str]]) -> Callable[[Text], Collection[str]]:
    """The same answers, each asked for once: every level asks again."""
    return lru_cache(maxsize=None)(ask)


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
        written = shelf.c.instrument_folded
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
    together = connection.scalars(select(shelf.c.techniques).distinct())
    return {each for each in together if codes.intersection(each.split())}
