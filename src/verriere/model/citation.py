"""What was cited: a query with the result it had, or a part of a dataset."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple


class CitedDataset(NamedTuple):
    """A dataset of a result, in the version that it had.

    Parameters
    ----------
    digest
        SHA-256, in hexadecimal, over the names and digests of that version's files.
    """

    id: str
    version: int
    digest: str


@dataclass(frozen=True, slots=True)
class Selection:
    """Part of one file: a range of frames of a scan.

    Parameters
    ----------
    file
        Path in the dataset.
    path
        HDF5 path of the array.
    slices
        As numpy writes them: ``0:100``, ``10:20,:,512``.
    dtype, shape
        Of what was selected, with the order of bytes: ``<u4``.
    """

    file: str
    path: str
    slices: str
    dtype: str
    shape: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Citation:
    """What `verriere.publish.citing` keeps of a query or a part, so that it gives the same years later.

    Parameters
    ----------
    id
        Follows from what was asked and what it gave: the same question with the same answer is the same citation.
    query
        As it was written; ``normal`` is the one form of all ways to write it. Both empty for a selection.
    asked_at
        When the result was taken.
    entry
        Number of the last entry of the history at that moment: what was known.
    checksum
        SHA-256, in hexadecimal, over `datasets` in their order and, for a selection, over the values selected.
    datasets
        The result, in an order that never changes: by time of measurement, then by identifier.
    """

    id: str
    title: str
    by: str
    asked_at: datetime
    entry: int
    checksum: str
    datasets: tuple[CitedDataset, ...]
    query: str = ""
    normal: str = ""
    selection: Selection | None = None
