"""schema.org, as search engines for data read it in the page and harvesters ask for it alone.

https://schema.org/Dataset; the address of a landing page is never that of data.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from verriere.model import Funding, PidKind
from verriere.publish.formats import words
from verriere.publish.formats.texts import as_json, iri, language, plain, without_empty
from verriere.publish.landing import Agent, Landing, Measured, Openness, PublicFile, Term, Text

CONTEXT = "https://schema.org/"
Node = dict[str, Any]

_PART = {"IsPartOf": "isPartOf", "HasPart": "hasPart", "IsDerivedFrom": "isBasedOn", "IsNewVersionOf": "isBasedOn"}
_PAPERS = {
    "IsSupplementTo",
    "IsCitedBy",
    "IsReferencedBy",
    "IsDescribedBy",
    "IsDocumentedBy",
    "IsPublishedIn",
    "References",
}


def write(landing: Landing) -> bytes:
    """The thing as a document of JSON-LD."""
    return as_json(document(landing))


def embedded(landing: Landing) -> str:
    """The same as it stands in a page: no text of it can end the element that it is in."""
    text = write(landing).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def document(landing: Landing) -> Node:
    """The thing as JSON-LD, with its context."""
    return {"@context": CONTEXT, **node(landing)}


def node(landing: Landing) -> Node:
    """The thing and all that is known of it, nested."""
    rights = landing.rights
    made: Node = {
        "@type": words.KINDS[landing.kind].schema_org,
        "@id": words.DOI + plain(landing.doi) if plain(landing.doi) else landing.url,
        "identifier": list(_identifiers(landing)),
        "url": landing.url,
        "name": plain(landing.title) or plain(landing.identifier) or "?",
        "alternateName": [plain(one.text) for one in landing.titles[1:] if plain(one.text)],
        "description": " ".join(plain(one.text) for one in _in_one_language(landing.descriptions)),
        "inLanguage": language(landing.language),
        "keywords": [
            *map(_term, landing.techniques),
            *(plain(one.text) for one in landing.keywords if plain(one.text)),
        ],
        "creator": [agent(one) for one in landing.creators],
        "contributor": [agent(one) for one in landing.contributors],
        "publisher": agent(landing.publisher),
        "provider": agent(landing.publisher),
        "datePublished": _published(landing),
        "dateCreated": _moment(landing.collected[0]),
        "dateModified": _moment(landing.updated_at),
        "temporalCoverage": _coverage(landing),
        "version": plain(landing.version),
        "license": iri(rights.licence_url) or plain(rights.licence),
        "isAccessibleForFree": rights.openness is Openness.OPEN and not landing.is_withdrawn,
        "conditionsOfAccess": words.COAR_ACCESS + words.RIGHTS[rights.openness].coar,
        "measurementTechnique": [_term(one) for one in landing.techniques],
        "variableMeasured": [_variable(one) for one in landing.measured],
        "encodingFormat": [*map(plain, landing.media_types), *filter(None, map(iri, landing.conforms_to))],
        "distribution": list(_distributions(landing)),
        "size": f"{landing.size} B" if landing.size is not None else "",
        "funding": [_grant(one) for one in landing.funding],
        "thumbnailUrl": landing.picture,
        "includedInDataCatalog": _catalogue(landing),
    }
    if landing.kind is PidKind.INSTRUMENT:
        made |= {
            "model": plain(landing.resource),
            "manufacturer": made["creator"],
            "productionDate": landing.commissioned,
        }
    if landing.is_withdrawn:
        made |= {"creativeWorkStatus": "Withdrawn", "expires": _moment(landing.withdrawn_at)}
    for relation in words.relations(landing):
        name = _PART.get(relation.relation, "citation" if relation.relation in _PAPERS else "")
        if name:
            made.setdefault(name, []).append(_work(relation))
    return without_empty(made)


def agent(one: Agent) -> Node:
    """Someone, or an organisation, by ORCID or ROR where there is one."""
    if one.is_organisation:
        return without_empty(
            {"@type": "Organization", "@id": iri(one.ror), "name": plain(one.name), "url": iri(one.url)}
        )
    works_at = {"@type": "Organization", "@id": iri(one.affiliation_ror), "name": plain(one.affiliation)}
    return without_empty(
        {
            "@type": "Person",
            "@id": iri(one.orcid),
            "name": plain(one.name),
            "givenName": plain(one.given),
            "familyName": plain(one.family),
            "affiliation": without_empty(works_at) if plain(one.affiliation) else {},
        }
    )


def _identifiers(landing: Landing) -> Iterator[Node]:
    doi = plain(landing.doi)
    if doi:
        yield {
            "@type": "PropertyValue",
            "propertyID": "https://registry.identifiers.org/registry/doi",
            "value": f"doi:{doi}",
            "url": words.DOI + doi,
        }
    yield {"@type": "PropertyValue", "propertyID": "local", "value": plain(landing.identifier), "url": landing.url}


def _in_one_language(texts: tuple[Text, ...]) -> list[Text]:
    """English and what has no language; all where there is none of it."""
    return [one for one in texts if one.language in ("en", "") and plain(one.text)] or list(texts)


def _term(one: Term) -> Node:
    return without_empty(
        {
            "@type": "DefinedTerm",
            "@id": iri(one.iri),
            "name": plain(one.label.text),
            "alternateName": [plain(label.text) for label in one.other_labels if plain(label.text)],
            "url": iri(one.iri),
            "termCode": plain(one.iri).rpartition("/")[2],
            "inDefinedTermSet": iri(one.scheme_iri),
        }
    )


def _variable(one: Measured) -> Node:
    value = plain(one.value) if isinstance(one.value, str) else one.value
    return without_empty(
        {
            "@type": "PropertyValue",
            "name": plain(one.name),
            "value": value,
            "minValue": one.minimum,
            "maxValue": one.maximum,
            "unitText": plain(one.unit),
            "unitCode": iri(one.qudt) or plain(one.ucum),
        }
    )


def _distributions(landing: Landing) -> Iterator[Node]:
    """The files, and all of them together: also where they are had only from the day they open."""
    yield from map(_file, landing.files)
    if landing.download and landing.size is not None:
        yield {
            "@type": "DataDownload",
            "name": f"{plain(landing.identifier)}.zip",
            "contentUrl": landing.download,
            "encodingFormat": _packed(landing),
            "contentSize": f"{landing.size} B",
        }


def _packed(landing: Landing) -> str:
    """Of all files together: what they are, where they are not told of one by one; how they are packed, where they are.

    schema.org has one property for both.
    """
    kinds = [plain(one) for one in landing.media_types if plain(one)]
    return kinds[0] if len(kinds) == 1 and not landing.files else "application/zip"


def _file(one: PublicFile) -> Node:
    return without_empty(
        {
            "@type": "DataDownload",
            "@id": one.url,
            "name": plain(one.path),
            "contentUrl": one.url,
            "encodingFormat": plain(one.media_type),
            "contentSize": f"{one.size} B",
            "sha256": plain(one.sha256),
            "dateModified": _moment(one.modified_at),
        }
    )


def _grant(one: Funding) -> Node:
    funder = {"@type": "Organization", "@id": iri(one.funder_id or ""), "name": plain(one.funder)}
    return without_empty(
        {
            "@type": "Grant",
            "@id": iri(one.award_uri or ""),
            "identifier": plain(one.award_number or ""),
            "name": plain(one.award_title or ""),
            "funder": without_empty(funder),
        }
    )


def _work(one: words.Relation) -> Node:
    kind = {"JournalArticle": "ScholarlyArticle", "Dataset": "Dataset", "Collection": "Dataset"}.get(one.general)
    return without_empty({"@type": kind or "CreativeWork", "@id": one.url, "name": plain(one.title), "url": one.url})


def _published(landing: Landing) -> str:
    """The day the bytes are there, which is what a citation's year is of."""
    if landing.rights.opens_on:
        return landing.rights.opens_on.isoformat()
    return _moment(landing.published_at) or str(landing.year)


def _coverage(landing: Landing) -> str:
    begin, end = landing.collected
    return f"{_moment(begin) or '..'}/{_moment(end) or '..'}" if begin or end else ""


def _moment(moment: datetime | None) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z") if moment else ""


def _catalogue(landing: Landing) -> Node:
    scheme, _, rest = landing.url.partition("://")
    address = f"{scheme}://{rest.partition('/')[0]}/"
    return {"@type": "DataCatalog", "name": plain(landing.publisher.name), "url": address}
