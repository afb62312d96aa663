"""The facts of the first page: figures, techniques, what opened last."""

from dataclasses import dataclass

from verriere.catalogue import Catalogue
from verriere.serve.caller import Caller
from verriere.serve.portal import sentences
from verriere.serve.portal.pages.rows import HitRow, hit_row
from verriere.serve.portal.pages.search import Option, facet_label
from verriere.settings import Settings

RECENT = 6
TECHNIQUES = 14


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A number that leads to what it counts."""

    number: str
    label: str
    url: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """What ``home.html`` shows."""

    figures: tuple[FigureRow, ...]
    techniques: tuple[Option, ...]
    recent: tuple[HitRow, ...]
    all_open: str
    embargo: str


def home_page(caller: Caller, catalogue: Catalogue, settings: Settings) -> HomePage:
    """The first page; its figures count what the caller may know of."""
    words, urls = caller.words, caller.urls
    everything = catalogue.search("", caller.viewer, size=1, facets=True)
    recent = catalogue.search("", caller.viewer, sort="newest", size=RECENT, filters={"status": "open"})
    all_open = urls.search([("status", "open")])
    beamlines = len(everything.facets.get("beamline", ()))
    techniques = everything.facets.get("technique", ())
    figures = (
        (everything.total, words.ngettext("dataset", "datasets", everything.total), urls.search()),
        (recent.total, words.ngettext("open dataset", "open datasets", recent.total), all_open),
        (beamlines, words.ngettext("beamline", "beamlines", beamlines), urls.instruments()),
        (len(techniques), words.ngettext("technique", "techniques", len(techniques)), "#techniques"),
    )
    return HomePage(
        figures=tuple(FigureRow(words.number(number), label, url) for number, label, url in figures),
        techniques=tuple(
            Option(
                label=facet_label(words, "technique", facet),
                url=urls.search([("technique", facet.value)]),
                count=words.number(facet.count),
            )
            for facet in techniques[:TECHNIQUES]
        ),
        recent=tuple(hit_row(caller, hit) for hit in recent.hits),
        all_open=all_open,
        embargo=sentences.embargo(words, settings.embargo),
    )
