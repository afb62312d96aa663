"""What the files of a group say of themselves, read in one go."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from verriere.ingest.gather import Group, Member
from verriere.model import Capture
from verriere.techniques.formats import reading as formats
from verriere.techniques.identify import examine
from verriere.wording import finding


@dataclass(frozen=True, slots=True)
class Extract:
    """Captures of a group's files by their names in the dataset, the one that speaks for the whole first."""

    captures: tuple[tuple[str, Capture], ...]


def extract(group: Group) -> Extract:
    """Read what the files of a group say; links may lead to the group's own files only."""
    files = {member.name: member.path for member in group.members}
    return Extract(tuple((member.name, _read(member, files)) for member in group.members if member.speaks))


def stopped(group: Group, reason: str) -> Extract:
    """What is known of a group whose reading stopped the reader: that it did."""
    name = group.members[0].name
    return Extract(((name, Capture("other", findings=(finding("reader-stopped", file=name, reason=reason),))),))


def _read(member: Member, files: Mapping[str, Path]) -> Capture:
    foreign = formats.examine(files, member.name)
    return foreign or examine(member.path, allowed=tuple(files.values()), name=member.name)
