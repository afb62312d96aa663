"""What a level of access discloses: more with each, nothing personal below the team, no file's name below the data."""

from dataclasses import fields, is_dataclass, replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.policy.strategies import FILE, HIDDEN, INSIDE, NOW, PERSONAL, datasets

from verriere.errors import NotFound
from verriere.model import (
    Axis,
    Basis,
    Capture,
    Datafile,
    Dataset,
    Finding,
    Parameter,
    Reading,
    RecordedUser,
    Scan,
    Severity,
    Signal,
    State,
    Technique,
)
from verriere.policy import Access, disclose, disclosure, personal


def told(thing: Any) -> frozenset[str]:
    """Every text inside a record."""
    if isinstance(thing, str):
        return frozenset({str(thing)})
    if is_dataclass(thing):
        return frozenset().union(*(told(getattr(thing, field.name)) for field in fields(thing)))
    if isinstance(thing, dict):
        return told(tuple(thing.items()))
    if isinstance(thing, tuple):
        return frozenset().union(*map(told, thing))
    return frozenset()


def holds(dataset: Dataset, secret: str) -> bool:
    return any(secret in text for text in told(dataset))


@given(datasets())
def test_below_the_team_nothing_personal_and_nothing_of_the_inside_is_told(dataset: Dataset) -> None:
    for access in (Access.CITATION, Access.METADATA, Access.DATA):
        shown = disclose(dataset, access)
        assert not holds(shown, PERSONAL)
        assert not holds(shown, "V8")
        assert not shown.source
        assert all(file.location is None for file in shown.files)


def _named(called: str, /, *, file: str = "a.nxs", **facts: Any) -> Dataset:
    """A dataset of one file that names a user, with an address, and what else the test is about."""
    spoken = Capture(
        "nexus",
        users=(RecordedUser("Li Wu", "/entry/user/name", email="zqx77@lab.example", logins=("wuli",)),),
        **facts,
    )
    stored = Datafile(file, 1, "0" * 64, "0" * 64, NOW)
    return Dataset(
        "d0", 1, f"/data/{file}", called, State.OPEN, NOW, visit_id="V1", files=(stored,), captures=((file, spoken),)
    )


@pytest.mark.parametrize("told_of", ["Li Wu", "zqx77", "wuli_2", "li wu's", "other@lab.example", "/gpfs/home/li/run"])
def test_a_text_that_names_a_user_is_the_teams_wherever_it_was_read(told_of: str) -> None:
    text = f"measured by {told_of}" if "/" not in told_of else told_of
    said = Reading(text, "/entry/note")
    signal = Signal("/entry/I", (3,), "int32", label=text, unit=text, axes=(Axis(text, text),))
    dataset = _named(
        text,
        title=said,
        sample=said,
        detectors=(said,),
        identifiers=(Reading("plain", "/entry/id", raw=text),),
        signal=signal,
        signals=(signal,),
        scans=(Scan("/entry", title=text, command=text, signal=signal),),
        parameters=(Parameter("note", "/entry/note", text), Parameter(text, "/entry/x", 1.0, text)),
        findings=(Finding("time-unreadable", Severity.INFO, "/entry/t", {"written": text}),),
    )
    for access in (Access.CITATION, Access.METADATA, Access.DATA):
        assert not holds(disclose(dataset, access), told_of)
    assert disclose(dataset, Access.TEAM) == dataset


def test_a_title_that_was_read_where_people_are_named_is_the_teams() -> None:
    said = Reading("Obscure Institute", "/entry/title")
    dataset = _named(
        said.value,
        title=said,
        scans=(Scan("/entry", title=said.value),),
        personal_paths=("/entry/user/affiliation", "/entry/title"),
    )
    for access in (Access.CITATION, Access.METADATA, Access.DATA):
        assert not holds(disclose(dataset, access), "Obscure")


@pytest.mark.parametrize("title", ["compound_X9", "compound X9 frames"])
def test_a_title_made_from_the_names_of_files_and_folders_is_told_with_the_files_only(title: str) -> None:
    dataset = _named(title, file="compound_X9_00001.cbf")
    assert disclose(dataset, Access.CITATION).title == dataset.id
    assert disclose(dataset, Access.METADATA).title == dataset.id
    assert disclose(dataset, Access.DATA).title == title


def test_where_something_was_read_does_not_tell_the_name_of_a_file() -> None:
    inside = "/secret_0042/sample"
    dataset = _named(
        "t",
        file="secret_0042.nxs",
        sample=Reading("silver", inside),
        detectors=(Reading("eiger", inside),),
        parameters=(Parameter("gap", inside, 1.0, "mm"), Parameter("secret_0042_gap", "/entry/gap", 1.0, "mm")),
        techniques=(Technique("x", "SAXS", Basis.STATED, inside),),
        scans=(Scan("/secret_0042"),),
        findings=(Finding("unit-unknown", Severity.INFO, inside),),
    )
    shown = disclose(dataset, Access.METADATA)
    assert not holds(shown, "secret_0042")
    assert shown.capture is not None
    assert [one.name for one in shown.capture.parameters] == ["gap"]
    assert shown.capture.sample is not None


