"""A stand-in for DataCite: its REST API's calls for DOIs, its state machine, its refusals, on a real port.

Written after the API's documentation (https://support.datacite.org/docs/api, .../doi-states); it knows one repository.
"""

import json
import threading
from base64 import b64decode
from collections import deque
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import unquote

_TRANSITIONS = {
    ("draft", "register"): "registered",
    ("draft", "publish"): "findable",
    ("registered", "publish"): "findable",
    ("findable", "hide"): "registered",
}
_NEEDED = ("url", "titles", "creators", "publisher", "publicationYear", "types")
"""What a DOI needs to be more than a draft."""


@dataclass
class FakeDataCite:
    """Answers as DataCite does, for as long as the ``with`` lasts.

    Attributes
    ----------
    dois
        The attributes of each DOI.
    states
        Which states each DOI went through, in order: what was registered twice would be there twice.
    failures
        Status codes with which the next requests are answered, whatever they ask; 0: hang up without an answer.
    paths
        What was asked for, as it was written.
    delay
        Seconds before each answer; what was asked is done before.
    retry_after
        Seconds that a busy DataCite asks to be left alone.
    """

    prefix: str = "10.5072"
    repository: str = "TEST.REPO"
    password: str = "a password of nobody"  # noqa: S105
    delay: float = 0.0
    port: int = 0
    dois: dict[str, dict[str, Any]] = field(default_factory=dict)
    states: dict[str, list[str]] = field(default_factory=dict)
    failures: deque[int] = field(default_factory=deque)
    paths: list[str] = field(default_factory=list)
    retry_after: int = 0

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), name="datacite")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def state(self, doi: str) -> str | None:
        """The state of a DOI; None where there is none."""
        return self.states.get(doi, [None])[-1]

    def answer(self, method: str, path: str, authorization: str, body: bytes) -> tuple[int, dict[str, Any]]:
        """The status and the document with which a request is answered."""
        with self._lock:
            if self.failures:
                status = self.failures.popleft()
                return status, {"errors": [{"status": str(status), "title": "Out of order for a test"}]}
            doi = unquote(path.removeprefix("/dois").removeprefix("/")).lower()
            self.paths.append(path)
            if not self._is_let_in(authorization):
                return 401, {"errors": [{"status": "401", "title": "Bad credentials."}]}
            if method == "GET":
                return (200, self._shown(doi)) if doi in self.dois else _missing()
            try:
                data = json.loads(body)["data"]
                attributes = dict(data["attributes"])
            except (ValueError, KeyError, TypeError):
                return 400, {"errors": [{"status": "400", "title": "You need to provide a payload"}]}
            doi = doi or str(attributes.get("doi", "")).lower()
            if method == "POST" and doi in self.dois:
                return _invalid("doi", "This DOI has already been taken")
            return self._kept(doi, data.get("type"), attributes, created=201 if method == "POST" else 200)

    def _kept(self, doi: str, kind: object, attributes: dict[str, Any], *, created: int) -> tuple[int, dict[str, Any]]:
        if kind != "dois":
            return 422, {"errors": [{"status": "422", "title": "data.type must be dois"}]}
        if not doi.startswith(f"{self.prefix}/"):
            return 403, {"errors": [{"status": "403", "title": "You are not authorized to access this resource."}]}
        event = attributes.pop("event", "")
        before = self.state(doi) or "draft"
        after = _TRANSITIONS.get((before, event), before)
        known = {**self.dois.get(doi, {}), **attributes, "doi": doi}
        if after != "draft":
            for name in _NEEDED:
                if not known.get(name):
                    return _invalid(name, "can't be blank")
            if not isinstance(known["publicationYear"], int):
                return _invalid("publicationYear", "is no integer")
        self.dois[doi] = known
        if self.states.setdefault(doi, ["draft"])[-1] != after:
            self.states[doi].append(after)
        return created, self._shown(doi)

    def _shown(self, doi: str) -> dict[str, Any]:
        return {"data": {"id": doi, "type": "dois", "attributes": {**self.dois[doi], "state": self.state(doi)}}}

    def _is_let_in(self, authorization: str) -> bool:
        scheme, _, secret = authorization.partition(" ")
        return scheme == "Basic" and b64decode(secret).decode() == f"{self.repository}:{self.password}"


def _missing() -> tuple[int, dict[str, Any]]:
    return 404, {"errors": [{"status": "404", "title": "The resource you are looking for doesn't exist."}]}


def _invalid(source: str, title: str) -> tuple[int, dict[str, Any]]:
    return 422, {"errors": [{"status": "422", "source": source, "title": title}]}


class _Handler(BaseHTTPRequestHandler):
    fake: FakeDataCite
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def do_PUT(self) -> None:
        self._answer()

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, document = self.fake.answer(self.command, self.path, self.headers.get("Authorization", ""), body)
        threading.Event().wait(self.fake.delay)
        if not status:
            self.close_connection = True
            return
        text = json.dumps(document).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/vnd.api+json; charset=utf-8")
        self.send_header("Content-Length", str(len(text)))
        if self.fake.retry_after:
            self.send_header("Retry-After", str(self.fake.retry_after))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the server's name for it
        """Say nothing: tests look at what was kept."""
