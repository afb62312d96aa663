"""What is for the team alone is in nothing that is published."""

import json
from dataclasses import replace

import httpx
import pytest
from tests.publish.world import EMBARGOED, OPEN

from verriere.facility import Facility
from verriere.model import ANONYMOUS, PidKind, Publication
from verriere.policy import Access, disclose
from verriere.publish import desk, queue
from verriere.publish.describe import landing_of
from verriere.publish.formats.registry import FORMATS
from verriere.publish.relate import related
from verriere.testing import LiveServer

SECRETS = ("pyrophoric-and-private", "cupboard-seven", "courier-nine")


@pytest.fixture
def published(facility: Facility) -> list[Publication]:
    """Everything that may be known is published; the sample of the open dataset has much that nobody may know."""
    hazards, location, shipment = SECRETS
    sample = facility.catalogue.sample("S1")
    secret = replace(sample, hazards=hazards, location=location, shipment=shipment)
    facility.catalogue.put_samples([secret], now=facility.now())
    for kind in (PidKind.SAMPLE, PidKind.DATASET, PidKind.VISIT, PidKind.INSTRUMENT):
        desk.publish_many(facility, kind, facility.catalogue.without_doi(kind), by="office")
    return facility.catalogue.publications(public=True)


def test_hazards_places_and_shipments_of_samples_are_in_no_format_and_no_channel(
    facility: Facility, published: list[Publication]
) -> None:
    assert PidKind.SAMPLE in {each.kind for each in published}
    said = []
    for each in published:
        landing = landing_of(facility, each, each.kind, each.subject_id)
        said += [form.write(landing).decode() for form in FORMATS.values()]
        said.append(json.dumps(dict(queue.message_of(facility, each).attributes)))
    paths = [
        "/oai?verb=ListRecords&metadataPrefix=oai_datacite",
        '/panosc/api/Datasets?filter={"include":[{"relation":"samples"}]}',
    ]
    paths += [f"/en/datasets/{OPEN}", "/en/proposals/P1", "/en/visits/V1"]
    with LiveServer(facility) as server, httpx.Client(base_url=server.url, timeout=30) as web:
        for path in paths:
            answer = web.get(path)
            assert answer.status_code == 200, path
            said.append(answer.text)
    assert "silver behenate" in "".join(said)
    for secret in SECRETS:
        assert not [text for text in said if secret in text]
        assert facility.catalogue.search(secret, ANONYMOUS).total == 0


def test_related_works_are_told_from_the_citation_on(facility: Facility) -> None:
    paper = related("IsSupplementTo", "10.1107/S1600577518002278")
    found = replace(facility.catalogue.dataset(EMBARGOED), related=(paper,))
    for access in (Access.CITATION, Access.METADATA, Access.DATA, Access.TEAM):
        assert disclose(found, access).related == (paper,)
