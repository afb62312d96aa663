"""Bytes as programs ask for them: whole, in part, again, and by those who may not."""

import base64

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.serve.hall import Hall

from verriere.serve.data.disposition import attachment
from verriere.serve.data.ranges import Answer, Span, decide

PATH = "/datasets/ds-open/files/AgBh_0001.nxs"


def test_whole_file_comes_with_its_digest_and_name(client: httpx2.Client, hall: Hall) -> None:
    answer = client.get(PATH)
    file = hall.open.files[0]
    digest = base64.b64encode(bytes.fromhex(file.sha256)).decode()
    assert len(answer.content) == file.size
    assert answer.headers["etag"] == f'"{file.sha256}"'
    assert answer.headers["repr-digest"] == f"sha-256=:{digest}:"
    assert answer.headers["content-disposition"].startswith('attachment; filename="AgBh_0001.nxs"')
    assert answer.headers["accept-ranges"] == "bytes"
    assert "sandbox" in answer.headers["content-security-policy"]


def test_head_says_the_same_without_the_bytes(client: httpx2.Client) -> None:
    head, get = client.head(PATH), client.get(PATH)
    same = ("etag", "content-length", "repr-digest", "content-type", "content-disposition")
    assert {name: head.headers[name] for name in same} == {name: get.headers[name] for name in same}
    assert head.content == b""


def test_an_interrupted_download_is_taken_up_where_it_stopped(client: httpx2.Client) -> None:
    whole = client.get(PATH)
    etag = whole.headers["etag"]
    rest = client.get(PATH, headers={"Range": "bytes=1000-", "If-Range": etag})
    assert rest.status_code == 206
    assert rest.headers["content-range"] == f"bytes 1000-{len(whole.content) - 1}/{len(whole.content)}"
    assert whole.content[:1000] + rest.content == whole.content
    other = client.get(PATH, headers={"Range": "bytes=1000-", "If-Range": '"another version"'})
    assert (other.status_code, other.content) == (200, whole.content)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=0-0", 206),
        ("bytes=-5", 206),
        ("bytes=0-999999999", 206),
        ("bytes=999999999-", 416),
        ("bytes=-0", 416),
        ("bytes=5-2", 200),
        ("bytes=0-1,4-5", 200),
        ("lines=1-2", 200),
        ("bytes=x", 200),
    ],
)
def test_ranges_are_answered_as_the_standard_says(client: httpx2.Client, asked: str, status: int) -> None:
    assert client.get(PATH, headers={"Range": asked}).status_code == status


def test_an_unsatisfiable_range_is_told_the_size(client: httpx2.Client, hall: Hall) -> None:
    answer = client.get(PATH, headers={"Range": "bytes=999999999-"})
    assert answer.headers["content-range"] == f"bytes */{hall.open.files[0].size}"


def test_what_one_has_already_is_not_sent_again(client: httpx2.Client) -> None:
    etag = client.head(PATH).headers["etag"]
    for condition in (etag, f"W/{etag}", f'"other", {etag}', "*"):
        answer = client.get(PATH, headers={"If-None-Match": condition})
        assert (answer.status_code, answer.content) == (304, b"")
    assert client.get(PATH, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(PATH, headers={"If-Match": '"other"'}).status_code == 412


def test_bytes_of_an_embargoed_dataset_are_refused_whatever_the_name(client: httpx2.Client) -> None:
    there = client.get("/datasets/ds-embargoed/files/grains_0042.nxs")
    not_there = client.get("/datasets/ds-embargoed/files/unknown_0042.nxs")
    assert there.status_code == not_there.status_code == 403
    assert there.text.replace("grains", "unknown") == not_there.text
    for path in ("plot", "plot.png", "plot-dark.png", "plot.csv"):
        assert client.get(f"/en/datasets/ds-embargoed/{path}").status_code == 403


@pytest.mark.parametrize(
    "path", ["../ds-private/batch.nxs", "%2e%2e/ds-private/batch.nxs", "/etc/passwd", "AgBh_0001.nxs/", ""]
)
def test_a_name_that_is_not_in_the_dataset_is_not_found(client: httpx2.Client, path: str) -> None:
    assert client.get(f"/datasets/ds-open/files/{path}").status_code == 404


def test_bytes_that_have_changed_are_never_sent(client: httpx2.Client, hall: Hall) -> None:
    path = hall.facility.archive.path_of(hall.wicked.id, hall.wicked.files[0].path)
    kept = path.read_bytes()
    mode = path.stat().st_mode
    path.chmod(0o644)
    try:
        path.write_bytes(kept + b"more")
        answer = client.get(f"/datasets/ds-wicked/files/{httpx2.QueryParams({'p': hall.wicked.files[0].path})['p']}")
    finally:
        path.write_bytes(kept)
        path.chmod(mode)
    assert answer.status_code == 500
    assert "not as it was recorded" in answer.text


@given(st.integers(1, 10_000), st.integers(0, 20_000), st.one_of(st.none(), st.integers(0, 20_000)))
def test_a_span_never_leaves_the_file(size: int, first: int, last: int | None) -> None:
    header = f"bytes={first}-{'' if last is None else last}"
    decided = decide({"range": header}, etag='"x"', size=size)
    if isinstance(decided, Span):
        assert 0 <= decided.start < decided.stop <= size
        assert decided.start == first
    else:
        assert decided in (Answer.UNSATISFIABLE, Answer.WHOLE)
        assert first >= size or (last is not None and last < first)


@given(st.text())
def test_a_file_name_never_breaks_its_header(name: str) -> None:
    value = attachment(name.encode("utf-8", "replace").decode())
    value.encode("ascii")
    assert value.count('"') == 2
    assert "\n" not in value
    assert "\r" not in value
