"""The facts of the page of volumes: what was recorded, what is projected and what is expected, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass

from verriere.serve.caller import Caller
from verriere.serve.language import Words
from verriere.serve.portal.sentences import Link
from verriere.stewardship.chart import Wording
from verriere.stewardship.volumes import Room, Row, by_year


@dataclass(frozen=True, slots=True)
class VolumeRow:
    """One beamline in one year."""

    instrument: str
    year: str
    datasets: str
    recorded: str
    projected: str
    surveyed: str


@dataclass(frozen=True, slots=True)
class VolumesPage:
    """What ``volumes.html`` shows; ``warning`` is said where the disk fills before the time."""

    rows: tuple[VolumeRow, ...]
    totals: tuple[tuple[str, str], ...]
    room: str
    warning: str
    picture: str
    alternative: str
    files: tuple[Link, ...]


def volumes_page(caller: Caller, rows: Sequence[Row], room: Room, *, is_short: bool) -> VolumesPage:
    """The page of volumes."""
    words, urls = caller.words, caller.urls
    _ = words.gettext
    full = words.day(room.full_at) if room.full_at else ""
    return VolumesPage(
        rows=tuple(_row(words, row) for row in rows),
        totals=tuple((str(year), words.size(size)) for year, size in by_year(rows).items()),
        room=_("%(free)s of %(total)s are free.", free=words.size(room.free), total=words.size(room.total)),
        warning=_("At this year's rate the disk is full about %(day)s: add room before.", day=full) if is_short else "",
        picture=urls.volumes("svg"),
        alternative=wording(words).text,
        files=(
            Link(_("Table (CSV, in bytes)"), urls.volumes("csv")),
            Link(_("For programs (JSON)"), urls.volumes("json")),
            Link(_("Chart (SVG)"), urls.volumes("svg")),
        ),
    )


def wording(words: Words) -> Wording:
    """What the chart says in the page's language."""
    _ = words.gettext
    units = {"B": "o", "kB": "ko", "MB": "Mo", "GB": "Go", "TB": "To", "PB": "Po"} if words.language == "fr" else {}
    return Wording(
        _("Volumes by year and beamline"),
        _("Bars of what each beamline recorded in each year, with two projections; the table has the same numbers."),
        {"recorded": _("recorded"), "projected": _("projected"), "surveyed": _("expected by its scientists")},
        units,
    )


def _row(words: Words, row: Row) -> VolumeRow:
    return VolumeRow(
        row.instrument_id or words.gettext("unknown beamline"),
        str(row.year) if row.year is not None else words.gettext("unknown year"),
        words.number(row.datasets),
        words.size(row.recorded),
        "" if row.projected is None else words.size(row.projected),
        "" if row.surveyed is None else words.size(row.surveyed),
    )
