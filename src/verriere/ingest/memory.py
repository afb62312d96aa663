"""Where unfinished work is remembered, and what work is.

Apart from `verriere.ingest.durable`, whose import takes half a second that only an ingest should wait for.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from sqlalchemy import make_url

T = TypeVar("T")
FILE_NAME = "workflows.db"


class Step(Protocol):
    """Does a named step, or gives what it gave before the process died."""

    def __call__(self, name: str, work: Callable[[], T]) -> T:
        """Do it."""


Work = Callable[[dict[str, Any], Step], dict[str, Any]]


def address(state: Path, database: str) -> str:
    """Address of the memory: a file in ``state``, or the facility's PostgreSQL, in a schema of its own."""
    url = make_url(database)
    if url.get_backend_name() == "sqlite":
        return f"sqlite:///{state / FILE_NAME}"
    return url.render_as_string(hide_password=False)


def has_unfinished(state: Path, database: str) -> bool:
    """Whether there may be work that a process left unfinished; quick, and never wrong when it says no."""
    return make_url(database).get_backend_name() != "sqlite" or (state / FILE_NAME).exists()
