"""Pictures of views, by matplotlib without its global state: figures are made, drawn by Agg, and forgotten."""

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from verriere.nexus.views import Array, Curves, Picture, Scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DPI = 120
_Q = ("q", "qx", "qy", "qz", "|q|", "momentum transfer", "scattering vector")


@dataclass(frozen=True, slots=True)
class Look:
    """Colours of a page."""

    paper: str
    ink: str
    faint: str
    masked: str
    lines: tuple[str, ...]


LIGHT = Look(
    "#ffffff",
    "#1f2933",
    "#d5dae0",
    "#e4e7eb",
    ("#0b5cad", "#b4440f", "#1d7a46", "#7a3f9d", "#8a6d00", "#a3195b", "#117a8b", "#4b5563"),
)
DARK = Look(
    "#11161c",
    "#e6eaee",
    "#39434e",
    "#39434e",
    ("#6cb6ff", "#ff9e64", "#7ddf9b", "#cfa0f0", "#e6c95c", "#ff8fb8", "#6fdbe8", "#b6c2cf"),
)


@dataclass(frozen=True, slots=True)
class Colours:
    """A scale of colours: between which values, and whether logarithmic."""

    low: float
    high: float
    is_log: bool


@dataclass(frozen=True, slots=True)
class Words:
    """Labels as they are drawn: of both axes, of the colours or the vertical axis, of the frame."""

    x: str
    y: str
    signal: str
    caption: str = ""
    curves: tuple[str, ...] = ()


def kept(view: Curves) -> "np.ndarray[Any, np.dtype[np.bool_]]":
    """Which points of curves are drawn: on logarithmic axes, those of positive x."""
    return np.asarray(view.x.values > 0) if scales(view) == "loglog" else np.ones(len(view.x.values), dtype=bool)


def scales(view: Curves) -> Literal["loglog", "logy", "linear"]:
    """Which axes are logarithmic: both for scattering over q, the vertical one where values spread over decades."""
    seen = view.y[np.isfinite(view.y)]
    positive = seen[seen > 0]
    if len(positive) < 3:
        return "linear"
    x = view.x.values
    is_q = view.x.label.strip().casefold() in _Q or view.x.label.strip().casefold().startswith("q ")
    if is_q and (x > 0).mean() > 0.8 and len(positive) > 0.5 * len(seen):
        return "loglog"
    steep = np.percentile(positive, 99.5) > 1e3 * np.median(positive)
    return "logy" if steep and len(positive) == len(seen) else "linear"


def colours(values: Array) -> Colours:
    """A robust scale for a picture: outliers do not flatten it, and it is logarithmic where the values ask for that."""
    seen = values[np.isfinite(values)]
    if not len(seen):
        return Colours(0, 1, is_log=False)
    low, high = (float(value) for value in np.percentile(seen, [0.5, 99.7]))
    top = float(seen.max())
    positive = seen[seen > 0]
    if len(positive) > 0.02 * len(seen) and len(positive) > 16:
        floor, middle = (float(value) for value in np.percentile(positive, [2, 50]))
        crest = float(np.percentile(positive, 99.7))
        if crest > 50 * max(middle, floor) or (low <= 0 and top > 1e3 * middle):
            return Colours(max(floor, crest * 1e-6), max(crest, floor * 10), is_log=True)
    if high <= low:  # nearly everything is the same: the few others are what is to be seen
        low, high = float(seen.min()), top
    return Colours(low, high if high > low else low + 1, is_log=False)


def draw(view: Curves | Picture, words: Words, *, width: int, dark: bool) -> bytes:
    """A PNG of so many pixels in width."""
    # matplotlib takes a third of a second to import, and only pictures need it.
    from matplotlib.backends.backend_agg import FigureCanvasAgg  # noqa: PLC0415
    from matplotlib.figure import Figure  # noqa: PLC0415

    look = DARK if dark else LIGHT
    figure = Figure(figsize=(width / DPI, width / DPI * _proportion(view)), dpi=DPI, facecolor=look.paper)
    canvas = FigureCanvasAgg(figure)
    axes, bar = _places(figure, view, width)
    _style(axes, look)
    if isinstance(view, Curves):
        _draw_curves(axes, view, words, look)
    else:
        _draw_picture(axes, bar, view, words, look)
    axes.set_xlabel(words.x, color=look.ink, fontsize=9, parse_math=False)
    axes.set_ylabel(words.y, color=look.ink, fontsize=9, parse_math=False)
    if words.caption:
        axes.set_title(words.caption, color=look.ink, fontsize=8.5, loc="left", parse_math=False)
    written = io.BytesIO()
    canvas.print_png(written, pil_kwargs={"compress_level": 4})  # type: ignore[no-untyped-call]
    return written.getvalue()


def _proportion(view: Curves | Picture) -> float:
    """Height over width."""
    if isinstance(view, Curves) or not view.is_image:
        return 0.62
    return float(np.clip(0.8 * view.size[1] / view.size[0] + 0.1, 0.3, 0.8))


def _has_square_pixels(view: Curves | Picture) -> bool:
    return isinstance(view, Picture) and view.is_image and 0.2 < view.size[1] / view.size[0] < 5


