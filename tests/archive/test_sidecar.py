"""Whatever is known of a dataset comes back from its sidecar, and the same facts are the same bytes."""

import json
import math
from collections.abc import Mapping
from dataclasses import is_dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from verriere.archive import sidecar
from verriere.errors import RecordInvalid, RecordTooNew
from verriere.model import (
    Capture,
    Dataset,
    Instrument,
    Member,
    Parameter,
    Person,
    Proposal,
    Role,
    Sample,
    State,
    Visit,
)

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
ZONES = st.sampled_from([UTC, timezone(timedelta(hours=2)), timezone(timedelta(hours=-9, minutes=-30))])
FINITE = st.floats(allow_nan=False) | st.sampled_from([0.1, 1e300, 5e-324])


def any_of(hint: Any) -> st.SearchStrategy[Any]:
    """Any value that a field of the model may have, with short lists."""
    parts = get_args(hint)
    if get_origin(hint) is tuple:
        return st.lists(any_of(parts[0]), max_size=2).map(tuple) if ... in parts else st.tuples(*map(any_of, parts))
    if get_origin(hint) is Mapping:
        return st.dictionaries(TEXT, TEXT, max_size=2)
    if parts:
        return st.one_of(*map(any_of, parts))
    if is_dataclass(hint):
        assert isinstance(hint, type)
        return st.builds(hint, **{name: any_of(part) for name, part in get_type_hints(hint).items()})
    leaves: dict[Any, st.SearchStrategy[Any]] = {str: TEXT, float: FINITE, datetime: st.datetimes(timezones=ZONES)}
    return leaves[hint] if hint in leaves else st.from_type(hint)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from([Dataset, Instrument, Proposal, Sample, Visit]).flatmap(any_of))
def test_every_record_comes_back_and_the_same_facts_are_the_same_bytes(record: sidecar.Record) -> None:
    text = sidecar.encode(record)
    assert sidecar.decode_any(text) == record
    assert sidecar.encode(sidecar.decode_any(text)) == text


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(any_of(Dataset), st.sampled_from([math.nan, math.inf, -math.inf, 1.5]))
def test_a_sidecar_is_json_that_any_reader_takes(dataset: Dataset, value: float) -> None:
    def refuse(constant: str) -> None:
        pytest.fail(f"{constant} is no JSON")

    speaks = Capture("nexus", parameters=(Parameter("x", "/x", value),))
    text = sidecar.encode(replace(dataset, captures=(("scan.nxs", speaks), *dataset.captures)))
    document = json.loads(text.decode("utf-8"), parse_constant=refuse)
    assert (document["schema"], document["version"]) == ("verriere.dataset", "1.0")
    canonical = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert text == canonical.encode() + b"\n"


DATASET = Dataset("d1", 1, "/spool/scan.nxs", "AgBh", State.OPEN, datetime(2024, 1, 2, tzinfo=UTC))


def with_value(value: float | str) -> Dataset:
    """A dataset that knows one parameter."""
    return replace(DATASET, captures=(("scan.nxs", Capture("nexus", parameters=(Parameter("x", "/x", value),))),))


def value_in(dataset: Dataset) -> float | str | None:
    """The value of that parameter."""
    assert dataset.capture is not None
    return dataset.capture.parameters[0].value


def test_a_number_and_a_text_that_looks_like_one_stay_apart() -> None:
    for value in (1.0, "1.0", "nan", "inf", math.inf, -math.inf, 0.1 + 0.2):
        assert value_in(sidecar.decode(Dataset, sidecar.encode(with_value(value)))) == value
    back = value_in(sidecar.decode(Dataset, sidecar.encode(with_value(math.nan))))
    assert isinstance(back, float)
    assert math.isnan(back)


def test_text_that_is_no_unicode_is_written_so_that_it_can_be_read() -> None:
    text = sidecar.encode(with_value("caf\udce9"))
    assert value_in(sidecar.decode(Dataset, text)) == "caf\\udce9"


def altered(**values: object) -> bytes:
    """A sidecar with other values in its envelope."""
    return json.dumps(json.loads(sidecar.encode(DATASET)) | values).encode()


def test_a_record_of_a_newer_package_says_what_to_do() -> None:
    for text in (altered(version="2.0"), altered(schema="verriere.hologram")):
        with pytest.raises(RecordTooNew) as refused:
            sidecar.decode(Dataset, text)
        assert "pip install --upgrade" in refused.value.hint


def test_what_a_newer_minor_version_adds_is_left_out() -> None:
    content = json.loads(sidecar.encode(DATASET))["content"] | {"mood": "bright"}
    assert sidecar.decode(Dataset, altered(version="1.7", content=content)) == DATASET


@pytest.mark.parametrize(
    "text",
    [b"", b"\xff", b"[]", b"{}", b'{"schema":"verriere.dataset"}', altered(content={}), altered(version=None)],
)
def test_what_is_no_record_is_refused(text: bytes) -> None:
    with pytest.raises(RecordInvalid):
        sidecar.decode(Dataset, text)


def test_a_proposal_is_no_visit() -> None:
    people = (Member(Person("Curie, Irène", "irene@example.org"), Role.PRINCIPAL_INVESTIGATOR),)
    text = sidecar.encode(Proposal("20240123", "Silver behenate", members=people))
    assert sidecar.decode(Proposal, text).members == people
    with pytest.raises(RecordInvalid, match=r"verriere\.proposal"):
        sidecar.decode(Visit, text)
