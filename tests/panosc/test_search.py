"""What the PaNOSC search API finds, on both databases: the specification's own examples and its rules."""

import json
from typing import Any

import pytest

from verriere.facility import Facility
from verriere.publish.panosc import ApiError, Search


def ask(facility: Facility, model: str = "Dataset", **asked: Any) -> list[dict[str, Any]]:
    return Search(facility).find(model, [("filter", json.dumps(asked))])


def pids(facility: Facility, model: str = "Dataset", **asked: Any) -> set[str]:
    return {each["pid"] for each in ask(facility, model, **asked)}


def count(facility: Facility, model: str = "Dataset", **where: Any) -> int:
    return Search(facility).count(model, [("where", json.dumps(where))])["count"]


def scoped(relation: str, **where: Any) -> list[dict[str, Any]]:
    return [{"relation": relation, "scope": {"where": where}}]


def test_everybody_finds_what_is_open_or_under_embargo_and_nothing_else(facility: Facility) -> None:
    assert pids(facility) == {"silver", "gold", "both", "hidden"}
    assert count(facility) == 4
    for name in ("private", "lost"):
        with pytest.raises(ApiError, match="Unknown") as refused:
            Search(facility).get("Dataset", name, [])
        assert refused.value.body["error"]["code"] == "MODEL_NOT_FOUND"


def test_a_dataset_has_what_the_model_says_with_nulls_where_nothing_may_be_known(facility: Facility) -> None:
    found = {each["pid"]: each for each in ask(facility)}
    assert found["silver"] == {
        "pid": "silver",
        "title": "Silver Behenate, 2 m",
        "isPublic": True,
        "creationDate": "2024-03-04T08:00:00.000Z",
        "size": 100,
        "documentId": "P1",
        "instrumentId": "SWING",
        "score": 0.5,
    }
    assert (found["hidden"]["isPublic"], found["hidden"]["size"]) == (False, None)


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"title": "silver behenate, 2 m"}, {"silver"}),
        ({"title": {"eq": "Gold foil 100%"}}, {"gold"}),
        ({"title": {"neq": "Gold foil 100%"}}, {"silver", "both", "hidden"}),
        ({"title": {"like": "Behen"}}, {"silver"}),
        ({"title": {"like": "behen"}}, set()),
        ({"title": {"like": "%Gold%100%"}}, {"gold"}),
        ({"title": {"ilike": "%BEHEN%"}}, {"silver"}),
        ({"title": {"ilike": "s_lver"}}, {"silver"}),
        ({"title": {"nilike": "silver"}}, {"gold", "both", "hidden"}),
        ({"text": "foil"}, {"gold"}),
        ({"text": "a*b[c"}, set()),
        ({"size": {"gt": 100}}, {"gold"}),
        ({"size": {"gte": "100"}}, {"silver", "gold"}),
        ({"size": {"between": [50, 150]}}, {"silver"}),
        ({"size": None}, {"hidden"}),
        ({"size": {"neq": None}}, {"silver", "gold", "both"}),
        ({"isPublic": False}, {"hidden"}),
        ({"isPublic": {"neq": False}}, {"silver", "gold", "both"}),
        ({"pid": {"inq": ["gold", "hidden", "private"]}}, {"gold", "hidden"}),
        ({"pid": {"nin": ["gold", "hidden"]}}, {"silver", "both"}),
        ({"creationDate": {"lt": "2024-03-05"}}, {"silver"}),
        ({"creationDate": {"between": ["2024-03-05", "2024-03-06T08:00:00Z"]}}, {"gold", "both"}),
        ({"instrumentId": "PX1"}, {"hidden"}),
        ({"documentId": "P2"}, {"both", "hidden"}),
        ({"and": [{"text": "o"}, {"isPublic": True}]}, {"gold", "both"}),
        ({"or": [{"pid": "gold"}, {"size": {"lt": 101}}]}, {"silver", "gold", "both"}),  # both has ten bytes
        ({"title": {"ilike": "gold"}, "size": {"lt": 10}}, set()),
        ({"and": []}, {"silver", "gold", "both", "hidden"}),
        ({"or": []}, set()),
    ],
)
def test_conditions_on_datasets(facility: Facility, where: dict[str, Any], expected: set[str]) -> None:
    assert pids(facility, where=where) == expected
    assert count(facility, **where) == len(expected)


