"""Who may see what, as SQL: the same rule as `verriere.policy.access`, held equal to it by a property test."""

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, select, true

from verriere.catalogue.place import OF_DATASET, Place
from verriere.catalogue.tables import team
from verriere.model import State, Viewer
from verriere.policy import Access, AccessRules
from verriere.policy.access import public_access


def levels(viewer: Viewer, rules: AccessRules, place: Place = OF_DATASET) -> dict[Access, ColumnElement[bool]]:
    """For each level above `Access.NONE` that this viewer has anywhere: the datasets for which it is theirs.

    The conditions, on ``place``, exclude each other.
    """
    if viewer.is_data_office:
        return {Access.TEAM: true()}
    theirs: dict[Access, list[str]] = {}
    for state in State:
        access = public_access(state, viewer, rules)
        if access is not Access.NONE:
            theirs.setdefault(access, []).append(state.value)
    if viewer.person is None:
        return {access: place.state.in_(states) for access, states in theirs.items()}
    # False, not NULL, for those without a visit.
    foreign = not_(func.coalesce(place.visit_id, "").in_(_visits(viewer)))
    return {
        Access.TEAM: own(viewer, place),
        **{access: and_(place.state.in_(states), foreign) for access, states in theirs.items()},
    }


def public_states(viewer: Viewer, rules: AccessRules, *, at_least: Access = Access.CITATION) -> list[str]:
    """The states in which this viewer sees ``at_least`` so much of any dataset; all of them for the data office."""
    return [s.value for s in State if viewer.is_data_office or public_access(s, viewer, rules) >= at_least]


def own(viewer: Viewer, place: Place = OF_DATASET) -> ColumnElement[bool]:
    """The datasets of the viewer's visits."""
    return and_(place.visit_id.in_(_visits(viewer)), place.state != State.QUARANTINED.value)


def _visits(viewer: Viewer) -> Select[tuple[str]]:
    return select(team.c.visit_id).where(team.c.person == viewer.person)


def visible(
    viewer: Viewer, rules: AccessRules, place: Place = OF_DATASET, *, at_least: Access = Access.CITATION
) -> ColumnElement[bool]:
    """The datasets of which this viewer may see ``at_least`` so much."""
    if viewer.is_data_office:
        return true()
    public = place.state.in_(public_states(viewer, rules, at_least=at_least))
    if viewer.person is None:
        return public
    # Not as OR: SQLite would go through one index for each side, where a single pass answers.
    return case((public, 1), (own(viewer, place), 1), else_=0) == 1
