"""Simple Dublin Core as OAI-PMH wants it, with the access rights and types that OpenAIRE reads."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from verriere.publish.formats import words
from verriere.publish.formats.texts import element, language, plain, xml
from verriere.publish.landing import Landing, Openness, Rights

_NAMESPACES = {
    "xmlns:oai_dc": "http://www.openarchives.org/OAI/2.0/oai_dc/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
    "xsi:schemaLocation": (
        "http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
    ),
}


def write(landing: Landing) -> bytes:
    """The record as a document."""
    return xml(tree(landing))


def tree(landing: Landing) -> ET.Element:
    """The record as an element, for those who put it into another document."""
    root = ET.Element("oai_dc:dc", _NAMESPACES)
    for name, text, code in _elements(landing):
        if plain(text):
            root.append(element(f"dc:{name}", text, xml_lang=language(code)))
    return root


def _elements(landing: Landing) -> Iterator[tuple[str, str, str]]:
    """Name, text and language of each element."""
    yield from (("title", title.text, title.language) for title in landing.titles)
    yield from (("creator", agent.name, "") for agent in landing.creators)
    labels = (label for term in landing.techniques for label in (term.label, *term.other_labels))
    yield from (("subject", text.text, text.language) for text in (*labels, *landing.keywords))
    yield from (("description", text.text, text.language) for text in landing.descriptions)
    yield "publisher", landing.publisher.name, ""
    yield from (("contributor", agent.name, "") for agent in landing.contributors)
    kind = words.KINDS[landing.kind]
    yield "type", kind.general, ""
    yield "type", "info:eu-repo/semantics/dataset" if kind.schema_org == "Dataset" else "", ""
    yield from (("format", media_type, "") for media_type in landing.media_types)
    yield "identifier", words.DOI + landing.doi if landing.doi else "", ""
    yield "identifier", landing.url, ""
    yield "language", language(landing.language), ""
    yield from (("relation", relation.url, "") for relation in words.relations(landing))
    for grant in landing.funding:
        number = grant.award_number
        yield "relation", f"info:eu-repo/grantAgreement/{grant.funder}//{number}" if number else "", ""
    yield from _when_and_how(landing.rights, landing.year)


def _when_and_how(rights: Rights, year: int) -> Iterator[tuple[str, str, str]]:
    opens = rights.opens_on.isoformat() if rights.opens_on else ""
    yield "date", opens or str(year), ""
    if rights.openness is Openness.EMBARGOED and opens:
        yield "date", f"info:eu-repo/date/embargoEnd/{opens}", ""
    yield "rights", f"info:eu-repo/semantics/{words.RIGHTS[rights.openness].openaire}", ""
    yield "rights", rights.licence_url or rights.licence, ""
