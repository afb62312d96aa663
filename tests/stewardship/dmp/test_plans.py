"""A plan for each accepted proposal: made by itself, answered, compared with what was recorded, kept, exchanged."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import make_url

from verriere.archive import Receipt
from verriere.archive.sidecar import encode
from verriere.errors import AccessRefused, InputInvalid, NotFound, SettingsInvalid
from verriere.facility import Facility
from verriere.model import (
    ANONYMOUS,
    Basis,
    Capture,
    Datafile,
    Dataset,
    Expected,
    Instrument,
    Member,
    Person,
    PidKind,
    PidState,
    PlanRole,
    Proposal,
    Publication,
    Reading,
    Research,
    Role,
    State,
    Technique,
    Viewer,
    Visit,
)
from verriere.policy import PlanAccess
from verriere.stewardship import clock, records
from verriere.stewardship.dmp import answers, compare, document, exchange, facts, keeping, opidor
from verriere.stewardship.dmp.compare import Mark
from verriere.stewardship.dmp.template import questions, template
from verriere.stewardship.proposals import Beamtime
from verriere.techniques import panet
from verriere.testing import FrozenClock

TB = 10**12
SAXS, TOMOGRAPHY = panet.by_name("SAXS")[0], panet.by_name("tomography")[0]
JANE = Person("Doe, Jane", "jane@lab.example", orcid="0000-0002-1825-0097", affiliation="Lab")
LEO = Person("Roy, Léo", "leo@facility.example")
SWING = Instrument("SWING", "SWING", techniques=("SAXS",))
DAY = timedelta(days=1)
START = datetime(2025, 6, 10, 8, tzinfo=UTC)
PROPOSAL = Proposal(
    "P1", "Silver behenate", abstract="Why it diffracts.", members=(Member(JANE, Role.PRINCIPAL_INVESTIGATOR),)
)
VISIT = Visit("P1-1", "P1", "SWING", START, START + 2 * DAY, (Member(LEO, Role.LOCAL_CONTACT),))
SAID = Beamtime((SWING,), (PROPOSAL,), (VISIT,))
OFFICE = frozenset(PlanRole)


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A facility on each database."""
    database = ""
    if request.param == "postgresql":
        address = make_url(request.getfixturevalue("postgres"))
        database = address.set(database="plans").render_as_string(hide_password=False)
        from tests.conftest import _execute

        _execute(address.render_as_string(hide_password=False), 'CREATE DATABASE "plans"')
    with Facility.create(
        tmp_path / "f", name="Tests", database=database, clock=FrozenClock(datetime(2025, 6, 1, tzinfo=UTC))
    ) as made:
        yield made
    if database:
        _execute(address.render_as_string(hide_password=False), 'DROP DATABASE "plans" WITH (FORCE)')


@pytest.fixture
def record(facility: Facility) -> Callable[..., Dataset]:
    """Lets a beamline record a dataset, as large as one says."""

    def one(identifier: str, iri: str, size: int, **more: Any) -> Dataset:
        term = Technique(iri, panet.label(iri), Basis.STATED, "/entry/definition")
        when = more.pop("when", START)
        capture = Capture("nexus", techniques=(term,), start_time=Reading(when.isoformat(), "/entry/start_time"))
        kind = more.pop("media_type", "application/x-hdf5")
        file = Datafile(f"{identifier}.nxs", size, "0" * 64, "0" * 64, when, media_type=kind)
        made = Dataset(
            identifier,
            1,
            f"/beamline/{identifier}",
            f"scan {identifier}",
            more.pop("state", State.EMBARGOED),
            when,
            visit_id=more.pop("visit", VISIT.id),
            instrument_id="SWING",
            files=(file,),
            captures=((file.path, capture),),
        )

        def sidecar(receipt: Receipt) -> bytes:
            return encode(replace(made, revision=receipt.revision))

        facility.archive.put(made.id, [], sidecar)
        facility.catalogue.register([made], now=facility.now())
        return made

    return one


def at(facility: Facility, moment: datetime) -> None:
    clock_ = facility.clock
    assert isinstance(clock_, FrozenClock)
    clock_.set(moment)


def plan_facts(facility: Facility, plan_id: str = "P1") -> facts.Facts:
    return facts.gather(facility, keeping.find(facility, plan_id))


