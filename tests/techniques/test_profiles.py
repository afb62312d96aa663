"""Profiles are data, the score is monotone, and a mistake in a profile is told with its line."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verriere.errors import InputInvalid
from verriere.model import Axis, Basis, Capture, Dataset, Parameter, Reading, Signal, State, Technique
from verriere.nexus import units
from verriere.techniques import answers, panet
from verriere.techniques.complete import assess, findings, scored
from verriere.techniques.lint import lint
from verriere.techniques.profile import NEEDS, RECORD, profiles, shipped
from verriere.wording import describe

SAID = Reading("said", "/entry/x")
ASKED_BY_THE_ISSUE = {"SAXS", "SANS", "NMR", "EPR", "MS", "tomography", "MX", "XRF", "XAS"}
NAMES = ("SAXS", "SANS", "NMR", "EPR", "MS", "tomography", "MX", "XAS", "XRF mapping", "ARPES", "MuSR", "WAXS")
PARTS: dict[str, Any] = {
    "title": SAID, "start_time": SAID, "end_time": SAID, "instrument": SAID, "facility": SAID, "sample": SAID,
    "energy": Parameter("energy", "/e", 12.0, "keV"), "wavelength": Parameter("wavelength", "/w", 1.0, "Å"),
    "detectors": (SAID,),
    "signals": (Signal("/s", (3,), "float64", axes=(Axis("x", None, "/x"),), uncertainties="/u"),),
}  # fmt: skip


def technique(name: str) -> Technique:
    return Technique(panet.by_name(name)[0], name, Basis.STATED, "/entry/definition")


captures = st.builds(
    lambda kind, parts, techniques, parameters: Capture(
        "nexus",
        kind=kind,
        techniques=tuple(techniques),
        parameters=tuple(parameters),
        **{name: PARTS[name] for name in parts},
    ),
    st.sampled_from(["raw", "reduced", "processed"]),
    st.sets(st.sampled_from(sorted(PARTS))),
    st.lists(st.sampled_from(NAMES).map(technique), max_size=3, unique_by=lambda each: each.iri),
    st.lists(
        st.builds(
            Parameter,
            st.sampled_from(sorted({field.name for one in shipped().by_id.values() for field in one.fields})),
            st.just("/p"),
            st.one_of(st.floats(-1e6, 1e6), st.sampled_from(["text", "positive", "K", "x-ray"])),
            st.sampled_from([None, "K", "s", "m", "GHz", "mm", "furlong"]),
        ),
        max_size=6,
    ),
)


@given(captures, st.data())
@settings(deadline=None)
def test_to_add_anything_never_lowers_the_score(capture: Capture, data: st.DataObject) -> None:
    before = assess(capture)
    added = data.draw(captures)
    more = replace(
        capture,
        techniques=tuple({each.iri: each for each in (*capture.techniques, *added.techniques)}.values()),
        parameters=(*capture.parameters, *added.parameters),
        **{name: value for name, value in PARTS.items() if getattr(capture, name) or getattr(added, name)},
    )
    after = assess(more)
    if before is not None:
        assert after is not None
        assert 0 <= before.score <= after.score <= 100


@given(captures)
@settings(deadline=None)
def test_all_that_is_asked_for_is_a_hundred_and_only_that(capture: Capture) -> None:
    found = assess(capture)
    if found is not None and found.score == 100:
        wanted = [shipped().of(each.iri) for each in capture.techniques]
        assert not [each for each in found.missing if each.profile.id == RECORD]
        assert any(
            profile is None or not [each for each in found.missing if each.profile is profile] for profile in wanted
        )


def test_every_technique_that_was_promised_has_a_profile() -> None:
    for name in ASKED_BY_THE_ISSUE:
        assert shipped().of(panet.by_name(name)[0]) is not None, name


def test_a_narrower_technique_has_the_nearest_profile() -> None:
    gisaxs = shipped().of(panet.by_name("GISAXS")[0])
    waxs = shipped().of(panet.by_name("WAXS")[0])
    assert gisaxs is not None
    assert waxs is not None
    assert (gisaxs.id, waxs.id) == ("saxs", "scattering")
    assert shipped().of(panet.by_name("MuSR")[0]) is None


def test_shipped_profiles_are_in_order() -> None:
    import verriere.techniques.profile as module

    for path in sorted((Path(module.__file__).parent / "profiles").glob("*.toml")):
        assert lint(path).problems == (), path.name
    for profile in shipped().by_id.values():
        for field in profile.fields:
            assert field.need in NEEDS
            assert field.definition["fr"] != field.definition["en"]
            assert not field.unit or units.parse_unit(field.unit) is not None


def test_a_value_outside_of_what_can_be_counts_as_missing_and_is_said() -> None:
    hot = Capture("nexus", title=SAID, techniques=(technique("NMR"),))
    cold = replace(hot, parameters=(Parameter("temperature", "acqus:TE", 298.0, "K"),))
    impossible = replace(hot, parameters=(Parameter("temperature", "acqus:TE", 298000.0, "K"),))
    scores = [found.score for each in (hot, cold, impossible) if (found := assess(each)) is not None]
    assert scores[0] == scores[2] < scores[1]
    (trouble,) = [each for each in findings(assess(impossible)) if each.code == "profile-range"]
    assert "298000" in describe(trouble, "en").text
    assert trouble.where == "acqus:TE"


def test_a_value_in_another_unit_is_understood() -> None:
    warm = Capture("nexus", title=SAID, techniques=(technique("NMR"),))
    celsius = replace(warm, parameters=(Parameter("temperature", "procpar:temp", 25.0, "degC"),))
    found = assess(celsius)
    assert found is not None
    assert "temperature" not in {each.field.name for each in found.missing}


def dataset(**more: Any) -> Dataset:
    from datetime import UTC, datetime

    capture = Capture("nexus", title=SAID, techniques=(technique("SAXS"),))
    return Dataset(
        "a" * 16, 1, "/x", "x", State.OPEN, datetime(2026, 1, 1, tzinfo=UTC), captures=(("x", capture),), **more
    )


def test_answers_count_and_are_taken_back() -> None:
    asked = {question.field.name for question in answers.questions(dataset(), shipped())}
    assert {"sample", "sample_thickness", "concentration"} <= asked
    assert "title" not in asked
    told, troubles = answers.read(dataset(), {"concentration": "4,5", "buffer": " PBS  7.4 "}, shipped())
    assert troubles == ()
    assert {(each.name, each.value, each.source) for each in told} == {
        ("concentration", 4.5, "form"),
        ("buffer", "PBS 7.4", "form"),
    }
    captures_before, before = scored(dataset().captures)
    _, after = scored(captures_before, told)
    assert before is not None
    assert after is not None
    assert after > before
    kept, _ = answers.read(dataset(told=told), {"buffer": ""}, shipped())
    assert [each.name for each in kept] == ["concentration"]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("concentration", "much", "answer-number"),
        ("transmission", "1.7", "answer-range"),
        ("sample_thickness", "nan", "answer-range"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_in_both_languages(name: str, text: str, code: str) -> None:
    told, (trouble,) = answers.read(dataset(), {name: text}, shipped())
    assert told == ()
    assert trouble.code == code
    assert describe(trouble, "fr").text != describe(trouble, "en").text


def test_what_is_not_asked_is_not_kept() -> None:
    with pytest.raises(InputInvalid, match="not asked"):
        answers.read(dataset(), {"title": "mine"}, shipped())


OWN = """\
id = "raman"
techniques = ["PaNET01195"]
label_en = "Raman spectroscopy"
label_fr = "Spectroscopie Raman"
sources = ["https://doi.org/10.1000/182"]

