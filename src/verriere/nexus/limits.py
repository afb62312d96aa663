"""How much of one file is looked at, so that no file can take the time or the memory of the others."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on reading one file.

    Parameters
    ----------
    nodes
        Groups and datasets visited.
    depth
        Groups inside groups.
    links
        Links looked at in one group, and links resolved in one file.
    attributes
        Attributes read of one object.
    text
        Bytes of one text; a longer one is reported and not read (datasets) or cut (attributes).
    piece
        Bytes read at once.
    series
        Bytes read of one series for its least, mean and largest value.
    chunk
        Bytes of one chunk after decompression; HDF5 cannot read less than a chunk.
    seconds
        For the whole file; what is not reached by then is left out and reported.
    """

    nodes: int = 50_000
    depth: int = 48
    links: int = 50_000
    attributes: int = 1_000
    text: int = 65_536
    piece: int = 4 << 20
    series: int = 32 << 20
    chunk: int = 160 << 20
    seconds: float = 20.0
