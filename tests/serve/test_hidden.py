"""Nobody learns from the portal that something exists which they may not know of."""

import html
import re
from collections.abc import Iterator

import httpx2
import pytest
from tests.serve.test_login import log_in

from verriere.testing import LiveServer


@pytest.fixture(params=["server", "strict_server"])
def client(request: pytest.FixtureRequest) -> Iterator[httpx2.Client]:
    """A program that talks to the portal, under the usual rules on SQLite, and under others on PostgreSQL."""
    server: LiveServer = request.getfixturevalue(request.param)
    with httpx2.Client(base_url=server.url) as talking:
        yield talking


@pytest.fixture
def strict(strict_server: LiveServer) -> Iterator[httpx2.Client]:
    """The same where all metadata are public, and bytes for those who have registered."""
    with httpx2.Client(base_url=strict_server.url) as talking:
        yield talking


def answer(client: httpx2.Client, path: str) -> tuple[int, str]:
    got = client.get(path)
    return got.status_code, re.sub(r"(ds|2|no)[\w-]+", "ID", got.text)


@pytest.mark.parametrize("person", [None, "louis", "claire"])
@pytest.mark.parametrize("hidden", ["ds-private", "ds-lost"])
@pytest.mark.parametrize(
    "page", ["/en/datasets/{}", "/en/datasets/{}/plot", "/en/datasets/{}/files", "/datasets/{}/files/x"]
)
def test_a_hidden_dataset_answers_like_one_that_never_was(
    client: httpx2.Client, hidden: str, page: str, person: str | None
) -> None:
    if person:
        log_in(client, person)
    there, never = answer(client, page.format(hidden)), answer(client, page.format("ds-never"))
    assert there == never
    assert there[0] == 404


def test_proprietary_visits_and_proposals_answer_like_those_that_never_were(client: httpx2.Client) -> None:
    for kind, hidden in (("visits", "20269031-A"), ("proposals", "20269031")):
        assert answer(client, f"/en/{kind}/{hidden}") == answer(client, f"/en/{kind}/2099")


def test_what_is_hidden_is_neither_listed_nor_counted(client: httpx2.Client) -> None:
    for path in ("/en/", "/en/search", "/en/instruments/ANATOMIX", "/en/search?q=catalyst"):
        text = client.get(path).text
        assert "Catalyst" not in text
        assert "ds-private" not in text
    assert "5 datasets" in client.get("/en/search").text


def test_the_quarantine_is_the_data_offices(client: httpx2.Client) -> None:
    assert client.get("/en/quarantine").status_code == 403
    log_in(client, "claire")
    assert client.get("/en/quarantine").status_code == 404


@pytest.mark.parametrize(
    "attack",
    [
        "catalyst' OR '1'='1",
        "title:%",
        "sample:_",
        "beamline:ANATOMIX* -zeolite",
        "-status:open -status:embargoed",
        "status:proprietary or status:quarantined",
        "has:plot -id:ds-open",
        "id:ds-private or id:ds-lost",
        "visit:20269031-A or proposal:20269031",
        "person:rossi",
        "motor_001:0..1 -zeolite -silver",
        "cat\0alyst",
        "catalyst\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
        "catalyst batch" * 100,
    ],
)
def test_no_question_brings_out_what_is_hidden(client: httpx2.Client, attack: str) -> None:
    for person in (None, "louis"):
        if person:
            log_in(client, person)
        for query in ({"q": attack}, {"beamline": attack}, {"technique": attack, "year": "2022"}):
            got = client.get("/en/search", params=query)
            assert got.status_code in {200, 400}
            shown = got.text.replace(html.escape(attack), "")
            assert not re.search("datasets/ds-private|datasets/ds-lost|Catalyst batch|nobody knows what|Rossi", shown)


@pytest.mark.parametrize(("page", "shown"), [("ds-open", "Silver behenate, 2 m"), ("ds-embargoed", "Zeolite grains")])
def test_full_metadata_show_no_name_of_a_file_no_picture_and_no_person_of_it(
    strict: httpx2.Client, page: str, shown: str
) -> None:
    text = strict.get(f"/en/datasets/{page}").text
    assert shown in text
    assert "motor_000" in text
    for withheld in ("AgBh_0001", "grains_0042", "Someone Private", "private-login", "secret-folder", "plot.png"):
        assert withheld not in text
    for part in ("plot", "plot.csv", "plot.png", "plot-dark.png"):
        assert strict.get(f"/en/datasets/{page}/{part}").status_code == 403
    for file in ("AgBh_0001.nxs", "grains_0042.nxs", "nothing.nxs"):
        assert strict.get(f"/datasets/{page}/files/{file}").status_code == 403


def test_open_bytes_are_for_those_who_have_registered_where_the_facility_says_so(strict: httpx2.Client) -> None:
    assert strict.get("/datasets/ds-open/files/AgBh_0001.nxs").status_code == 403
    log_in(strict, "louis")
    assert strict.get("/datasets/ds-open/files/AgBh_0001.nxs").status_code == 200
    assert strict.get("/en/datasets/ds-open/plot.png").status_code == 200
    assert strict.get("/datasets/ds-embargoed/files/grains_0042.nxs").status_code == 403