def test_an_accepted_proposal_has_a_plan_without_anyone_writing_one(facility: Facility, shared: Path) -> None:
    records.take(facility, SAID)
    plan = keeping.find(facility, "P1")
    assert plan.modules == ("core@1", "scattering@1")
    assert plan.expected == (Expected(SAXS, "SWING", None, ("application/x-hdf5",), "2025-06-12"),)
    made = document.document(plan_facts(facility))
    is_valid(made, shared)
    assert made["dmp"]["contact"]["contact_id"] == {"identifier": JANE.orcid, "type": "orcid"}
    assert made["dmp"]["dataset"][0]["distribution"][0]["license"][0]["start_date"] == "2028-06-13"
    assert made["dmp"]["verriere"]["phase"] == "planning"
    assert records.take(facility, SAID)
    assert keeping.find(facility, "P1") == plan


def test_the_past_of_an_instrument_tells_what_to_expect_and_only_what_everyone_may_know(
    facility: Facility, record: Callable[..., Dataset]
) -> None:
    old = [
        replace(VISIT, id=f"P0-{n}", proposal_id="P0", start=START - 1500 * DAY, end=START - 1499 * DAY)
        for n in range(4)
    ]
    records.take(facility, Beamtime((SWING,), (replace(PROPOSAL, id="P0"),), tuple(old)))
    for number, size in enumerate((1 * TB, 2 * TB, 6 * TB)):
        record(f"open{number}", SAXS, size, visit=f"P0-{number}", state=State.OPEN, media_type="application/x-nexus")
    record("secret", TOMOGRAPHY, 900 * TB, visit="P0-3", state=State.PROPRIETARY, media_type="image/tiff")
    record("hidden", SAXS, 500 * TB, visit="P0-3", media_type="image/x-secret")
    twice = (VISIT, replace(VISIT, id="P1-2", start=START + 9 * DAY, end=START + 10 * DAY))
    records.take(facility, replace(SAID, visits=twice))
    assert keeping.find(facility, "P1").expected == (
        Expected(SAXS, "SWING", 4 * TB, ("application/x-nexus",), "2025-06-20"),
    )


def test_two_terabytes_of_saxs_were_planned_and_more_and_a_tomography_were_recorded(
    facility: Facility, record: Callable[..., Dataset], shared: Path
) -> None:
    records.take(facility, SAID)
    given = {"expected.0.size": "2 To", "expected.0.until": "2025-06-30"}
    answers.answer(facility, plan_facts(facility), given, by="jane", roles={PlanRole.TEAM})
    at(facility, START + 30 * DAY)
    record("a", SAXS, round(1.4 * TB))
    record("b", SAXS, round(1.2 * TB), when=START + DAY)
    record("c", TOMOGRAPHY, 3 * TB)
    saxs, tomography = compare.compare(plan_facts(facility))
    assert (saxs.planned, saxs.recorded, saxs.until, saxs.datasets, saxs.marks) == (
        2 * TB,
        round(2.6 * TB),
        "2025-06-30",
        2,
        (Mark.MORE,),
    )
    assert (tomography.technique, tomography.planned, tomography.marks) == (TOMOGRAPHY, None, (Mark.UNPLANNED,))
    made = document.document(plan_facts(facility))
    is_valid(made, shared)
    recorded = {each["dataset_id"]["identifier"]: each for each in made["dmp"]["dataset"]}
    assert recorded["b"]["distribution"][0]["byte_size"] == round(1.2 * TB)
    assert recorded["b"]["issued"] == "2025-06-11"
    published = [
        Publication("10.5072/a.v1", PidKind.DATASET, "a", START, START, 1, "10.5072/a", PidState.FINDABLE),
        Publication("10.5072/swing", PidKind.INSTRUMENT, "SWING", START, START, wanted=PidState.FINDABLE),
        Publication("10.5072/b.v1", PidKind.DATASET, "b", START, START, 1, "10.5072/b"),
    ]
    facility.catalogue.put_publications(published, now=facility.now(), by="office")
    found = document.document(plan_facts(facility))["dmp"]["dataset"]
    assert [each["dataset_id"]["identifier"] for each in found[1:]] == ["10.5072/a.v1", "b", "c"]
    assert found[1]["technical_resource"][0]["technical_resource_id"] == [
        {"identifier": "10.5072/swing", "type": "doi"}
    ]
    assert "tomography" in recorded["c"]["keyword"]
    assert made["dmp"]["verriere"]["template"] == ["core@1", "scattering@1", "tomography@1"]


