"""Processes that read files, so that a file that stops its reader stops nothing else.

A reader is another Python with a pipe to this one. One that dies or takes too long is replaced, and the file it was
reading gets an answer that says so. A reader ends by itself when this process does, however that comes.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from multiprocessing.connection import Connection, Pipe
from pathlib import Path
from queue import SimpleQueue
from typing import Any, Self, TypeVar

from verriere.ingest.extract import Extract, extract, stopped
from verriere.ingest.gather import Group
from verriere.ingest.look import Look, look

A = TypeVar("A")
T = TypeVar("T")
SECONDS_A_FILE = 120.0
MEMORY = 3 << 30
"""Bytes that a reader may take: a chunk of a kilobyte can say that it unpacks to a terabyte, and HDF5 believes it."""


class Stopped(Exception):
    """A reader died or was too slow; the text says which."""


class Readers:
    """A fixed number of readers; use it as a context manager.

    Parameters
    ----------
    count
        Number of processes; 0 for as many as processors. They are started when there is work for them.
    """

    def __init__(self, count: int = 0, *, seconds: float = SECONDS_A_FILE) -> None:
        self.count = count or len(os.sched_getaffinity(0))
        self._seconds = seconds
        self._idle: SimpleQueue[_Reader] = SimpleQueue()
        for _ in range(self.count):
            self._idle.put(_Reader())
        self._threads = ThreadPoolExecutor(self.count, thread_name_prefix="verriere-reader")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the readers, when what they are doing is done; who asks after that is interrupted."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        while not self._idle.empty():
            self._idle.get().end()
        self._idle.put(_CLOSED)

    def ask(self, work: Callable[[A], T], argument: A) -> T:
        """Have a reader call ``work``, a function of a module, and wait for what it returns.

        Raises
        ------
        Stopped
            The reader died, was too slow, or ``work`` raised something.
        """
        answer = self._ask((work, argument))
        if isinstance(answer, Stopped):
            raise answer
        return answer

    def look(self, paths: Sequence[Path]) -> Iterator[Look]:
        """Look at files, in the order given."""
        parts = [tuple(paths[start : start + 16]) for start in range(0, len(paths), 16)]
        for part, answer in zip(parts, self._each([(_look_at, part) for part in parts]), strict=True):
            if isinstance(answer, Stopped):
                yield from (self._look_alone(path) for path in part)
            else:
                yield from answer

    def read(self, groups: Iterable[Group]) -> Iterator[Extract]:
        """Read what the files of groups say, in the order given."""
        listed = list(groups)
        for group, answer in zip(listed, self._each([(extract, group) for group in listed]), strict=True):
            yield stopped(group, str(answer)) if isinstance(answer, Stopped) else answer

    def read_soon(self, group: Group) -> "Future[Extract]":
        """Read what the files of a group say, as soon as a reader is free."""
        return self._threads.submit(self._read_one, group)

    def _read_one(self, group: Group) -> Extract:
        answer = self._ask((extract, group))
        return stopped(group, str(answer)) if isinstance(answer, Stopped) else answer

    def _look_alone(self, path: Path) -> Look:
        answer = self._ask((_look_at, (path,)))
        return Look(hdf5=True) if isinstance(answer, Stopped) else answer[0]

    def _each(self, tasks: list[tuple[Callable[[Any], T], Any]]) -> Iterator[T | Stopped]:
        return self._threads.map(self._ask, tasks)

    def _ask(self, task: tuple[Callable[[Any], T], Any]) -> T | Stopped:
        reader = self._idle.get()
        if reader is _CLOSED:
            # The readers are closed while a workflow's thread still asks: somebody interrupted the ingest. Without an
            # answer that thread would wait for ever, and the program with it.
            self._idle.put(_CLOSED)
            raise KeyboardInterrupt
        try:
            answer: T = reader.ask(task, self._seconds)
        except Stopped as reason:
            reader.end()
            reader = _Reader()
            return reason
        else:
            return answer
        finally:
            self._idle.put(reader)


class _Reader:
    """One process that reads, started with its first task."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._pipe: Connection[Any, Any] | None = None

    def ask(self, task: object, seconds: float) -> Any:
        if self._pipe is None:
            self._start()
        assert self._pipe is not None
        try:
            self._pipe.send(task)
            if not self._pipe.poll(seconds):
                raise Stopped(f"longer than {seconds:.0f} s")
            answer = self._pipe.recv()
        except (EOFError, ConnectionError) as error:
            raise Stopped("the process died") from error
        if isinstance(answer, BaseException):
            raise Stopped(f"{type(answer).__name__}: {answer}") from answer
        return answer

    def _start(self) -> None:
        ours, theirs = Pipe()
        with theirs:
            environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **_ONE_THREAD}
            self._process = subprocess.Popen(  # noqa: S603 - this very Python, and a module of ours
                [sys.executable, "-c", _PROGRAM, str(theirs.fileno())],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                env=environment,
                process_group=0,  # Ctrl-C is for this process, which ends its readers itself
            )
        self._pipe = ours

    def end(self) -> None:
        if self._pipe is not None:
            self._pipe.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait()


_CLOSED = _Reader()  # stands in the queue when there are no more readers; never started
_PROGRAM = f"import sys; from {__name__} import serve; serve(int(sys.argv[1]))"
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def _look_at(paths: tuple[Path, ...]) -> tuple[Look, ...]:
    return tuple(map(look, paths))


def serve(descriptor: int) -> None:
    """Be a reader: answer what comes through a pipe until it is closed."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    pipe: Connection[Any, Any] = Connection(descriptor)
    with suppress(EOFError, ConnectionError):
        while True:
            work, argument = pipe.recv()
            try:
                answer = work(argument)
            except Exception as error:
                answer = RuntimeError(f"{type(error).__name__}: {error}")
            pipe.send(answer)