[[field]]
name = "laser_wavelength"
need = "required"
label_en = "Wavelength of the laser"
label_fr = "Longueur d'onde du laser"
definition_en = "Of the line that excites."
definition_fr = "De la raie excitatrice."
parameters = ["laser_wavelength"]
unit = "nm"
minimum = 100
maximum = 2000
person = true
"""


def test_a_facility_adds_profiles_and_replaces_shipped_ones(tmp_path: Path) -> None:
    (tmp_path / "raman.toml").write_text(OWN)
    (tmp_path / "xas.toml").write_text(OWN.replace('"raman"', '"xas"').replace("PaNET01195", "PaNET01196"))
    known = profiles(tmp_path)
    raman, xas = known.of(panet.by_name("Raman")[0]), known.of(panet.by_name("XAS")[0])
    assert raman is not None
    assert xas is not None
    assert (raman.id, len(xas.fields)) == ("raman", 1)
    (tmp_path / "raman.toml").write_text(OWN.replace("required", "very much"))
    with pytest.raises(InputInvalid, match=r"line 9"):
        profiles(tmp_path)


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('need = "required"', 'need = "perhaps"', 9, "required, recommended, optional"),
        ('unit = "nm"', 'unit = "furlong"', 15, "unit 'furlong' is unknown"),
        ('techniques = ["PaNET01195"]', 'techniques = ["Raman"]', 2, "PaNET01195"),
        ("minimum = 100", "minimum = 5000", 17, "below"),
        ('definition_fr = "De la raie excitatrice."\n', "", 7, "definition_fr is missing"),
        ("person = true", "persona = true", 18, "means nothing"),
        ('label_fr = "Spectroscopie Raman"', "label_fr = Spectroscopie", 4, "TOML"),
        ('parameters = ["laser_wavelength"]', 'parameters = "laser_wavelength"', 14, "list"),
        ('name = "laser_wavelength"', 'name = "Laser wavelength"', 8, "no name"),
        ('sources = ["https://doi.org/10.1000/182"]', "sources = []", 5, "sources"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_what_to_do(
    tmp_path: Path, *, old: str, new: str, line: int, words: str
) -> None:
    path = tmp_path / "raman.toml"
    path.write_text(OWN)
    assert lint(path).problems == ()
    path.write_text(OWN.replace(old, new, 1))
    found = lint(path)
    assert found.profile is None
    problem = found.problems[0]
    assert problem.line == line
    assert words in f"{problem.text} {problem.fix}"
    assert problem.fix
