"""Plans of the RDA DMP Common Standard: read without loss, checked as its schema does, errors with their place."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, validators

from verriere.errors import InputInvalid
from verriere.model import Severity
from verriere.stewardship.dmp import reading, standard

SCHEMAS = Path(__file__).parents[4] / "shared/standards/madmp/examples/JSON/JSON-schema"


def schema(version: str) -> Any:
    return json.loads((SCHEMAS / version / f"maDMP-schema-{version}.json").read_text(encoding="utf-8"))


def validator(version: str) -> Any:
    return validators.validator_for(schema(version))(
        schema(version), format_checker=Draft202012Validator.FORMAT_CHECKER
    )


def examples(shared: Path) -> list[Path]:
    found = sorted((shared / "standards/madmp/examples/JSON").glob("ex*.json"))
    assert len(found) == 10
    return found


def errors(document: Any) -> set[str]:
    return {found.where for found in standard.check(document) if found.severity is Severity.ERROR}


def test_the_ten_official_examples_are_read_without_loss_and_have_no_error(shared: Path) -> None:
    for path in examples(shared):
        document = reading.read(path.read_bytes(), path.name)
        assert json.loads(document.text) == json.loads(path.read_text(encoding="utf-8")), path.name
        assert [found for found in document.findings if found.severity is Severity.ERROR] == [], path.name


def test_what_the_schema_refuses_is_found_with_its_place(shared: Path) -> None:
    bad = shared / "standards/madmp/bad"
    assert errors(json.loads((bad / "missing-contact.json").read_text())) == {"/dmp/contact"}
    assert errors(json.loads((bad / "wrong-vocabulary.json").read_text())) == {
        "/dmp/language",
        "/dmp/dataset/0/personal_data",
    }


def test_the_table_has_the_fields_and_words_of_the_schema(shared: Path) -> None:
    kept = schema("1.2")["$defs"]
    ours = {"Plan": "DMPData", "Identifier": "DMPID", "StandardIdentifier": "MetadataStandardID"}
    ours |= {"Related": "RelatedIdentifier", "Measure": "SecurityAndPrivacyItem", "Resource": "TechnicalResource"}
    ours |= {"Licence": "License"}
    for name, fields in standard.objects().items():
        if name != "Document":
            theirs = kept[ours.get(name, name)]
            assert set(fields) == set(theirs["properties"]), name
            assert {key for key, field in fields.items() if field.required} == set(theirs["required"]), name
    vocabularies = {"booleanish": "Booleanish", "language": "LanguageCode", "currency": "CurrencyCode"}
    vocabularies |= {"country": "CountryCode", "pid": "PIDSystemType", "certificate": "Certification"}
    vocabularies |= {"access": "DataAccess", "funding": "FundingStatus"}
    for name, theirs in vocabularies.items():
        assert list(standard.words(name)) == kept[theirs]["enum"], name


PARTS = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(-9, 9) | st.sampled_from(["", "yes", "2025-02-30"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["identifier", "type", "x"]), inner),
    max_leaves=4,
)


def places(value: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [here, *(place for key, part in inner for place in places(part, (*here, key)))]


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_plan_that_was_changed_anywhere_is_wrong_exactly_when_the_schema_says_so(shared: Path, data: Any) -> None:
    path = data.draw(st.sampled_from(examples(shared)))
    document = json.loads(path.read_text(encoding="utf-8"))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.sampled_from(places(document)[1:]))
        holder: Any = document
        for key in place[:-1]:
            holder = holder[key]
        if isinstance(holder, dict) and data.draw(st.booleans()):
            del holder[place[-1]]
        else:
            holder[place[-1]] = data.draw(PARTS)
        if not places(document)[1:]:
            break
    assert bool(errors(document)) == (not CHECKER["1.2"].is_valid(document))


CHECKER = {version: validator(version) for version in ("1.0", "1.1", "1.2")} if SCHEMAS.is_dir() else {}


TEXTS = {
    "date": st.dates().map(str),
    "date-time": st.datetimes().map(lambda moment: f"{moment:%Y-%m-%dT%H:%M:%SZ}").filter(lambda text: len(text) == 20),
    "email": st.just("jane.doe@example.org"),
    "uri": st.just("https://example.org/licence"),
}


def valid(of: Any) -> st.SearchStrategy[Any]:
    """Anything that a schema allows, of the few keywords that 1.0 and 1.1 use."""
    if "enum" in of:
        return st.sampled_from(of["enum"])
    if of["type"] == "object":
        parts = {key: valid(inner) for key, inner in of["properties"].items()}
        required = {key: parts.pop(key) for key in of.get("required", ())}
        return st.fixed_dictionaries(required, optional=parts)
    if of["type"] == "array":
        least = max(1, of.get("minItems", 0))
        return st.lists(valid(of["items"]), min_size=least, max_size=2, unique=of.get("uniqueItems", False))
    scalars = {"integer": st.integers(), "number": st.floats(-1e9, 1e9), "string": st.text()}
    return TEXTS[of["format"]] if "format" in of else scalars[of["type"]]


@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_what_is_valid_in_an_earlier_version_is_read_without_an_error(shared: Path, version: str) -> None:
    assert shared.is_dir()

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(document=valid(schema(version)))
    def holds(document: Any) -> None:
        assert CHECKER[version].is_valid(document)
        read = reading.read(json.dumps(document).encode())
        assert read.content == document
        assert [found for found in read.findings if found.severity is Severity.ERROR] == []

    holds()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b'{"dmp": {"title": }}', "line 1, column 19"),
        (b'{"dmp": []}', "JSON pointer /dmp"),
        (b"[1, 2]", 'no object "dmp"'),
        (b'{"dmp": {"title": "\xff"}}', "not UTF-8: byte 19"),
        (b'{"dmp": {"cost": NaN}}', "NaN is no number"),
        (b'{"dmp": {"cost": 1e999}}', "larger than any number"),
        (b'{"dmp": {"cost": ' + b"9" * 5000 + b"}}", "not JSON"),
        (b'{"dmp":' * 400 + b"1" + b"}" * 400, "within each other"),
        (b"[" * 200_000, "within each other"),
        (b" " * (reading.LARGEST + 1), "no plan is that long"),
        (b"", "line 1, column 1"),
    ],
)
def test_what_is_no_plan_is_refused_with_the_place(text: bytes, said: str) -> None:
    with pytest.raises(InputInvalid, match=r".*") as refused:
        reading.read(text, "plan.json")
    assert said in refused.value.message


def test_a_messy_plan_is_taken_and_every_trouble_is_named_by_its_pointer() -> None:
    text = """{"dmp": {"title": 12, "title": "Twice", "language": "en", "contact": {"mbox": "nobody"}, "a/b~": 1,
      "created": "yesterday", "dataset": [{"distribution": [{"byte_size": "2 TB"}]}, null], "extension": {"x": [1]}}}"""
    document = reading.read(text.encode())
    found = {(each.code, each.where) for each in document.findings}
    assert found >= {
        ("dmp-twice", "/dmp/title"),
        ("dmp-word", "/dmp/language"),
        ("dmp-form", "/dmp/contact/mbox"),
        ("dmp-required", "/dmp/contact/name"),
        ("dmp-moment", "/dmp/created"),
        ("dmp-type", "/dmp/dataset/0/distribution/0/byte_size"),
        ("dmp-type", "/dmp/dataset/1"),
        ("dmp-required", "/dmp/dmp_id"),
    }
    assert document.content == json.loads(text)


@settings(max_examples=100, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=20,
    )
)
def test_anything_in_a_plan_comes_back_as_it_was(value: Any) -> None:
    content = {"dmp": {"title": "x", "extension": value}, "beside": value}
    assert json.loads(reading.read(json.dumps(content).encode()).text) == content
