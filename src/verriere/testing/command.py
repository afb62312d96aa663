"""The command as a person runs it: a process of its own."""

import gc
import json
import os
import pkgutil
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from threading import Lock
from typing import IO, Any, Self

SECONDS = 240
_REQUEST = 1 << 17
_PROGRAM = f"import sys; from {__name__} import bear; bear(int(sys.argv[1]))"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # what has threads cannot be forked
_ALSO = ("alembic.command", "alembic.config", "rich.console", "rich.progress", "rich.table")


@dataclass(frozen=True, slots=True)
class Told:
    """What a command answered: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, as JSON."""
        return json.loads(self.out)


Run = Callable[..., Told]


def run(*words: object, stdin: str = "", env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Told:
    """Run ``verriere`` with these words in a Python that is started for it.

    Parameters
    ----------
    env
        Variables beside those of this process; ``VERRIERE_*`` of this process are left out.
    """
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "verriere", *map(str, words)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
        cwd=cwd,
        env=_surroundings(env),
    )
    return Told(done.returncode, done.stdout, done.stderr)


class Commands:
    """Runs ``verriere`` as `run` does, in processes that need not import anything: a test waits for the command only.

    One Python imports all of the package and bears a child for each command, with the words, variables, folder and
    files that the command would have had. Use it as a context manager.

    Parameters
    ----------
    env
        Variables that every command has beside those of this process.

    Examples
    --------
    >>> with Commands() as verriere:  # doctest: +SKIP
    ...     verriere("--version").out
    '0.1.0'
    """

    def __init__(self, env: Mapping[str, str] | None = None) -> None:
        self._env = dict(env or {})
        self._turn = Lock()
        self._desk, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._mother = subprocess.Popen(  # noqa: S603 - this very Python, and a module of ours
                [sys.executable, "-c", _PROGRAM, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                env=_surroundings(_ONE_THREAD),
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._desk.close()
        self._mother.wait()

    def __call__(
        self, *words: object, stdin: str = "", env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> Told:
        """Run ``verriere`` with these words; parameters are those of `run`."""
        surroundings = _surroundings({**self._env, **(env or {})})
        request = json.dumps([list(map(str, words)), surroundings, str(cwd or Path.cwd())]).encode()
        with self._turn, TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
            given.write(stdin.encode())
            given.seek(0)
            socket.send_fds(self._desk, [request], [given.fileno(), out.fileno(), err.fileno()])
            child = int(self._desk.recv(64))
            self._desk.settimeout(SECONDS)
            try:
                code = int(self._desk.recv(64))
            except TimeoutError:
                os.kill(child, 9)
                self._desk.settimeout(None)
                self._desk.recv(64)
                raise
            self._desk.settimeout(None)
            return Told(code, _text(out), _text(err))


def bear(descriptor: int) -> None:
    """Import the whole package, then bear a process for each command that comes through a socket until it is closed."""
    import verriere  # noqa: PLC0415 - all of it

    for module in pkgutil.walk_packages(verriere.__path__, "verriere."):
        if not module.name.endswith("__main__") and ".migrations." not in module.name:
            import_module(module.name)
    for name in _ALSO:
        import_module(name)
    gc.collect()
    gc.freeze()
    with socket.socket(fileno=descriptor) as desk:
        while True:
            message, files, *_ = socket.recv_fds(desk, _REQUEST, 3)
            if not message:
                return
            child = os.fork()
            if child == 0:
                desk.close()
                break
            for file in files:
                os.close(file)
            desk.send(str(child).encode())
            desk.send(str(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])).encode())
    # A child leaves the loop, so that its end is that of any Python: buffers are written, an error is told.
    words, surroundings, folder = json.loads(message)
    for number, file in enumerate(files):
        os.dup2(file, number)
        os.close(file)
    os.environ.clear()
    os.environ.update(surroundings)
    os.chdir(folder)
    sys.argv = ["verriere", *words]
    import_module("verriere.cli").main()


def _surroundings(env: Mapping[str, str] | None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("VERRIERE_")}
    return kept | {"LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(sys.path), **(env or {})}


def _text(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode()
