"""The default plot of a file: a PNG, a sentence for those who cannot see it, and its numbers as a table."""

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from verriere.errors import NotPlottable
from verriere.model import Signal
from verriere.nexus.drawing import Words, colours, draw, kept, scales
from verriere.nexus.limits import Limits
from verriere.nexus.opening import open_safely
from verriere.nexus.views import Array, Curves, Frame, Picture, Scale, look
from verriere.nexus.walk import NotReadable
from verriere.wording import Language

LIMITS = Limits(piece=64 << 20)
"""One frame of a large detector is read at once."""
MOST_ROWS = 400
"""Of the table of a curve."""
MOST_CELLS = 12
"""Rows and columns of the table of a picture."""


@dataclass(frozen=True, slots=True)
class Plot:
    """A picture of a signal.

    Parameters
    ----------
    png
        The picture.
    alt
        What it shows, in one language: axes, ranges, where the largest value is, what was left out.
    columns, table
        The numbers that are drawn, thinned or averaged where they are many; None where there is no number.
    """

    png: bytes
    alt: str
    columns: tuple[str, ...]
    table: tuple[tuple[float | None, ...], ...]


def render(
    path: Path,
    signal: Signal,
    *,
    allowed: Collection[Path] = (),
    width: int = 960,
    dark: bool = False,
    language: Language = "en",
) -> Plot:
    """Draw a signal of a file.

    Parameters
    ----------
    path, allowed
        The file, and the other files of its dataset that its links may lead to.
    signal
        As `verriere.nexus.capture` found it.
    width
        Of the picture [pixel].

    Raises
    ------
    NotPlottable
        The values are not in the file, were never written, or are too many; the message says which.
    """
    words = _words(language)
    try:
        with open_safely(path, allowed=allowed, limits=LIMITS) as tree:
            view = look(tree, signal)
    except NotReadable as error:
        raise _refusal("refused_unreadable", words, reason=str(error)) from None
    except NotPlottable as error:
        raise _refusal(error.message, words, reason=error.reason) from None
    names = _names(view, words)
    columns, table = _table(view, words)
    return Plot(draw(view, names, width=width, dark=dark), describe(view, language), columns, table)


@dataclass(frozen=True, slots=True)
class Order:
    """What `render` is asked for, to be handed to another process."""

    path: Path
    signal: Signal
    allowed: tuple[Path, ...] = ()
    width: int = 960
    dark: bool = False
    language: Language = "en"


def rendered(order: Order) -> Plot | str:
    """The plot, or in words why there is none."""
    try:
        return render(
            order.path,
            order.signal,
            allowed=order.allowed,
            width=order.width,
            dark=order.dark,
            language=order.language,
        )
    except NotPlottable as error:
        return error.message


def describe(view: Curves | Picture, language: Language = "en") -> str:
    """What a picture shows, in a few sentences."""
    words = _words(language)
    signal = _signal_name(view, words)
    sentences = [_curve_sentences, _picture_sentences][isinstance(view, Picture)](view, signal, words, language)  # type: ignore[operator]
    for frame in view.frames:
        axis = _frame_name(frame, view, words)
        sentences.append(words["frame"].format(axis=axis, place=frame.place, count=frame.count))
    return " ".join(sentences)


def _curve_sentences(view: Curves, signal: str, words: dict[str, str], language: Language) -> list[str]:
    drawn = kept(view)
    x_values, y = view.x.values[drawn], view.y[:, drawn]
    unit = _unit(view.signal.unit)
    x, x_unit = _scale_name(view.x, words), _unit(view.x.unit)
    if y.size == 1:
        return [words["point"].format(signal=signal, value=_number(y.item(), unit, language))]
    kind = scales(view)
    sentences = [
        words["curve" if len(y) == 1 else "curves"].format(
            signal=signal, x=x, count=y.shape[1], number=len(y), scale=words.get(f"scale_{kind}", "")
        )
    ]
    if not np.isfinite(y).any():
        return [*sentences, words["empty"]]
    low, high = float(np.nanmin(y)), float(np.nanmax(y))
    if low == high:
        sentences.append(words["flat"].format(value=_number(low, unit, language)))
    else:
        peak = x_values[int(np.nanargmax(y)) % y.shape[1]]
        facts = {
            "x": x,
            "signal": signal,
            "low": _number(low, unit, language),
            "high": _number(high, unit, language),
            "x_low": _number(float(np.nanmin(x_values)), x_unit, language),
            "x_high": _number(float(np.nanmax(x_values)), x_unit, language),
            "x_peak": _number(float(peak), x_unit, language),
        }
        sentences += [words["ranges"].format(**facts), words["peak"].format(**facts)]
    if view.errors is not None:
        sentences.append(words["errors"])
    if not drawn.all():
        sentences.append(words["left_out"].format(count=int((~drawn).sum()), x=x))
    if view.step > 1:
        sentences.append(words["thinned"].format(step=view.step))
    return sentences


def _picture_sentences(view: Picture, signal: str, words: dict[str, str], language: Language) -> list[str]:
    unit = _unit(view.signal.unit)
    x, y = _scale_name(view.x, words), _scale_name(view.y, words)
    colour = words["logarithmic" if colours(view.values).is_log else "linear"]
    facts: dict[str, Any] = {"signal": signal, "x": x, "y": y, "columns": view.size[0], "rows": view.size[1]}
    sentences = [words["image" if view.is_image else "map"].format(**facts, colour=colour)]
    if not np.isfinite(view.values).any():
        return [*sentences, words["empty"]]
    low, high = float(np.nanmin(view.values)), float(np.nanmax(view.values))
    if low == high:
        sentences.append(words["flat"].format(value=_number(low, unit, language)))
    else:
        row, column = np.unravel_index(int(np.nanargmax(view.values)), view.values.shape)
        facts |= {"low": _number(low, unit, language), "high": _number(high, unit, language)}
        facts["x_peak"] = _place(view.x, int(column), language)
        facts["y_peak"] = _place(view.y, int(row), language)
        sentences += [words["image_range"].format(**facts), words["peak_2d"].format(**facts)]
    masked = float(np.isnan(view.values).mean())
    if masked:
        sentences.append(words["masked"].format(share=_share(masked, language)))
    return sentences


