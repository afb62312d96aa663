"""What would be captured of files, without a facility, and without the database that one needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from verriere.ingest.plan import Plan, plan
from verriere.ingest.readers import Readers
from verriere.model import Capture
from verriere.techniques.complete import scored
from verriere.techniques.profile import Profiles


@dataclass(frozen=True, slots=True)
class Checked:
    """What would be captured of one dataset."""

    source: str
    title: str
    kind: str
    files: tuple[tuple[str, str, int], ...]
    captures: tuple[tuple[str, Capture], ...]
    completeness: int | None


def check(
    paths: Sequence[Path], *, workers: int = 0, profiles: Profiles | None = None
) -> tuple[Plan, tuple[Checked, ...]]:
    """Say what would be captured of files, without a facility.

    Parameters
    ----------
    profiles
        What a complete record has; the shipped profiles where None.

    Returns
    -------
    tuple
        The plan, with what would be left out, and for each group its files (name, role, bytes), captures and score.
    """
    with Readers(workers) as readers:
        planned = plan(paths, looker=readers.look)
        checked = tuple(
            Checked(
                group.source,
                group.title,
                group.kind,
                tuple((member.name, member.role, member.size) for member in group.members),
                *scored(read.captures, profiles=profiles),
            )
            for group, read in zip(planned.groups, readers.read(planned.groups), strict=True)
        )
    return planned, checked