@pytest.mark.parametrize(
    ("today", "size", "when", "marks"),
    [
        ("2025-06-20", None, None, (Mark.NOTHING_YET,)),
        ("2025-07-02", None, None, (Mark.LATE,)),
        ("2025-06-20", 1 * TB, "2025-06-12", (Mark.AS_PLANNED,)),
        ("2025-07-02", 1 * TB, "2025-06-12", (Mark.LESS,)),
        ("2025-07-02", 2 * TB, "2025-07-01", (Mark.AS_PLANNED, Mark.LATE)),
    ],
)
def test_what_comes_too_little_or_too_late_is_said_when_its_time_is_over(
    today: str, size: int | None, when: str | None, marks: tuple[Mark, ...]
) -> None:
    from verriere.catalogue.volumes import VisitVolume

    planned = [Expected(SAXS, "SWING", 2 * TB, (), "2025-06-30")]
    moment = datetime.fromisoformat(f"{when}T10:00+00:00") if when else START
    code = (SAXS.rsplit("/", 1)[-1],)
    actual = [VisitVolume("SWING", "P1-1", code, 1, size, moment, moment)] if size else []
    (line,) = compare.lines(planned, actual, datetime.fromisoformat(today).date())
    assert line.marks == marks


def test_a_plan_from_elsewhere_is_compared_by_its_own_words(facility: Facility, record: Callable[..., Dataset]) -> None:
    records.take(facility, SAID)
    came: dict[str, Any] = {
        "dmp": {
            "title": "From elsewhere",
            "project": [{"title": "x", "end": "2025-06-30"}],
            "dataset": [{"title": "SAXS of powders", "distribution": [{"title": "raw", "byte_size": 2 * TB}]}],
            "extension": {"kept": [1, None]},
        }
    }
    keeping.take(facility, json.dumps(came).encode(), "plan.json", by="office", proposal_id="P1")
    at(facility, START + 5 * DAY)
    record("a", SAXS, round(2.6 * TB))
    (line,) = compare.compare(plan_facts(facility))
    assert (line.planned, line.until, line.marks) == (2 * TB, "2025-06-30", (Mark.MORE,))
    exported = document.document(plan_facts(facility))
    assert exported["dmp"]["dataset"][0] == came["dmp"]["dataset"][0]
    assert exported["dmp"]["extension"] == came["dmp"]["extension"]
    assert exported["dmp"]["dataset"][1]["dataset_id"]["identifier"] == "a"


def test_a_shorter_embargo_in_the_plan_opens_the_data_earlier(
    facility: Facility, record: Callable[..., Dataset]
) -> None:
    records.take(facility, SAID)
    record("a", SAXS, TB)
    at(facility, START + 3 * DAY)
    stranger = Viewer("nobody@else.example")
    answers.answer(facility, plan_facts(facility), {"core.embargo": "12"}, by="jane", roles={PlanRole.TEAM})
    assert facility.catalogue.opens_at("a") == datetime(2026, 6, 12, 22, tzinfo=UTC)
    assert facility.catalogue.visit("P1-1").decisions[-1].by == "jane"
    answers.answer(facility, plan_facts(facility), {"core.embargo": "24"}, by="jane", roles={PlanRole.TEAM})
    assert facility.catalogue.opens_at("a") == datetime(2027, 6, 12, 22, tzinfo=UTC)
    clock.tick(facility, datetime(2027, 6, 12, 21, 59, tzinfo=UTC))
    assert facility.catalogue.access("a", stranger).name == "CITATION"
    clock.tick(facility, datetime(2027, 6, 12, 22, tzinfo=UTC))
    assert facility.catalogue.access("a", stranger).name == "DATA"
    at(facility, datetime(2027, 7, 1, tzinfo=UTC))
    with pytest.raises(AccessRefused, match="are open since 2027-06-13"):
        answers.answer(facility, plan_facts(facility), {"core.embargo": "30"}, by="jane", roles={PlanRole.TEAM})


