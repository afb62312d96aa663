"""Who may see what: nobody who says who they are sees less than somebody who does not."""

from typing import get_args

from hypothesis import given
from hypothesis import strategies as st
from tests.policy.strategies import STATES

from verriere.model import ANONYMOUS, Duty, Research, State, Viewer
from verriere.policy import Access, AccessRules, access, sees_beamtime

PEOPLE = st.sampled_from(["ada@x.org", "ben@x.org", "chloe@x.org"])
TEAMS = st.frozensets(PEOPLE)
RULES = st.builds(
    AccessRules,
    public_metadata=st.sampled_from(["citation", "full"]),
    open_to=st.sampled_from(["anonymous", "registered"]),
)
OFFICE = Viewer("office@x.org", Duty.DATA_OFFICE)


@given(STATES, TEAMS, PEOPLE, RULES)
def test_what_an_anonymous_person_sees_everybody_sees(
    state: State, team: frozenset[str], person: str, rules: AccessRules
) -> None:
    stranger = Viewer("stranger@x.org", Duty.USER)
    member = Viewer(person, Duty.USER)
    steps = [access(state, team, viewer, rules) for viewer in (ANONYMOUS, stranger, member, OFFICE)]
    assert steps == sorted(steps)


@given(TEAMS, RULES)
def test_a_team_sees_its_embargoed_dataset_and_a_stranger_its_citation_or_metadata(
    team: frozenset[str], rules: AccessRules
) -> None:
    for person in team:
        assert access(State.EMBARGOED, team, Viewer(person, Duty.USER), rules) is Access.TEAM
    shown = access(State.EMBARGOED, team, ANONYMOUS, rules)
    assert shown is (Access.METADATA if rules.public_metadata == "full" else Access.CITATION)


@given(TEAMS, RULES, PEOPLE)
def test_proprietary_and_quarantined_datasets_are_not_there_for_others(
    team: frozenset[str], rules: AccessRules, person: str
) -> None:
    viewer = Viewer(person, Duty.USER)
    assert access(State.PROPRIETARY, team - {person}, viewer, rules) is Access.NONE
    assert access(State.QUARANTINED, team, viewer, rules) is Access.NONE


def test_open_data_are_for_everyone_or_for_everyone_who_has_logged_in() -> None:
    stranger = Viewer("stranger@x.org", Duty.USER)
    anyone, registered = AccessRules(open_to="anonymous"), AccessRules(open_to="registered")
    assert access(State.OPEN, (), ANONYMOUS, anyone) is Access.DATA
    assert access(State.OPEN, (), ANONYMOUS, registered) is Access.METADATA
    assert access(State.OPEN, (), stranger, registered) is Access.DATA


def test_a_proprietary_proposal_is_known_to_its_team_and_the_data_office() -> None:
    member, stranger = Viewer("ada@x.org", Duty.USER), Viewer("ben@x.org", Duty.USER)
    seen = [sees_beamtime(Research.PROPRIETARY, {"ada@x.org"}, each) for each in (ANONYMOUS, stranger, member, OFFICE)]
    assert seen == [False, False, True, True]
    assert sees_beamtime(Research.PUBLIC, {"ada@x.org"}, ANONYMOUS)


def test_the_rules_are_those_that_the_settings_offer() -> None:
    from verriere.settings import EmbargoSettings

    fields = EmbargoSettings.model_fields
    assert get_args(fields["public_metadata"].annotation) == ("citation", "full")
    assert get_args(fields["open_to"].annotation) == ("anonymous", "registered")
