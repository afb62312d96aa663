"""Who keeps DOIs: `Registrar`, and the ones there are.

`offline` keeps them to itself, `datacite` tells the world. Both are told the same thing in the same way: what a DOI
should be, whole, as often as one likes.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from verriere.errors import SettingsInvalid
from verriere.model import PidState
from verriere.settings import Settings

PASSWORD = "VERRIERE_DATACITE_PASSWORD"  # noqa: S105 - the name of a variable
"""The environment variable with the password; it is in no file that is copied, shown or kept with the facility."""


@dataclass(frozen=True, slots=True)
class Message:
    """What a registrar is told of a DOI.

    Parameters
    ----------
    wanted
        The state that it should be in.
    attributes
        DataCite's metadata, the address of the page among them; empty for a draft, of which nobody knows anything.
    """

    doi: str
    wanted: PidState
    attributes: Mapping[str, Any]


class Registrar(Protocol):
    """Keeps DOIs. `tests.publish.test_registrars` is what each of them has to do."""

    @property
    def name(self) -> str:
        """As `verriere.model.Publication.registrar` has it."""
        ...

    def tell(self, message: Message) -> PidState:
        """Bring a DOI to the state that is wanted, with this metadata; told again, nothing changes.

        Returns
        -------
        PidState
            What the DOI is with this registrar now. Never a draft again, once it was more.

        Raises
        ------
        RegistrarUnreachable
            It does not answer, or cannot at present: to be tried again.
        RegistrarRefused
            It does not take this: a person has to look at it.
        """
        ...

    def close(self) -> None:
        """End connections."""
        ...


def registrar_called(name: str, settings: Settings) -> Registrar:
    """The registrar of that name, with the facility's settings.

    Raises
    ------
    SettingsInvalid
        It needs something that is not set.
    """
    try:
        make = _REGISTRARS[name]
    except KeyError:
        raise SettingsInvalid(f"there is no registrar {name!r}", hint=f"known: {', '.join(_REGISTRARS)}") from None
    return make(settings)


def _offline(_: Settings) -> Registrar:
    from verriere.publish.registrar.offline import Offline  # noqa: PLC0415

    return Offline()


def _datacite(settings: Settings) -> Registrar:
    from verriere.publish.registrar.datacite import DataCite  # noqa: PLC0415 - HTTP is for those who need it

    chosen = settings.publish
    password = os.environ.get(PASSWORD, "")
    missing = [
        name
        for name, value in (
            ("publish.repository", chosen.repository),
            (PASSWORD, password),
            ("serve.public_url", settings.serve.public_url),
        )
        if not value
    ]
    if missing:
        raise SettingsInvalid(f"DataCite cannot be used without {', '.join(missing)}", hint="see docs/publishing.md")
    return DataCite(chosen.endpoint, chosen.repository, password, timeout=chosen.timeout_seconds)


_REGISTRARS: Mapping[str, Callable[[Settings], Registrar]] = {"offline": _offline, "datacite": _datacite}
