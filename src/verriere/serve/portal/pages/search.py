"""The facts of the search page: hits, filters in use, facets, and where a search stops making sense."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from verriere.catalogue import SORTS, Advice, Catalogue, Facet, Page, Sort
from verriere.errors import QueryInvalid
from verriere.model import State
from verriere.serve.caller import Caller
from verriere.serve.language import Words
from verriere.serve.portal import sentences
from verriere.serve.portal.pages.rows import HitRow, Pager, hit_row, pager, technique_label
from verriere.wording import query_trouble

SIZE = 20
FILTERS = ("technique", "beamline", "year", "status")
"""Facets in the order they are shown; the names are fields of the search language."""
OPTIONS = 12
"""How many values of a facet are shown."""


class Parameters(Protocol):
    """The query of a URL, names and values in order."""

    def multi_items(self) -> list[tuple[str, str]]:
        """All of them."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a search URL asks for."""

    text: str = ""
    filters: tuple[tuple[str, str], ...] = ()
    sort: Sort = "relevance"
    page: int = 1

    @classmethod
    def of(cls, parameters: Parameters) -> "Asked":
        """Read a URL; what it cannot mean is left out."""
        asked = cls()
        for name, value in parameters.multi_items():
            if name == "q":
                asked = replace(asked, text=value)
            elif name in FILTERS and value and (name, value) not in asked.filters:
                asked = replace(asked, filters=(*asked.filters, (name, value)))
            elif name == "sort":
                asked = replace(asked, sort=next((one for one in SORTS if one == value), asked.sort))
            elif name == "page" and value.isascii() and value.isdigit() and int(value[:9]) >= 1:
                asked = replace(asked, page=int(value[:9]))
        return asked

    def pairs(self) -> list[tuple[str, str]]:
        """The URL again, without what is as usual."""
        sort = [("sort", self.sort)] if self.sort != "relevance" else []
        page = [("page", str(self.page))] if self.page > 1 else []
        return [("q", self.text), *self.filters, *sort, *page]

    def toggled(self, name: str, value: str) -> "Asked":
        """With this filter, or without it where it is there; from the first page."""
        without = tuple(one for one in self.filters if one != (name, value))
        return replace(self, filters=without if without != self.filters else (*without, (name, value)), page=1)

    def by_field(self) -> Mapping[str, Sequence[str]]:
        """The filters, by field."""
        return {name: [value for other, value in self.filters if other == name] for name, _ in self.filters}


@dataclass(frozen=True, slots=True)
class Option:
    """A link that adds a filter or takes it away."""

    label: str
    url: str
    count: str = ""
    chosen: bool = False
    group: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A facet."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True, slots=True)
class Trouble:
    """Where a search stops making sense: the text before that place, the character there, the text after."""

    message: str
    hint: str
    place: str
    before: str
    at: str
    after: str


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What ``search.html`` shows; ``citable`` is the query with its filters, for those who may cite it."""

    query: str
    kept: tuple[tuple[str, str], ...]
    citable: str | None = None
    trouble: Trouble | None = None
    chosen: tuple[Option, ...] = ()
    count: str = ""
    sorts: tuple[Option, ...] = ()
    hits: tuple[HitRow, ...] = ()
    pager: Pager = field(default_factory=Pager)
    facets: tuple[Group, ...] = ()
    unknown: tuple[str, ...] = ()
    instead: Option | None = None


def search_page(caller: Caller, catalogue: Catalogue, asked: Asked) -> SearchPage:
    """The page of a search."""
    kept = asked.filters if asked.sort == "relevance" else (*asked.filters, ("sort", asked.sort))
    try:
        found = catalogue.search(
            asked.text,
            caller.viewer,
            sort=asked.sort,
            page=asked.page,
            size=SIZE,
            facets=True,
            filters=asked.by_field(),
        )
    except QueryInvalid as error:
        return SearchPage(asked.text, kept, trouble=_trouble(caller.words, asked.text, error))
    words, urls = caller.words, caller.urls
    advice = Advice() if found.total else catalogue.advise(asked.text, caller.viewer)
    return SearchPage(
        query=asked.text,
        kept=kept,
        chosen=tuple(_chosen(caller, asked, found)),
        citable=found.query if found.total and caller.account is not None else None,
        count=words.ngettext("%(num)s dataset", "%(num)s datasets", found.total),
        sorts=_sorts(caller, asked) if found.total > 1 else (),
        hits=tuple(hit_row(caller, hit) for hit in found.hits),
        pager=pager(
            words,
            asked.page,
            size=SIZE,
            total=found.total,
            url=lambda number: urls.search(replace(asked, page=number).pairs()),
        ),
        facets=tuple(_group(caller, asked, name, found) for name in FILTERS if found.facets.get(name)),
        unknown=tuple(_sentence(each.told(words.language)) for each in advice.unknown),
        instead=Option(advice.query, urls.search(replace(asked, text=advice.query, page=1).pairs()))
        if advice.query
        else None,
    )


def facet_label(words: Words, name: str, facet: Facet) -> str:
    """The value of a facet in the page's language."""
    if name == "technique":
        return technique_label(facet.value, facet.label, words)
    if name == "status":
        return sentences.status(words, State(facet.value)).label
    return facet.label or facet.value


def _group_label(words: Words, name: str) -> str:
    _ = words.gettext
    return {"technique": _("Technique"), "beamline": _("Beamline"), "year": _("Year"), "status": _("Status")}[name]


def _group(caller: Caller, asked: Asked, name: str, found: Page) -> Group:
    options = tuple(
        Option(
            label=facet_label(caller.words, name, facet),
            url=caller.urls.search(asked.toggled(name, facet.value).pairs()),
            count=caller.words.number(facet.count),
            chosen=(name, facet.value) in asked.filters,
        )
        for facet in found.facets[name][:OPTIONS]
    )
    return Group(name, _group_label(caller.words, name), options)


def _chosen(caller: Caller, asked: Asked, found: Page) -> list[Option]:
    labels = {
        (name, facet.value): facet_label(caller.words, name, facet)
        for name, facets in found.facets.items()
        for facet in facets
    }
    return [
        Option(
            label=labels.get((name, value), value),
            url=caller.urls.search(asked.toggled(name, value).pairs()),
            chosen=True,
            group=_group_label(caller.words, name),
        )
        for name, value in asked.filters
    ]


def _sorts(caller: Caller, asked: Asked) -> tuple[Option, ...]:
    _ = caller.words.gettext
    labels: dict[Sort, str] = {"newest": _("Newest"), "oldest": _("Oldest"), "title": _("Title")}
    if asked.text:
        labels = {"relevance": _("Relevance"), **labels}
    used = "newest" if asked.sort == "relevance" and not asked.text else asked.sort
    return tuple(
        Option(label, caller.urls.search(replace(asked, sort=sort, page=1).pairs()), chosen=sort == used)
        for sort, label in labels.items()
    )


def _trouble(words: Words, text: str, error: QueryInvalid) -> Trouble:
    at = min(max(error.position, 0), len(text))
    place = words.gettext("The trouble starts at character %(number)s.", number=words.number(at + 1))
    said = query_trouble(error.reason, error.facts, words.language)
    return Trouble(
        _sentence(said.text), _sentence(said.fix), place, text[:at], text[at : at + 1] or "␣", text[at + 1 :]
    )


def _sentence(text: str) -> str:
    """What the command line says after a colon, as a sentence; the name of a field stays as it is written."""
    first = text[:1] if text.partition(" ")[0].endswith(":") else text[:1].upper()
    return f"{first}{text[1:]}{'' if text.endswith('?') else '.'}"
