"""The facts of a plot: its picture, its words, its table."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verriere.model import Capture, Signal
from verriere.policy import Access
from verriere.serve.caller import Caller
from verriere.serve.portal.pages.dataset import Figure, Known, crumbs
from verriere.serve.portal.pages.rows import cut
from verriere.serve.portal.sentences import Link
from verriere.serve.previews import WIDTH, Description, Previews, drawn_from

_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r")

ASPECT = 0.625
"""Height of a picture for its width; the page keeps the room free until the picture has come."""


@dataclass(frozen=True, slots=True)
class PlotPage:
    """What ``plot.html`` shows."""

    title: str
    crumbs: tuple[Link, ...]
    figure: Figure
    table_note: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def figure_of(caller: Caller, known: Known, previews: Previews) -> Figure | str:
    """The plot of a dataset for those who may have its data, or why there is none; nothing is said to others."""
    if known.access < Access.DATA:
        return ""
    spoken = drawn_from(known.dataset)
    if spoken is None:
        return _nothing_drawn(caller, known.dataset.capture)
    _name, signal = spoken
    dataset, urls = known.dataset, caller.urls
    words = previews.description(dataset, caller.words.language)
    if words and words.trouble:
        return words.trouble
    if words is None and previews.is_resting(dataset):
        return caller.words.gettext("This plot could not be drawn in time. It will be tried again in some hours.")
    return Figure(
        light=urls.picture(dataset.id, dataset.version),
        dark=urls.picture(dataset.id, dataset.version, dark=True),
        alt=words.alt if words else _short(caller, signal),
        caption=caller.words.gettext("Read at %(path)s.", path=cut(signal.path)),
        width=WIDTH,
        height=round(WIDTH * ASPECT),
        page=urls.plot(dataset.id),
        csv=urls.values(dataset.id),
    )


def plot_page(caller: Caller, known: Known, previews: Previews, words: Description) -> PlotPage:
    """The page of a plot."""
    figure = figure_of(caller, known, previews)
    assert isinstance(figure, Figure), "whoever got the words may see the figure"
    return PlotPage(
        title=cut(known.dataset.title),
        crumbs=(*crumbs(caller, known), Link(cut(known.dataset.title), caller.urls.dataset(known.dataset.id))),
        figure=figure,
        table_note=caller.words.gettext("The table shows what the picture shows; all values are in the file."),
        columns=words.columns,
        rows=tuple(tuple("" if value is None else caller.words.number(value) for value in row) for row in words.table),
    )


def as_csv(columns: Sequence[str], table: Iterable[Sequence[float | None]]) -> str:
    """The values of a plot, comma-separated with a line of names; a name that a spreadsheet would run is quoted."""
    text = io.StringIO()
    names = [f"'{name}" if name.startswith(_RUN_BY_SPREADSHEETS) else name for name in columns]
    csv.writer(text).writerows([names, *table])
    return text.getvalue()


def _nothing_drawn(caller: Caller, capture: Capture | None) -> str:
    _ = caller.words.gettext
    if capture is not None and capture.signal is not None and not capture.signal.readable:
        return _("The values that would be plotted are in another file, which is not here.")
    return _("Nothing in these files says what to plot.")


def _short(caller: Caller, signal: Signal) -> str:
    """What can be said of a picture that is still to be drawn."""
    label = cut(signal.label or signal.path.rsplit("/", 1)[-1])
    shape = " × ".join(caller.words.number(size) for size in signal.shape)
    return caller.words.gettext("Plot of %(label)s, %(shape)s values", label=label, shape=shape or "1")