def photon_energy(low: float, high: float, unit: str) -> list[dict[str, Any]]:
    return scoped(
        "parameters", **{"and": [{"name": "photon_energy"}, {"value": {"between": [low, high]}}, {"unit": unit}]}
    )


@pytest.mark.parametrize(("low", "high", "unit"), [(11, 13, "keV"), (11_000, 13_000, "eV"), (0.011, 0.013, "MeV")])
def test_units_are_converted_on_both_sides(facility: Facility, low: float, high: float, unit: str) -> None:
    (found,) = ask(facility, include=photon_energy(low, high, unit))
    assert found["pid"] == "silver"
    (parameter,) = found["parameters"]
    assert (parameter["name"], parameter["unit"]) == ("photon_energy", unit)
    assert low < parameter["value"] < high


def test_without_a_unit_a_parameter_is_asked_for_and_told_in_its_base_unit(facility: Facility) -> None:
    (found,) = ask(facility, include=scoped("parameters", name="energy", value={"gt": 10_000}))
    assert [(p["value"], p["unit"]) for p in found["parameters"]] == [(12_000, "eV")]
    assert pids(facility, include=scoped("parameters", name="energy", value={"lt": 13, "gt": 10}, unit="keV")) == {
        "silver"
    }


def test_a_series_is_found_by_each_of_its_values(facility: Facility) -> None:
    cold = {"and": [{"name": "temperature"}, {"value": {"lt": 20}}, {"unit": "celsius"}]}
    (found,) = ask(facility, include=scoped("parameters", **cold))
    (told,) = found["parameters"]
    assert (told["unit"], told["value"], told["minimum"], told["maximum"]) == ("celsius", 26.85, 16.85, 46.85)
    assert not ask(facility, include=scoped("parameters", name="temperature", value={"gt": 50}, unit="celsius"))


def test_texts_of_parameters_are_found_by_their_words_and_told_as_written(facility: Facility) -> None:
    solid_or_copper = {
        "or": [
            {"and": [{"name": "sample_state"}, {"value": "solid"}]},
            {"and": [{"name": "chemical_formula"}, {"value": "Cu"}]},
        ]
    }
    (found,) = ask(facility, include=scoped("parameters", **solid_or_copper))
    assert [(p["name"], p["value"], p["unit"]) for p in found["parameters"]] == [("sample_state", "Solid", "")]


def test_several_conditions_on_the_same_relation_all_hold(facility: Facility) -> None:
    both = [*scoped("parameters", name="sample_state", value="solid"), *photon_energy(11, 13, "keV")]
    (found,) = ask(facility, include=both)
    assert {p["name"] for p in found["parameters"]} == {"sample_state", "photon_energy"}
    assert not ask(facility, include=[*both, *photon_energy(1, 2, "keV")])


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"name": "small angle x-ray scattering"}, {"silver", "gold"}),
        ({"name": "small angle scattering"}, {"silver", "gold"}),
        ({"name": "tomography"}, {"both", "hidden"}),
        ({"pid": "http://purl.org/pan-science/PaNET/PaNET01129"}, {"both", "hidden"}),
        ({"panetId": {"inq": ["PaNET01129"]}}, {"both", "hidden"}),
        ({"name": {"neq": "tomography"}}, {"silver", "gold"}),
        ({"and": [{"name": "tomography"}, {"name": "x-ray absorption spectroscopy"}]}, {"both"}),
        ({"and": [{"name": "tomography"}, {"name": {"neq": "x-ray tomography"}}]}, {"hidden"}),
        ({"or": [{"name": "tomography"}, {"name": "small angle scattering"}]}, {"silver", "gold", "both", "hidden"}),
        ({"text": "absorption"}, {"both"}),
        ({"name": "alchemy"}, set()),
    ],
)
def test_techniques_are_asked_of_the_dataset_as_a_whole_with_narrower_terms(
    facility: Facility, where: dict[str, Any], expected: set[str]
) -> None:
    found = ask(facility, include=scoped("techniques", **where))
    assert {each["pid"] for each in found} == expected
    assert all(each["techniques"] for each in found)


