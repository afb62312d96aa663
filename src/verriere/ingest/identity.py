"""When two things are the same dataset.

A dataset is named by where it was found and the visit it is of. The same source and the same bytes change nothing; the
same source with other bytes is a new version; the same source in another visit (a path that beamtimes use one after the
other) is another dataset; the same bytes and names from elsewhere in the same visit are known already.
"""

from base64 import b32encode
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

from verriere.archive.names import safe_name
from verriere.ingest.gather import Group, Member
from verriere.model import Datafile, Dataset, State

MARGIN = timedelta(seconds=2)
_BYTES = 10


def dataset_id(visit_id: str | None, source: str, turn: int = 0) -> str:
    """Identifier of a dataset: 16 letters and digits, always the same for the same visit and source.

    Parameters
    ----------
    turn
        How many datasets of this source there were before, where one of them has the identifier already.
    """
    named = "\0".join((visit_id or "", source, str(turn) if turn else ""))
    digest = blake2b(named.encode("utf-8", "surrogateescape"), digest_size=_BYTES, person=b"verriere-dataset").digest()
    return b32encode(digest).decode().lower()


def free_id(visit_id: str | None, source: str, earlier: Sequence[Dataset]) -> str:
    """Identifier of a new dataset that none of the earlier ones of the same source has."""
    taken = {dataset.id for dataset in earlier}
    return next(name for turn in range(len(taken) + 1) if (name := dataset_id(visit_id, source, turn)) not in taken)


def earlier_of(visit_id: str | None, earlier: Iterable[Dataset]) -> Dataset | None:
    """Which of the datasets of one source a new find is of, if any: that of the visit, or one in quarantine."""
    listed = list(earlier)
    for dataset in listed:
        if dataset.visit_id == visit_id:
            return dataset
    return next((dataset for dataset in listed if dataset.state is State.QUARANTINED), None)


def is_untouched(group: Group, known: Dataset) -> bool:
    """Whether the files are those that were taken in, as far as the file system tells without reading them.

    A file counts as touched, and is read again, when its size or time of modification differ, and also when anything at
    all happened to it since: a program can set the time of modification back, but not that of the last change.
    """
    files = {file.path: file for file in known.files}
    if len(files) != len(group.members):
        return False
    return all(_is_untouched(member, files.get(safe_name(member.name)), known.ingested_at) for member in group.members)


def _is_untouched(member: Member, file: Datafile | None, ingested_at: datetime) -> bool:
    try:
        facts = member.path.stat()
    except OSError:
        return False
    changed = datetime.fromtimestamp(facts.st_ctime, UTC)
    return (
        file is not None
        and facts.st_size == file.size
        and _moment(facts.st_mtime_ns) == file.modified_at
        and changed < ingested_at - MARGIN
    )


def _moment(nanoseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)


def has_bytes_of(group: Group, digests: Iterable[tuple[str, str]], known: Dataset) -> bool:
    """Whether a dataset has the names and the bytes of a group, given the group's pairs of name and SHA-256."""
    return len(group.members) == len(known.files) and {(safe_name(name), digest) for name, digest in digests} == {
        (f.path, f.sha256) for f in known.files
    }


def looks_like(group: Group, known: Dataset) -> bool:
    """Whether names and sizes are the same, so that it is worth to compare the bytes."""
    return {(safe_name(m.name), m.size) for m in group.members} == {(f.path, f.size) for f in known.files}