def test_an_embargo_beyond_the_policy_is_refused_with_the_reason_and_nothing_is_changed(facility: Facility) -> None:
    private = (replace(PROPOSAL, id="P2", research=Research.PROPRIETARY), replace(VISIT, id="P2-1", proposal_id="P2"))
    records.take(facility, Beamtime((SWING,), (PROPOSAL, private[0]), (VISIT, private[1])))
    given = {"core.description": "x", "core.embargo": "37"}
    with pytest.raises(AccessRefused, match="37 months are more than the 3 years") as refused:
        answers.answer(facility, plan_facts(facility), given, by="jane", roles={PlanRole.TEAM})
    assert "extension" in refused.value.hint
    with pytest.raises(AccessRefused, match="proprietary"):
        answers.answer(facility, plan_facts(facility, "P2"), {"core.embargo": "12"}, by="p", roles={PlanRole.TEAM})
    assert keeping.find(facility, "P1").answers == ()
    assert facility.catalogue.visit("P1-1").decisions == ()


def test_a_visit_that_comes_later_opens_as_its_plan_promised(facility: Facility) -> None:
    records.take(facility, SAID)
    answers.answer(facility, plan_facts(facility), {"core.embargo": "6"}, by="jane", roles={PlanRole.TEAM})
    moved = replace(VISIT, end=VISIT.end + DAY)
    later = replace(VISIT, id="P1-2", start=START + 60 * DAY, end=START + 61 * DAY)
    records.take(facility, replace(SAID, visits=(moved, later)))
    promised = plan_facts(facility).opens
    assert promised == {
        "P1-1": datetime(2025, 12, 13, 23, tzinfo=UTC),
        "P1-2": datetime(2026, 2, 10, 23, tzinfo=UTC),
    }


def test_everyone_answers_their_own_questions_and_every_answer_stays_in_the_history(facility: Facility) -> None:
    records.take(facility, SAID)
    team = {PlanRole.TEAM}
    answers.answer(facility, plan_facts(facility), {"core.description": "First."}, by="jane", roles=team)
    answers.answer(facility, plan_facts(facility), {"core.description": "Second."}, by="leo", roles=OFFICE)
    kept = keeping.find(facility, "P1")
    assert [(one.value, one.by) for one in kept.answers] == [("First.", "jane"), ("Second.", "leo")]
    with pytest.raises(AccessRefused, match="local contact"):
        answers.answer(facility, plan_facts(facility), {"scattering.calibrant": "AgBh"}, by="jane", roles=team)
    for given, said in (
        ({"core.nothing": "x"}, "no question"),
        ({"core.ethics": "perhaps"}, "it can be: no, yes, unknown"),
        ({"core.embargo": "a year"}, "a number of months"),
        ({"expected.7.size": "2 TB"}, "expects nothing"),
        ({"expected.0.size": "much"}, "800 GB, 2 TB"),
        ({"expected.0.until": "30 June"}, "2026-06-30"),
    ):
        with pytest.raises(InputInvalid) as refused:
            answers.answer(facility, plan_facts(facility), given, by="jane", roles=OFFICE)
        assert said in f"{refused.value.message} {refused.value.hint}"


