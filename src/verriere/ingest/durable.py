"""The one place that knows DBOS: work in steps that a crash does not lose.

Work is a function of a request and of `step`. What a step returned is remembered; when the process died, the work is
done again from its beginning, and steps that were done give what they gave the first time. A step that was cut off is
done again: steps have to be idempotent.

One process of a facility works at a time, by a lock on a file beside the memory.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

from dbos import DBOS, DBOSConfig, SetWorkflowID, WorkflowHandle

from verriere.errors import FacilityBusy, VerriereError
from verriere.ingest.memory import Work, address

T = TypeVar("T")
NAME = "verriere-ingest"
VERSION = "1"
FINISHED_TO_KEEP = 20
_POLL_SECONDS = 0.05


class StepFailed(Exception):
    """A step ended in an error that is not one of ours."""


class Durable:
    """Runs work durably; made by `durable`."""

    def __init__(self, workflow: Callable[[dict[str, Any]], dict[str, Any]], interrupted: list[str]) -> None:
        self._workflow = workflow
        self._interrupted = interrupted

    def finish(self) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Finish what processes that died had begun: each request with its result."""
        finished = []
        for name in self._interrupted:
            handle: WorkflowHandle[dict[str, Any]] = DBOS.retrieve_workflow(name)
            result = handle.get_result(polling_interval_sec=_POLL_SECONDS)
            finished.append((_request(handle.get_status()), result))
        self._interrupted = []
        return finished

    def run(self, request: dict[str, Any]) -> dict[str, Any]:
        """Do the work for a request."""
        with SetWorkflowID(uuid4().hex):
            return self._workflow(request)


@contextmanager
def durable(state: Path, database: str, work: Work) -> Iterator[Durable]:
    """Work that survives the end of the process.

    Parameters
    ----------
    state
        Folder for the lock, and for the memory where the database is not PostgreSQL.
    database
        Address of the facility's database.
    work
        What to do for a request.

    Raises
    ------
    FacilityBusy
        Another process of this facility is at it.
    """
    with _alone(state / "ingest.lock"):
        config = DBOSConfig(
            name=NAME,
            system_database_url=address(state, database),
            application_version=VERSION,
            executor_id=NAME,
            log_level="ERROR",
            enable_otlp=False,
            notification_listener_polling_interval_sec=_POLL_SECONDS,
        )
        with _quiet_environment():
            DBOS(config=config)

        faults = list[Exception]()

        def guarded(part: Callable[[], T]) -> Callable[[], T]:
            # DBOS pickles what a step raises. Our errors can be; of others, a sentence is kept.
            def run() -> T:
                try:
                    return part()
                except VerriereError:
                    raise
                except Exception as error:
                    faults.append(error)
                    raise StepFailed(f"{type(error).__name__}: {error}") from None

            return run

        def body(request: dict[str, Any]) -> dict[str, Any]:
            return work(request, lambda name, part: DBOS.run_step({"name": name}, guarded(part)))

        workflow = DBOS.workflow(name=NAME)(body)
        try:
            DBOS.launch()
            unfinished = DBOS.list_workflows(status=["PENDING", "ENQUEUED"], name=NAME, load_output=False)
            yield Durable(workflow, [each.workflow_id for each in unfinished])
            _forget()
        except StepFailed as error:
            raise (faults[-1] if faults else error) from None
        finally:
            DBOS.destroy(destroy_registry=True)


def _request(status: Any) -> dict[str, Any]:
    request: dict[str, Any] = status.input["args"][0]
    return request


def _forget() -> None:
    """Forget all but the last finished workflows."""
    finished = DBOS.list_workflows(
        status=["SUCCESS", "ERROR"], name=NAME, sort_desc=True, load_input=False, load_output=False
    )
    DBOS.delete_workflows([each.workflow_id for each in finished[FINISHED_TO_KEEP:]])


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FacilityBusy(
                "another ingest of this facility is running", hint="wait until it is done, then run this again"
            ) from error
        yield


@contextmanager
def _quiet_environment() -> Iterator[None]:
    """Keep DBOS from taking orders of the environment: a variable could have it speak to a server."""
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("DBOS_")}
    try:
        yield
    finally:
        os.environ.update(kept)
