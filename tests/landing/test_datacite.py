"""DataCite 4.7: XML by its own schema, for all that a DOI can stand for, and for any texts in it."""

import json
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from tests.landing.strategies import landings
from tests.landing.world import ANR, NOW, ORCID, SOLEIL, World

from verriere.model import PidKind
from verriere.publish import vocabularies
from verriere.publish.formats import datacite, datacite_json, datacite_xml
from verriere.publish.landing import Landing

KERNEL = "{http://datacite.org/schema/kernel-4}"


@pytest.fixture(scope="module")
def schema(standards: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(standards / "datacite-4.7/metadata.xsd")))


def _require_valid(schema: etree.XMLSchema, landing: Landing) -> etree._Element:
    document = etree.fromstring(datacite_xml.write(landing))
    assert schema.validate(document), f"{landing.identifier}: {schema.error_log.last_error}"
    return document


def test_every_record_of_a_varied_catalogue_is_valid(world: World, candid: World, schema: etree.XMLSchema) -> None:
    for landing in (*world.landings(), *candid.landings()):
        _require_valid(schema, landing)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(landing=landings)
def test_any_landing_is_valid_xml_and_json(landing: Landing, schema: etree.XMLSchema) -> None:
    _require_valid(schema, landing)
    assert json.loads(datacite_json.write(landing))["schemaVersion"] == datacite.SCHEMA


@pytest.mark.parametrize(
    ("name", "file"),
    [("relations", "relationType"), ("resource_types", "resourceType"), ("contributors", "contributorType")],
)
def test_lists_to_choose_from_are_those_of_the_schema(standards: Path, name: str, file: str) -> None:
    text = (standards / f"datacite-4.7/include/datacite-{file}-v4.xsd").read_text(encoding="utf-8")
    assert vocabularies.datacite(name) == set(re.findall(r'enumeration value="([^"]+)"', text))


def test_creators_are_people_of_one_name_organisations_and_orcids_that_are_right(world: World) -> None:
    said = datacite.attributes(world.landing(PidKind.DATASET, "open", doi="10.5072/x"))
    claire, suharto, consortium = said["creators"]
    assert (claire["familyName"], claire["givenName"]) == ("Fontaine", "Claire")
    assert claire["nameIdentifiers"][0]["nameIdentifier"] == ORCID
    assert claire["affiliation"][0]["affiliationIdentifier"] == SOLEIL
    assert suharto == {"name": "Suharto", "nameType": "Personal"}
    assert consortium["nameType"] == "Organizational"
    assert consortium["nameIdentifiers"][0]["nameIdentifierScheme"] == "ROR"
    assert [one["contributorType"] for one in said["contributors"]] == ["DataCollector", "HostingInstitution"]
    assert said["publisher"]["publisherIdentifier"] == SOLEIL
    assert said["fundingReferences"][0] == {
        "funderName": "Agence nationale de la recherche",
        "funderIdentifier": ANR,
        "funderIdentifierType": "ROR",
        "awardNumber": "ANR-22-0001",
        "awardUri": "https://anr.fr/1",
        "awardTitle": "Light",
    }


def test_an_orcid_with_a_wrong_check_digit_is_not_passed_on(world: World) -> None:
    said = datacite.attributes(world.landing(PidKind.VISIT, "20260415-P"))
    assert "nameIdentifiers" not in said["creators"][0]


def test_parallel_titles_are_translations(world: World) -> None:
    said = datacite.attributes(world.landing(PidKind.VISIT, "20220088-S"))
    assert said["titles"] == [
        {"title": "Silver behenate as a calibrant", "lang": "en"},
        {"title": "Le béhénate d’argent comme étalon", "lang": "fr", "titleType": "TranslatedTitle"},
    ]


def test_an_embargo_has_its_begin_and_its_end(world: World) -> None:
    said = datacite.attributes(world.landing(PidKind.DATASET, "embargoed", doi="10.5072/x"))
    dates = {one["dateType"]: one["date"] for one in said["dates"]}
    assert (dates["Accepted"], dates["Available"]) == ("2026-09-02", "2029-09-04")
    assert said["publicationYear"] == 2029
    coar = {one["rightsUri"] for one in said["rightsList"]}
    assert "http://purl.org/coar/access_right/c_f1cf" in coar
    assert "info:eu-repo/semantics/embargoedAccess" in coar


def test_what_is_open_is_available_since_the_day_it_opened(world: World) -> None:
    said = datacite.attributes(world.landing(PidKind.DATASET, "open", doi="10.5072/x"))
    dates = {one["dateType"]: one["date"] for one in said["dates"]}
    assert dates["Available"] == "2026-08-15"
    assert dates["Collected"] == "2022-08-06T09:30:00+02:00/2022-08-06T10:30:00+02:00"
    assert "http://purl.org/coar/access_right/c_abf2" in {one["rightsUri"] for one in said["rightsList"]}
    assert said["rightsList"][0]["rightsIdentifier"] == "CC-BY-4.0"


def test_papers_and_structures_are_dois(world: World) -> None:
    said = datacite.attributes(world.landing(PidKind.DATASET, "open", doi="10.5072/x"))
    found = {
        (one["relationType"], one["relatedIdentifierType"], one["relatedIdentifier"])
        for one in said["relatedIdentifiers"]
    }
    assert ("IsSupplementTo", "DOI", "10.1107/s1600577518002278") in found
    assert ("IsSupplementTo", "DOI", "10.2210/pdb1lyz/pdb") in found
    assert ("IsSourceOf", "arXiv", "arXiv:2301.00001") in found
    assert not any(kind == "IsDocumentedBy" for kind, _, _ in found)  # it is no address


def test_an_instrument_is_made_by_its_manufacturer_and_hosted_by_its_owner(world: World) -> None:
    said = datacite.attributes(world.landing(PidKind.INSTRUMENT, "SWING", doi="10.5072/x"))
    assert said["types"]["resourceTypeGeneral"] == "Instrument"
    assert said["creators"][0]["name"] == "DECTRIS"
    assert said["contributors"][0]["name"] == "Synchrotron SOLEIL"
    technical = [one["description"] for one in said["descriptions"] if one["descriptionType"] == "TechnicalInfo"]
    assert any("EIGER 4M" in text for text in technical)
    assert {"date": "2009-06-01", "dateType": "Available", "dateInformation": "Commissioned"} in said["dates"]


def test_a_tombstone_keeps_the_citation_and_says_why(world: World, schema: etree.XMLSchema) -> None:
    gone = world.landing(PidKind.DATASET, "open", doi="10.5072/gone", withdrawn="The wrong sample")
    said = datacite.attributes(gone)
    assert {"Withdrawn"} <= {one["dateType"] for one in said["dates"]}
    assert said["creators"][0]["name"] == "Fontaine, Claire"
    assert not {"sizes", "formats"} & said.keys()
    assert gone.files == ()
    assert gone.withdrawn_at == NOW
    text = datacite_xml.write(gone).decode()
    assert "The wrong sample" in text
    assert "open_0001" not in text
