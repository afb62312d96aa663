"""Repositories with DOIs of every kind, one on each database that tests may change, and one with rich records."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from lxml import etree
from tests.catalogue.world import NOW
from tests.landing import world as rich
from tests.panosc.conftest import build

from verriere.facility import Facility
from verriere.model import PidKind, PidState, Publication
from verriere.publish.oai import Repository, answer

NS = {"o": "http://www.openarchives.org/OAI/2.0/"}
RDF = """<schema xmlns="http://www.w3.org/2001/XMLSchema"
  targetNamespace="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <element name="RDF"><complexType><sequence>
    <any minOccurs="1" maxOccurs="unbounded" processContents="skip"/>
  </sequence><anyAttribute processContents="skip"/></complexType></element>
</schema>"""
"""RDF has no schema: what is in it, the SHACL shapes of DCAT-AP judge (tests/landing)."""

OAI_IDENTIFIER = """
<schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.openarchives.org/OAI/2.0/oai-identifier"
  elementFormDefault="qualified">
  <element name="oai-identifier"><complexType><sequence>
    <element name="scheme" fixed="oai" type="string"/>
    <element name="repositoryIdentifier"><simpleType><restriction base="string">
      <pattern value="[a-zA-Z][a-zA-Z0-9\\-]*(\\.[a-zA-Z][a-zA-Z0-9\\-]*)+"/></restriction></simpleType></element>
    <element name="delimiter" fixed=":" type="string"/>
    <element name="sampleIdentifier"><simpleType><restriction base="string"><pattern
      value="oai:[a-zA-Z][a-zA-Z0-9\\-]*(\\.[a-zA-Z][a-zA-Z0-9\\-]*)+:[a-zA-Z0-9\\-_\\.!~\\*'\\(\\);/\\?:@&amp;=\\+$,%]+"/>
    </restriction></simpleType></element>
  </sequence></complexType></element>
</schema>"""
"""The description that the OAI identifier scheme asks for, written from its text (implementation guidelines, 2.0)."""


@dataclass(frozen=True)
class Asked:
    """An answer, valid against the schemas."""

    tree: Any

    @property
    def errors(self) -> list[str]:
        return list(self.tree.xpath("//o:error/@code", namespaces=NS))

    @property
    def identifiers(self) -> list[str]:
        return list(self.tree.xpath("//o:header/o:identifier/text()", namespaces=NS))

    @property
    def token(self) -> str:
        return "".join(self.tree.xpath("//o:resumptionToken/text()", namespaces=NS))

    def all(self, path: str) -> list[Any]:
        return list(self.tree.xpath(path, namespaces=NS))


Ask = Callable[..., Asked]


@pytest.fixture(scope="session")
def valid(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[bytes], Any]:
    """Reads a document, and refuses one that the schemas of the protocol or of its payloads do not allow."""
    folder = tmp_path_factory.mktemp("schemas")
    (folder / "oai-identifier.xsd").write_text(OAI_IDENTIFIER)
    driver = (shared / "standards/oai-xsd/all.xsd").read_text()
    for name in ("OAI-PMH.xsd", "oai_dc.xsd"):
        driver = driver.replace(f'"{name}"', f'"{shared / "standards/oai-xsd" / name}"')
    driver = driver.replace('"../', f'"{shared}/standards/')
    (folder / "rdf.xsd").write_text(RDF)
    more = "".join(
        f'<import namespace="{namespace}" schemaLocation="{name}"/>'
        for namespace, name in (
            ("http://www.openarchives.org/OAI/2.0/oai-identifier", "oai-identifier.xsd"),
            ("http://www.w3.org/1999/02/22-rdf-syntax-ns#", "rdf.xsd"),
        )
    )
    (folder / "all.xsd").write_text(driver.replace("</schema>", f"{more}</schema>"))
    schema = etree.XMLSchema(etree.parse(folder / "all.xsd"))

    def read(document: bytes) -> Any:
        tree = etree.fromstring(document)
        schema.assertValid(tree)
        return tree

    return read


@pytest.fixture
def facility(tmp_path: Path, url: str) -> Iterator[Facility]:
    """Five items: three datasets (one under embargo), an instrument, a visit; and DOIs that nobody may know of."""
    with build(tmp_path / "facility", url) as opened:
        publish(opened, "silver", "gold", "hidden", "private", "lost")
        opened.catalogue.put_publications(
            [
                public("10.5072/swing", PidKind.INSTRUMENT, "SWING"),
                public("10.5072/v1", PidKind.VISIT, "V1"),
                public("10.5072/v3", PidKind.VISIT, "V3"),
                Publication("10.5072/draft.v1", PidKind.DATASET, "both", NOW, NOW, version=1, concept="10.5072/draft"),
            ],
            now=NOW,
            by="test",
        )
        yield opened


def publish(facility: Facility, *names: str, now: datetime = NOW) -> None:
    """Publish datasets under a DOI for all versions, and one for the first."""
    found = [public(f"10.5072/{name}", PidKind.DATASET, name) for name in names]
    found += [public(f"10.5072/{name}.v1", PidKind.DATASET, name, 1) for name in names]
    facility.catalogue.put_publications(found, now=now, by="test")


def public(doi: str, kind: PidKind, subject: str, version: int | None = None) -> Publication:
    concept = doi.rpartition(".v")[0] if version else None
    return Publication(
        doi, kind, subject, NOW, NOW, version=version, concept=concept, wanted=PidState.FINDABLE, published_at=NOW
    )


@pytest.fixture
def ask(facility: Facility, valid: Callable[[bytes], Any]) -> Ask:
    """Asks the repository, two records at a time; the clock stands unless another moment is given."""
    repository = Repository(facility, "https://data.example.org", page_size=2)

    def asking(*pairs: tuple[str, str], now: datetime = NOW, **arguments: str) -> Asked:
        named = [(name.rstrip("_"), value) for name, value in arguments.items()]
        return Asked(valid(answer(repository, [*named, *pairs], now)))

    return asking


@pytest.fixture(scope="session")
def described(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Facility]:
    """A facility whose records are as different as DOIs can stand for."""
    world = rich.build(tmp_path_factory.mktemp("described"))
    with world.facility as facility:
        facility.catalogue.put_publications(
            [
                *(public(f"10.5072/{name}.v1", PidKind.DATASET, name, 1) for name in ("open", "embargoed", "orphan")),
                public("10.5072/swing<1>&co", PidKind.INSTRUMENT, "SWING"),
                public("10.5072/agbeh", PidKind.SAMPLE, "AgBeh"),
                public("10.5072/rings", PidKind.COLLECTION, "rings"),
                public("10.5072/secrets", PidKind.COLLECTION, "secrets"),
                public("10.5072/visit", PidKind.VISIT, "20220088-S"),
                public("10.5072/private-visit", PidKind.VISIT, "20269031-P"),
            ],
            now=rich.NOW,
            by="test",
        )
        yield facility
