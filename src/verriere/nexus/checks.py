"""What does not fit together in a file, said so that its beamline can mend it."""

from verriere.model import Capture
from verriere.nexus.places import Places


def check(places: Places, found: Capture) -> None:
    """Add findings about what was captured to the tree."""
