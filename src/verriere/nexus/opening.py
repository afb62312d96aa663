"""The way into a file for everyone: open it, look at it within limits, resolve its links, close it again."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from verriere.nexus.limits import Limits
from verriere.nexus.links import resolve
from verriere.nexus.walk import Tree, scan_file


@contextmanager
def open_safely(
    path: Path, *, allowed: Collection[Path] = (), limits: Limits | None = None, name: str = ""
) -> Iterator[Tree]:
    """Open an HDF5 file, look at all of it within limits, and close it again.

    Parameters
    ----------
    path
        The file.
    allowed
        Other files of the same dataset: links may lead there, and nowhere else.
    limits
        How much is looked at.
    name
        What findings call the file; its own name where empty.

    Yields
    ------
    Tree
        With links resolved; broken and refused ones are in its findings.

    Raises
    ------
    NotReadable
        The file is not HDF5, is cut short, or is still being written; the text says which.
    """
    tree = scan_file(path, allowed=allowed, limits=limits or Limits(), name=name)
    try:
        resolve(tree)
        yield tree
    finally:
        tree.close()
