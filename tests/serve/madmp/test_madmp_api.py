"""The Common maDMP API, as programs use it; and as schemathesis does, with the RDA's description and with our own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.serve import hall as building

from verriere.facility import Facility
from verriere.stewardship.dmp import keeping
from verriere.testing import FrozenClock, LiveServer

VENDOR = "application/vnd.org.rd-alliance.dmp-common.v1.2+json"
OFFICE, CLAIRE, LOUIS = (("office", building.PASSWORD), ("claire", building.PASSWORD), ("louis", building.PASSWORD))


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """The API of a hall of its own: what is fuzzed here must not be seen elsewhere."""
    hall = building.build(tmp_path_factory.mktemp("plans"), FrozenClock(building.NOW))
    keeping.ensure(hall.facility)
    with (
        hall.facility,
        LiveServer(hall.facility) as server,
        httpx2.Client(base_url=f"{server.url}/madmp/api") as client,
    ):
        client.facility = hall.facility  # type: ignore[attr-defined]
        yield client


def example(shared: Path, name: str = "ex9-dmp-long") -> Any:
    return json.loads((shared / f"standards/madmp/examples/JSON/{name}.json").read_text(encoding="utf-8"))


def test_a_plan_is_created_read_overwritten_and_deleted(api: httpx2.Client, shared: Path) -> None:
    sent = example(shared)
    made = api.post("/dmps", json=sent, auth=LOUIS)
    assert made.status_code == 200
    assert made.json()["dmp"] == sent["dmp"]
    address = f"/dmps/{made.json()['id']}"
    read = api.get(address, auth=LOUIS, headers={"Accept": VENDOR})
    assert (read.headers["content-type"], read.json()) == (VENDOR, made.json())
    changed = {"dmp": {**sent["dmp"], "title": "Another title"}}
    early = {"If-Unmodified-Since": "2001-01-01T00:00:00Z"}
    assert api.put(address, json=changed, auth=LOUIS, headers=early).json()["error_code"] == "conflict"
    assert api.put(address, json=changed, auth=LOUIS, headers={"If-Match": '"x"'}).status_code == 409
    put = api.put(address, json=changed, auth=LOUIS, headers={"If-Match": read.headers["etag"]})
    assert put.json()["dmp"]["title"] == "Another title"
    assert put.json()["dmp"]["modified"] == put.headers["last-modified"] == "2026-09-14T10:00:00Z"
    assert api.delete(address, auth=LOUIS).status_code == 204
    assert api.get(address, auth=LOUIS).json()["error_code"] == "dmp_not_found"


def test_who_sees_which_plan(api: httpx2.Client, shared: Path) -> None:
    made = api.post("/dmps", json=example(shared), auth=LOUIS).json()["id"]
    assert {each["id"] for each in listed(api, CLAIRE)} == {"20260415"}
    assert {each["id"] for each in listed(api, LOUIS)} == {made}
    assert {"20220088", "20260415", "20269031", made} <= {each["id"] for each in listed(api, OFFICE)}
    for address in ("/dmps/20260415", "/dmps/nothing", f"/dmps/{made}"):
        nobody = api.get(address)
        assert (nobody.status_code, nobody.json()["error_code"]) == (401, "authentication_required")
        assert nobody.headers["www-authenticate"].startswith("Basic")
    hidden, nothing = (api.get(f"/dmps/{name}", auth=LOUIS) for name in ("20260415", "20260000"))
    assert hidden.status_code == nothing.status_code == 404
    assert hidden.text.replace("20260415", "") == nothing.text.replace("20260000", "")
    assert api.get("/dmps").status_code == 401
    assert api.get("/dmps", auth=("louis", "wrong")).status_code == 401
    assert api.delete("/dmps/20260415", auth=CLAIRE).status_code == 409
    assert api.put("/dmps/20260415", json={}, auth=LOUIS).status_code == 404
    api.delete(f"/dmps/{made}", auth=LOUIS)


def test_a_session_of_the_portal_is_enough_and_another_sites_page_is_not(api: httpx2.Client, shared: Path) -> None:
    facility: Facility = api.facility  # type: ignore[attr-defined]
    from verriere.serve.auth.sessions import Sessions

    token = Sessions(facility.catalogue, facility.now, hours=1).open(facility.catalogue.account("claire")[0])
    cookie = {"Cookie": f"verriere_session={token}"}
    assert api.get("/dmps/20260415", headers=cookie).status_code == 200
    foreign = {**cookie, "Sec-Fetch-Site": "cross-site"}
    assert api.post("/dmps", json=example(shared), headers=foreign).json()["error_code"] == "insufficient_permissions"


def test_plans_are_filtered_sorted_and_paged(api: httpx2.Client, shared: Path) -> None:
    names = [
        api.post("/dmps", json=example(shared, name), auth=LOUIS).json()["id"]
        for name in ("ex1-header-fundedProject", "ex4-dataset-embargo", "ex9-dmp-long")
    ]

    def found(**query: Any) -> set[str]:
        return {each["id"] for each in listed(api, LOUIS, **query)}

    assert found() == set(names)
    assert found(query="TWO YEARS (EMBARGO)") == {names[1]}
    assert names[1] in found(embargo_after="2021-01-01", embargo_before="2021-12-31")
    assert found(**{"contact_ids[]": "0000-0000-0000-0000"}) >= {names[1]}
    assert found(**{"dmp_ids[]": "nothing"}) == set()
    assert found(created_after="2018-01-01T00:00:00Z", modified_before="2019-02-23T00:00:00Z") >= {names[1]}
    assert found(ethical_issues_exist="false") >= {names[1]}
    titles = [each["dmp"]["title"] for each in listed(api, LOUIS, **{"sort[]": "title,asc"})]
    assert titles == sorted(titles, key=str.casefold)
    assert titles[1:2] == [
        each["dmp"]["title"] for each in listed(api, LOUIS, **{"sort[]": "title,asc"}, offset=1, count=1)
    ]
    for wrong in ({"count": 0}, {"count": 101}, {"offset": -1}, {"sort[]": "title"}, {"languages[]": "english"}):
        answer = api.get("/dmps", params=wrong, auth=LOUIS)
        assert (answer.status_code, answer.json()["error_code"]) == (400, "invalid_query_string"), wrong
    for name in names:
        api.delete(f"/dmps/{name}", auth=LOUIS)


def test_what_is_no_plan_is_refused_with_the_place(api: httpx2.Client) -> None:
    kind = {"Content-Type": "application/json"}
    broken = api.post("/dmps", content=b'{"dmp": }', headers=kind, auth=LOUIS)
    assert (broken.status_code, "line 1, column 9" in broken.json()["error_message"]) == (400, True)
    wrong = api.post("/dmps", json={"dmp": {"title": 5}}, auth=LOUIS)
    assert (wrong.json()["error_code"], "/dmp/title" in wrong.json()["error_message"]) == ("bad_request", True)
    assert api.post("/dmps", content=b"<x/>", headers={"Content-Type": "text/xml"}, auth=LOUIS).status_code == 415
    assert api.get("/dmps", headers={"Accept": "text/html"}, auth=LOUIS).json()["error_code"] == "not_acceptable"
    assert api.post("/dmps", content=b" " * 4_000_001, headers=kind, auth=LOUIS).status_code == 413
    assert api.patch("/dmps", auth=LOUIS).status_code == 405
    assert api.get("/dmps/%0Ax", auth=LOUIS).json()["error_code"] == "dmp_not_found"


def test_a_plan_that_the_standard_cannot_say_is_not_made_to_look_as_if(api: httpx2.Client) -> None:
    facility: Facility = api.facility  # type: ignore[attr-defined]
    plan, _ = keeping.take(facility, b'{"dmp": {"title": 5}}', "x.json", by="office", owner="louis@elsewhere.example")
    answer = api.get(f"/dmps/{plan.id}", auth=LOUIS)
    assert (answer.status_code, answer.json()["error_code"]) == (406, "not_acceptable")
    assert "/dmp/title" in answer.json()["error_message"]
    assert plan.id not in {each["id"] for each in listed(api, LOUIS)}


def listed(api: httpx2.Client, who: tuple[str, str], **query: Any) -> list[Any]:
    answer = api.get("/dmps", params={"count": 100, **query}, auth=who)
    assert answer.status_code == 200, answer.text
    items: list[Any] = answer.json()["items"]
    return items


@pytest.mark.parametrize("whose", ["theirs", "ours"])
def test_schemathesis_finds_nothing(api: httpx2.Client, shared: Path, tmp_path: Path, whose: str) -> None:
    if whose == "theirs":
        text = (shared / "standards/madmp-api/openapi.yaml").read_text(encoding="utf-8")
    else:
        text = json.dumps(api.get("/openapi.json").json())
    place = tmp_path / "description.yaml"
    place.write_text(text, encoding="utf-8")
    words = (
        "run",
        str(place),
        "--url",
        str(api.base_url),
        "--auth",
        ":".join(LOUIS),
        "--max-examples",
        "10",
        "--max-time",
        "15",
    )
    options = ("--seed", "1", "--no-shrink", "--generation-database", "none", "--no-color")
    program = [sys.executable, "-m", "schemathesis.cli", *words, *options]
    done = subprocess.run(program, capture_output=True, text=True, check=False, timeout=60, cwd=tmp_path)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
