"""DCAT-AP 3.0.1 by the shapes of its authors."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from pyshacl import validate
from rdflib import Graph, Literal, URIRef
from rdflib.namespace import DCAT, DCTERMS, RDF
from tests.landing.strategies import landings
from tests.landing.world import World

from verriere.model import PidKind
from verriere.publish.formats import dcat
from verriere.publish.landing import Landing, Tie

_EU = "http://publications.europa.eu/resource/authority/access-right/"


@pytest.fixture(scope="module", params=["shapes", "range"])
def shapes(request: pytest.FixtureRequest, standards: Path) -> Graph:
    return Graph().parse(standards / f"dcat-ap/{request.param}.ttl")


def test_the_gate_refuses_what_is_wrong(standards: Path, shapes: Graph) -> None:
    bad = Graph().parse(standards / "dcat-ap/bad/catalogue.ttl")
    assert not validate(bad, shacl_graph=shapes)[0]


def test_every_record_of_a_varied_catalogue_conforms(world: World, candid: World, shapes: Graph) -> None:
    together = Graph()
    versioned = replace(
        world.landing(PidKind.DATASET, "open", doi="10.5072/open.v2"),
        concept_doi="10.5072/open",
        ties=(
            Tie("IsNewVersionOf", PidKind.DATASET, "open", "1", "https://x.example/1", "10.5072/open.v1"),
            Tie("HasVersion", PidKind.DATASET, "open", "2", "https://x.example/2", "10.5072/open.v3"),
        ),
    )
    others = [versioned, candid.landing(PidKind.DATASET, "embargoed", doi="10.5072/candid")]
    for landing in (*world.landings(), *others):
        together += dcat.graph(landing)
    conforms, _, said = validate(together, shacl_graph=shapes)
    assert conforms, said


@settings(
    max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(landing=landings)
def test_any_landing_conforms(landing: Landing, standards: Path) -> None:
    shapes = Graph().parse(standards / "dcat-ap/shapes.ttl")
    conforms, _, said = validate(dcat.graph(landing), shacl_graph=shapes)
    assert conforms, said


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(landing=landings)
def test_any_landing_says_the_same_in_each_syntax(landing: Landing) -> None:
    turtle = Graph().parse(data=dcat.write(landing), format="turtle")
    for text, form in ((dcat.write_jsonld(landing), "json-ld"), (dcat.write_xml(landing), "xml")):
        assert len(Graph().parse(data=text, format=form)) == len(turtle)
    assert dcat.write_xml(landing).lstrip().startswith(b"<?xml")


def test_an_embargoed_dataset_is_not_public_until_its_day(candid: World) -> None:
    graph = dcat.graph(candid.landing(PidKind.DATASET, "embargoed", doi="10.5072/x"))
    subject = URIRef("https://doi.org/10.5072/x")
    assert graph.value(subject, DCTERMS.accessRights) == URIRef(_EU + "NON_PUBLIC")
    assert graph.value(subject, DCTERMS.available) == Literal(
        "2029-09-04", datatype=URIRef("http://www.w3.org/2001/XMLSchema#date")
    )
    (node,) = graph.objects(subject, DCAT.distribution)
    assert str(graph.value(node, DCAT.downloadURL)).endswith("/datasets/embargoed/download")
    assert graph.value(node, DCAT.byteSize) is None


def test_the_files_of_an_open_dataset_are_distributions(world: World) -> None:
    graph = dcat.graph(world.landing(PidKind.DATASET, "open", doi="10.5072/x"))
    files = {str(one) for one in graph.objects(None, DCAT.downloadURL)}
    assert files == {
        "https://data.example.org/datasets/open/files/open_0001.nxs",
        "https://data.example.org/datasets/open/download",
    }
    assert (None, RDF.type, URIRef("http://spdx.org/rdf/terms#Checksum")) in graph
    assert "https://data.example.org/doi/10.5072/x" not in files  # the page is no data
