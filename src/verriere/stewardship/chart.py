"""Volumes as a picture: bars of a year and beamline, what is projected and what is expected beside what is recorded.

The picture is an SVG without a script or a style of its own; patterns tell the bars apart, not colours alone.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from verriere.stewardship.volumes import Row

WIDTH, LEFT, RIGHT, TOP = 760, 150, 20, 34
BAR, GAP = 11, 12
_UNITS = (("PB", 10**15), ("TB", 10**12), ("GB", 10**9), ("MB", 10**6), ("kB", 10**3), ("B", 1))


@dataclass(frozen=True, slots=True)
class Wording:
    """What the picture says, in the reader's language.

    Parameters
    ----------
    series
        Names of ``recorded``, ``projected`` and ``surveyed``.
    units
        Of sizes, by the English one.
    """

    title: str
    text: str
    series: Mapping[str, str]
    units: Mapping[str, str]


ENGLISH = Wording(
    "Volumes by year and beamline",
    "Bars of what each beamline recorded in each year, with two projections; the table has the same numbers.",
    {"recorded": "recorded", "projected": "projected", "surveyed": "surveyed"},
    {},
)

_FILLS = {"recorded": "#2c6e8f", "projected": "url(#hatched)", "surveyed": "url(#dotted)"}


def chart(rows: Sequence[Row], wording: Wording) -> str:
    """The picture of some rows: a group of bars for each, on one scale."""
    largest = max((max(row.recorded, row.projected or 0, row.surveyed or 0) for row in rows), default=0)
    unit, factor = next(((name, size) for name, size in _UNITS if largest >= size), _UNITS[-1])
    scale = (WIDTH - LEFT - RIGHT) / (largest or 1)
    parts, y = list[str](), TOP
    for row in rows:
        series = [("recorded", row.recorded), ("projected", row.projected), ("surveyed", row.surveyed)]
        there = [(name, size) for name, size in series if size is not None]
        year = str(row.year) if row.year is not None else "?"
        middle = y + len(there) * BAR / 2 + 4
        name = escape(f"{row.instrument_id} {year}")
        parts.append(f'<text x="{LEFT - 8}" y="{middle:g}" text-anchor="end">{name}</text>')
        for series_name, size in there:
            said = f"{name}, {escape(wording.series[series_name])}: {_size(size, unit, factor, wording)}"
            parts.append(
                f'<rect x="{LEFT}" y="{y}" width="{max(size * scale, 0.5):.1f}" height="{BAR - 1}" '
                f'fill="{_FILLS[series_name]}" stroke="#2c6e8f"><title>{said}</title></rect>'
            )
            y += BAR
        y += GAP
    parts += _legend(wording)
    end = _size(largest, unit, factor, wording)
    parts.append(f'<text x="{WIDTH - RIGHT}" y="{y + 6}" text-anchor="end">{end}</text>')
    parts.append(f'<path d="M{LEFT} {TOP - 4}V{y}H{WIDTH - RIGHT}" fill="none" stroke="#666"/>')
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y + 14}" width="{WIDTH}" height="{y + 14}" '
        f'role="img" aria-label={quoteattr(wording.text)} font-family="sans-serif" font-size="12" fill="#444">'
        f"<title>{escape(wording.title)}</title><desc>{escape(wording.text)}</desc>{_PATTERNS}{''.join(parts)}</svg>"
    )


_PATTERNS = (
    '<rect width="100%" height="100%" fill="#fff"/><defs>'
    '<pattern id="hatched" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="#f6f6f6"/><path d="M0 6 6 0" stroke="#2c6e8f" stroke-width="1.5"/></pattern>'
    '<pattern id="dotted" width="6" height="6" patternUnits="userSpaceOnUse">'
    '<rect width="6" height="6" fill="#f6f6f6"/><circle cx="3" cy="3" r="1.3" fill="#2c6e8f"/></pattern></defs>'
)


def _size(size: int, unit: str, factor: int, wording: Wording) -> str:
    return f"{size / factor:.3g} {escape(wording.units.get(unit, unit))}"


def _legend(wording: Wording) -> list[str]:
    parts, x = [], LEFT
    for name, fill in _FILLS.items():
        label = wording.series[name]
        parts.append(f'<rect x="{x}" y="8" width="14" height="10" fill="{fill}" stroke="#2c6e8f"/>')
        parts.append(f'<text x="{x + 20}" y="17">{escape(label)}</text>')
        x += 40 + 7 * len(label)
    return parts