def _places(figure: "Figure", view: Curves | Picture, width: int) -> tuple["Axes", "Axes | None"]:
    """The axes, and those of the colours for a picture: the same room for labels at every width."""
    height = width * _proportion(view)
    left, right, below, above = 92, 26 if isinstance(view, Curves) else 128, 62, 36
    wide, tall = max(width - left - right, 40.0), max(height - below - above, 40.0)
    if _has_square_pixels(view) and isinstance(view, Picture):
        ratio = view.size[1] / view.size[0]
        fitted = min(wide, tall / ratio)
        left += round((wide - fitted) / 2)
        below += round((tall - fitted * ratio) / 2)
        wide, tall = fitted, fitted * ratio
    axes = figure.add_axes((left / width, below / height, wide / width, tall / height))
    if isinstance(view, Curves):
        return axes, None
    return axes, figure.add_axes(((left + wide + 16) / width, below / height, 18 / width, tall / height))


def _style(axes: "Axes", look: Look) -> None:
    axes.set_facecolor(look.paper)
    for spine in axes.spines.values():
        spine.set_color(look.faint)
    axes.tick_params(which="both", colors=look.ink, labelsize=8, color=look.faint)
    axes.ticklabel_format(useOffset=False, scilimits=(-3, 6))
    for axis in (axes.xaxis, axes.yaxis):
        axis.get_offset_text().set(color=look.ink, fontsize=8)


def _draw_curves(axes: "Axes", view: Curves, words: Words, look: Look) -> None:
    drawn = kept(view)
    kind = scales(view)
    if kind != "linear":
        axes.set_yscale("log", nonpositive="mask")
    if kind == "loglog":
        axes.set_xscale("log", nonpositive="mask")
    axes.grid(visible=True, color=look.faint, linewidth=0.5, alpha=0.6)
    axes.set_axisbelow(True)
    few = drawn.sum() <= 60
    steps = np.sign(np.diff(view.x.values[drawn]))
    line = "none" if (steps > 0).any() and (steps < 0).mean() > 0.1 else "-"  # to and fro: a line would be a tangle
    for number, y in enumerate(view.y):
        colour = look.lines[number % len(look.lines)]
        name = words.curves[number] if number < len(words.curves) else None
        x, values = view.x.values[drawn], y[drawn]
        if view.errors is not None:
            error = view.errors[number][drawn]
            low = np.where(values - error > 0, values - error, values * 0.1) if kind != "linear" else values - error
            axes.fill_between(x, low, values + error, color=colour, alpha=0.22, linewidth=0)
        marker = "o" if few or line == "none" else ""
        axes.plot(x, values, color=colour, linestyle=line, linewidth=1.1, marker=marker, markersize=3, label=name)
    if kind != "linear":  # errors as large as the values must not stretch the axis over empty decades
        positive = view.y[:, drawn][view.y[:, drawn] > 0]
        axes.set_ylim(float(np.percentile(positive, 0.2)) / 2, float(positive.max()) * 2)
    if len(words.curves) > 1:
        legend = axes.legend(fontsize=8, frameon=False, labelcolor=look.ink)
        for text in legend.get_texts():
            text.set_parse_math(False)


def _draw_picture(axes: "Axes", beside: "Axes | None", view: Picture, words: Words, look: Look) -> None:
    import matplotlib as mpl  # noqa: PLC0415
    from matplotlib.colors import LogNorm, Normalize  # noqa: PLC0415

    scale = colours(view.values)
    norm = (LogNorm if scale.is_log else Normalize)(scale.low, scale.high, clip=True)
    cmap = mpl.colormaps["viridis"].with_extremes(bad=look.masked)
    # Zeros and negative values have no logarithm, and are yet no masked pixels: they get the lowest colour.
    shown = np.where(view.values < scale.low, scale.low, view.values) if scale.is_log else view.values
    if view.is_image:
        rows, columns = view.size[1], view.size[0]
        image = axes.imshow(
            shown,
            cmap=cmap,
            norm=norm,
            extent=(-0.5, columns - 0.5, rows - 0.5, -0.5),
            aspect="auto",  # the axes have the shape of the image already
            interpolation="nearest",
        )
    else:
        shown, x = _evenly(shown, view.x, axis=1)
        shown, y = _evenly(shown, view.y, axis=0)
        image = axes.imshow(
            shown, cmap=cmap, norm=norm, extent=(*x, *y), aspect="auto", interpolation="nearest", origin="lower"
        )
    assert beside is not None
    bar = axes.figure.colorbar(image, cax=beside)
    if not scale.is_log:
        beside.ticklabel_format(axis="y", useOffset=False, scilimits=(-3, 6))
    bar.set_label(words.signal, color=look.ink, fontsize=9, parse_math=False)
    beside.tick_params(which="both", colors=look.ink, labelsize=8, color=look.faint)
    beside.yaxis.get_offset_text().set(color=look.ink, fontsize=8)
    for spine in beside.spines.values():
        spine.set_color(look.faint)


def _evenly(values: Array, scale: Scale, *, axis: int) -> tuple[Array, tuple[float, float]]:
    """A picture over evenly spaced values of an axis that may not be so, and where it begins and ends."""
    x = scale.values
    if x[0] > x[-1]:
        x, values = x[::-1], np.flip(values, axis)
    edges = np.concatenate([[x[0] - (x[1] - x[0]) / 2], (x[1:] + x[:-1]) / 2, [x[-1] + (x[-1] - x[-2]) / 2]])
    steps = np.diff(x)
    if steps.max() > 1.02 * steps.min():
        even = np.linspace(edges[0], edges[-1], max(len(x), 600) + 1)
        nearest = np.clip(np.searchsorted(edges, (even[1:] + even[:-1]) / 2) - 1, 0, len(x) - 1)
        values = np.take(values, nearest, axis)
    return values, (float(edges[0]), float(edges[-1]))