def _names(view: Curves | Picture, words: dict[str, str]) -> Words:
    """What is written beside the axes."""
    signal = _with_unit(_signal_name(view, words), _unit(view.signal.unit))
    x = _with_unit(_scale_name(view.x, words), _unit(view.x.unit))
    caption = ", ".join(
        words["caption_frame"].format(axis=_frame_name(frame, view, words), place=frame.place, count=frame.count)
        for frame in view.frames
    )
    if isinstance(view, Curves):
        several = len(view.y) if len(view.y) > 1 else 0
        names = tuple(words["curve_number"].format(number=number + 1) for number in range(several))
        return Words(x, signal, signal, caption, names)
    return Words(x, _with_unit(_scale_name(view.y, words), _unit(view.y.unit)), signal, caption)


def _table(
    view: Curves | Picture, words: dict[str, str]
) -> tuple[tuple[str, ...], tuple[tuple[float | None, ...], ...]]:
    names = _names(view, words)
    if isinstance(view, Curves):
        drawn = np.flatnonzero(kept(view))
        drawn = drawn[:: -(-len(drawn) // MOST_ROWS) or 1]
        parts = [view.x.values[drawn], *(y[drawn] for y in view.y)]
        heads = [names.x, *(names.curves or [names.signal])]
        if view.errors is not None:
            parts += [error[drawn] for error in view.errors]
            heads += [f"± {head}" for head in heads[1:]]
        return tuple(heads), tuple(tuple(map(_cell, row)) for row in np.column_stack(parts).tolist())
    rows, columns = (np.array_split(np.arange(n), min(n, MOST_CELLS)) for n in view.values.shape)
    heads = [f"{names.y} \\ {names.x}", *(f"{view.x.values[part].mean():.5g}" for part in columns)]
    cells = []
    for part in rows:
        means: list[float | None] = [_cell(float(view.y.values[part].mean()))]
        means += [_cell(_mean(view.values[np.ix_(part, other)])) for other in columns]
        cells.append(tuple(means))
    return tuple(heads), tuple(cells)


def _mean(values: Array) -> float:
    seen = values[np.isfinite(values)]
    return float(seen.mean()) if len(seen) else float("nan")


def _cell(value: float) -> float | None:
    return float(f"{value:.6g}") if np.isfinite(value) else None


def _signal_name(view: Curves | Picture, words: dict[str, str]) -> str:
    return _without_unit(_clean(view.signal.label), view.signal.unit) or words["value"]


def _frame_name(frame: Frame, view: Curves | Picture, words: dict[str, str]) -> str:
    if frame.axis:
        return _clean(frame.axis)
    return words["frame_axis"] if len(view.frames) == 1 else words["dimension"].format(number=frame.dimension)


def _scale_name(scale: Scale, words: dict[str, str]) -> str:
    label = _without_unit(_clean(scale.label), scale.unit)
    if scale.is_index:
        # A label whose values do not fit is still what the dimension is; that only its index is shown must be said.
        return f"{label} ({words['index']})" if label else words[scale.kind]
    return label or words["index"]


def _without_unit(label: str, unit: str | None) -> str:
    """A label whose writer put the unit into it, without that."""
    for opening, closing in ("[]", "()"):
        end = f"{opening}{unit}{closing}"
        if unit and label.endswith(end) and len(label) > len(end):
            return label.removesuffix(end).rstrip()
    return label


def _clean(label: str) -> str:
    """A label short enough to be drawn, without control characters."""
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in label).split())
    return text if len(text) <= 48 else f"…{text[-47:]}"


def _unit(unit: str | None) -> str:
    written = _clean(unit or "")
    return str(_sentences()["units"].get(written.casefold(), written))


def _with_unit(label: str, unit: str) -> str:
    return f"{label} [{unit}]" if unit else label


def _number(value: float, unit: str, language: Language) -> str:
    plain = abs(value) < 1e9 and (value % 1 == 0 or abs(value) >= 1e4)
    text = f"{value:.0f}" if plain else f"{value:.4g}"
    if language == "fr":
        text = text.replace(".", ",")
    return f"{text} {unit}" if unit else text


def _place(scale: Scale, index: int, language: Language) -> str:
    """Where on an axis something is; whole numbers where the axis only counts."""
    value = float(scale.values[index])
    return f"{value:.0f}" if scale.is_index else _number(value, _unit(scale.unit), language)


def _share(share: float, language: Language) -> str:
    text = f"{share * 100:.2g}" if share < 0.995 else f"{share * 100:.4g}"
    return f"{text.replace('.', ',')} %" if language == "fr" else f"{text}%"


def _refusal(key: str, words: dict[str, str], *, reason: str) -> NotPlottable:
    return NotPlottable(words[key].format(reason=reason), reason=reason)


def _words(language: Language) -> dict[str, str]:
    return _sentences()[language]


@cache
def _sentences() -> dict[str, dict[str, str]]:
    text = files(__package__).joinpath("tables", "plots.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
