"""What the protocol asks of a facility: its name, its items, and their records."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from functools import cached_property, lru_cache
from hashlib import sha256
from urllib.parse import urlsplit

from verriere import __version__
from verriere.catalogue.harvest import Head, Span
from verriere.errors import NotFound
from verriere.ingest.holdings import Holdings
from verriere.model import PidKind
from verriere.publish.describe import landing_of
from verriere.publish.oai import identifiers, sets
from verriere.publish.oai.formats import FORMATS
from verriere.techniques import panet
from verriere.urls import Addresses

_CATEGORIES = "PaNET0000"
"""Of PaNET's terms that only say how others are told apart: ``defined by experimental probe``."""
_TOGETHER = ("oai_dc", "oai_datacite")
"""What is made at once, since both are written in no time: what most harvesters ask for."""
PAGE = 500
"""Records in one answer: what is some megabytes as DataCite's XML."""


class Repository:
    """A facility, as harvesters see it.

    Parameters
    ----------
    origin
        Where people reach the portal: ``https://data.example.org``; the protocol is spoken below it.
    """

    def __init__(self, holdings: Holdings, origin: str, *, page_size: int = 0) -> None:
        self.base_url = Addresses(origin).oai()
        self._origin = origin
        self.page_size = page_size or PAGE
        self._holdings = holdings
        self._catalogue = holdings.catalogue
        self._settings = holdings.settings

    @property
    def name(self) -> str:
        """What the facility calls itself."""
        return self._settings.facility.name

    @property
    def prefix(self) -> str:
        """Of its DOIs."""
        return self._settings.publish.prefix

    @cached_property
    def domain(self) -> str:
        """The name in its identifiers: what the settings say, else that of its public address."""
        host = urlsplit(self._settings.serve.public_url).hostname or ""
        names = (self._settings.harvest.domain, host, identifiers.FALLBACK)
        return next(name for name in names if identifiers.is_domain(name))

    @property
    def admin_email(self) -> str:
        """Where somebody answers."""
        contact = self._settings.facility.contact
        return contact if "@" in contact else f"data@{self.domain}"

    def earliest(self) -> datetime | None:
        """The earliest datestamp of all; None where nothing is published."""
        return self._catalogue.earliest_change()

    def head(self, doi: str) -> Head | None:
        """The item of a DOI; None where there is none that everybody may know."""
        return self._catalogue.harvest_head(doi)

    def page(self, span: Span, *, after: tuple[datetime, str] | None, size: int | None = None) -> list[Head]:
        """The next items of a list, after the one at that place."""
        return self._catalogue.harvest_page(span, after=after, size=size or self.page_size)

    def count(self, span: Span) -> int:
        """How many items a list has."""
        return self._catalogue.harvest_count(span)

    def sets(self) -> Iterator[tuple[str, str]]:
        """Every set that is not empty, and what people call it; those above before those below."""
        found = self._catalogue.harvest_kinds()
        names: dict[str, dict[str, str]] = {
            "beamline": {each.id: each.name for each in self._catalogue.instruments() if each.id in found.instruments},
            "technique": {code: panet.label(panet.PREFIX + code) for code in sorted(_with_broader(found.techniques))},
            "year": {str(year): str(year) for year in sorted(found.years)},
            "proposal": {kind: kind for kind in sorted(found.proposals)},
        }
        yield sets.OPENAIRE, "OpenAIRE data"
        for kind, values in names.items():
            if values:
                yield kind, sets.KINDS[kind]
                yield from ((sets.spec(kind, value), name) for value, name in values.items())

    def sets_of(self, head: Head) -> Iterator[str]:
        """The sets that an item is in."""
        if head.kind == PidKind.DATASET:
            yield sets.OPENAIRE
        yield from _specs(head.instrument_id, head.techniques, head.year, head.proposal_kind)

    def payloads(self, heads: Sequence[Head], prefix: str) -> dict[str, str]:
        """The records of items in a format, by DOI; withdrawn items have none.

        Each is made once for each change of the item, and kept beside it.
        """
        wanted = {head.doi: head for head in heads if not head.is_withdrawn}
        found = self._catalogue.harvest_payloads(list(wanted.values()), prefix, self._maker)
        made = self._made([wanted[doi] for doi in sorted(wanted.keys() - found.keys())], {prefix, *_TOGETHER})
        return found | made[prefix]

    def prepare(self, most: int) -> int:
        """Make records that nobody has asked for yet, so that a first harvest need not wait; how many were made."""
        heads = self._catalogue.harvest_unmade(_TOGETHER[0], self._maker, most=most)
        return len(self._made(heads, {*_TOGETHER})[_TOGETHER[0]])

    def _made(self, heads: Sequence[Head], prefixes: Collection[str]) -> dict[str, dict[str, str]]:
        """The records of items, made and kept: what takes long is to find out what they tell, and not to write it."""
        made: dict[str, dict[str, str]] = {prefix: {} for prefix in prefixes}
        for head in heads:
            try:
                publication = self._catalogue.publication(head.doi)
                landing = landing_of(
                    self._holdings, publication, publication.kind, publication.subject_id, origin=self._origin
                )
            except NotFound:  # withdrawn from sight since it was listed
                continue
            for prefix in prefixes:
                made[prefix][head.doi] = FORMATS[prefix].write(landing, self._symbol)
        for prefix, records in made.items():
            if records:
                kept = [(head, records[head.doi]) for head in heads if head.doi in records]
                self._catalogue.keep_payloads(kept, prefix, self._maker)
        return made

    @property
    def _symbol(self) -> str:
        return (self._settings.publish.repository or self._settings.publish.registrar).upper()

    @cached_property
    def _maker(self) -> str:
        """Tells records that another version, or other settings, have made."""
        chosen = (self._settings.facility, self._settings.embargo, self._settings.publish)
        said = (__version__, self._symbol, self._origin, *chosen)
        return sha256(repr(said).encode()).hexdigest()[:16]


@lru_cache(maxsize=8192)
def _specs(instrument: str | None, techniques: str, year: int | None, proposal: str) -> tuple[str, ...]:
    """The sets of an item that says this; many say the same."""
    found = [sets.spec("beamline", instrument)] if instrument else []
    found += [sets.spec("technique", code) for code in sorted(_with_broader(techniques.split()))]
    found += [sets.spec("year", str(year))] if year else []
    return (*found, *([sets.spec("proposal", proposal)] if proposal else []))


def _with_broader(codes: Collection[str]) -> set[str]:
    """Techniques, and all that they are a kind of."""
    found = set(codes)
    for code in codes:
        found |= {iri.removeprefix(panet.PREFIX) for iri in panet.broader(panet.PREFIX + code)}
    return {code for code in found if not code.startswith(_CATEGORIES)}
