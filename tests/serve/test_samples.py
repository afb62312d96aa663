"""The team declares its samples without JavaScript; nobody else learns where they are nor what is dangerous."""

import re
from collections.abc import Callable, Iterator

import httpx2
import pytest
from playwright.sync_api import Page, expect
from tests.serve import hall as building
from tests.serve.conftest import log_in
from tests.serve.hall import Hall
from tests.serve.test_accessible import check
from tests.serve.test_login import log_in as enter

from verriere.model import PidKind, Sample
from verriere.publish import desk
from verriere.publish.formats.registry import FORMATS
from verriere.stewardship import samples
from verriere.testing import FrozenClock, LiveServer

SECRETS = ("cellar-under-the-ring", "by-night-courier", "hydrogen-cyanide")


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory, clock: FrozenClock) -> Iterator[Hall]:
    """A facility of these tests' own: they add to it."""
    built = building.build(tmp_path_factory.mktemp("samples"), clock)
    with built.facility:
        yield built


@pytest.fixture(scope="module")
def server(hall: Hall) -> Iterator[LiveServer]:
    """Its portal."""
    with LiveServer(hall.facility) as running:
        yield running


def token(page: str) -> str:
    found = re.search(r'name="form_token" value="(\w+)"', page)
    assert found
    return found[1]


def test_a_team_declares_a_sample_and_a_slice_of_it_and_says_what_was_measured(
    visitor: Callable[..., Page], hall: Hall
) -> None:
    page = visitor(java_script_enabled=False)
    log_in(page, "claire")
    page.goto("/en/proposals/20260415")
    page.get_by_role("link", name="Declare or change samples").click()
    page.get_by_label("Name").fill("Core A-12")
    page.get_by_label("Hazards").fill("hydrofluoric acid")
    page.get_by_role("button", name="Save").click()
    page.get_by_label("Name").fill("Slice 3")
    page.get_by_label("Cut from").select_option(label="Core A-12")
    page.get_by_role("button", name="Save").click()
    found = {each.name: each for each in hall.facility.catalogue.samples(proposal_id="20260415")}
    core, piece = found["Core A-12"], found["Slice 3"]
    assert (piece.parent_id, core.hazards) == (core.id, "hydrofluoric acid")
    page.get_by_role("link", name="Core A-12").click()
    expect(page.get_by_label("Cut from").get_by_role("option", name="Slice 3")).to_have_count(0)
    page.get_by_label("Hazards").fill("")
    page.get_by_role("button", name="Save").click()
    assert hall.facility.catalogue.sample(core.id).hazards == ""
    page.goto(f"/en/datasets/{hall.embargoed.id}")
    page.get_by_role("link", name="say what was measured").click()
    page.get_by_label("Sample").select_option(piece.id)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("link", name="Slice 3")).to_be_visible()
    assert hall.facility.catalogue.history(f"sample:{core.id}")[-1].by == "claire"


@pytest.mark.parametrize(("person", "statuses"), [(None, {403, 404}), ("louis", {403, 404})])
def test_others_neither_see_nor_send_the_forms(client: httpx2.Client, person: str | None, statuses: set[int]) -> None:
    if person:
        enter(client, person)
    pages = ("team/samples/20260415", "team/sample/20260415-1", "datasets/ds-embargoed/sample")
    for path in pages:
        assert client.get(f"/en/{path}").status_code in statuses
    hidden = [client.get(f"/en/team/{path}") for path in ("samples/20269031", "sample/20269031-1", "sample/never")]
    assert {each.status_code for each in hidden} == {404}
    home = client.get("/en/my-data").text
    form = {"form_token": token(home) if person else "", "name": "Planted", "sample": ""}
    for path in pages:
        assert client.post(f"/en/{path}", data=form).status_code in statuses


def test_a_form_without_its_token_is_refused_and_one_that_cannot_be_says_so(client: httpx2.Client) -> None:
    enter(client, "claire")
    path = "/en/team/samples/20260415"
    assert client.post(path, data={"name": "Planted"}).status_code == 403
    kept = token(client.get(path).text)
    refused = client.post(path, data={"form_token": kept, "name": "Orphan", "parent": "20220088-1"})
    assert refused.status_code == 400
    assert "nobody knows the sample" in refused.text
    assert 'value="Orphan"' in refused.text


def test_in_no_channel_do_others_learn_where_a_sample_is_or_what_is_dangerous(
    client: httpx2.Client, hall: Hall
) -> None:
    facility = hall.facility
    for identifier in ("20220088-1", "20260415-1"):
        known = facility.catalogue.sample(identifier)
        told = Sample(
            known.id, known.proposal_id, known.name, known.description, known.formula, None, "powder", *SECRETS
        )
        samples.declare(facility, told, by="office")
    doi = desk.publish(facility, PidKind.SAMPLE, "20220088-1", by="office").doi
    kinds = [(PidKind.SAMPLE, "20220088-1"), (PidKind.DATASET, "ds-open"), (PidKind.VISIT, "20220088-S")]
    paths = [f"/en/{kind.value}s/{identifier}" for kind, identifier in kinds]
    paths += [f"/records/{each.file}/{kind.value}/{name}" for each in FORMATS.values() for kind, name in kinds]
    paths += [f"/doi/{doi}?format={each.file}" for each in FORMATS.values()]
    paths += [f"/oai?verb=ListRecords&metadataPrefix={prefix}" for prefix in ("oai_dc", "oai_datacite")]
    paths += ["/panosc/api/Datasets", '/panosc/api/datasets?filter={"include":[{"relation":"samples"}]}']
    paths += [f"/en/search?q={word}" for word in SECRETS]
    paths += ["/en/proposals/20220088", "/en/proposals/20260415", "/en/samples/20260415-1", "/madmp/api/dmps"]
    for person in (None, "louis"):
        if person:
            enter(client, person)
        answers = {path: client.get(path, follow_redirects=True) for path in paths}
        assert sum(each.status_code == 200 for each in answers.values()) > len(FORMATS) * 2
        for path, answer in answers.items():
            shown = answer.text.replace(path.rpartition("q=")[2], "") if "search" in path else answer.text
            assert not any(secret in shown for secret in SECRETS), path
    for person in ("claire", "office"):
        with httpx2.Client(base_url=client.base_url) as inside:
            enter(inside, person)
            text = inside.get("/en/team/sample/20260415-1").text + inside.get("/en/samples/20260415-1").text
            assert all(secret in text for secret in SECRETS)


def test_everyone_sees_what_is_kept_of_them_and_takes_a_copy_of_that_alone(client: httpx2.Client) -> None:
    assert client.get("/en/my-personal-data/copy").status_code == 403
    enter(client, "claire")
    assert "Proposals and visits that name you" in client.get("/en/my-personal-data").text
    copy = client.get("/fr/my-personal-data/copy")
    assert copy.headers["content-disposition"].startswith("attachment")
    assert copy.json()["person"] == "claire@lab.example"
    assert "account" in {each["where"] for each in copy.json()["kept"]}
    assert "daniel@lab.example" not in copy.text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_forms_and_the_personal_page_are_accessible(visitor: Callable[..., Page], axe: str, language: str) -> None:
    page = visitor()
    log_in(page, "claire")
    paths = ("team/samples/20260415", "team/sample/20260415-1", "datasets/ds-embargoed/sample", "my-personal-data")
    check(page, axe, paths, language)
