"""Links both ways: whether everything that names another thing is named by it in turn.

First what is kept: proposals, visits, instruments, samples, datasets, collections, cited queries and DOIs. Then what is
public: each relation that a page tells must be told, turned round, by the page of the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from verriere.catalogue.linked import UNLISTED
from verriere.errors import NotFound
from verriere.ingest.holdings import Holdings
from verriere.model import PidKind, Publication, Related
from verriere.publish.describe import landing_of
from verriere.publish.landing import Landing, Tie
from verriere.publish.relate import INVERSE

_LISTED = 1_000
"""So many parts a page tells; of more, the others are found by searching."""
_SEARCHED = frozenset({PidKind.INSTRUMENT})
"""Their pages lead to their data by a search, not by a list."""
_VERSIONS = frozenset({"IsVersionOf", "HasVersion", "IsNewVersionOf", "IsPreviousVersionOf"})


@dataclass(frozen=True, slots=True)
class OneWay:
    """A link that leads one way only, and what is missing at its end."""

    source: str
    relation: str
    target: str
    missing: str


def one_way(holdings: Holdings) -> Iterator[OneWay]:
    """All links that lead one way only; none in a facility that is in order."""
    yield from kept(holdings)
    yield from public(holdings)


def kept(holdings: Holdings) -> Iterator[OneWay]:
    """Of what records name, and by what the other ends find it."""
    there, stated, found = holdings.catalogue.links()
    for link in sorted(stated | found):
        if link.target not in there:
            yield OneWay(*link, f"there is no {link.target}")
        elif link not in found and link.relation not in UNLISTED and not link.source.startswith("query:"):
            yield OneWay(*link, f"{link.target} does not find it")
        elif link not in stated:
            yield OneWay(*link, f"{link.source} does not say so")


def public(holdings: Holdings) -> Iterator[OneWay]:
    """Of what the pages of DOIs tell."""
    catalogue = holdings.catalogue
    told: dict[tuple[PidKind, str], tuple[Tie, ...]] = {}
    for each in catalogue.publications(public=True):
        landing = landing_of(holdings, each, each.kind, each.subject_id)
        for tie in _told(landing):
            if tie.kind is None or tie.kind in _SEARCHED or tie.relation not in INVERSE:
                continue
            if tie.relation in _VERSIONS:
                back = _ties(holdings, tie.kind, tie.identifier, catalogue.publication(tie.doi))
                is_back = any((one.doi, one.relation) == (each.doi, INVERSE[tie.relation]) for one in back)
            else:
                other = tie.kind, tie.identifier
                if other not in told:
                    told[other] = _ties(holdings, *other, catalogue.publication_of(*other))
                here = each.kind, each.subject_id, INVERSE[tie.relation]
                back = told[other]
                is_back = any((one.kind, one.identifier, one.relation) == here for one in back)
            if not is_back and len(back) < _LISTED:
                yield _untold(each, tie.relation, f"{tie.kind}:{tie.identifier}")
        yield from _related(holdings, each, landing.related)


def _related(holdings: Holdings, each: Publication, works: tuple[Related, ...]) -> Iterator[OneWay]:
    """Other datasets of this facility that a dataset belongs with."""
    catalogue = holdings.catalogue
    own = {known.doi for known in catalogue.publications(each.kind, each.subject_id)}
    for work in works:
        try:
            other = catalogue.publication(work.identifier)
        except NotFound:
            continue
        if work.relation in INVERSE and other.kind is PidKind.DATASET:
            back = catalogue.dataset(other.subject_id).related
            if not any(one.identifier in own and one.relation == INVERSE[work.relation] for one in back):
                yield _untold(each, work.relation, f"dataset:{other.subject_id}")


def _untold(each: Publication, relation: str, other: str) -> OneWay:
    return OneWay(f"publication:{each.doi}", relation, other, f"{other} does not say {INVERSE[relation]}")


def _ties(holdings: Holdings, kind: PidKind, identifier: str, publication: Publication | None) -> tuple[Tie, ...]:
    try:
        return _told(landing_of(holdings, publication, kind, identifier))
    except NotFound:
        return ()


def _told(landing: Landing) -> tuple[Tie, ...]:
    """The ties of a page, and that to the DOI of all versions, which it tells in words of its own."""
    if not landing.concept_doi:
        return landing.ties
    concept = Tie("IsVersionOf", landing.kind, landing.identifier, landing.title, landing.url, landing.concept_doi)
    return (*landing.ties, concept)
