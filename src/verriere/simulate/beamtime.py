"""What the three simulated beamlines are told about a beamtime before they record."""

from dataclasses import dataclass
from datetime import datetime

from verriere.model import Person

FACILITY = "Synchrotron SOLEIL"


@dataclass(frozen=True, slots=True)
class Beamtime:
    """One visit as the beamline's control system knows it.

    Parameters
    ----------
    identifier
        What the files get as ``experiment_identifier``.
    start
        When the first file is recorded, with its zone.
    user
        Who is written into the files as the responsible user.
    """

    identifier: str
    start: datetime
    user: Person
    title: str
