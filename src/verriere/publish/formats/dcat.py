"""DCAT-AP 3.0.1, as the data portals of Europe harvest it: Turtle, JSON-LD, RDF/XML.

https://semiceu.github.io/DCAT-AP/releases/3.0.1/. Classes are said of everything that the profile gives a range, since
what harvests has no ontology to conclude them from.
"""

import re
from datetime import date, datetime

from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, FOAF, ORG, PROV, RDF, RDFS, SKOS, XSD, Namespace
from rdflib.term import Node

from verriere.model import PidKind
from verriere.publish.formats import words
from verriere.publish.formats.texts import iri, language, plain
from verriere.publish.landing import Agent, Landing, Measured, PublicFile, Text

_EU = "http://publications.europa.eu/resource/authority/"
_IANA = "https://www.iana.org/assignments/media-types/"
_DCAT3 = Namespace(str(DCAT))
"""With the terms of version 3, which the library does not list."""
_SPDX = Namespace("http://spdx.org/rdf/terms#")
_VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
_ADMS = Namespace("http://www.w3.org/ns/adms#")
_SCHEMA = Namespace("https://schema.org/")
_QUDT = Namespace("http://qudt.org/schema/qudt/")
_HEXADECIMAL = re.compile("(?:[0-9a-f]{2})+")
_SCIENCE = URIRef(_EU + "data-theme/TECH")
_LANGUAGES = {"en": "ENG", "fr": "FRA", "de": "DEU", "it": "ITA", "es": "SPA"}
_RELATIONS = {
    "IsPartOf": DCTERMS.isPartOf,
    "HasPart": DCTERMS.hasPart,
    "IsVersionOf": _DCAT3.isVersionOf,
    "HasVersion": _DCAT3.hasVersion,
    "IsNewVersionOf": _DCAT3.previousVersion,
    "IsDerivedFrom": PROV.wasDerivedFrom,
    "IsSupplementTo": DCTERMS.isReferencedBy,
    "IsCitedBy": DCTERMS.isReferencedBy,
    "IsReferencedBy": DCTERMS.isReferencedBy,
    "References": DCTERMS.references,
}


def write(landing: Landing) -> bytes:
    """The thing in Turtle."""
    return _serialised(landing, "turtle")


def write_jsonld(landing: Landing) -> bytes:
    """The thing as JSON-LD, each name in full."""
    return _serialised(landing, "json-ld")


def write_xml(landing: Landing) -> bytes:
    """The thing as RDF/XML, which is what protocols of XML can carry."""
    return _serialised(landing, "xml")


_PREFIXES = {
    "adms": _ADMS,
    "dcat": DCAT,
    "dct": DCTERMS,
    "foaf": FOAF,
    "org": ORG,
    "prov": PROV,
    "qudt": _QUDT,
    "rdfs": RDFS,
    "schema": _SCHEMA,
    "skos": SKOS,
    "spdx": _SPDX,
    "vcard": _VCARD,
    "xsd": XSD,
}


def graph(landing: Landing) -> Graph:
    """The thing and all that is known of it."""
    return _Description(landing).graph


def _serialised(landing: Landing, form: str) -> bytes:
    return graph(landing).serialize(format=form, encoding="utf-8")


