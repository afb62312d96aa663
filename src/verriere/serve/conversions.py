"""Datasets in foreign formats as NeXus, made when somebody asks for one and forgotten when it is sent.

As pictures, they are made in a process of their own: what a file does to its reader, it does to nothing else.
"""

import shutil
import tempfile
from pathlib import Path
from threading import Lock

from verriere.archive import Archive
from verriere.errors import NotConvertible
from verriere.ingest.readers import Readers, Stopped
from verriere.model import Dataset
from verriere.techniques.formats.converting import Order, converted

SECONDS = 300.0
LARGEST = 4 << 30
"""Bytes of a dataset that is converted while somebody waits for it."""
HDF5 = frozenset({"nexus", "hdf5", "data-exchange", "other"})
"""Formats that are not converted: they are HDF5 already, or nobody can read them."""


def is_convertible(dataset: Dataset) -> bool:
    """Whether the dataset can be had as NeXus, although it was recorded as something else."""
    capture = dataset.capture
    return capture is not None and capture.format not in HDF5 and bool(capture.signals) and dataset.size <= LARGEST


class Conversions:
    """Makes conversions, one at a time."""

    def __init__(self, folder: Path, archive: Archive) -> None:
        self._folder = folder
        self._archive = archive
        self._one = Lock()
        self._readers = Readers(1, seconds=SECONDS)

    def close(self) -> None:
        """End the process that converts."""
        self._readers.close()

    def make(self, dataset: Dataset) -> Path:
        """A new NeXus file; whoever asked removes its folder with `forget`.

        Raises
        ------
        NotConvertible
            The dataset is in no format that can be converted, or its files are damaged.
        """
        if not is_convertible(dataset):
            raise NotConvertible(f"{dataset.id} cannot be had as NeXus", hint="download its files as they are")
        self._folder.mkdir(parents=True, exist_ok=True)
        target = Path(tempfile.mkdtemp(dir=self._folder)) / f"{dataset.id}.nxs"
        files = {file.path: self._archive.path_of(dataset.id, file.path) for file in dataset.files}
        order = Order(files, dataset.captures[0][0], target=target)
        try:
            with self._one:
                trouble = self._readers.ask(converted, order)
        except Stopped as reason:
            trouble = str(reason)
        if trouble:
            forget(target)
            raise NotConvertible(trouble, hint="download its files as they are")
        return target


def forget(made: Path) -> None:
    """Remove a conversion that has been sent."""
    shutil.rmtree(made.parent, ignore_errors=True)
