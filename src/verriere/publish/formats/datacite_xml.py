"""DataCite's metadata schema 4.7 as XML, valid against its XSD.

Where a thing has no DOI, its address stands in the place of the identifier.
"""

from typing import Any
from xml.etree import ElementTree as ET

from verriere.publish.formats.datacite import SCHEMA, Attributes, attributes
from verriere.publish.formats.texts import element, xml
from verriere.publish.landing import Landing

_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_LOCATION = f"{SCHEMA} https://schema.datacite.org/meta/kernel-4.7/metadata.xsd"


def write(landing: Landing) -> bytes:
    """The record as a document."""
    return xml(tree(landing))


def tree(landing: Landing) -> ET.Element:
    """The record as an element, for those who put it into another document."""
    said = attributes(landing)
    root = ET.Element("resource", {"xmlns": SCHEMA, "xmlns:xsi": _XSI, "xsi:schemaLocation": _LOCATION})
    if said.get("doi"):
        root.append(element("identifier", said["doi"], identifierType="DOI"))
    else:
        root.append(element("identifier", said["url"], identifierType="URL"))
    _list(root, "creators", [_agent("creator", one) for one in said["creators"]])
    _list(root, "titles", [element("title", one["title"], **_typed(one, "titleType")) for one in said["titles"]])
    publisher = said["publisher"]
    named = _only(publisher, "publisherIdentifier", "publisherIdentifierScheme", schemeURI="schemeUri")
    root.append(element("publisher", publisher["name"], **named))
    root.append(element("publicationYear", f"{said['publicationYear']:04}"))
    types = said["types"]
    root.append(element("resourceType", types["resourceType"], resourceTypeGeneral=types["resourceTypeGeneral"]))
    _list(root, "subjects", [element("subject", one["subject"], **_subject(one)) for one in said.get("subjects", ())])
    people = [(_agent("contributor", one), one["contributorType"]) for one in said.get("contributors", ())]
    for made, role in people:
        made.set("contributorType", role)
    _list(root, "contributors", [made for made, _ in people])
    dates = [element("date", one["date"], **_only(one, "dateType", "dateInformation")) for one in said["dates"]]
    _list(root, "dates", dates)
    if said.get("language"):
        root.append(element("language", said["language"]))
    _list(root, "alternateIdentifiers", [_alternate(one) for one in said["alternateIdentifiers"]])
    _list(root, "relatedIdentifiers", [_related(one) for one in said.get("relatedIdentifiers", ())])
    _list(root, "sizes", [element("size", one) for one in said.get("sizes", ())])
    _list(root, "formats", [element("format", one) for one in said.get("formats", ())])
    if said.get("version"):
        root.append(element("version", said["version"]))
    _list(root, "rightsList", [_right(one) for one in said["rightsList"]])
    described = said.get("descriptions", ())
    texts = [element("description", one["description"], **_typed(one, "descriptionType")) for one in described]
    _list(root, "descriptions", texts)
    _list(root, "fundingReferences", [_funding(one) for one in said.get("fundingReferences", ())])
    return root


def _list(root: ET.Element, tag: str, parts: list[ET.Element]) -> None:
    if parts:
        ET.SubElement(root, tag).extend(parts)


def _only(one: Attributes, *names: str, **renamed: str) -> dict[str, str]:
    """Attributes of those names, and of some whose names differ in JSON."""
    every = {name: name for name in names} | renamed
    return {ours: one[theirs] for ours, theirs in every.items() if one.get(theirs)}


def _typed(one: Attributes, name: str) -> dict[str, str]:
    return _only(one, name, xml_lang="lang")


def _subject(one: Attributes) -> dict[str, str]:
    return _only(one, "subjectScheme", schemeURI="schemeUri", valueURI="valueUri", xml_lang="lang")


def _agent(tag: str, one: Attributes) -> ET.Element:
    made = ET.Element(tag)
    made.append(element(f"{tag}Name", one["name"], nameType=one["nameType"]))
    for name in ("givenName", "familyName"):
        if one.get(name):
            made.append(element(name, one[name]))
    for each in one.get("nameIdentifiers", ()):
        scheme = _only(each, "nameIdentifierScheme", schemeURI="schemeUri")
        made.append(element("nameIdentifier", each["nameIdentifier"], **scheme))
    for each in one.get("affiliation", ()):
        scheme = _only(each, "affiliationIdentifier", "affiliationIdentifierScheme", schemeURI="schemeUri")
        made.append(element("affiliation", each["name"], **scheme))
    return made


def _alternate(one: Attributes) -> ET.Element:
    kind = _only(one, "alternateIdentifierType")
    return element("alternateIdentifier", one["alternateIdentifier"], **kind)


def _related(one: Attributes) -> ET.Element:
    kinds = _only(one, "relatedIdentifierType", "relationType", "resourceTypeGeneral")
    return element("relatedIdentifier", one["relatedIdentifier"], **kinds)


def _right(one: Attributes) -> ET.Element:
    identified = _only(one, "rightsIdentifier", "rightsIdentifierScheme", rightsURI="rightsUri", schemeURI="schemeUri")
    return element("rights", one["rights"], **identified)


def _funding(one: dict[str, Any]) -> ET.Element:
    made = ET.Element("fundingReference")
    made.append(element("funderName", one["funderName"]))
    if one.get("funderIdentifier"):
        made.append(element("funderIdentifier", one["funderIdentifier"], **_only(one, "funderIdentifierType")))
    if one.get("awardNumber") or one.get("awardUri"):
        made.append(element("awardNumber", one.get("awardNumber", ""), **_only(one, awardURI="awardUri")))
    if one.get("awardTitle"):
        made.append(element("awardTitle", one["awardTitle"]))
    return made
