"""No hit, count or facet betrays what a viewer may not know of."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from tests.catalogue.world import (
    BEN,
    ELOISE,
    EVERYBODY,
    NOW,
    OFFICE,
    STRANGER,
    TEAM,
    dataset,
    finding,
    found,
    furnish,
    keV,
)

from verriere.catalogue import Catalogue
from verriere.catalogue.database import Database
from verriere.catalogue.tables import dataset as table
from verriere.catalogue.visibility import levels, visible
from verriere.model import ANONYMOUS, Dataset, Duty, Parameter, Reading, RecordedUser, State, Viewer
from verriere.policy import Access, AccessRules, access

TEAMS = {"V1": {ELOISE.key}, "V2": {BEN.key}, "V3": {BEN.key}, None: set[str]()}
RULES = [
    AccessRules(shown, to)  # type: ignore[arg-type]
    for shown, to in product(["citation", "full"], ["anonymous", "registered"])
]
VIEWERS = [*EVERYBODY, Viewer(BEN.key, Duty.USER)]
STATES = st.sampled_from(State)
RANDOM = st.lists(st.tuples(STATES, st.sampled_from(["V1", "V2", "V3"])), min_size=1, max_size=12)


def secretive(identifier: str, state: State, visit: str) -> Dataset:
    """A dataset with a different secret behind each level of access."""
    return dataset(
        identifier,
        state=state,
        visit=visit,
        title=None if identifier.endswith("0") else "Silver",
        file=f"hiddenfile{identifier}_01.nxs",
        sample="hiddensample",
        energy=keV(12.0),
        parameters=(
            Parameter("pressure", "/entry/pressure", "hiddenvalue"),
            Parameter("badge", "/entry/badge", "hiddenperson", personal=True),
        ),
        findings=(finding(),),
    )


EXAMPLES = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def put(catalogue: Catalogue, drawn: list[tuple[State, str]]) -> list[Dataset]:
    """Datasets in these states; those of the example before that are not overwritten stay, as in a real catalogue."""
    revision = 1 + max((each.revision for each in catalogue.datasets()), default=0)
    made = [secretive(f"r{n}", state, visit) for n, (state, visit) in enumerate(drawn)]
    catalogue.register([replace(each, revision=revision) for each in made], now=NOW)
    return catalogue.datasets()


@EXAMPLES
@given(drawn=RANDOM, rules=st.sampled_from(RULES))
def test_the_predicate_in_sql_says_what_the_policy_says(
    furnished: Catalogue, database: Database, drawn: list[tuple[State, str]], rules: AccessRules
) -> None:
    every = put(furnished, drawn)
    for viewer in VIEWERS:
        expected = {each.id: access(each.state, TEAMS[each.visit_id], viewer, rules) for each in every}
        with database.read() as connection:
            said = dict.fromkeys(expected, Access.NONE)
            for each, condition in levels(viewer, rules).items():
                for identifier in connection.scalars(select(table.c.id).where(condition)):
                    assert said[identifier] is Access.NONE, "two levels at once"
                    said[identifier] = each
            shown = set(connection.scalars(select(table.c.id).where(visible(viewer, rules))))
        assert said == expected
        assert shown == {identifier for identifier, each in expected.items() if each}


@EXAMPLES
@given(drawn=RANDOM)
def test_hits_counts_and_facets_are_of_visible_datasets_alone(
    furnished: Catalogue, drawn: list[tuple[State, str]]
) -> None:
    every = put(furnished, drawn)
    for viewer in VIEWERS:
        seen = {each.id for each in every if furnished.access(each.id, viewer)}
        for text in ("", "saxs or scattering", "beamline:SWING"):
            page = furnished.search(text, viewer, facets=True, size=500)
            assert {hit.id for hit in page.hits} == seen
            assert page.total == len(seen)
            for name in ("beamline", "technique", "year", "status"):
                assert sum(facet.count for facet in page.facets[name]) == len(seen)


@EXAMPLES
@given(drawn=RANDOM)
def test_every_hit_shows_what_the_policy_discloses(furnished: Catalogue, drawn: list[tuple[State, str]]) -> None:
    put(furnished, drawn)
    for viewer in VIEWERS:
        for hit in furnished.search("", viewer, size=500).hits:
            shown, allowed = furnished.shown(hit.id, viewer)
            assert (hit.title, hit.access) == (shown.title, allowed)
            assert (hit.size is None) == (allowed < Access.METADATA)


HIDDEN_FROM_CITATIONS = [
    "hiddensample",
    "hiddenvalue",
    "pressure",
    "sample:hiddensample",
    "pressure:hiddenvalue",
    "energy:12keV",
    "energy:>1keV",
    "wavelength:1.0332Å",
    "has:finding",
    "has:sample",
    "hiddenfile*",
]


@pytest.mark.parametrize("text", HIDDEN_FROM_CITATIONS)
def test_hidden_metadata_of_an_embargoed_dataset_are_searched_by_its_team_alone(
    furnished: Catalogue, text: str
) -> None:
    furnished.register([secretive("x1", State.EMBARGOED, "V1"), secretive("x2", State.OPEN, "V1")], now=NOW)
    assert found(furnished, text, TEAM) == {"x1", "x2"}
    for viewer in (ANONYMOUS, STRANGER):
        assert found(furnished, text, viewer) == {"x2"}
        # What is left out betrays as much as what is found.
        assert found(furnished, f"-{text}", viewer) == {"x1"}


def test_a_parameter_and_a_beamline_that_only_hidden_datasets_name_are_unknown_to_strangers(
    furnished: Catalogue,
) -> None:
    lost = dataset("x2", state=State.QUARANTINED, instrument=None)
    capture = replace(lost.captures[0][1], instrument=Reading("HERMES", "/entry/instrument/name"))
    lost = replace(lost, captures=(("x2.nxs", capture),))
    furnished.register([secretive("x1", State.EMBARGOED, "V1"), lost], now=NOW)
    assert [each.near for each in furnished.advise("beamline:HERMIS", ANONYMOUS).unknown] == [""]
    assert furnished.advise("beamline:HERMIS", OFFICE).query == "beamline:HERMES"
    for text in ("pressure:3", "presure:3"):
        told = [furnished.advise(text, viewer) for viewer in (ANONYMOUS, STRANGER)]
        assert [[each.near for each in advice.unknown] for advice in told] == [[""], [""]]
    assert furnished.advise("pressure:3", TEAM).unknown == ()
    assert furnished.advise("presure:3", TEAM).query == "pressure:3"


def test_full_metadata_of_an_embargoed_dataset_are_searched_but_never_names_of_files(url: str) -> None:
    with Catalogue.open(url, access=AccessRules(public_metadata="full")) as catalogue:
        furnish(catalogue)
        catalogue.register([secretive("x0", State.EMBARGOED, "V1")], now=NOW)
        assert found(catalogue, "energy:12keV hiddensample", ANONYMOUS) == {"x0"}
        assert found(catalogue, "hiddenfile*", ANONYMOUS) == set()
        assert found(catalogue, "title:hiddenfile*", ANONYMOUS) == set()
        assert found(catalogue, "title:hiddenfile*", TEAM) == {"x0"}


def test_nothing_personal_is_searched_by_anyone(furnished: Catalogue) -> None:
    furnished.register([secretive("x1", State.OPEN, "V1")], now=NOW)
    for viewer in EVERYBODY:
        assert found(furnished, "hiddenperson", viewer) == set()
        assert found(furnished, "eloise lab", viewer) == set()


def test_the_order_of_hits_tells_neither_a_withheld_title_nor_a_hidden_size(furnished: Catalogue) -> None:
    def order(sort: str, size: int, file: str) -> list[str]:
        first = dataset("a1", state=State.EMBARGOED, title=None, file=file, size=size)
        second = dataset("b2", state=State.EMBARGOED, title=None, file="mmm_1.nxs", size=50)
        revision = 1 + max((each.revision for each in furnished.datasets()), default=0)
        furnished.register([replace(each, revision=revision) for each in (first, second)], now=NOW)
        return [hit.id for hit in furnished.search("", ANONYMOUS, sort=sort).hits]  # type: ignore[arg-type]

    assert order("title", 1, "aaa_1.nxs") == order("title", 1, "zzz_1.nxs")
    assert order("size", 1, "aaa_1.nxs") == order("size", 99, "aaa_1.nxs")


def test_a_list_shows_the_team_the_title_that_others_are_not_told(furnished: Catalogue) -> None:
    said = dataset("x1", title="Silver for Ottoline Quarrington")
    name, capture = said.captures[0]
    users = (RecordedUser("Ottoline Quarrington", "/entry/user/name"),)
    furnished.register([replace(said, captures=((name, replace(capture, users=users)),))], now=NOW)
    titles = {viewer: [hit.title for hit in furnished.search("", viewer).hits] for viewer in EVERYBODY}
    for viewer, told in titles.items():
        assert told == [furnished.shown("x1", viewer)[0].title]
    assert titles[TEAM] == [said.title]
    assert titles[STRANGER] == ["x1"]