def test_an_embargoed_dataset_is_found_by_its_citation_only(facility: Facility) -> None:
    secrets = [
        photon_energy(11, 13, "keV"),
        scoped("samples", name="tooth"),
        scoped("files", text="tooth"),
        scoped("parameters", name="energy"),
    ]
    for include in secrets:
        assert "hidden" not in pids(facility, include=include)
    (told,) = ask(
        facility, where={"pid": "hidden"}, include=["parameters", "samples", "files", "techniques", "instrument"]
    )
    assert (told["parameters"], told["samples"], told["files"]) == ([], [], [])
    assert [each["name"] for each in told["techniques"]] == ["tomography"]
    assert told["instrument"] == {"pid": "PX1", "name": "PROXIMA-1", "facility": "Light source"}


def test_samples_are_found_by_the_words_of_their_name(facility: Facility) -> None:
    for where in (
        {"name": "agbeh standard"},
        {"name": {"like": "beh"}},
        {"text": "AgBeh"},
        {"name": {"inq": ["AgBeh standard"]}},
    ):
        (found,) = ask(facility, include=scoped("samples", **where))
        assert [each["name"] for each in found["samples"]] == ["AgBeh-standard"]
    assert pids(facility, include=["samples"]) == {"silver", "gold", "both", "hidden"}


def test_files_are_found_by_their_names(facility: Facility) -> None:
    (found,) = ask(facility, include=scoped("files", text="file1"))
    assert [each["name"] for each in found["files"]] == ["panosc-file1.nxs"]
    assert pids(facility, include=scoped("files", name="panosc-file1.nxs")) == {"gold"}
    assert pids(facility, include=scoped("files", name={"inq": ["silver.nxs", "gold.nxs"]})) == {"silver"}
    assert pids(facility, include=scoped("files", size={"gt": 150})) == {"gold"}
    assert Search(facility).files("gold", [])[0]["size"] == 200
    assert Search(facility).count_files("gold", [("where", '{"size":{"lt":5}}')]) == {"count": 0}
    assert Search(facility).files("hidden", []) == []


def test_documents_are_proposals_with_their_datasets_and_team(facility: Facility) -> None:
    found = {each["pid"]: each for each in ask(facility, "Document", include=["members", "parameters"])}
    assert set(found) == {"P1", "P2"}
    silver = found["P1"]
    assert (silver["type"], silver["isPublic"], silver["license"]) == ("proposal", True, "CC-BY-4.0")
    assert silver["summary"] == "How silver behaves in the beam."
    assert silver["releaseDate"] == "2027-03-06T23:00:00.000Z"
    assert silver["parameters"] == []
    assert found["P2"]["isPublic"] is False
    wanted = [
        {"relation": "datasets"},
        {
            "relation": "members",
            "scope": {
                "where": {"role": "principal investigator"},
                "include": [{"relation": "person", "scope": {"where": {"fullName": "Éloïse Durand"}}}],
            },
        },
    ]
    (mine,) = ask(facility, "Document", where={"type": "proposal"}, include=wanted)
    assert {each["pid"] for each in mine["datasets"]} == {"silver", "gold"}
    assert mine["members"][0]["person"]["lastName"] == "Durand"
    assert "@" not in json.dumps(found, default=str)


def test_documents_are_joined_to_what_their_datasets_hold(facility: Facility) -> None:
    nested = [
        {
            "relation": "datasets",
            "scope": {"include": [*photon_energy(11, 13, "keV"), *scoped("techniques", name="small angle scattering")]},
        }
    ]
    (found,) = ask(facility, "Document", include=nested)
    assert found["pid"] == "P1"
    assert [each["pid"] for each in found["datasets"]] == ["silver"]
    assert found["datasets"][0]["parameters"][0]["value"] == 12
    assert pids(facility, include=scoped("document", title={"ilike": "teeth"})) == {"both", "hidden"}
    assert pids(facility, include=scoped("instrument", name="proxima-1")) == {"hidden"}
    assert pids(facility, "Instrument", include=scoped("datasets", isPublic=True)) == {"SWING"}


