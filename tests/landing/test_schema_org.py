"""schema.org: what search engines read, with every identifier, and never a page in the place of data."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from tests.landing.strategies import landings
from tests.landing.world import ANR, ORCID, ORIGIN, SOLEIL, World

from verriere.model import PidKind
from verriere.publish.formats import schema_org
from verriere.publish.landing import Landing


def _document(landing: Landing) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(schema_org.write(landing))
    return found


def test_an_open_dataset_has_all_that_makes_it_findable(world: World) -> None:
    said = _document(world.landing(PidKind.DATASET, "open", doi="10.5072/x"))
    assert said["@context"] == "https://schema.org/"
    assert said["@type"] == "Dataset"
    assert said["@id"] == "https://doi.org/10.5072/x"
    assert said["creator"][0]["@id"] == ORCID
    assert said["publisher"]["@id"] == SOLEIL
    assert said["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert said["isAccessibleForFree"] is True
    assert said["funding"][0]["funder"]["@id"] == ANR
    assert said["temporalCoverage"] == "2022-08-06T09:30:00+02:00/2022-08-06T10:30:00+02:00"
    assert said["measurementTechnique"][0]["termCode"] == "PaNET01188"
    energy = next(one for one in said["variableMeasured"] if one["name"] == "energy")
    assert (energy["value"], energy["unitText"], energy["unitCode"]) == (
        12.0,
        "keV",
        "http://qudt.org/vocab/unit/KiloEV",
    )
    assert "https://manual.nexusformat.org/" in said["encodingFormat"]
    assert {one["@id"] for one in said["citation"]} >= {"https://doi.org/10.2210/pdb1lyz/pdb"}


def test_data_are_where_bytes_are_and_never_the_page(world: World) -> None:
    said = _document(world.landing(PidKind.DATASET, "open", doi="10.5072/x"))
    file, everything = said["distribution"]
    assert file["contentUrl"] == f"{ORIGIN}/datasets/open/files/open_0001.nxs"
    assert len(file["sha256"]) == 64
    assert everything["encodingFormat"] == "application/zip"
    assert said["url"] not in {file["contentUrl"], everything["contentUrl"]}


def test_a_citation_of_what_is_embargoed_offers_no_data(world: World) -> None:
    said = _document(world.landing(PidKind.DATASET, "embargoed", doi="10.5072/x"))
    assert not {"distribution", "size", "variableMeasured"} & said.keys()
    assert said["isAccessibleForFree"] is False
    assert said["conditionsOfAccess"].endswith("c_f1cf")
    assert said["datePublished"] == "2029-09-04"


def test_full_metadata_of_what_is_embargoed_say_where_the_bytes_will_be_and_what_they_are(candid: World) -> None:
    said = _document(candid.landing(PidKind.DATASET, "embargoed", doi="10.5072/x"))
    (everything,) = said["distribution"]
    assert everything["contentUrl"] == f"{ORIGIN}/datasets/embargoed/download"
    assert everything["encodingFormat"] == "application/x-hdf5"
    assert said["isAccessibleForFree"] is False


def test_a_tombstone_says_that_it_is_one(world: World) -> None:
    said = _document(world.landing(PidKind.DATASET, "open", doi="10.5072/gone", withdrawn="wrong"))
    assert said["creativeWorkStatus"] == "Withdrawn"
    assert "distribution" not in said


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(landing=landings)
def test_any_landing_is_json_that_cannot_end_a_script(landing: Landing) -> None:
    assert _document(landing)["@type"]
    assert "</script" not in schema_org.embedded(landing).casefold()
    assert json.loads(schema_org.embedded(landing)) == _document(landing)
