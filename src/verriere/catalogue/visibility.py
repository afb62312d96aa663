"""Who may see what, as SQL: the same rule as `verriere.policy.access`, held equal to it by a property test."""

from sqlalchemy import ColumnElement, and_, case, func, not_, select, true

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
    own = _own(viewer)
    foreign = not_(own)
    return {
        Access.TEAM: and_(own, dataset.c.state != State.QUARANTINED.value),
        **{access: and_(dataset.c.state.in_(states), foreign) for access, states in theirs.items()},
    }


def _own(viewer: Viewer) -> ColumnElement[bool]:
    """The datasets of the viewer's visits; false, not NULL, for those without a visit."""
    visits = select(team.c.visit_id).where(team.c.person == viewer.person)
    return func.coalesce(dataset.c.visit_id, "").in_(visits)


def visible(viewer: Viewer, rules: AccessRules, *, at_least: Access = Access.CITATION) -> ColumnElement[bool]:
    """The datasets of which this viewer may see ``at_least`` so much."""
    if viewer.is_data_office:
        return true()
    public = dataset.c.state.in_([s.value for s in State if public_access(s, viewer, rules) >= at_least])
    if viewer.person is None:
        return public
    own = and_(_own(viewer), dataset.c.state != State.QUARANTINED.value)
    # Not as OR: SQLite would go through one index for each side, where a single pass answers.
    return case((public, 1), (own, 1), else_=0) == 1
