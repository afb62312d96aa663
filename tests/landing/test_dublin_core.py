"""Simple Dublin Core by the schema of OAI-PMH."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from tests.landing.strategies import landings
from tests.landing.world import World

from verriere.model import PidKind
from verriere.publish.formats import dublin_core
from verriere.publish.landing import Landing

_DC = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture(scope="module")
def schema(standards: Path) -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(str(standards / "oai-xsd/all.xsd")))


def _texts(landing: Landing, name: str) -> list[str]:
    return [each.text or "" for each in etree.fromstring(dublin_core.write(landing)).findall(_DC + name)]


def test_every_record_of_a_varied_catalogue_is_valid(world: World, schema: etree.XMLSchema) -> None:
    for landing in world.landings():
        schema.assertValid(etree.fromstring(dublin_core.write(landing)))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(landing=landings)
def test_any_landing_is_valid(landing: Landing, schema: etree.XMLSchema) -> None:
    schema.assertValid(etree.fromstring(dublin_core.write(landing)))


def test_openaire_reads_the_right_and_the_end_of_the_embargo(world: World) -> None:
    landing = world.landing(PidKind.DATASET, "embargoed", doi="10.5072/x")
    assert "info:eu-repo/semantics/embargoedAccess" in _texts(landing, "rights")
    assert "info:eu-repo/date/embargoEnd/2029-09-04" in _texts(landing, "date")
    assert _texts(landing, "identifier")[0] == "https://doi.org/10.5072/x"
