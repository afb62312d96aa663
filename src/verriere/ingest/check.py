"""What would be captured of files, without a facility, and without the database that one needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from verriere.ingest.plan import Plan, plan
from verriere.ingest.readers import Readers
from verriere.model import Capture


@dataclass(frozen=True, slots=True)
class Checked:
    """What would be captured of one dataset."""

    source: str
    title: str
    kind: str
    files: tuple[tuple[str, str, int], ...]
    captures: tuple[tuple[str, Capture], ...]


def check(paths: Sequence[Path], *, workers: int = 0) -> tuple[Plan, tuple[Checked, ...]]:
    """Say what would be captured of files, without a facility.

    Returns
    -------
    tuple
        The plan, with what would be left out, and for each group its files (name, role, bytes) and captures.
    """
    with Readers(workers) as readers:
        planned = plan(paths, looker=readers.look)
        checked = tuple(
            Checked(
                group.source,
                group.title,
                group.kind,
                tuple((member.name, member.role, member.size) for member in group.members),
                read.captures,
            )
            for group, read in zip(planned.groups, readers.read(planned.groups), strict=True)
        )
    return planned, checked