def test_how_a_visit_was_found_is_not_told() -> None:
    why = Finding("visit-ambiguous", Severity.WARNING, "", {"candidates": "20269031-A, 20269032-B"})
    dataset = replace(_named("t"), findings=(why,))
    for access in (Access.CITATION, Access.METADATA, Access.DATA):
        assert not holds(disclose(dataset, access), "20269031-A")


@given(datasets())
def test_below_the_data_no_name_of_a_file_is_told(dataset: Dataset) -> None:
    for access in (Access.CITATION, Access.METADATA):
        shown = disclose(dataset, access)
        assert not holds(shown, FILE)
        assert not holds(shown, "unpublished_0042")
        assert not holds(shown, INSIDE)
        assert shown.files == ()
        assert all(capture.signal is None and not capture.signals for _, capture in shown.captures)


@given(datasets())
def test_a_citation_tells_neither_sample_nor_parameters(dataset: Dataset) -> None:
    shown = disclose(dataset, Access.CITATION)
    assert not holds(shown, HIDDEN)
    assert shown.sample_id is None
    assert shown.findings == ()
    assert all(capture.energy is None and not capture.parameters for _, capture in shown.captures)


@given(datasets())
def test_what_a_level_tells_every_higher_level_tells(dataset: Dataset) -> None:
    # Captures are numbered and a title is withheld where names are; both say nothing.
    numbers = frozenset({"1", "2", dataset.id})
    levels = [told(disclose(dataset, access)) for access in list(Access)[1:]]
    for lower, higher in pairwise(levels):
        assert lower - numbers - {""} <= higher


@given(datasets())
def test_the_team_sees_everything_and_nobody_else_at_all_what_does_not_exist_for_them(dataset: Dataset) -> None:
    assert disclose(dataset, Access.TEAM) == dataset
    with pytest.raises(NotFound):
        disclose(dataset, Access.NONE)


@given(datasets())
def test_a_citation_keeps_title_instrument_technique_and_dates(dataset: Dataset) -> None:
    shown = disclose(dataset, Access.CITATION)
    assert shown.title in {"Silver behenate", dataset.id}
    assert (shown.instrument_id, shown.visit_id, shown.state) == ("SWING", "V1", dataset.state)
    if shown.capture and dataset.capture:
        told_techniques = [(technique.iri, technique.basis) for technique in shown.capture.techniques]
        assert told_techniques == [(technique.iri, technique.basis) for technique in dataset.capture.techniques]
        known = dataset.capture.start_time
        assert (shown.capture.start_time and shown.capture.start_time.value) == (known and known.value)


SAID = st.sampled_from(["plain", "PLAIN ", "a_0042.nxs", "/plain/a_0042", "by Li Wu", "wuli", "12.5", "x@lab.example"])


@given(st.lists(SAID, min_size=19, max_size=19), st.sampled_from(["plain.nxs", "a_0042.nxs", "12.h5"]))
def test_what_is_said_of_a_whole_capture_at_once_is_what_each_of_its_texts_would_say(
    texts: list[str], file: str
) -> None:
    said = iter(["plain"] * 12 + texts if file == "12.h5" else texts + ["plain"] * 12)
    signal = Signal("/entry/I", (3,), "int32", label=next(said), unit=next(said), axes=(Axis(next(said), next(said)),))
    dataset = _named(
        next(said),
        file=file,
        title=Reading(next(said), next(said)),
        sample=Reading("plain", "/entry/sample", raw=next(said)),
        detectors=(Reading(next(said), "/entry/detector"),),
        signal=signal,
        scans=(Scan(next(said), title=next(said), command=next(said), signal=signal),),
        parameters=(
            Parameter(next(said), next(said), next(said), next(said)),
            Parameter("gap", "/entry/gap", 12.0, "mm"),
        ),
        techniques=(Technique("x", "SAXS", Basis.STATED, next(said)),),
        findings=(Finding("time-unreadable", Severity.INFO, next(said), {"written": next(said)}),),
    )
    levels = (Access.CITATION, Access.METADATA, Access.DATA)
    shown = [disclose(dataset, access) for access in levels]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(personal.PersonalTexts, "may_be_in", lambda *_: True)
        patch.setattr(disclosure._Names, "may_be_in", lambda *_: True)
        assert [disclose(dataset, access) for access in levels] == shown


@given(datasets())
def test_a_citation_tells_no_path_inside_a_file(dataset: Dataset) -> None:
    paths = {text for text in told(dataset) if text.startswith("/")}
    assert not told(disclose(dataset, Access.CITATION)) & paths
