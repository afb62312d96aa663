"""Landing pages as they are served: negotiation, typed links, tombstones, samples and collections, downloads."""

import json
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import bagit
import httpx2
import pytest
from lxml import etree, html
from signposting import find_signposting_http
from tests.landing import world as building
from tests.landing.world import NOW, World, publication

from verriere.model import Account, Duty, PidKind, PidState, Publication
from verriere.serve.auth.passwords import hash_password
from verriere.testing import LiveServer

PASSWORD = "the light comes from above"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The world with DOIs: open, embargoed, withdrawn, reserved, and of everything else."""
    built = building.build(tmp_path_factory.mktemp("served"))
    kinds = PidKind
    found = [
        publication(kinds.DATASET, "open", "10.5072/open.v1"),
        publication(kinds.DATASET, "embargoed", "10.5072/embargoed.v1"),
        publication(kinds.DATASET, "orphan", "10.5072/orphan.v1", "The wrong <sample>"),
        publication(kinds.VISIT, "20220088-S", "10.5072/visit"),
        publication(kinds.INSTRUMENT, "SWING", "10.5072/swing"),
        publication(kinds.SAMPLE, "AgBeh", "10.5072/agbeh"),
        publication(kinds.COLLECTION, "rings", "10.5072/rings"),
        Publication("10.5072/reserved", kinds.VISIT, "20260415-P", NOW, NOW, wanted=PidState.DRAFT),
    ]
    with built.facility as facility:
        facility.catalogue.put_publications([each for each in found if each], now=NOW, by="office")
        known = [each for each in facility.catalogue.publications() if each.wanted is not PidState.DRAFT]
        facility.catalogue.confirm([(each, PidState.FINDABLE) for each in known], now=NOW, by="registrar")
        facility.catalogue.add_account(Account("claire", building.CLAIRE.email, "Claire"), hash_password(PASSWORD))
        facility.catalogue.add_account(Account("ben", building.BEN.email, "Ben", Duty.USER), hash_password(PASSWORD))
        yield built


@pytest.fixture(scope="module")
def client(published: World) -> Iterator[httpx2.Client]:
    with LiveServer(published.facility) as server, httpx2.Client(base_url=server.url, timeout=60) as talking:
        yield talking


OPEN = "/doi/10.5072/open.v1"


@pytest.mark.parametrize(
    ("accept", "media_type", "beginning"),
    [
        ("", "text/html", "<!doctype html>"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html", "<!doctype html>"),
        ("application/vnd.datacite.datacite+xml", "application/vnd.datacite.datacite+xml", "<?xml"),
        ("application/vnd.datacite.datacite+json", "application/vnd.datacite.datacite+json", "{"),
        ("application/ld+json", "application/ld+json", '{\n  "@context": "https://schema.org/"'),
        (
            'application/ld+json;profile="https://w3id.org/ro/crate"',
            "application/ld+json",
            '{\n  "@context": "https://w3id',
        ),
        ("text/turtle, application/rdf+xml;q=0.5", "text/turtle", "@prefix"),
        ("application/rdf+xml", "application/rdf+xml", "<?xml"),
        ("application/x-bibtex", "application/x-bibtex", "@dataset{"),
        ("application/x-research-info-systems", "application/x-research-info-systems", "TY  - DATA"),
        ("application/linkset+json", "application/linkset+json", '{\n  "linkset"'),
        ("application/vnd.citationstyles.csl+json;q=0.9, image/png", "application/vnd.citationstyles.csl+json", "["),
    ],
)
def test_a_doi_is_had_in_the_form_that_is_liked_best(
    client: httpx2.Client, accept: str, media_type: str, beginning: str
) -> None:
    answer = client.get(OPEN, headers={"Accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].partition(";")[0] == media_type
    assert answer.text.startswith(beginning)
    assert {"Accept", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))


def test_what_cannot_be_given_is_not_acceptable(client: httpx2.Client) -> None:
    assert client.get(OPEN, headers={"Accept": "image/png"}).status_code == 406
    assert client.get(OPEN, headers={"Accept": "text/html;q=0, image/png"}).status_code == 406


def test_the_page_speaks_the_readers_language(client: httpx2.Client) -> None:
    for language, said in (("fr", "Comment citer"), ("en", "How to cite")):
        answer = client.get(OPEN, headers={"Accept-Language": language})
        assert said in answer.text
        assert answer.headers["Content-Language"] == language
        assert f'href="/{"en" if language == "fr" else "fr"}/datasets/open"' in answer.text


@pytest.mark.parametrize("path", ["/doi/10.5072/reserved", "/doi/10.5072/nothing", f"{OPEN}?format=nothing"])
def test_reserved_and_unknown_are_the_same(client: httpx2.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_page_shows_who_paid_who_made_it_and_how_to_cite_it(client: httpx2.Client) -> None:
    page = client.get(OPEN).text
    for said in (
        "https://orcid.org/0000-0002-1825-0097",
        "https://ror.org/01ydb3330",
        "Agence nationale de la recherche",
        "ANR-22-0001",
        "https://doi.org/10.2210/pdb1lyz/pdb",
        "https://doi.org/10.1107/s1600577518002278",
        "BibTeX",
        "Suharto; Zeolite Consortium (2026): Rings.",
        "/samples/AgBeh",
        "10.5072/open.v1",
    ):
        assert said in page, said


def test_search_engines_read_the_dataset_in_the_page(client: httpx2.Client) -> None:
    page = html.fromstring(client.get(OPEN).text)
    (text,) = page.xpath("//script[@type='application/ld+json']/text()")
    said = json.loads(text)
    assert said["@type"] == "Dataset"
    assert said["distribution"][0]["contentUrl"].endswith("/datasets/open/files/open_0001.nxs")


def test_signposts_lead_a_client_that_others_wrote_to_metadata_and_data(client: httpx2.Client) -> None:
    address = str(client.base_url).rstrip("/") + OPEN
    found = find_signposting_http(address)
    assert found.citeAs is not None
    assert found.citeAs.target == "https://doi.org/10.5072/open.v1"
    assert {link.target for link in found.authors} == {
        "https://orcid.org/0000-0002-1825-0097",
        "https://ror.org/01ydb3330",
    }
    assert found.license is not None
    assert found.license.target == "https://creativecommons.org/licenses/by/4.0/"
    assert {link.target for link in found.types} == {"https://schema.org/AboutPage", "https://schema.org/Dataset"}
    for link in (*found.describedBy, *found.items):
        answer = client.get(link.target)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].partition(";")[0] == link.type
    assert len(found.items) == 2
    (linkset,) = found.linksets
    every = client.get(linkset.target).json()["linkset"]
    assert {one["anchor"] for one in every} > {address}


def test_files_and_records_lead_back_to_the_page(client: httpx2.Client) -> None:
    assert 'rel="collection"' in client.get("/datasets/open/files/open_0001.nxs").headers["Link"]
    assert f'{OPEN}>; rel="describes"' in client.get(f"{OPEN}?format=datacite.xml").headers["Link"]


def test_a_tombstone_is_gone_with_its_metadata(client: httpx2.Client) -> None:
    page = client.get("/doi/10.5072/orphan.v1")
    assert page.status_code == 410
    assert "The wrong &lt;sample&gt;" in page.text
    assert "orphan_0001" not in page.text
    said = client.get("/doi/10.5072/orphan.v1", headers={"Accept": "application/vnd.datacite.datacite+xml"})
    assert said.status_code == 410
    assert etree.fromstring(said.content).find(".//{*}date[@dateType='Withdrawn']") is not None


@pytest.mark.parametrize(
    "path", ["/doi/10.5072/embargoed.v1", "/en/datasets/embargoed", "/records/linkset.json/dataset/embargoed"]
)
def test_nothing_of_embargoed_data_but_its_citation_is_served(client: httpx2.Client, path: str) -> None:
    for accept in ("text/html", "application/ld+json", "text/turtle", "application/vnd.datacite.datacite+json"):
        answer = client.get(path, headers={"Accept": accept})
        assert answer.status_code == 200
        told = answer.text + str(answer.headers)
        assert not any(
            secret in told for secret in ("embargoed_0001", "secret powder", "zeolite that nobody", "sha256")
        )


@pytest.mark.parametrize("identifier", ["private", "lost"])
def test_no_record_of_what_nobody_may_know_of(client: httpx2.Client, identifier: str) -> None:
    assert client.get(f"/records/datacite.xml/dataset/{identifier}").status_code == 404
    assert client.get(f"/datasets/{identifier}/download").status_code == 404
    assert identifier not in client.get("/sitemap.xml").text


def test_the_sitemap_has_every_page_that_anyone_may_see(client: httpx2.Client) -> None:
    answer = client.get("/sitemap.xml")
    found = [one.text for one in etree.fromstring(answer.content).iter("{*}loc")]
    paths = {str(one).removeprefix(str(client.base_url).rstrip("/")) for one in found}
    assert {
        OPEN,
        "/doi/10.5072/embargoed.v1",
        "/doi/10.5072/swing",
        "/doi/10.5072/rings",
        "/instruments/PLAIN",
    } <= paths
    assert "/doi/10.5072/reserved" not in paths
    for path in paths - {"/doi/10.5072/orphan.v1"}:
        assert client.get(path, follow_redirects=True).status_code == 200, path
    assert "/sitemap.xml" in client.get("/robots.txt").text
    assert client.get("/sitemap-9.xml").status_code == 404


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/en/samples/AgBeh", ["silver behenate", "C22H43AgO2", "/en/datasets/open", "/en/proposals/20220088"]),
        ("/en/collections/rings", ["Rings of all kinds", "/doi/10.5072/open.v1"]),
        ("/en/instruments/SWING", ["DECTRIS", "EIGER 4M", "2009-06-01", "10.5072/swing"]),
        ("/fr/visits/20220088-S", ["Fontaine, Claire", "10.5072/visit", "Agence nationale"]),
        ("/en/proposals/20220088", ["/en/samples/AgBeh"]),
        ("/doi/10.5072/agbeh", ["silver behenate"]),
        ("/doi/10.5072/rings", ["Rings of all kinds"]),
    ],
)
def test_pages_of_what_a_doi_can_stand_for(client: httpx2.Client, path: str, said: list[str]) -> None:
    page = client.get(path)
    assert page.status_code == 200
    for text in said:
        assert text in page.text, text
    for secret in ("do not eat", "private"):
        assert secret not in page.text


def test_a_sample_is_for_its_team_until_data_of_it_are_described(client: httpx2.Client, published: World) -> None:
    assert client.get("/en/samples/zeolite").status_code == 404
    assert client.get("/en/samples/AgBeh-2").status_code == 404
    assert "zeolite" not in client.get("/en/proposals/20260415").text.replace("zeolites", "")


def test_everything_is_downloaded_as_a_bag_that_is_whole(client: httpx2.Client, tmp_path: Path) -> None:
    answer = client.get("/datasets/open/download")
    assert answer.headers["Content-Type"] == "application/zip"
    with zipfile.ZipFile(BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path)
    bag = bagit.Bag(str(tmp_path / "open"))
    assert bag.validate() is True
    assert set(bag.payload_files()) == {"data/open_0001.nxs", "data/ro-crate-metadata.json"}


def test_embargoed_bytes_are_refused_however_they_are_asked_for(client: httpx2.Client) -> None:
    assert client.get("/datasets/embargoed/download").status_code == 403
    assert client.head("/datasets/embargoed/download").status_code == 403
    assert client.get("/datasets/embargoed/download?version=7").status_code == 403
