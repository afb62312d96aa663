"""What pages say of what is published: DOI, how to cite, people with their identifiers, funders, related works."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from markupsafe import Markup

from verriere.errors import NotFound
from verriere.model import PidKind, PidState, Publication
from verriere.publish import signposting
from verriere.publish.describe import landing_of
from verriere.publish.formats import citation, schema_org, words
from verriere.publish.formats.registry import FORMATS
from verriere.publish.formats.texts import iri
from verriere.publish.landing import Agent, Landing, Tie
from verriere.serve.caller import Caller
from verriere.serve.desk import Desk
from verriere.serve.language import Words
from verriere.serve.portal.sentences import Link
from verriere.urls import Addresses

_CITED = ("bibtex", "ris", "csl")


@dataclass(frozen=True, slots=True)
class Cited:
    """A citation in one style."""

    style: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class AgentRow:
    """Someone, or an organisation: ``identifier`` is an ORCID or a ROR, ``home`` the affiliation's ROR."""

    name: str
    identifier: str
    scheme: str
    affiliation: str
    home: str
    role: str


@dataclass(frozen=True, slots=True)
class FundRow:
    """Who paid, and the grant."""

    name: str
    url: str
    award: str
    award_url: str


@dataclass(frozen=True, slots=True)
class WorkRow:
    """Something that it hangs together with."""

    relation: str
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Published:
    """What the parts of ``published.html`` show.

    Parameters
    ----------
    doi_url
        Empty without a DOI.
    note
        That the DOI is not registered, where it is not.
    json_ld
        What stands in the page for search engines.
    """

    doi: str
    doi_url: str
    note: str
    citations: tuple[Cited, ...]
    references: tuple[Link, ...]
    people: tuple[AgentRow, ...]
    funds: tuple[FundRow, ...]
    works: tuple[WorkRow, ...]
    records: tuple[Link, ...]
    json_ld: Markup
    headers: Mapping[str, str]


def landing_for(
    desk: Desk, caller: Caller, kind: PidKind, identifier: str, publication: Publication | None = None
) -> Landing | None:
    """What is public of a thing under the DOI it is known by; None where nothing is."""
    known = publication or desk.catalogue.publication_of(kind, identifier)
    if known is not None and known.wanted is PidState.DRAFT:
        known = None
    try:
        return landing_of(desk.facility, known, kind, identifier, origin=caller.origin)
    except NotFound:
        return None


def published(caller: Caller, landing: Landing | None) -> Published | None:
    """The same as the page says it; None where nothing is public."""
    if landing is None:
        return None
    words_, addresses = caller.words, Addresses(caller.origin)
    _ = words_.gettext
    links = signposting.links(landing, addresses)
    names = {"datacite": "DataCite", "apa": "APA", "harvard": "Harvard"}
    return Published(
        doi=landing.doi,
        doi_url=(words.DOI + landing.doi if landing.is_registered else landing.url) if landing.doi else "",
        note=_("This DOI is not registered: resolvers do not know it.")
        if landing.doi and not landing.is_registered
        else "",
        citations=tuple(
            Cited(style, names[style], citation.cite(landing, style, words_.language)) for style in citation.STYLES
        ),
        references=tuple(
            Link(
                {"bibtex": "BibTeX", "ris": "RIS", "csl": "CSL-JSON"}[name],
                signposting.record(landing, FORMATS[name].file, addresses),
            )
            for name in _CITED
        ),
        people=tuple(_agent(words_, one) for one in (*landing.creators, *landing.contributors)),
        funds=tuple(
            FundRow(one.funder, iri(one.funder_id or ""), one.award_number or "", iri(one.award_uri or ""))
            for one in landing.funding
        ),
        works=(
            *(WorkRow(relation(words_, tie.relation), _called(words_, tie), tie.url) for tie in landing.ties),
            *(
                WorkRow(relation(words_, one.relation), one.title or one.identifier, one.url)
                for one in words.relations(replace(landing, ties=()))
                if one.url
            ),
        ),
        records=tuple(
            Link(label, signposting.record(landing, FORMATS[name].file, addresses))
            for name, label in (
                ("datacite-xml", "DataCite XML"),
                ("datacite-json", "DataCite JSON"),
                ("schema-org", "schema.org"),
                ("dcat", "DCAT-AP"),
                ("rocrate", "RO-Crate"),
                ("dublin-core", "Dublin Core"),
            )
        ),
        json_ld=Markup(schema_org.embedded(landing)),  # noqa: S704 - what could end the element is written as \u003c
        headers={"Link": signposting.header(links)},
    )


def _called(words_: Words, tie: Tie) -> str:
    """A thing of the facility with what it is: a visit and its proposal have the same title."""
    what = kind_name(words_, tie.kind) if tie.kind else words_.gettext("Proposal")
    named = tie.title if tie.kind is PidKind.DATASET else f"{tie.title} ({tie.identifier})"
    return f"{what}: {tie.title if tie.title == tie.identifier else named}"


def kind_name(words_: Words, kind: PidKind) -> str:
    """What a DOI stands for."""
    _ = words_.gettext
    names = {
        PidKind.DATASET: _("Dataset"),
        PidKind.VISIT: _("Visit"),
        PidKind.INSTRUMENT: _("Beamline"),
        PidKind.SAMPLE: _("Sample"),
        PidKind.COLLECTION: _("Collection of datasets"),
    }
    return names.get(kind, words.KINDS[kind].words)


def _agent(words_: Words, one: Agent) -> AgentRow:
    identifier = iri(one.ror if one.is_organisation else one.orcid)
    return AgentRow(
        one.name,
        identifier,
        "ROR" if one.is_organisation else "ORCID",
        one.affiliation,
        iri(one.affiliation_ror),
        contribution(words_, one.role),
    )


def contribution(words_: Words, role: str) -> str:
    """What a contributor did."""
    _ = words_.gettext
    known = {"DataCollector": _("data collection"), "HostingInstitution": _("hosting institution")}
    return known.get(role, role)


def relation(words_: Words, which: str) -> str:
    """What this is to the other, in words; the relation's own name where it is a rare one."""
    _ = words_.gettext
    known = {
        "IsPartOf": _("is part of"),
        "HasPart": _("contains"),
        "IsCollectedBy": _("was recorded on"),
        "Collects": _("recorded"),
        "IsDerivedFrom": _("was made from"),
        "IsSourceOf": _("is the source of"),
        "IsSupplementTo": _("belongs to"),
        "IsCitedBy": _("is cited by"),
        "IsReferencedBy": _("is mentioned by"),
        "References": _("mentions"),
        "IsDescribedBy": _("is described by"),
        "IsDocumentedBy": _("is documented by"),
        "IsVersionOf": _("is a version of"),
        "HasVersion": _("has the version"),
        "IsNewVersionOf": _("replaces"),
        "IsPreviousVersionOf": _("is replaced by"),
    }
    return known.get(which, which)
