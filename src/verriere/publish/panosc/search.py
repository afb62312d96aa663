"""Requests answered: the objects that a filter asks for, with what is to come along."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any
from urllib.parse import unquote

from verriere.catalogue.federated import And, Leaf, Node, Question, Related
from verriere.catalogue.federated.compile import Ids, is_negative, meant
from verriere.catalogue.federated.find import NEUTRAL, Found
from verriere.catalogue.federated.tree import Or, matches
from verriere.catalogue.fold import words
from verriere.errors import InputInvalid
from verriere.ingest.holdings import Holdings
from verriere.model import ANONYMOUS, Dataset, PidKind
from verriere.publish.panosc import things
from verriere.publish.panosc.errors import invalid, unknown
from verriere.publish.panosc.filters import Filter, Include, read_filter, read_where
from verriere.publish.panosc.judge import measured
from verriere.publish.panosc.model import MODELS
from verriere.publish.panosc.things import Thing
from verriere.techniques import panet

Pairs = Sequence[tuple[str, str]]
MOST_THINGS = 20_000
"""Objects in one answer, those that come along counted."""
MOST_QUESTIONS = 400
"""To the catalogue, for one request."""
MOST_LOOKED_AT = 3_000
"""Datasets whose files are looked at for one request."""
_BATCH = 200
_OF_RECORDS = frozenset({"parameters", "samples", "files"})


class Search:
    """Answers one request; what it has looked at is remembered for as long as that takes."""

    def __init__(self, holdings: Holdings) -> None:
        self._holdings = holdings
        self._catalogue = holdings.catalogue
        self._things = 0
        self._questions = 0
        self._records: dict[str, Dataset] = {}

    def find(self, model: str, pairs: Pairs) -> list[dict[str, Any]]:
        """The things that a filter asks for."""
        asked = read_filter(model, pairs)
        return [{**shown, "score": score} for shown, score in self._find(model, asked)]

    def count(self, model: str, pairs: Pairs) -> dict[str, int]:
        """How many things conditions hold for."""
        where = read_where(model, pairs)
        if model == "Dataset":
            return {"count": self._asked(self._catalogue.federated_count, Question(where), self._ids)}
        return {"count": sum(1 for _ in self._known(model, Filter(where=where)))}

    def get(self, model: str, identifier: str, pairs: Pairs) -> dict[str, Any]:
        """One thing, with what is to come along."""
        asked = read_filter(model, pairs)
        # What does not answer the scope of what comes along leaves that empty, and does not hide the thing itself.
        shown = self._shown(self._one(model, identifier), replace(asked, where=None), joined=False)
        assert shown is not None
        return shown | {"score": NEUTRAL}

    def files(self, identifier: str, pairs: Pairs) -> list[dict[str, Any]]:
        """The files of a dataset; none of one whose bytes are not open to everybody."""
        asked = read_filter("File", pairs)
        return list(self._shown_all(self._files(identifier, asked.where), asked))

    def count_files(self, identifier: str, pairs: Pairs) -> dict[str, int]:
        """How many files of a dataset conditions hold for."""
        return {"count": len(self._files(identifier, read_where("File", pairs)))}

    def _files(self, identifier: str, where: Node | None) -> list[Thing]:
        found = self._one("Dataset", identifier).of
        return [each for each in things.files(self._record(found)) if matches(where, each.value_of)]

    def _one(self, model: str, identifier: str) -> Thing:
        for name in dict.fromkeys((identifier, _unquoted(identifier))):
            if model == "Dataset":
                found = self._catalogue.federated_one(name)
                if found is not None:
                    return things.dataset(found)
            else:
                where = Leaf("pid", "eq", name)
                for thing, _ in self._known(model, Filter(where=where)):
                    return thing
        raise unknown(model, identifier)

    def _find(self, model: str, asked: Filter) -> Iterator[tuple[dict[str, Any], float]]:
        if model == "Dataset":
            yield from self._datasets(asked)
            return
        known = list(self._known(model, asked))
        for name, descends in reversed(asked.order):
            known.sort(key=lambda each: _sortable(each[0].values.get(name)), reverse=descends)
        if asked.words and not asked.order:
            known.sort(key=lambda each: -each[1])
        for thing, score in known[asked.skip : asked.skip + asked.limit]:
            shown = self._shown(thing, asked)
            if shown is not None:
                yield shown, score

    def _datasets(self, asked: Filter) -> Iterator[tuple[dict[str, Any], float]]:
        question = Question(asked.where, tuple(each.related for each in asked.include), asked.words, asked.order)
        # The catalogue knows the words of files, not their names: what it finds is looked at.
        looks = any(each.relation == "files" and each.related.asks for each in asked.include)
        if not looks:
            for found in self._ask(question, asked.skip, asked.limit):
                shown = self._shown(things.dataset(found), asked)
                if shown is not None:
                    yield shown, found.score
            return
        skip, left = asked.skip, asked.limit
        for start in range(0, MOST_LOOKED_AT, _BATCH):
            part = self._ask(question, start, _BATCH)
            for found in part:
                shown = self._shown(things.dataset(found), asked)
                if shown is None:
                    continue
                if skip:
                    skip -= 1
                    continue
                yield shown, found.score
                left -= 1
                if not left:
                    return
            if len(part) < _BATCH:
                return
        raise invalid(f"the files of more than {MOST_LOOKED_AT} datasets would have to be looked at: ask for fewer")

    def _ask(self, question: Question, skip: int, limit: int) -> list[Found]:
        found: list[Found] = self._asked(self._catalogue.federated_find, question, self._ids, skip=skip, limit=limit)
        return found

    def _asked(self, ask: Any, *said: Any, **more: Any) -> Any:
        """Ask the catalogue, which is not asked without end."""
        self._questions += 1
        if self._questions > MOST_QUESTIONS:
            raise invalid("too much is to come along: ask for less at a time")
        try:
            return ask(*said, **more)
        except InputInvalid as error:
            raise invalid(f"{error.message}: {error.hint}") from error

    def _known(self, model: str, asked: Filter) -> Iterator[tuple[Thing, float]]:
        """The documents or instruments that answer."""
        wanted: set[str] | None = None
        for include in asked.include:
            if include.relation == "datasets" and include.related.asks:
                question = Question(include.filter.where, include.related.related)
                by = "document" if model == "Document" else "instrument"
                found = set(self._asked(self._catalogue.federated_groups, by, question, self._ids))
                wanted = found if wanted is None else wanted & found
        for thing in self._documents if model == "Document" else self._instruments:
            if wanted is not None and thing.of.id not in wanted:
                continue
            if not matches(asked.where, thing.value_of):
                continue
            others = [each for each in asked.include if each.relation != "datasets" and each.related.asks]
            if all(self._children(thing, each) for each in others):
                score = _coverage(asked.words, thing)
                if score:
                    yield thing, score

    @cached_property
    def _documents(self) -> list[Thing]:
        groups = self._asked(self._catalogue.federated_groups, "document", Question(), {})
        proposals = self._catalogue.some_proposals(groups)
        licence = self._holdings.settings.embargo.licence
        return [things.document(each, groups[each.id], licence) for _, each in sorted(proposals.items())]

    @cached_property
    def _instruments(self) -> list[Thing]:
        facility = self._holdings.settings.facility.name
        dois = {each.subject_id: each.doi for each in self._catalogue.publications(PidKind.INSTRUMENT, public=True)}
        return [things.instrument(each, facility, dois.get(each.id)) for each in self._catalogue.instruments()]

    @property
    def _ids(self) -> dict[str, Ids]:
        def documents(asked: Related) -> list[str]:
            return [each.of.id for each in self._documents if self._answers(each, asked)]

        def instruments(asked: Related) -> list[str]:
            return [each.of.id for each in self._instruments if self._answers(each, asked)]

        def samples(asked: Related) -> list[str]:
            every = self._catalogue.samples()
            found = (
                Thing("Sample", {"pid": each.id, "name": each.name, "description": each.description}) for each in every
            )
            return [str(each.values["pid"]) for each in found if matches(asked.where, each.value_of)]

        return {"document": documents, "documents": documents, "instrument": instruments, "samples": samples}

    def _answers(self, thing: Thing, asked: Related) -> bool:
        if not matches(asked.where, thing.value_of):
            return False
        return all(
            bool(self._children(thing, Include(each.relation, _filter(each)))) for each in asked.related if each.asks
        )

    def _shown(self, thing: Thing, asked: Filter, *, joined: bool = True) -> dict[str, Any] | None:
        """A thing as it is sent; None where something that must come along is not there."""
        self._things += 1
        if self._things > MOST_THINGS:
            raise invalid(f"an answer has {MOST_THINGS} objects at most: ask for fewer at a time")
        names = asked.fields
        shown = {name: things.told(value) for name, value in thing.values.items() if names is None or name in names}
        for include in asked.include:
            found = list(self._shown_all(self._children(thing, include), include.filter))
            if not found and include.related.asks and joined:
                return None
            if MODELS[thing.model].relations[include.relation].many:
                before = shown.get(include.relation, [])
                shown[include.relation] = before + [each for each in found if each not in before]
            else:
                shown[include.relation] = found[0] if found else None
        return shown

    def _shown_all(self, found: Sequence[Thing], asked: Filter) -> Iterator[dict[str, Any]]:
        ordered = list(found)
        for name, descends in reversed(asked.order):
            ordered.sort(key=lambda each: _sortable(each.values.get(name)), reverse=descends)
        for each in ordered[asked.skip : asked.skip + asked.limit]:
            shown = self._shown(each, asked)
            if shown is not None:
                yield shown

    def _children(self, thing: Thing, include: Include) -> list[Thing]:
        """What a thing is related to, and answers."""
        where = include.filter.where
        match thing.model, include.relation:
            case _, "datasets":
                own = Leaf("documentId" if thing.model == "Document" else "instrumentId", "eq", thing.of.id)
                both = own if where is None else And((own, where))
                question = Question(both, include.related.related, order=include.filter.order)
                most = include.filter.skip + include.filter.limit
                return [things.dataset(each) for each in self._ask(question, 0, most)]
            case "Dataset", "techniques":
                return list(self._techniques(thing.of, where))
            case "Dataset", "parameters":
                every = things.parameters(self._record(thing.of), include.units, include.names)
                return [each for each in every if measured(where, each.of)]
            case "Dataset", _:
                return [
                    each for each in self._around(thing.of, include.relation) if self._answers(each, include.related)
                ]
            case "Document", "members":
                numbered = enumerate(thing.of.members, start=1)
                members = [things.member(thing.of, number, each) for number, each in numbered]
                return [each for each in members if self._answers(each, include.related)]
            case "Member", "person":
                some = [things.person(thing.of)]
            case "Member", _:
                some = [each for each in [things.affiliation(thing.of)] if each is not None]
            case _:  # documents have no parameters of their own
                some = []
        return [each for each in some if matches(where, each.value_of)]

    def _around(self, found: Found, relation: str) -> list[Thing]:
        match relation:
            case "instrument":
                return [each for each in self._instruments if each.of.id == found.instrument_id]
            case "files":
                return list(things.files(self._record(found)))
            case "samples":
                shown = self._record(found)
                known = self._catalogue.some_samples([shown.sample_id]) if shown.sample_id else {}
                one = things.sample(shown, known.get(shown.sample_id or ""))
                return [one] if one is not None else []
            case _:
                return [each for each in self._documents if each.of.id == found.proposal_id]

    def _techniques(self, found: Found, where: Node | None) -> Iterator[Thing]:
        terms = self._catalogue.terms(found.techniques)
        positive = [leaf for leaf in _leaves(where) if not is_negative(leaf)]
        wanted = {code for leaf in positive for code in meant(leaf, terms.values())} if positive else {*terms}
        for code in found.techniques:
            if code in wanted and code in terms:
                term = terms[code]
                yield things.technique(term.iri, term.label, is_panet=panet.term(term.iri) is not None)

    def _record(self, found: Found) -> Dataset:
        """What everybody may know of a dataset."""
        if found.id not in self._records:
            if len(self._records) > _BATCH:
                self._records.clear()
            self._records[found.id] = self._catalogue.shown(found.id, ANONYMOUS)[0]
        return self._records[found.id]


def _filter(asked: Related) -> Filter:
    return Filter(where=asked.where, include=tuple(Include(each.relation, _filter(each)) for each in asked.related))


def _leaves(node: Node | None) -> Iterator[Leaf]:
    match node:
        case Leaf():
            yield node
        case And(parts) | Or(parts):
            for part in parts:
                yield from _leaves(part)


def _coverage(asked: Sequence[str], thing: Thing) -> float:
    """As datasets are scored: how many of the words are there, those of the title in full, others for half."""
    if not asked:
        return NEUTRAL
    title = {*words(str(thing.values.get("title") or thing.values.get("name") or ""))}
    people = (each.person.name for each in getattr(thing.of, "members", ()))
    texts = [str(value) for value in thing.values.values() if isinstance(value, str)]
    anywhere = title | {word for text in (*texts, *people) for word in words(text)}
    hits = sum((word in title) + (word in anywhere) for word in asked)
    return 0.01 + 0.98 * hits / (2.0 * len(asked)) if hits else 0.0


def _sortable(value: Any) -> tuple[bool, Any]:
    return value is None, "" if value is None else str(things.told(value)) if not isinstance(
        value, int | float
    ) else value


def _unquoted(identifier: str) -> str:
    """An identifier that was encoded twice on its way: the federated service does so."""
    return unquote(identifier, errors="replace")
