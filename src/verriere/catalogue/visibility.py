"""Who may see what, as SQL: the same rule as `verriere.policy.access`, held equal to it by a property test."""

from sqlalchemy import ColumnElement, and_, case, false, or_, select, true

from verriere.catalogue.tables import dataset, team
from verriere.model import State, Viewer
from verriere.policy import Access, AccessRules
from verriere.policy.access import public_access


def levels(viewer: Viewer, rules: AccessRules) -> dict[Access, ColumnElement[bool]]:
    """For each level above `Access.NONE` that this viewer has anywhere: the datasets for which it is theirs.

    The conditions exclude each other.
    """
    if viewer.is_data_office:
        return {Access.TEAM: true()}
    theirs: dict[Access, list[str]] = {}
    for state in State:
        access = public_access(state, viewer, rules)
        if access is not Access.NONE:
            theirs.setdefault(access, []).append(state.value)
    if viewer.person is None:
        return {access: dataset.c.state.in_(states) for access, states in theirs.items()}
    visits = select(team.c.visit_id).where(team.c.person == viewer.person)
    own = dataset.c.visit_id.in_(visits)
    foreign = or_(dataset.c.visit_id.is_(None), dataset.c.visit_id.not_in(visits))
    return {
        Access.TEAM: and_(own, dataset.c.state != State.QUARANTINED.value),
        **{access: and_(dataset.c.state.in_(states), foreign) for access, states in theirs.items()},
    }


def visible(viewer: Viewer, rules: AccessRules, *, at_least: Access = Access.CITATION) -> ColumnElement[bool]:
    """The datasets of which this viewer may see ``at_least`` so much."""
    found = [condition for access, condition in levels(viewer, rules).items() if access >= at_least]
    return or_(*found) if found else false()


def level(viewer: Viewer, rules: AccessRules) -> ColumnElement[int]:
    """How much of each dataset this viewer may see, as a number."""
    found = levels(viewer, rules).items()
    return case(*((condition, int(access)) for access, condition in found), else_=int(Access.NONE))
