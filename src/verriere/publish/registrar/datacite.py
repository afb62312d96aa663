"""DataCite's REST API: DOIs that the world resolves.

https://support.datacite.org/docs/api and its OpenAPI description, version 2.3.0. States and the events that lead from
one to another: https://support.datacite.org/docs/doi-states. A PUT creates what is not there and changes what is, so
the same message can be sent again after a power cut and registers nothing twice.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import quote

import httpx

from verriere import __version__
from verriere.errors import RegistrarRefused, RegistrarUnreachable
from verriere.model import PidState
from verriere.publish.registrar import Message

_MEDIA_TYPE = "application/vnd.api+json"
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_CREDENTIALS = frozenset({401, 403, 404})
"""404 answers who may not know: a prefix or a DOI of somebody else."""
_LONGEST_PAUSE = 30.0

_Event = Literal["", "register", "publish", "hide"]

_FIRST: Mapping[PidState, _Event] = {PidState.DRAFT: "", PidState.REGISTERED: "hide", PidState.FINDABLE: "publish"}
"""The event to ask for where it is not known which state DataCite has: one that is not possible there does nothing."""

_THEN: Mapping[tuple[PidState, PidState], _Event] = {
    (PidState.DRAFT, PidState.REGISTERED): "register",
    (PidState.DRAFT, PidState.FINDABLE): "publish",
    (PidState.REGISTERED, PidState.FINDABLE): "publish",
    (PidState.FINDABLE, PidState.REGISTERED): "hide",
}
"""The event that leads from what DataCite has to what is wanted."""


class DataCite:
    """The account of one repository.

    Parameters
    ----------
    timeout
        Seconds until one answer is waited for.
    pauses
        Seconds before each further attempt of a request that was not answered or came at a bad moment.
    sleep
        How to wait.
    """

    name = "datacite"

    def __init__(
        self,
        endpoint: str,
        repository: str,
        password: str,
        *,
        timeout: float = 20.0,
        pauses: Sequence[float] = (0.5, 2.0),
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = httpx.Client(
            base_url=endpoint.rstrip("/"),
            auth=(repository, password),
            timeout=timeout,
            headers={"Accept": _MEDIA_TYPE, "Content-Type": _MEDIA_TYPE, "User-Agent": f"verriere/{__version__}"},
        )
        self._pauses = tuple(pauses)
        self._sleep = sleep

    def tell(self, message: Message) -> PidState:
        """See `verriere.publish.registrar.Registrar.tell`."""
        state = self.ask(message, _FIRST[message.wanted])
        event = _THEN.get((state, message.wanted))
        return self.ask(message, event) if event else state

    def ask(self, message: Message, event: _Event) -> PidState:
        """Keep metadata, and let an event happen where it can; returns the state after it.

        Raises
        ------
        RegistrarUnreachable, RegistrarRefused
            As `tell` does.
        """
        attributes = {"doi": message.doi, **message.attributes}
        if event:
            attributes["event"] = event
        answer = self._put(message.doi, {"data": {"type": "dois", "attributes": attributes}})
        if not answer.is_success:
            raise _refusal(answer, message.doi)
        return _state(answer) or message.wanted

    def close(self) -> None:
        """End connections."""
        self._client.close()

    def _put(self, doi: str, document: Mapping[str, Any]) -> httpx.Response:
        """Send a document, again after a pause where it was not answered or came at a bad moment."""
        path = f"/dois/{quote(doi, safe='')}"
        pauses = iter(self._pauses)
        while True:
            asked = 0.0
            try:
                answer = self._client.put(path, json=document)
            except httpx.HTTPError as error:
                trouble = RegistrarUnreachable(f"DataCite does not answer: {error}", hint=_LATER)
            else:
                if answer.status_code not in _BUSY:
                    return answer
                trouble = RegistrarUnreachable(f"DataCite cannot at present: {_reason(answer)}", hint=_LATER)
                asked = _retry_after(answer)
            pause = next(pauses, None)
            if pause is None:
                raise trouble
            self._sleep(min(max(pause, asked), _LONGEST_PAUSE))


_LATER = "nothing is lost: it is tried again by itself, or with: verriere publish --sync"


def _refusal(answer: httpx.Response, doi: str) -> RegistrarRefused:
    if answer.status_code in _CREDENTIALS:
        return RegistrarRefused(
            f"DataCite does not let this repository work on {doi}: {_reason(answer)}",
            hint="check publish.repository, publish.prefix and the variable VERRIERE_DATACITE_PASSWORD",
        )
    return RegistrarRefused(f"DataCite does not take {doi}: {_reason(answer)}", hint="see docs/publishing.md")


def _state(answer: httpx.Response) -> PidState | None:
    """The state that an answer names; the description of the API lets it name none."""
    try:
        said = answer.json()["data"]["attributes"].get("state")
        return None if said is None else PidState(said)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RegistrarUnreachable(
            f"what answers at {answer.url.host} does not speak like DataCite", hint="check publish.endpoint"
        ) from error


def _reason(answer: httpx.Response) -> str:
    """What DataCite says is wrong, in its own words."""
    try:
        said = [
            ": ".join(str(error[part]) for part in ("source", "title") if error.get(part))
            for error in answer.json()["errors"]
        ]
    except (ValueError, KeyError, TypeError, AttributeError):
        said = []
    return "; ".join(part for part in said if part) or f"{answer.status_code} {answer.reason_phrase}"


def _retry_after(answer: httpx.Response) -> float:
    """Seconds that it asks to be left alone; 0 where it does not say."""
    text = answer.headers.get("retry-after", "")
    return float(text) if text.isdecimal() else 0.0
