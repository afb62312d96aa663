"""Harvested by programs that others wrote, over a real port; what the portal tells machines about itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import httpx2
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from oaipmh_scythe import Scythe
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sickle import Sickle
from tests.oai.conftest import publish
from tests.panosc.conftest import build

from verriere.facility import Facility
from verriere.publish.oai import Repository
from verriere.serve.rounds import prepare_harvests
from verriere.testing import LiveServer

FIREFOX = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}


@pytest.fixture(scope="module")
def server(described: Facility) -> Iterator[LiveServer]:
    with LiveServer(described) as running:
        yield running


@pytest.fixture(autouse=True)
def _small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verriere.publish.oai.repository.PAGE", 2)


def test_sickle_harvests_everything(server: LiveServer) -> None:
    harvester = Sickle(f"{server.url}/oai")
    for each in harvester.ListMetadataFormats():
        records = list(harvester.ListRecords(metadataPrefix=each.metadataPrefix))
        assert len({record.header.identifier for record in records}) == len(records) == 7
    assert harvester.Identify().deletedRecord == "persistent"
    assert {each.setSpec for each in harvester.ListSets()} >= {"openaire_data", "beamline", "year"}
    assert len(list(harvester.ListIdentifiers(metadataPrefix="oai_dc", set="openaire_data"))) == 3


def test_scythe_harvests_everything(server: LiveServer) -> None:
    with Scythe(f"{server.url}/oai") as harvester:
        records: list[Any] = list(harvester.list_records(metadata_prefix="oai_datacite"))
        assert len({str(record) for record in records}) == len(records) == 7
        one: Any = harvester.get_record(identifier=records[0].header.identifier, metadata_prefix="oai_dc")
        assert one.header.identifier == records[0].header.identifier
        assert getattr(harvester.identify(), "granularity", "") == "YYYY-MM-DDThh:mm:ssZ"


def test_a_form_asks_the_same_as_an_address(server: LiveServer) -> None:
    asked = {"verb": "ListSets"}
    posted = httpx2.post(f"{server.url}/oai", data=asked)
    assert posted.headers["content-type"].startswith("text/xml")
    assert (
        posted.text.split("<ListSets>")[1] == httpx2.get(f"{server.url}/oai", params=asked).text.split("<ListSets>")[1]
    )
    twice = httpx2.post(f"{server.url}/oai?verb=Identify", data={"verb": "Identify"})
    assert 'code="badVerb"' in twice.text
    many = httpx2.get(f"{server.url}/oai?verb=Identify" + "&a=1" * 500)
    assert 'code="badVerb"' in many.text
    assert httpx2.post(f"{server.url}/oai", json=asked).status_code == 200


def test_panosc_answers_errors_as_loopback_does(server: LiveServer) -> None:
    with httpx2.Client(base_url=f"{server.url}/panosc/api") as client:
        found = client.get("/datasets", params={"filter": '{"where":{"isPublic":true}}'})
        assert {each["isPublic"] for each in found.json()} == {True}
        assert found.headers["access-control-allow-origin"] == "*"
        one = client.get(f"/Datasets/{quote('10.5072/open', safe='')}")
        assert one.status_code in {200, 404}
        wrong = client.get("/Datasets", params={"filter": "{"})
        assert (wrong.status_code, wrong.json()["error"]["name"]) == (400, "Error")
        missing = client.get("/Datasets/nothing")
        assert missing.json()["error"]["code"] == "MODEL_NOT_FOUND"
        nowhere = client.get("/Planets")
        assert nowhere.json()["error"]["message"] == "There is no method to handle GET /Planets"
        assert client.get("/DATASETS/count").json() == {"count": client.get("/Datasets/count").json()["count"]}
        assert client.get("/Datasets/open/files/count").json() == {"count": 1}


def test_looks_and_downloads_are_counted_shown_and_reported(server: LiveServer, described: Facility) -> None:
    file = f"/datasets/open/files/{quote(described.catalogue.dataset('open').files[0].path)}"
    with httpx2.Client(base_url=server.url) as client:
        for _ in range(2):
            assert client.get("/en/datasets/open", headers=FIREFOX).status_code == 200
        client.get("/en/datasets/open", headers={"User-Agent": "Googlebot/2.1"})
        client.get(file, headers={"User-Agent": "curl/8.5.0"})
        client.get(file, headers={"User-Agent": "curl/8.5.0", "Range": "bytes=100-"})
        client.head(file, headers={"User-Agent": "curl/8.6.0"})
        server.flush()
        page = client.get("/fr/datasets/open", headers=FIREFOX).text
        assert "Consulté 2 fois" in page
        assert "Téléchargé 1 fois" in page
        report = client.get("/sushi/reports/dsr").json()
        (told,) = report["report-datasets"]
        instances = {
            (each["metric-type"], each["access-method"]): each["count"]
            for part in told["performance"]
            for each in part["instance"]
        }
        assert instances["total-dataset-investigations", "regular"] == 1
        assert instances["unique-dataset-requests", "machine"] == 1
        assert told["dataset-id"] == [{"type": "DOI", "value": "10.5072/open"}]
        assert client.get("/sushi/reports/dsr?begin_date=soon").json()["Code"] == 3020


def test_a_portal_that_knows_its_address_prepares_records(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VERRIERE_SERVE__PUBLIC_URL", "https://data.example.org/")
    with build(tmp_path / "facility", "sqlite://") as facility:
        publish(facility, "silver", "gold")
        prepare_harvests(facility)
        assert Repository(facility, "https://data.example.org").prepare(9) == 0


def test_what_is_described_is_what_answers(server: LiveServer) -> None:
    """Whatever is sent, nothing fails, and every answer is as the description says."""
    schema = schemathesis.openapi.from_url(f"{server.url}/openapi.json")
    operations = [cast("Any", result).ok() for result in schema.get_all_operations()]
    assert len(operations) == 14
    for operation in operations:
        _probe(operation, server.url)


def _probe(operation: Any, url: str) -> None:
    @settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(case=operation.as_strategy())
    def probe(case: Any) -> None:
        answer = case.call(base_url=url)
        case.validate_response(answer, checks=CHECKS)

    probe()


CHECKS = [
    not_a_server_error,
    response_schema_conformance,
    status_code_conformance,
    content_type_conformance,
]
