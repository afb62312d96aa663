"""Every format that a thing can be had in: its name, what HTTP calls it, and who writes it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from verriere.publish.landing import Landing


@dataclass(frozen=True, slots=True)
class Format:
    """A format.

    Parameters
    ----------
    name
        On the command line.
    file
        In addresses, and when it is saved.
    media_type
        As it is sent.
    writer
        Module and function; modules are imported when they are first asked for, since some take their time.
    accepts
        What programs ask for when they want it, the media type among them.
    profile
        IRI of the standard, for typed links.
    """

    name: str
    file: str
    media_type: str
    writer: tuple[str, str]
    accepts: tuple[str, ...]
    profile: str = ""

    def write(self, landing: Landing) -> bytes:
        """The landing in this format."""
        module, function = self.writer
        write: Callable[[Landing], bytes] = getattr(import_module(f"verriere.publish.formats.{module}"), function)
        return write(landing)


_ALL = (
    Format(
        "schema-org",
        "schema-org.jsonld",
        "application/ld+json",
        ("schema_org", "write"),
        ("application/vnd.schemaorg.ld+json", "application/ld+json", "application/json"),
        profile="https://schema.org/",
    ),
    Format(
        "datacite-xml",
        "datacite.xml",
        "application/vnd.datacite.datacite+xml",
        ("datacite_xml", "write"),
        ("application/vnd.datacite.datacite+xml", "application/xml", "text/xml"),
        profile="http://datacite.org/schema/kernel-4",
    ),
    Format(
        "datacite-json",
        "datacite.json",
        "application/vnd.datacite.datacite+json",
        ("datacite_json", "write"),
        ("application/vnd.datacite.datacite+json",),
        profile="http://datacite.org/schema/kernel-4",
    ),
    Format(
        "dcat",
        "dcat.ttl",
        "text/turtle",
        ("dcat", "write"),
        ("text/turtle", "application/x-turtle"),
        profile="http://data.europa.eu/r5r/",
    ),
    Format(
        "dcat-jsonld",
        "dcat.jsonld",
        "application/ld+json",
        ("dcat", "write_jsonld"),
        ("application/vnd.dcat.ld+json",),
        profile="http://data.europa.eu/r5r/",
    ),
    Format(
        "dcat-xml",
        "dcat.rdf",
        "application/rdf+xml",
        ("dcat", "write_xml"),
        ("application/rdf+xml",),
        profile="http://data.europa.eu/r5r/",
    ),
    Format(
        "rocrate",
        "ro-crate-metadata.json",
        'application/ld+json; profile="https://w3id.org/ro/crate"',
        ("rocrate", "write"),
        ("application/vnd.researchobject.crate+json",),
        profile="https://w3id.org/ro/crate",
    ),
    Format(
        "dublin-core",
        "dublin-core.xml",
        "application/xml",
        ("dublin_core", "write"),
        ("application/vnd.oai.dublin-core+xml",),
        profile="http://www.openarchives.org/OAI/2.0/oai_dc/",
    ),
    Format(
        "bibtex", "citation.bib", "application/x-bibtex", ("bibtex", "write"), ("application/x-bibtex", "text/x-bibtex")
    ),
    Format(
        "ris",
        "citation.ris",
        "application/x-research-info-systems",
        ("ris", "write"),
        ("application/x-research-info-systems",),
    ),
    Format(
        "csl",
        "citation.json",
        "application/vnd.citationstyles.csl+json",
        ("citation", "write"),
        ("application/vnd.citationstyles.csl+json",),
    ),
)

FORMATS: Mapping[str, Format] = MappingProxyType({one.name: one for one in _ALL})
BY_FILE: Mapping[str, Format] = MappingProxyType({one.file: one for one in _ALL})
