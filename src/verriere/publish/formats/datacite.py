"""DataCite's metadata schema 4.7 as the REST API takes it; XML is written from the same, so that they cannot differ.

https://datacite-metadata-schema.readthedocs.io/en/4.7/
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from verriere.model import Funding
from verriere.publish.formats import words
from verriere.publish.formats.texts import iri, language, plain, without_empty
from verriere.publish.landing import Agent, Landing, Measured, Text
from verriere.publish.vocabularies import SPDX, datacite

SCHEMA = "http://datacite.org/schema/kernel-4"
_ROR, _ORCID = "https://ror.org", "https://orcid.org"
Attributes = dict[str, Any]


def attributes(landing: Landing) -> Attributes:
    """What is registered of a thing: the attributes of a DOI, but for its state."""
    kind = words.KINDS[landing.kind]
    made: Attributes = {
        "doi": plain(landing.doi),
        "creators": [_agent(one) for one in landing.creators],
        "titles": list(_titles(landing)),
        "publisher": _publisher(landing.publisher),
        "publicationYear": min(max(landing.year, 1000), 9999),
        "types": {"resourceTypeGeneral": kind.general, "resourceType": plain(landing.resource) or kind.words},
        "subjects": list(_subjects(landing)),
        "contributors": [
            {**_agent(one), "contributorType": one.role if one.role in datacite("contributors") else "Other"}
            for one in landing.contributors
        ],
        "dates": list(_dates(landing)),
        "language": language(landing.language),
        "alternateIdentifiers": [
            {"alternateIdentifier": plain(landing.identifier), "alternateIdentifierType": "Local"}
        ],
        "relatedIdentifiers": [_relation(one) for one in words.relations(landing)],
        "sizes": list(_sizes(landing)),
        "formats": [plain(one) for one in landing.media_types if plain(one)],
        "version": plain(landing.version),
        "rightsList": list(_rights(landing)),
        "descriptions": list(_descriptions(landing)),
        "fundingReferences": [_funding(one) for one in landing.funding if plain(one.funder)],
        "url": landing.url,
        "schemaVersion": SCHEMA,
    }
    return without_empty(made)


def _agent(one: Agent) -> Attributes:
    named: list[Attributes] = []
    if iri(one.orcid):
        named.append({"nameIdentifier": one.orcid, "nameIdentifierScheme": "ORCID", "schemeUri": _ORCID})
    if one.is_organisation and iri(one.ror):
        named.append({"nameIdentifier": one.ror, "nameIdentifierScheme": "ROR", "schemeUri": _ROR})
    works_at: list[Attributes] = []
    if plain(one.affiliation):
        identified = {
            "affiliationIdentifier": one.affiliation_ror,
            "affiliationIdentifierScheme": "ROR",
            "schemeUri": _ROR,
        }
        works_at.append({"name": plain(one.affiliation)} | (identified if iri(one.affiliation_ror) else {}))
    return without_empty(
        {
            "name": plain(one.name) or "?",
            "nameType": "Organizational" if one.is_organisation else "Personal",
            "givenName": plain(one.given),
            "familyName": plain(one.family),
            "nameIdentifiers": named,
            "affiliation": works_at,
        }
    )


def _publisher(one: Agent) -> Attributes:
    identified = {"publisherIdentifier": one.ror, "publisherIdentifierScheme": "ROR", "schemeUri": _ROR}
    return {"name": plain(one.name) or "?"} | (identified if iri(one.ror) else {})


def _titles(landing: Landing) -> Iterator[Attributes]:
    """The first is the title; others in further languages are parallel to it, as translations."""
    for number, title in enumerate(landing.titles):
        if plain(title.text) or number == 0:
            translated = {"titleType": "TranslatedTitle"} if number else {}
            yield {"title": plain(title.text) or landing.identifier or "?"} | _in(title) | translated


def _in(text: Text) -> dict[str, str]:
    code = language(text.language)
    return {"lang": code} if code else {}


def _subjects(landing: Landing) -> Iterator[Attributes]:
    for term in landing.techniques:
        scheme = {"subjectScheme": plain(term.scheme), "schemeUri": iri(term.scheme_iri), "valueUri": iri(term.iri)}
        for label in (term.label, *term.other_labels):
            if plain(label.text):
                yield without_empty({"subject": plain(label.text), **scheme, **_in(label)})
    for word in landing.keywords:
        if plain(word.text):
            yield {"subject": plain(word.text)} | _in(word)


def _dates(landing: Landing) -> Iterator[Attributes]:
    rights = landing.rights
    if rights.embargoed_from:
        yield {"date": rights.embargoed_from.isoformat(), "dateType": "Accepted"}
    if rights.opens_on:
        yield {"date": rights.opens_on.isoformat(), "dateType": "Available"}
    begin, end = landing.collected
    if begin or end:
        yield {"date": "/".join(_moment(one) if one else "" for one in (begin, end)), "dateType": "Collected"}
    if plain(landing.commissioned):
        known = {"date": plain(landing.commissioned), "dateType": "Available", "dateInformation": "Commissioned"}
        yield known
    if landing.published_at:
        yield {"date": _moment(landing.published_at), "dateType": "Issued"}
    yield {"date": _moment(landing.updated_at), "dateType": "Updated"}
    if landing.withdrawn_at:
        reason = plain(landing.reason)
        yield without_empty({"date": _moment(landing.withdrawn_at), "dateType": "Withdrawn", "dateInformation": reason})


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


def _relation(one: words.Relation) -> Attributes:
    return without_empty(
        {
            "relatedIdentifier": one.identifier,
            "relatedIdentifierType": one.scheme,
            "relationType": one.relation,
            "resourceTypeGeneral": one.general,
        }
    )


def _sizes(landing: Landing) -> Iterator[str]:
    if landing.size is not None:
        yield f"{landing.size} bytes"
    if landing.file_count is not None:
        yield f"{landing.file_count} files"


def _rights(landing: Landing) -> Iterator[Attributes]:
    rights = landing.rights
    if plain(rights.licence):
        yield without_empty(
            {
                "rights": plain(rights.licence_name) or plain(rights.licence),
                "rightsUri": iri(rights.licence_url),
                "rightsIdentifier": plain(rights.licence),
                "rightsIdentifierScheme": "SPDX",
                "schemeUri": SPDX,
            }
        )
    right = words.RIGHTS[rights.openness]
    yield {"rights": right.label, "rightsUri": words.COAR_ACCESS + right.coar, "schemeUri": words.COAR_ACCESS}
    yield {"rights": right.openaire, "rightsUri": f"info:eu-repo/semantics/{right.openaire}"}


def _descriptions(landing: Landing) -> Iterator[Attributes]:
    for text in landing.descriptions:
        if plain(text.text):
            yield {"description": plain(text.text), "descriptionType": "Abstract"} | _in(text)
    for text in landing.technical:
        if plain(text.text):
            yield {"description": plain(text.text), "descriptionType": "TechnicalInfo"} | _in(text)
    if landing.measured:
        said = "; ".join(filter(None, map(_variable, landing.measured)))
        yield {"description": f"Variables: {said}", "descriptionType": "TechnicalInfo", "lang": "en"}


def _variable(one: Measured) -> str:
    values = [one.value] if one.value is not None else [v for v in (one.minimum, one.maximum) if v is not None]
    said = " to ".join(f"{value:g}" if isinstance(value, float) else plain(str(value)) for value in values)
    return " ".join(filter(None, (plain(one.name), said, plain(one.unit))))


def _funding(one: Funding) -> Mapping[str, object]:
    identifier = iri(one.funder_id or "")
    scheme = "ROR" if "//ror.org/" in identifier else "Crossref Funder ID" if "10.13039/" in identifier else "Other"
    return without_empty(
        {
            "funderName": plain(one.funder),
            "funderIdentifier": identifier,
            "funderIdentifierType": scheme if identifier else "",
            "awardNumber": plain(one.award_number or ""),
            "awardUri": iri(one.award_uri or ""),
            "awardTitle": plain(one.award_title or ""),
        }
    )
