"""Who may see what of one dataset. `verriere.catalogue.visibility` says the same as SQL."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

from verriere.model import Research, State, Viewer


class Access(IntEnum):
    """How much of a dataset a viewer may see; each level includes those below it.

    ``NONE``: not even that it exists. ``CITATION``: title, team, instrument, techniques, dates, the day it opens.
    ``METADATA``: everything recorded about it, but no bytes, pictures or names of files. ``DATA``: the bytes too.
    ``TEAM``: also what is personal.
    """

    NONE = 0
    CITATION = 1
    METADATA = 2
    DATA = 3
    TEAM = 4


@dataclass(frozen=True, slots=True)
class AccessRules:
    """What the facility chose.

    Parameters
    ----------
    public_metadata
        What others see of an embargoed dataset: ``citation`` or ``full`` metadata.
    open_to
        Who may have the bytes of an open dataset: ``anonymous`` (anyone) or ``registered`` (who has logged in).
    """

    public_metadata: Literal["citation", "full"] = "citation"
    open_to: Literal["anonymous", "registered"] = "anonymous"


def access(state: State, team: Collection[str], viewer: Viewer, rules: AccessRules) -> Access:
    """How much of a dataset ``viewer`` may see.

    Parameters
    ----------
    team
        Keys of the people of its visit and proposal (`verriere.model.Person.key`).
    """
    if viewer.is_data_office:
        return Access.TEAM
    if state is State.QUARANTINED:
        return Access.NONE
    if viewer.person is not None and viewer.person in team:
        return Access.TEAM
    return public_access(state, viewer, rules)


def public_access(state: State, viewer: Viewer, rules: AccessRules) -> Access:
    """How much of a dataset is seen by someone outside its team."""
    if state is State.OPEN:
        everyone = rules.open_to == "anonymous" or viewer.is_registered
        return Access.DATA if everyone else Access.METADATA
    if state is State.EMBARGOED:
        return Access.METADATA if rules.public_metadata == "full" else Access.CITATION
    if state is State.WITHDRAWN:
        return Access.CITATION
    return Access.NONE


def sees_beamtime(research: Research, team: Collection[str], viewer: Viewer) -> bool:
    """Whether ``viewer`` may know of a proposal or a visit: proprietary ones are their team's alone."""
    if viewer.is_data_office or research is Research.PUBLIC:
        return True
    return viewer.person is not None and viewer.person in team