@pytest.mark.parametrize(
    ("text", "size"), [("2 TB", 2 * TB), ("1,5 To", 15 * TB // 10), ("800Go", 8 * 10**11), ("12", 12), ("3 kB", 3000)]
)
def test_sizes_are_read_as_people_write_them(text: str, size: int) -> None:
    assert answers.parse_size(text) == size


def test_who_sees_a_plan(facility: Facility) -> None:
    records.take(facility, SAID)
    found = plan_facts(facility)
    assert found.access(Viewer(JANE.key)) is PlanAccess.TEAM
    assert found.access(Viewer(LEO.key)) is PlanAccess.TEAM
    assert found.access(Viewer("else@where.example")) is PlanAccess.NONE
    with pytest.raises(NotFound):
        facts.seen(facility, "P1", ANONYMOUS)


def test_a_public_plan_tells_no_address_no_answer_of_its_own_and_nothing_of_embargoed_data(
    facility: Facility, record: Callable[..., Dataset], shared: Path
) -> None:
    records.take(facility, SAID)
    record("hidden", SAXS, 3 * TB)
    record("shown", SAXS, 5 * TB, state=State.OPEN)
    chosen = facility.settings.model_copy(update={"dmp": facility.settings.dmp.model_copy(update={"public": True})})
    found = replace(plan_facts(facility), settings=chosen)
    assert found.access(ANONYMOUS) is PlanAccess.PUBLIC
    made = document.document(found, PlanAccess.PUBLIC)
    is_valid(made, shared)
    text = json.dumps(made)
    assert "jane@" not in text
    assert "hidden" not in text
    assert str(3 * TB) not in text
    assert "shown" in text
    assert "planned_versus_actual" not in text


def test_plans_come_back_when_the_database_is_lost(anywhere: Facility) -> None:
    records.take(anywhere, SAID)
    answers.answer(anywhere, plan_facts(anywhere), {"core.description": "Ça \x00."}, by="jane", roles=OFFICE)
    keeping.take(anywhere, b'{"dmp": {"title": "x \\ud800", "a": 1.0}, "b": null}', "x.json", by="office")
    before = list(anywhere.catalogue.dump())
    assert sum(line.startswith("plan ") for line in before) == 2
    folder = anywhere.folder
    anywhere.close()
    Facility.rebuild(folder)
    with Facility.open(folder) as again:
        assert list(again.catalogue.dump()) == before


def test_the_ten_official_examples_go_through_a_facility_unchanged_and_their_files_are_kept(
    facility: Facility, shared: Path
) -> None:
    for path in sorted((shared / "standards/madmp/examples/JSON").glob("ex*.json")):
        plan, _ = keeping.take(facility, path.read_bytes(), path.name, by="office")
        again, _ = keeping.take(facility, path.read_bytes(), path.name, by="office")
        assert again == plan
        exported = exchange.export(document.document(plan_facts(facility, plan.id)), "madmp")
        assert json.loads(exported) == json.loads(path.read_bytes())
        original = facility.archive.path_of(f"plan:{plan.id}", keeping.ORIGINAL)
        assert original.read_bytes() == path.read_bytes()
    assert len(facility.catalogue.plans()) == 10


def test_what_opidor_has_a_place_for_goes_there_and_comes_back(shared: Path) -> None:
    for path in sorted((shared / "standards/madmp/examples/JSON").glob("ex*.json")):
        came = json.loads(path.read_text(encoding="utf-8"))
        own = json.loads(exchange.export(came, "opidor"))
        assert own["meta"]["contact"][0]["person"]["mbox"] == came["dmp"]["contact"]["mbox"]
        assert own["project"]["title"]
        back = opidor.to_madmp(own)["dmp"]
        assert len(back["dataset"]) == len(came["dmp"]["dataset"])
        for ours, theirs in zip(back["dataset"], came["dmp"]["dataset"], strict=True):
            for key in ("title", "dataset_id", "personal_data", "sensitive_data", "keyword", "issued", "type"):
                assert ours.get(key) == (theirs.get(key) or None), (path.name, key)
            for mine, other in zip(ours.get("distribution", []), theirs.get("distribution", []), strict=True):
                assert mine.get("byte_size") == other.get("byte_size")
                assert mine["data_access"] == other["data_access"]
        left = {pointer.split("/")[2] for pointer in exchange.left_out(came, "opidor") if pointer.startswith("/dmp/")}
        assert {"title", "contact"}.isdisjoint(left)
        assert ("contributor" in left) == ("contributor" in came["dmp"])


def test_a_file_in_opidors_own_format_is_read_and_kept_whole(facility: Facility) -> None:
    own = {
        "meta": {"title": "Plan", "dmpLanguage": "fra", "contact": [{"person": {"lastName": "Roy", "mbox": "a@b.fr"}}]},
        "project": {"title": "Projet"},
        "researchOutput": [
            {
                "research_output_id": 7,
                "researchOutputDescription": {"title": "SAXS", "containsPersonalData": "Non"},
                "sharing": {
                    "distribution": [
                        {"fileName": "x", "fileVolume": 1.5, "volumeUnit": "To", "dataAccess": "Restreint"}
                    ]
                },
                "dataStorage": "wrong type",
            }
        ],
    }
    plan, read = keeping.take(facility, json.dumps(own).encode(), "opidor.json", by="office")
    made = answers.document_of(plan)
    assert made["opidor"] == own
    (dataset,) = made["dmp"]["dataset"]
    assert (dataset["personal_data"], dataset["dataset_id"]["identifier"]) == ("no", "7")
    assert dataset["distribution"][0]["byte_size"] == 15 * TB // 10
    assert dataset["distribution"][0]["data_access"] == "shared"
    assert "dmp-converted" in {found.code for found in read.findings}


def test_the_wizard_gets_what_its_importer_reads(facility: Facility) -> None:
    records.take(facility, SAID)
    made = json.loads(exchange.export(document.document(plan_facts(facility)), "dsw"))
    assert "$schema" not in made
    roles = [role for person in made["dmp"]["contributor"] for role in person["role"]]
    assert roles == ["project leader", "data steward"]
    licence = made["dmp"]["dataset"][0]["distribution"][0]["license"][0]
    assert "cc-by" in licence["license_name"].lower()
    messy = {"dmp": {"contact": {"contact_id": []}, "contributor": [{"role": "x"}, 3], "dataset": [{}, None]}}
    again = json.loads(exchange.export(messy, "dsw"))["dmp"]
    assert again["contact"]["contact_id"]["type"] == "other"
    assert again["contributor"][0]["contributor_id"]["type"] == "other"


MODULE = """
[module]
id = "powders"
version = "3"
techniques = ["SAXS"]
title_en = "Powders"
title_fr = "Poudres"
[dataset]
preservation_en = "{facility} keeps powders {years} years."
[[question]]
id = "grain"
phase = "planning"
role = "team"
kind = "choice"
choices = ["fine", "coarse"]
fills = "quality"
text_en = "How are the grains at {facility}?"
text_fr = "Comment sont les grains à {facility} ?"
"""


def test_one_module_serves_two_facilities_each_in_its_own_words(tmp_path: Path, shared: Path) -> None:
    folder = tmp_path / "modules"
    folder.mkdir()
    (folder / "powders.toml").write_text(MODULE)
    for name, years in (("Soleil", 3), ("Lune", 5)):
        place = tmp_path / name
        Facility.create(place, name=name).close()
        text = (place / "verriere.toml").read_text()
        text = text.replace('# templates = ""', f'templates = "{folder}"').replace("# years = 3", f"years = {years}")
        (place / "verriere.toml").write_text(text)
        with Facility.open(place, clock=FrozenClock(START)) as facility:
            records.take(facility, SAID)
            found = plan_facts(facility)
            assert [module.id for module in found.modules] == ["core", "powders", "scattering"]
            answers.answer(facility, found, {"powders.grain": "fine"}, by="jane", roles=OFFICE)
            made = document.document(plan_facts(facility))
            is_valid(made, shared)
            (dataset,) = made["dmp"]["dataset"]
            assert dataset["preservation_statement"] == f"{name} keeps powders {years} years."
            assert dataset["data_quality_assurance"] == [f"How are the grains at {name}? fine"]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('kind = "choice"', 'kind = "guess"'), "kind is 'guess'"),
        (('techniques = ["SAXS"]', 'techniques = ["SAKS"]'), "nobody knows the technique 'SAKS'"),
        (('choices = ["fine", "coarse"]', ""), "choices"),
        (('phase = "planning"', 'phase = "someday"'), "phase"),
        (("[module]", "[modul]"), "a module has"),
        (('version = "3"', "version = "), "Invalid value"),
    ],
)
def test_a_module_that_cannot_be_used_is_named_with_the_reason(
    tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    (tmp_path / "powders.toml").write_text(MODULE.replace(*change))
    with pytest.raises(SettingsInvalid, match=r"powders\.toml is no module of plans") as refused:
        template(tmp_path)
    assert said in refused.value.message


def test_every_question_is_in_both_languages() -> None:
    for name, question in questions(template().modules).items():
        assert question.text_en, name
        assert question.text_fr, name
        assert bool(question.help_en) == bool(question.help_fr), name


def is_valid(made: dict[str, Any], shared: Path) -> None:
    place = shared / "standards/madmp/examples/JSON/JSON-schema/1.2/maDMP-schema-1.2.json"
    checker = Draft202012Validator(json.loads(place.read_text()), format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert [error.message for error in checker.iter_errors(made)] == []
