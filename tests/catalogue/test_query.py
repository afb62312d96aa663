"""The search language by itself: one normal form, and errors that say where."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verriere.catalogue.query import normal, parse, write
from verriere.catalogue.query.tree import And, Text
from verriere.errors import QueryInvalid

WORD = st.sampled_from(["silver", "Émail", "x-ray", "scan_0042", "saxs", "12", "3d", "où", "Straße", "not", "and"])
FIELD = st.sampled_from(["title", "sample", "person", "technique", "beamline", "instrument", "element", "visit", "id"])
NUMBER = st.sampled_from(["12", "0.9", "-3", "1e-3", "12.5", ".5"])
UNITS = ["", "keV", "eV", "Å", "nm", "1/Å", "°C", "K"]
UNIT = st.sampled_from(UNITS)
MEASURED = [
    *product(["energy"], ["", "keV", "eV"]),
    *product(["wavelength"], ["", "Å", "nm"]),
    *product(["temperature"], ["", "°C", "K"]),
    *product(["detector_distance"], UNITS),
]
QUANTITY = st.builds(
    lambda measured, sign, number: f'{measured[0]}:{sign}"{number} {measured[1]}"',
    st.sampled_from(MEASURED),
    st.sampled_from(["", ">", "<", ">=", "<=", "="]),
    NUMBER,
)
SPAN = st.builds(lambda low, high, unit: f'q:"{low}..{high}{unit}"', NUMBER, NUMBER, UNIT)
TERM = st.one_of(
    WORD,
    WORD.map("{}*".format),
    st.tuples(WORD, WORD).map(lambda pair: f'"{pair[0]} {pair[1]}"'),
    st.tuples(FIELD, WORD).map(lambda pair: f"{pair[0]}:{pair[1]}"),
    st.tuples(FIELD, WORD, WORD).map(lambda three: f'{three[0]}:"{three[1]} {three[2]}"'),
    QUANTITY,
    SPAN,
    st.sampled_from(["after:2024", "before:2024-02", "year:2020..2022", "year:2024", "status:open", "has:finding"]),
)
QUERY = st.recursive(
    TERM,
    lambda inner: st.one_of(
        inner.map("-({})".format),
        st.lists(inner, min_size=2, max_size=3).map(" ".join),
        st.lists(inner.map("({})".format), min_size=2, max_size=3).map(" or ".join),
    ),
    max_leaves=8,
)


@given(QUERY)
def test_what_is_written_is_parsed_to_the_same(query: str) -> None:
    tree = parse(query)
    assert parse(write(tree)) == tree


@given(QUERY)
def test_the_normal_form_is_one_and_is_its_own(query: str) -> None:
    form = normal(parse(query))
    assert normal(parse(write(form))) == form


@given(st.lists(QUERY, min_size=2, max_size=4), st.randoms())
def test_the_order_and_repetition_of_terms_do_not_matter(queries: list[str], dice: object) -> None:
    import random

    assert isinstance(dice, random.Random)
    shuffled = [*queries, queries[0]]
    dice.shuffle(shuffled)
    one, other = (normal(And(tuple(map(parse, each)))) for each in (queries, shuffled))
    assert one == other


@given(st.text(max_size=60))
def test_any_text_is_a_query_or_is_told_where_it_is_not(text: str) -> None:
    try:
        tree = parse(text)
    except QueryInvalid as error:
        invalid: QueryInvalid | None = error
    else:
        invalid = None
        assert normal(tree) == normal(normal(tree))
    assert invalid is None or (0 <= invalid.position <= len(text) and invalid.hint)


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ('silver "behenate', 7),
        ("(silver", 0),
        ("silver)", 6),
        ("()", 0),
        ("silver or", 7),
        ("or silver", 0),
        ("silver - gold", 7),
        ("energy:", 0),
        ("energy:high", 7),
        ("energy:12parsnips", 9),
        ("silver energy:>12kev2", 17),
        ("energy:12 s", 10),
        ("energy:>twelve", 8),
        ("wavelength:0.9nm..1Å", 11),
        ("silver after:2024-13", 13),
        ("after:yesterday", 6),
        ("year:20", 5),
        ("status:closed", 7),
        ("has:fun", 4),
        ("title:>3", 0),
        ("silver ***", 7),
        ("(" * 40 + "x" + ")" * 40, 30),
        ("-" * 200 + "x", 30),
        ("x" * 3000, 2000),
    ],
)
def test_a_query_that_cannot_be_parsed_is_told_where(text: str, position: int) -> None:
    with pytest.raises(QueryInvalid) as invalid:
        parse(text)
    assert invalid.value.position == position
    assert invalid.value.hint


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("energy:>12kevv", "did you mean keV?"),
        ("wavelength:1Angtsrom", "did you mean Å?"),
        ("energy:>12kev2", "write it in keV"),
        ("wavelength:3keV", "write it in Å"),
        ("exposure_time:<3millisconds", "did you mean ms?"),
    ],
)
def test_a_misspelt_unit_and_one_of_something_else_are_told_the_unit(text: str, hint: str) -> None:
    with pytest.raises(QueryInvalid) as invalid:
        parse(text)
    assert invalid.value.hint == hint


def test_a_wrong_status_is_told_the_right_one() -> None:
    with pytest.raises(QueryInvalid) as invalid:
        parse("status:opened")
    assert "status:open" in invalid.value.hint


def test_the_word_or_can_be_searched_for_in_quotes() -> None:
    assert parse('"or"') == Text(("or",))
    assert parse(write(Text(("or",)))) == Text(("or",))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("energy:12 keV", "energy:12keV"),
        ("energy:>= 12 keV", "energy:≥12keV"),
        ("wavelength:0.9..1.1Å", "wavelength:0.9Å..1.1Å"),
        ("a (b c)", "c b a"),
        ("-(-a)", "a"),
        ("instrument:SWING", "beamline:swing"),
        ("Detector-Distance:2m", "detector_distance:2 m"),
        ("status:ouvert", "status:open"),
        ("ÉMAIL", "email"),
    ],
)
def test_different_ways_to_write_it_are_the_same_query(one: str, other: str) -> None:
    assert normal(parse(one)) == normal(parse(other))
