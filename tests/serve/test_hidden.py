"""Nobody learns from the portal that something exists which they may not know of."""

import re

import httpx2
import pytest
from tests.serve.test_login import log_in


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
