"""Converting a dataset in a foreign format to NeXus, and drawing its plots."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from verriere import __version__
from verriere.errors import NotConvertible
from verriere.model import Signal
from verriere.nexus import plot
from verriere.techniques.formats.bundle import Unreadable
from verriere.techniques.formats.reading import recognise, record_of
from verriere.techniques.formats.writing import write, write_for_plot
from verriere.wording import Language, describe, finding


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be drawn or converted, to be handed to another process.

    Parameters
    ----------
    files
        Of the dataset, by their names in it.
    name
        The file that speaks.
    """

    files: Mapping[str, Path]
    name: str
    signal: Signal | None = None
    width: int = 960
    dark: bool = False
    language: Language = "en"
    target: Path = Path()


def convert(files: Mapping[str, Path], name: str, target: Path) -> None:
    """Write a dataset as NeXus: the numbers as they are, what everybody knows, and each field of its headers.

    Raises
    ------
    NotConvertible
        It is in no format that is known, or cannot be read to its end; nothing is left at ``target``.
    """
    try:
        found = recognise(files, name)
        if found is None:
            raise NotConvertible(f"{name} is in no format that can be converted", hint="verriere convert --help")
        record = record_of(found, name)
        write(record, target, converter=f"verriere {__version__}")
    except (Unreadable, OSError, ValueError) as error:
        target.unlink(missing_ok=True)
        raise NotConvertible(f"{name} cannot be converted: {error}", hint="verriere check says what is wrong") from None


def converted(order: Order) -> str:
    """Convert as ordered; in words why that could not be done, or nothing."""
    try:
        convert(order.files, order.name, order.target)
    except NotConvertible as error:
        return error.message
    return ""


def rendered(order: Order) -> plot.Plot | str:
    """The plot of a signal, or in words why there is none; of a file in a foreign format through a converted one."""
    assert order.signal is not None
    path = order.files[order.name]
    allowed = tuple(order.files.values())
    try:
        found = recognise(order.files, order.name)
    except Unreadable:
        found = None
    if found is None:
        return plot.rendered(plot.Order(path, order.signal, allowed, order.width, order.dark, order.language))
    record = record_of(found, order.name)
    with tempfile.TemporaryDirectory(prefix="verriere-") as folder:
        target = Path(folder) / "plot.nxs"
        try:
            write_for_plot(record, target)
        except Unreadable as error:
            return describe(finding(error.code, order.name, **error.details), order.language).text
        return plot.rendered(plot.Order(target, order.signal, (), order.width, order.dark, order.language))
