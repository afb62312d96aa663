"""The registrar of facilities without one: DOIs stay drafts, which resolve nowhere."""

from verriere.model import PidState
from verriere.publish.registrar import Message


class Offline:
    """Keeps nothing: what it is told is in the archive already, and no DOI of it is ever more than a draft."""

    name = "offline"

    def tell(self, message: Message) -> PidState:
        """See `verriere.publish.registrar.Registrar.tell`."""
        return PidState.DRAFT

    def close(self) -> None:
        """Nothing is open."""
