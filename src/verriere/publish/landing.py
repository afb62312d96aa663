"""What a landing page says: the one description from which each format is written.

Everything here is public. `verriere.publish.describe` makes it from what the catalogue discloses to someone who has not
logged in, so that no format can say more than the page.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from verriere.model import Funding, PidKind, Related


class Openness(StrEnum):
    """Whether the bytes can be had: COAR access rights and what the European vocabularies make of them."""

    OPEN = "open"
    EMBARGOED = "embargoed"
    RESTRICTED = "restricted"
    METADATA_ONLY = "metadata-only"


@dataclass(frozen=True, slots=True)
class Text:
    """A text and its language (ISO 639-1; empty where nobody knows)."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Agent:
    """A person or an organisation.

    Parameters
    ----------
    name
        ``Family, Given``; for people of one name, and for organisations, that name.
    given, family
        Of a person with both.
    orcid, ror
        As IRIs; ``ror`` of an organisation itself.
    affiliation, affiliation_ror
        Of a person.
    role
        Of a contributor, as DataCite's contributor types say it (``ContactPerson``, ``DataCollector``).
    """

    name: str
    is_organisation: bool = False
    given: str = ""
    family: str = ""
    orcid: str = ""
    ror: str = ""
    affiliation: str = ""
    affiliation_ror: str = ""
    role: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a vocabulary, with its labels."""

    iri: str
    label: Text
    scheme: str
    scheme_iri: str
    other_labels: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """A variable that was measured or set.

    Parameters
    ----------
    unit
        As written; ``ucum`` and ``qudt`` are its code and IRI where the unit is known.
    """

    name: str
    value: float | str | None = None
    minimum: float | None = None
    maximum: float | None = None
    unit: str = ""
    ucum: str = ""
    qudt: str = ""


@dataclass(frozen=True, slots=True)
class PublicFile:
    """A file whose name may be known, with the address of its bytes."""

    path: str
    url: str
    size: int
    media_type: str
    sha256: str
    modified_at: datetime


@dataclass(frozen=True, slots=True)
class Tie:
    """A thing of this facility that this one hangs together with.

    Parameters
    ----------
    relation
        What *this* is to the other, as DataCite's relation types say it (``IsPartOf``, ``HasPart``, ``IsCollectedBy``).
    doi
        Empty where it has none.
    url
        Of its page.
    """

    relation: str
    kind: PidKind | None
    identifier: str
    title: str
    url: str
    doi: str = ""


@dataclass(frozen=True, slots=True)
class Rights:
    """Who may do what, from when.

    Parameters
    ----------
    licence
        SPDX identifier of what holds once it is open; ``licence_url`` and ``licence_name`` of the same.
    opens_on
        The first day on which the bytes can be had, at the facility; None where nothing says so.
    embargoed_from
        Begin of exclusive use, where there was any.
    """

    openness: Openness
    licence: str
    licence_name: str
    licence_url: str
    opens_on: date | None = None
    embargoed_from: date | None = None


@dataclass(frozen=True, slots=True)
class Landing:
    """All that is public about what a DOI stands for.

    Parameters
    ----------
    doi
        Without a resolver; empty for a thing that is not published under one.
    is_registered
        Whether the world's resolvers know the DOI; a draft must say on each page that they do not.
    url
        Of the landing page, without a language.
    updated_at
        When anything here last changed: the datestamp of harvesters.
    collected
        Begin and end of the measurement.
    conforms_to
        IRIs of community standards: NeXus, an application definition of it.
    resource
        What it is, in the words of its kind: ``protein crystal``, ``EIGER 4M``; empty where the kind says it.
    technical
        What machines of PIDINST and people look for: model, what it measures.
    file_count, size
        What there is, also where the files themselves are not disclosed; None where even that is not.
    download
        Where all the bytes are had together, or will be from the day it opens; empty where that is not disclosed.
    commissioned
        Of an instrument: ISO date of its first light.
    withdrawn_at, reason
        Of a tombstone: files, parameters and ties to files are gone, the citation stays.
    """

    kind: PidKind
    identifier: str
    doi: str
    is_registered: bool
    url: str
    titles: tuple[Text, ...]
    creators: tuple[Agent, ...]
    publisher: Agent
    year: int
    rights: Rights
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None = None
    version: str = ""
    language: str = ""
    resource: str = ""
    descriptions: tuple[Text, ...] = ()
    technical: tuple[Text, ...] = ()
    contributors: tuple[Agent, ...] = ()
    collected: tuple[datetime | None, datetime | None] = (None, None)
    techniques: tuple[Term, ...] = ()
    keywords: tuple[Text, ...] = ()
    measured: tuple[Measured, ...] = ()
    files: tuple[PublicFile, ...] = ()
    file_count: int | None = None
    size: int | None = None
    download: str = ""
    media_types: tuple[str, ...] = ()
    conforms_to: tuple[str, ...] = ()
    funding: tuple[Funding, ...] = ()
    related: tuple[Related, ...] = ()
    ties: tuple[Tie, ...] = ()
    concept_doi: str = ""
    picture: str = ""
    formula: str = ""
    commissioned: str = ""
    withdrawn_at: datetime | None = None
    reason: str = ""

    @property
    def title(self) -> str:
        """The first title."""
        return self.titles[0].text

    @property
    def is_withdrawn(self) -> bool:
        """Whether only a tombstone is left."""
        return self.withdrawn_at is not None

    @property
    def is_open(self) -> bool:
        """Whether anyone may have the bytes now."""
        return self.rights.openness is Openness.OPEN and not self.is_withdrawn
