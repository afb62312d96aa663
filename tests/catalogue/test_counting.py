"""Counts and first pages are the same, by whatever way they are found."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from tests.catalogue.world import BEN, EVERYBODY, NOW, OFFICE, START, TOMOGRAPHY, dataset, furnish

from verriere.catalogue import Catalogue, search, tables
from verriere.catalogue.database import Database
from verriere.model import Dataset, Duty, State, Technique, Viewer

VIEWERS = (*EVERYBODY, Viewer(BEN.key, Duty.USER))
EXAMPLES = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
STATES = st.sampled_from(State)
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["a1", "b2", "c3", "d4", "e5", "f6"]),
        STATES,
        st.sampled_from(["V1", "V2", "V3"]),
        st.sampled_from([TOMOGRAPHY, None]),
        st.sampled_from(["SWING", "PX1"]),
        st.sampled_from([START, START - timedelta(days=800), None]),
    ),
    min_size=1,
    max_size=20,
)


def year(each: Dataset) -> int:
    """Of the measurement, else of the visit, if there is one; every visit is of 2024."""
    if each.capture and each.capture.start_time:
        return int(each.capture.start_time.value[:4])
    return START.year if each.visit_id else 0


def techniques(each: Dataset) -> bool:
    return bool(each.capture and each.capture.techniques)


OF_SHELVES: dict[str, Callable[[Dataset], bool]] = {
    "": lambda _: True,
    "status:open": lambda each: each.state is State.OPEN,
    "-status:open": lambda each: each.state is not State.OPEN,
    "beamline:swing or technique:tomography": lambda each: each.instrument_id == "SWING" or techniques(each),
    "-(beamline:swing year:2024)": lambda each: each.instrument_id != "SWING" or year(each) != 2024,
    "year:2020..2023": lambda each: 2020 <= year(each) <= 2023,
    "has:technique status:embargoed": lambda each: techniques(each) and each.state is State.EMBARGOED,
    "beamline:prox*": lambda each: each.instrument_id == "PX1",
}
"""What is counted without looking at datasets, and what it means."""


def enter(catalogue: Catalogue, drawn: list[tuple[str, State, str, Technique | None, str, object]]) -> None:
    """Each change in a batch of its own, as a revision of what an earlier one entered."""
    revision = max((each.revision for each in catalogue.datasets()), default=0)
    for number, (identifier, state, visit, technique, instrument, start) in enumerate(drawn, start=1):
        made: Dataset = dataset(
            identifier,
            state=state,
            visit=visit,
            technique=technique,
            instrument=instrument,
            start=start,  # type: ignore[arg-type]
        )
        catalogue.register([replace(made, revision=revision + number)], now=NOW)


@EXAMPLES
@given(drawn=CHANGES)
def test_a_shelf_knows_how_many_datasets_stand_on_it(furnished: Catalogue, database: Database, drawn: list) -> None:  # type: ignore[type-arg]
    enter(furnished, drawn)
    furnished.put_instruments([replace(furnished.instrument("PX1"), description=f"{drawn!r}")], now=NOW)
    with database.read() as connection:
        counted = select(tables.dataset.c.shelf, func.count()).group_by(tables.dataset.c.shelf)
        standing = {row[0]: row[1] for row in connection.execute(counted)}
        said = {row.id: row.number for row in connection.execute(select(tables.shelf)) if row.number}
    assert said == standing


@EXAMPLES
@given(drawn=CHANGES)
def test_what_is_counted_on_shelves_is_what_is_found(furnished: Catalogue, drawn: list) -> None:  # type: ignore[type-arg]
    enter(furnished, drawn)
    for viewer in VIEWERS:
        seen = {each.id: each for each in furnished.datasets() if furnished.access(each.id, viewer)}
        for text, means in OF_SHELVES.items():
            page = furnished.search(text, viewer, facets=True, size=500)
            hits = [hit.id for hit in page.hits]
            assert set(hits) == {identifier for identifier, each in seen.items() if means(each)}
            assert page.total == len(hits) == furnished.search(text, viewer).total
            states = Counter(seen[each].state.value for each in hits)
            assert {facet.value: facet.count for facet in page.facets["status"]} == states
            beamlines = Counter(seen[each].instrument_id for each in hits)
            assert sorted(facet.count for facet in page.facets["beamline"]) == sorted(beamlines.values())


@pytest.mark.parametrize("sort", ["newest", "oldest"])
@pytest.mark.parametrize("text", ["common", "common after:2020", "common status:open person:eloise", "common -secret"])
def test_pages_of_frequent_hits_are_the_same_one_by_one_and_all_at_once(
    catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch, text: str, sort: search.Sort
) -> None:
    furnish(catalogue)
    states = (State.OPEN, State.EMBARGOED, State.OPEN, State.PROPRIETARY)
    made = [
        dataset(
            f"m{n:03}",
            title="Common" if n % 7 else "Rare",
            sample="secret" if n % 3 == 0 else None,
            start=START - timedelta(days=10 * (n * 17 % 400)),
            state=states[n % 4],
        )
        for n in range(400)
    ]
    catalogue.register(made, now=NOW)
    monkeypatch.setattr(search, "_MOST_RANKED", 0)
    for viewer in VIEWERS:
        shown = {}
        for reach in (0, 60, 10_000):
            monkeypatch.setattr(search, "_REACH", reach)
            pages = [catalogue.search(text, viewer, sort=sort, page=page, size=9) for page in (1, 2, 30)]
            shown[reach] = [(page.total, [(hit.id, hit.access) for hit in page.hits]) for page in pages]
        assert shown[0] == shown[60] == shown[10_000]


def test_a_shelf_that_is_empty_again_is_no_facet(furnished: Catalogue) -> None:
    furnished.register([dataset("a1", state=State.EMBARGOED)], now=NOW)
    furnished.register([replace(dataset("a1", state=State.OPEN), revision=2)], now=NOW)
    page = furnished.search("", OFFICE, facets=True)
    assert [(facet.value, facet.count) for facet in page.facets["status"]] == [("open", 1)]