def test_scores_lie_between_0_and_1_and_better_answers_have_better_ones(facility: Facility) -> None:
    found = ask(facility, query="silver behenate")
    assert found[0]["pid"] == "silver"
    assert "hidden" not in {each["pid"] for each in found}
    both = {each["pid"]: each["score"] for each in ask(facility, query="bone silver standard")}
    assert both["silver"] > both["both"]
    assert all(
        0 < each["score"] < 1 for model in ("Dataset", "Document", "Instrument") for each in ask(facility, model)
    )
    assert ask(facility, "Document", query="teeth")[0]["pid"] == "P2"
    assert not ask(facility, "Instrument", query="teeth")


def test_pages_order_and_fields(facility: Facility) -> None:
    titles = [each["title"] for each in ask(facility, order="title ASC")]
    assert titles == sorted(titles)
    assert [each["pid"] for each in ask(facility, order=["title DESC"], skip=1, limit=2)] == ["gold", "hidden"]
    assert ask(facility, fields={"pid": True}, limit=1, order="creationDate ASC") == [{"pid": "silver", "score": 0.5}]
    assert ask(facility, "Instrument", fields=["name"], order="name DESC")[0] == {"name": "SWING", "score": 0.5}
    assert "title" not in ask(facility, fields={"title": False})[0]
    assert len(ask(facility, limit=0)) == 4


def test_brackets_ask_the_same_as_json(facility: Facility) -> None:
    pairs = [("filter[where][size][gt]", "100"), ("filter[include][0][relation]", "techniques"), ("filter[limit]", "5")]
    (found,) = Search(facility).find("Dataset", pairs)
    assert (found["pid"], len(found["techniques"])) == ("gold", 1)
    assert Search(facility).count("Dataset", [("where[isPublic]", "false")]) == {"count": 1}


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "5",
        '{"where": 5}',
        '{"where": {"nothing": 1}}',
        '{"where": {"title": {"near": 1}}}',
        '{"where": {"title": {"regexp": "(a+)+$"}}}',
        '{"where": {"size": {"gt": "much"}}}',
        '{"where": {"size": {"gt": [1]}}}',
        '{"where": {"size": NaN}}',
        '{"where": {"size": 1e999}}',
        '{"where": {"size": {"between": [1]}}}',
        '{"where": {"creationDate": {"gt": "soon"}}}',
        '{"where": {"title": {"like": "%a%b%c%d%e%f%g%"}}}',
        '{"where": {"title": "\\u0000"}}',
        '{"where": {"title": "\\ud800"}}',
        '{"where": {"and": {"a": 1}}}',
        '{"include": [{"relation": "secrets"}]}',
        '{"include": 5}',
        '{"include": [[]]}',
        '{"limit": -1}',
        '{"limit": true}',
        '{"skip": "1e9"}',
        '{"order": "score"}',
        '{"fields": 5}',
        '{"query": 5}',
        "[" * 15_000,
        '{"where":' * 2_000,
        json.dumps({"where": {"or": [{"title": str(n)} for n in range(500)]}}),
        json.dumps({"where": {"title": {"inq": [str(n) for n in range(900)]}}}),
        json.dumps({"where": {"title": "x" * 5_000}}),
        '{"where": {"title": "' + "x" * 30_000 + '"}}',
    ],
)
def test_what_cannot_be_answered_is_refused_as_loopback_does(facility: Facility, text: str) -> None:
    with pytest.raises(ApiError) as refused:
        Search(facility).find("Dataset", [("filter", text)])
    error = refused.value.body["error"]
    assert (error["statusCode"], error["name"]) == (400, "Error")
    assert error["message"]


def test_an_answer_has_an_end(facility: Facility) -> None:
    deep: list[dict[str, Any]] = ["datasets"]  # type: ignore[list-item]
    for _ in range(4):
        deep = [{"relation": "datasets", "scope": {"include": [{"relation": "document", "scope": {"include": deep}}]}}]
    with pytest.raises(ApiError, match=r"too deep|at most|at a time"):
        ask(facility, "Document", include=[*deep] * 40)
