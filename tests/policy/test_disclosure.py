"""What a level of access discloses: more with each, nothing personal below the team, no file's name below the data."""

from dataclasses import fields, is_dataclass
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from tests.policy.strategies import FILE, HIDDEN, INSIDE, PERSONAL, datasets

from verriere.errors import NotFound
from verriere.model import Dataset
from verriere.policy import Access, disclose


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


@given(datasets())
def test_a_citation_tells_no_path_inside_a_file(dataset: Dataset) -> None:
    paths = {text for text in told(dataset) if text.startswith("/")}
    assert not told(disclose(dataset, Access.CITATION)) & paths
