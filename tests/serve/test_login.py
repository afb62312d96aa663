"""Logging in and out: wrong passwords, guessing, forged forms, cookies, where one is sent afterwards."""

import re
from collections.abc import Iterator

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.serve.hall import PASSWORD

from verriere.serve.auth.throttle import PER_ACCOUNT
from verriere.testing import FrozenClock, LiveServer
from verriere.urls import safe_next

TOKEN = re.compile(r'name="form_token" value="([0-9a-f]{64})"')


def form(client: httpx2.Client, path: str = "/en/login") -> dict[str, str]:
    """The hidden part of a form."""
    found = TOKEN.search(client.get(path).text)
    assert found
    return {"form_token": found[1]}


def log_in(client: httpx2.Client, username: str, password: str = PASSWORD, **more: str) -> httpx2.Response:
    return client.post("/en/login", data={**form(client), "username": username, "password": password, **more})


@pytest.fixture
def later(clock: FrozenClock) -> Iterator[FrozenClock]:
    """The clock, put back afterwards."""
    before = clock()
    yield clock
    clock.set(before)


def test_name_or_address_with_the_password_opens_a_session(client: httpx2.Client) -> None:
    for name in ("claire", "Claire@Lab.example"):
        answer = log_in(client, name)
        assert (answer.status_code, answer.headers["location"]) == (303, "/en/my-data")
        assert "Claire Fontaine" in client.get("/en/").text
        client.cookies.clear()


def test_wrong_password_and_unknown_name_get_the_same_answer(client: httpx2.Client) -> None:
    wrong, unknown = log_in(client, "louis", "wrong"), log_in(client, "nobody", "wrong")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.text.replace("louis", "nobody") == unknown.text


def test_guessing_is_stopped_even_for_the_right_password_until_time_has_passed(
    client: httpx2.Client, later: FrozenClock
) -> None:
    for _ in range(PER_ACCOUNT):
        assert log_in(client, "office", "a guess").status_code == 401
    refused = log_in(client, "office")
    assert refused.status_code == 429
    assert "Wait a quarter of an hour" in refused.text
    assert log_in(client, "claire").status_code == 303
    client.cookies.clear()
    later.move(minutes=16)
    assert log_in(client, "office").status_code == 303


@pytest.mark.parametrize("token", ["", "0" * 64])
def test_a_form_without_the_pages_token_is_refused(client: httpx2.Client, token: str) -> None:
    client.get("/en/login")
    answer = client.post("/en/login", data={"username": "claire", "password": PASSWORD, "form_token": token})
    assert answer.status_code == 403
    assert "verriere_session" not in client.cookies


def test_a_form_sent_by_another_site_is_refused(client: httpx2.Client) -> None:
    data = {**form(client), "username": "claire", "password": PASSWORD}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}):
        assert client.post("/en/login", data=data, headers=headers).status_code == 403


def test_the_token_of_one_session_is_worth_nothing_in_another(client: httpx2.Client, server: LiveServer) -> None:
    log_in(client, "claire")
    token = form(client, "/en/")
    with httpx2.Client(base_url=server.url) as other:
        log_in(other, "louis")
        assert other.post("/en/logout", data=token).status_code == 403
        assert "Louis Moreau" in other.get("/en/").text


def test_cookies_are_hidden_from_scripts_and_other_sites(client: httpx2.Client) -> None:
    asked, given_ = client.get("/en/login"), log_in(client, "claire")
    for cookie in (asked.headers["set-cookie"], given_.headers["set-cookie"]):
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
    assert "set-cookie" not in client.get("/en/search").headers


def test_logging_out_ends_the_session_in_the_catalogue_too(client: httpx2.Client) -> None:
    log_in(client, "claire")
    session = client.cookies["verriere_session"]
    assert client.get("/en/logout").status_code == 405
    assert client.post("/en/logout", data=form(client, "/en/")).status_code == 303
    client.cookies.set("verriere_session", session)
    assert client.get("/en/my-data").status_code == 303


def test_a_session_ends_by_itself(client: httpx2.Client, later: FrozenClock) -> None:
    log_in(client, "claire")
    assert client.get("/en/my-data").status_code == 200
    later.move(hours=13)
    assert client.get("/en/my-data").status_code == 303


def test_logging_in_again_gives_a_new_session_and_ends_the_old_one(client: httpx2.Client) -> None:
    log_in(client, "claire")
    first = client.cookies["verriere_session"]
    token = form(client, "/en/")
    client.post("/en/login", data={**token, "username": "louis", "password": PASSWORD})
    assert client.cookies["verriere_session"] != first
    client.cookies.clear()
    client.cookies.set("verriere_session", first)
    assert client.get("/en/my-data").status_code == 303


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/en/", "/\\evil.example", "javascript:x", "/en/\n"]
)
def test_login_never_leads_to_another_site(client: httpx2.Client, target: str) -> None:
    assert log_in(client, "claire", next=target).headers["location"] == "/en/my-data"


def test_login_leads_back_to_where_one_came_from(client: httpx2.Client) -> None:
    answer = log_in(client, "claire", next="/fr/search?q=a&page=2")
    assert answer.headers["location"] == "/fr/search?q=a&page=2"


@given(st.text())
def test_where_one_is_sent_is_always_a_page_of_ours(target: str) -> None:
    chosen = safe_next(target, otherwise="/en/")
    assert chosen.startswith(("/en/", "/fr/"))
    assert "//" not in chosen.split("?")[0]
    assert "\\" not in chosen
