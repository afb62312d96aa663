"""Pictures of datasets' default plots, made once for a version of the data and kept beside the facility.

Whoever asks has been let through by the policy before: nothing here knows who is looking. Files are opened in a process
of their own: one on which HDF5 dies, or never comes to an end, does not take the portal with it.
"""

import json
import logging
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import Lock
from typing import Self

from verriere.archive import Archive
from verriere.errors import VerriereError
from verriere.ingest.readers import Readers, Stopped
from verriere.model import Capture, Dataset, Signal
from verriere.policy import Access, disclose
from verriere.techniques.formats.converting import Order, rendered
from verriere.wording import Language

_LOG = logging.getLogger(__name__)

_SECONDS = 60.0

_REST = 6 * 3600.0
"""Seconds until a plot on which a reader died or never came to an end is tried again."""

WIDTH = 960
"""Pixels: somewhat more than a page shows, so that lines stay sharp and letters large enough to read."""


@dataclass(frozen=True, slots=True)
class Description:
    """What a picture shows, for those who do not see it.

    Parameters
    ----------
    alt
        In words.
    columns, table
        Its numbers; None where there is no number.
    trouble
        Why there is no picture, in words; empty where there is one.
    """

    alt: str = ""
    columns: tuple[str, ...] = ()
    table: tuple[tuple[float | None, ...], ...] = ()
    trouble: str = ""

    @classmethod
    def read(cls, text: bytes) -> Self:
        """From the JSON of what `dataclasses.asdict` gave."""
        found = json.loads(text)
        table = tuple(tuple(row) for row in found["table"])
        return cls(found["alt"], tuple(found["columns"]), table, found["trouble"])


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture and its description."""

    png: bytes
    description: Description


class Previews:
    """Makes and keeps previews.

    Parameters
    ----------
    folder
        Where they are kept; it can be emptied at any time.
    """

    def __init__(self, folder: Path, archive: Archive) -> None:
        self._folder = folder
        self._archive = archive
        self._drawing = Lock()
        self._readers = Readers(1, seconds=_SECONDS)

    def close(self) -> None:
        """End the process that draws."""
        self._readers.close()

    def description(self, dataset: Dataset, language: Language) -> Description | None:
        """The description of a preview that was made before; None where none was."""
        try:
            return Description.read(self._path(dataset, language, "json").read_bytes())
        except FileNotFoundError:
            return None

    def is_resting(self, dataset: Dataset) -> bool:
        """Whether drawing this version ended its reader a while ago, and is not tried again yet."""
        try:
            return time.time() - self._stopped(dataset).stat().st_mtime < _REST
        except FileNotFoundError:
            return False

    def get(self, dataset: Dataset, language: Language, *, dark: bool = False) -> Preview:
        """The preview, made now where it was not made before; an empty picture where there is nothing to draw."""
        # What one person's look leaves behind is what the next one gets: it is made from what both may know.
        dataset = disclose(dataset, Access.DATA)
        path = self._path(dataset, language, "dark.png" if dark else "png")
        # One at a time: drawing is what takes the most memory here, and two readers of a page want the same picture.
        with self._drawing:
            if not path.is_file() and not self.is_resting(dataset):
                self._make(dataset, language, path, dark=dark)
            png = path.read_bytes() if path.is_file() else b""
        return Preview(png, self.description(dataset, language) or Description())

    def _make(self, dataset: Dataset, language: Language, path: Path, *, dark: bool) -> None:
        png, description = self._drawn(dataset, language, dark=dark)
        if not png and not description.trouble:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        _write(self._path(dataset, language, "json"), json.dumps(asdict(description), ensure_ascii=False).encode())
        _write(path, png)

    def _drawn(self, dataset: Dataset, language: Language, *, dark: bool) -> tuple[bytes, Description]:
        """A picture, or none: with the reason where there never will be one, without where it is worth another try."""
        spoken = drawn_from(dataset)
        if spoken is None:
            return b"", Description()
        name, signal = spoken
        try:
            files = {file.path: self._archive.path_of(dataset.id, file.path) for file in dataset.files}
            plot = self._readers.ask(rendered, Order(files, name, signal, WIDTH, dark, language))
        except Stopped:
            _LOG.exception("no preview of %s: drawing it ended its reader, and rests for %d s", dataset.id, _REST)
            stopped = self._stopped(dataset)
            stopped.parent.mkdir(parents=True, exist_ok=True)
            stopped.touch()
            return b"", Description()
        except (VerriereError, OSError):
            _LOG.exception("no preview of %s", dataset.id)
            return b"", Description()
        if isinstance(plot, str):
            return b"", Description(trouble=plot)
        return plot.png, Description(plot.alt, tuple(plot.columns), tuple(tuple(row) for row in plot.table))

    def _stopped(self, dataset: Dataset) -> Path:
        """Is there, as old as the last attempt, where drawing ended its reader: in any language, light or dark."""
        return self._folder / dataset.id / f"{dataset.version}.stopped"

    def _path(self, dataset: Dataset, language: Language, suffix: str) -> Path:
        return self._folder / dataset.id / f"{dataset.version}-{language}.{suffix}"


def drawn_from(dataset: Dataset) -> tuple[str, Signal] | None:
    """The file and the signal that a dataset's plot shows: the first that can be read."""
    for name, capture in dataset.captures:
        signal = _readable(capture)
        if signal is not None:
            return name, signal
    return None


def _readable(capture: Capture) -> Signal | None:
    return next((signal for signal in (capture.signal, *capture.signals) if signal and signal.readable), None)


def _write(path: Path, content: bytes) -> None:
    """Write whole or not at all: another request may be reading."""
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
    Path(file.name).replace(path)
