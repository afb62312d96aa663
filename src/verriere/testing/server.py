"""The real portal on a real port, for tests that talk to it as browsers and programs do."""

import socket
import threading
import time
from types import TracebackType
from typing import Self

import uvicorn

from verriere.facility import Facility
from verriere.serve import create_app


class LiveServer:
    """Serves a facility from a thread, on a free port of this machine, for as long as the ``with`` lasts.

    Parameters
    ----------
    facility
        Open; it is not closed here. Its clock is the portal's.

    Examples
    --------
    >>> with LiveServer(facility) as server:  # doctest: +SKIP
    ...     urllib.request.urlopen(server.url + "/en/").status
    200
    """

    def __init__(self, facility: Facility) -> None:
        self._app = create_app(facility)
        config = uvicorn.Config(self._app, log_level="error", lifespan="on", timeout_graceful_shutdown=2)
        self._server = uvicorn.Server(config)
        # The protocol is named because asyncio switches off Nagle's algorithm (40 ms a page) only where it is.
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        self._socket.bind(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), name="portal")
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"

    def flush(self) -> None:
        """Let what is counted in the background be counted now."""
        self._app.state.desk.meter.flush()

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            if not self._thread.is_alive():
                raise RuntimeError("the portal did not start")
            time.sleep(0.01)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._socket.close()