class _Description:
    """The graph of one thing, made part by part."""

    def __init__(self, landing: Landing) -> None:
        self.landing = landing
        self.graph = Graph(bind_namespaces="none")
        for prefix, space in _PREFIXES.items():
            self.graph.bind(prefix, space)
        self.address = iri(words.DOI + plain(landing.doi)) if plain(landing.doi) else ""
        self.subject = URIRef(self.address or landing.url)
        is_data = words.KINDS[landing.kind].schema_org == "Dataset"
        self.add(self.subject, RDF.type, DCAT.Dataset if is_data else DCAT.Resource)
        self.what()
        self.subjects()
        self.who()
        self.when()
        self.rights()
        self.relations()
        if is_data:
            self.distributions()

    def add(self, subject: Node, predicate: URIRef, value: Node) -> None:
        self.graph.add((subject, predicate, value))

    def text(self, subject: Node, predicate: URIRef, *texts: Text, otherwise: str = "") -> None:
        """Texts in their languages; what is said otherwise where all are empty."""
        said = [
            Literal(plain(one.text), lang=language(one.language).lower() or None) for one in texts if plain(one.text)
        ]
        for literal in said or ([Literal(otherwise)] if otherwise else []):
            self.add(subject, predicate, literal)

    def what(self) -> None:
        landing, subject = self.landing, self.subject
        called = plain(landing.identifier) or "?"
        self.text(subject, DCTERMS.title, *landing.titles, otherwise=called)
        self.text(subject, DCTERMS.description, *(landing.descriptions or landing.titles), otherwise=called)
        self.add(subject, DCTERMS.identifier, Literal(str(subject)))
        self.text(subject, _DCAT3.version, Text(landing.version))
        self.add(subject, DCAT.landingPage, URIRef(landing.url))
        self.add(URIRef(landing.url), RDF.type, FOAF.Document)
        if landing.language in _LANGUAGES:
            code = URIRef(f"{_EU}language/{_LANGUAGES[landing.language]}")
            self.add(subject, DCTERMS.language, code)
            self.add(code, RDF.type, DCTERMS.LinguisticSystem)

    def subjects(self) -> None:
        landing = self.landing
        self.concept(_SCIENCE, _EU + "data-theme", Text("Science and technology", "en"))
        for term in landing.techniques:
            if iri(term.iri):
                labels = (term.label, *(one for one in term.other_labels if one.language))
                self.concept(URIRef(term.iri), iri(term.scheme_iri), *labels)
            self.text(self.subject, DCAT.keyword, term.label)
        self.text(self.subject, DCAT.keyword, *landing.keywords)
        for standard in filter(None, map(iri, landing.conforms_to)):
            self.add(self.subject, DCTERMS.conformsTo, URIRef(standard))
            self.add(URIRef(standard), RDF.type, DCTERMS.Standard)
        for one in landing.measured:
            self.variable(one)

    def concept(self, concept: URIRef, scheme: str, *labels: Text) -> None:
        self.add(self.subject, DCAT.theme, concept)
        self.add(concept, RDF.type, SKOS.Concept)
        self.text(concept, SKOS.prefLabel, *labels, otherwise=str(concept))
        if scheme:
            self.add(concept, SKOS.inScheme, URIRef(scheme))

    def variable(self, one: Measured) -> None:
        node = BNode()
        self.add(self.subject, _SCHEMA.variableMeasured, node)
        self.add(node, RDF.type, _SCHEMA.PropertyValue)
        self.text(node, _SCHEMA.name, Text(one.name), otherwise="?")
        for name, value in (("value", one.value), ("minValue", one.minimum), ("maxValue", one.maximum)):
            if value is not None:
                self.add(node, _SCHEMA[name], Literal(plain(value) if isinstance(value, str) else value))
        self.text(node, _SCHEMA.unitText, Text(one.unit))
        if iri(one.qudt):
            self.add(node, _QUDT.hasUnit, URIRef(one.qudt))

    def who(self) -> None:
        landing, subject = self.landing, self.subject
        for creator in landing.creators:
            self.add(subject, DCTERMS.creator, self.agent(creator))
        for contributor in landing.contributors:
            self.add(subject, DCTERMS.contributor, self.agent(contributor))
        self.add(subject, DCTERMS.publisher, self.agent(landing.publisher))
        contact = BNode()
        self.add(subject, DCAT.contactPoint, contact)
        self.add(contact, RDF.type, _VCARD.Kind)
        self.add(contact, RDF.type, _VCARD.Organization)
        self.text(contact, _VCARD.fn, Text(landing.publisher.name), otherwise="?")
        self.add(contact, _VCARD.hasURL, URIRef(landing.url))
        for paid in landing.funding:
            grant = BNode()
            self.add(subject, _SCHEMA.funding, grant)
            self.add(grant, RDF.type, _SCHEMA.Grant)
            self.text(grant, _SCHEMA.identifier, Text(paid.award_number or ""))
            self.text(grant, _SCHEMA.name, Text(paid.award_title or ""))
            self.add(
                grant, _SCHEMA.funder, self.agent(Agent(paid.funder, is_organisation=True, ror=paid.funder_id or ""))
            )

    def agent(self, one: Agent) -> Node:
        address = iri(one.ror if one.is_organisation else one.orcid)
        node: Node = URIRef(address) if address else BNode()
        self.add(node, RDF.type, FOAF.Agent)
        self.add(node, RDF.type, FOAF.Organization if one.is_organisation else FOAF.Person)
        self.text(node, FOAF.name, Text(one.name), otherwise="?")
        if plain(one.affiliation):
            home = Agent(one.affiliation, is_organisation=True, ror=one.affiliation_ror)
            self.add(node, ORG.memberOf, self.agent(home))
        return node

    def when(self) -> None:
        landing, subject = self.landing, self.subject
        opens = landing.rights.opens_on
        issued = opens or (landing.published_at.date() if landing.published_at else None)
        for predicate, day in (
            (DCTERMS.issued, issued),
            (DCTERMS.available, opens),
            (DCTERMS.dateAccepted, landing.rights.embargoed_from),
        ):
            if day:
                self.add(subject, predicate, _day(day))
        self.add(subject, DCTERMS.modified, _moment(landing.updated_at))
        if any(landing.collected):
            self.collected(*landing.collected)

    def collected(self, begin: datetime | None, end: datetime | None) -> None:
        """When it was measured, as a period and as what made the data, with the instrument that was used."""
        period, activity = BNode(), BNode()
        self.add(self.subject, DCTERMS.temporal, period)
        self.add(period, RDF.type, DCTERMS.PeriodOfTime)
        self.add(self.subject, PROV.wasGeneratedBy, activity)
        self.add(activity, RDF.type, PROV.Activity)
        for moment, of_period, of_activity in (
            (begin, DCAT.startDate, PROV.startedAtTime),
            (end, DCAT.endDate, PROV.endedAtTime),
        ):
            if moment:
                self.add(period, of_period, _moment(moment))
                self.add(activity, of_activity, _moment(moment))
        for tie in self.landing.ties:
            if tie.kind is PidKind.INSTRUMENT and iri(tie.url):
                self.add(activity, PROV.used, URIRef(tie.url))

    def rights(self) -> None:
        landing, subject = self.landing, self.subject
        right = words.RIGHTS[landing.rights.openness]
        # The profile allows one access right, of the European vocabulary. COAR's says more, as a right.
        for predicate, address in (
            (DCTERMS.accessRights, words.EU_ACCESS + right.european),
            (DCTERMS.rights, words.COAR_ACCESS + right.coar),
        ):
            self.add(subject, predicate, URIRef(address))
            self.add(URIRef(address), RDF.type, DCTERMS.RightsStatement)
            self.add(URIRef(address), RDFS.label, Literal(right.label, lang="en"))
        if landing.is_withdrawn:
            status = URIRef(_EU + "dataset-status/WITHDRAWN")
            self.add(subject, _ADMS.status, status)
            self.add(status, RDF.type, SKOS.Concept)
            self.add(status, SKOS.prefLabel, Literal("withdrawn", lang="en"))
        self.licence(subject)

    def licence(self, subject: Node) -> None:
        address = iri(self.landing.rights.licence_url)
        if address:
            self.add(subject, DCTERMS.license, URIRef(address))
            self.add(URIRef(address), RDF.type, DCTERMS.LicenseDocument)
            self.text(URIRef(address), RDFS.label, Text(self.landing.rights.licence_name))

    def relations(self) -> None:
        for one in words.relations(self.landing):
            other = URIRef(iri(one.url))
            if other and other != self.subject:
                self.add(self.subject, _RELATIONS.get(one.relation, DCTERMS.relation), other)
                self.add(other, RDF.type, RDFS.Resource)
                self.text(other, RDFS.label, Text(one.title))

    def distributions(self) -> None:
        for file in self.landing.files:
            if iri(file.url):
                self.file(file)
        if iri(self.landing.download):
            kinds = self.landing.media_types
            node = self.distribution(self.landing.download, kinds[0] if len(kinds) == 1 else "application/zip")
            self.add(node, DCAT.packageFormat, URIRef(_IANA + "application/zip"))
            self.add(URIRef(_IANA + "application/zip"), RDF.type, DCTERMS.MediaType)
            self.text(node, DCTERMS.title, Text("All files", "en"), Text("Tous les fichiers", "fr"))

    def file(self, file: PublicFile) -> None:
        node = self.distribution(file.url, file.media_type)
        self.text(node, DCTERMS.title, Text(file.path))
        self.add(node, DCAT.byteSize, Literal(file.size, datatype=XSD.nonNegativeInteger))
        self.add(node, DCTERMS.modified, _moment(file.modified_at))
        if _HEXADECIMAL.fullmatch(file.sha256):
            checksum = URIRef(node + "-sha256")
            self.add(node, _SPDX.checksum, checksum)
            self.add(checksum, RDF.type, _SPDX.Checksum)
            self.add(checksum, _SPDX.algorithm, _SPDX.checksumAlgorithm_sha256)
            self.add(_SPDX.checksumAlgorithm_sha256, RDF.type, _SPDX.ChecksumAlgorithm)
            self.add(checksum, _SPDX.checksumValue, Literal(file.sha256, datatype=XSD.hexBinary))

    def distribution(self, url: str, media_type: str) -> URIRef:
        node = URIRef(url.partition("#")[0] + "#distribution")
        self.add(self.subject, DCAT.distribution, node)
        self.add(node, RDF.type, DCAT.Distribution)
        for predicate in (DCAT.accessURL, DCAT.downloadURL):
            self.add(node, predicate, URIRef(url))
        self.add(URIRef(url), RDF.type, RDFS.Resource)
        address = URIRef(iri(_IANA + plain(media_type)))
        if address:
            for predicate in (DCAT.mediaType, DCTERMS["format"]):
                self.add(node, predicate, address)
            self.add(address, RDF.type, DCTERMS.MediaType)
            self.add(address, RDF.type, DCTERMS.MediaTypeOrExtent)
        self.licence(node)
        return node


def _day(value: date) -> Literal:
    return Literal(value.isoformat(), datatype=XSD.date)


def _moment(value: datetime) -> Literal:
    return Literal(value.isoformat(timespec="seconds").replace("+00:00", "Z"), datatype=XSD.dateTime)
