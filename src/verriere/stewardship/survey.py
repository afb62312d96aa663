"""What the scientists of the beamlines expect, from a table (CSV) of one line a detector.

Columns: ``beamline``, ``detector``, ``rate`` (``800 MB/s``), ``duty`` (``0.3`` or ``30 %``: the part of the beamtime in
which it records) and, where a beamline differs from the facility, ``hours`` (of beamtime in the year).
"""

import csv
import io
from dataclasses import replace
from pathlib import Path

from verriere.archive.sidecar import encode
from verriere.errors import InputInvalid
from verriere.ingest.holdings import Holdings
from verriere.model import Survey, SurveyRow
from verriere.stewardship.dmp.answers import parse_size

COLUMNS = ("beamline", "detector", "rate", "duty", "hours")
NEEDED = frozenset(COLUMNS) - {"hours"}
HOURS = 5000.0
"""Of beamtime in a year, where a line says nothing."""


def read(path: Path, known: frozenset[str]) -> tuple[SurveyRow, ...]:
    """Read a survey.

    Parameters
    ----------
    known
        Identifiers of the instruments that there are.

    Raises
    ------
    InputInvalid
        The file cannot be read, or a line cannot be; the message names every line that cannot.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputInvalid(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputInvalid(f"{path} is not UTF-8", hint="save it as CSV UTF-8") from error
    first = text.partition("\n")[0]
    reader = csv.DictReader(io.StringIO(text), delimiter=max(",;\t", key=first.count))
    names = set(reader.fieldnames or ())
    if not names >= NEEDED or not names <= set(COLUMNS):
        raise InputInvalid(f"{path} has the columns {', '.join(sorted(names))}", hint=f"write: {', '.join(COLUMNS)}")
    found, troubles = [], []
    for number, line in enumerate(reader, start=2):
        try:
            found.append(_row({name: (line.get(name) or "").strip() for name in COLUMNS}, known))
        except InputInvalid as error:
            troubles.append(f"line {number}: {error.message}")
    if troubles:
        raise InputInvalid("; ".join(troubles), hint="correct those lines; nothing was taken")
    return tuple(found)


def take(holdings: Holdings, year: int, rows: tuple[SurveyRow, ...], *, by: str = "import") -> Survey:
    """Keep the survey of a year, in the archive and in the catalogue; it takes the place of an earlier one."""
    now = holdings.now()
    survey = Survey(str(year), now, rows)
    known = next((each for each in holdings.catalogue.surveys() if each.id == survey.id), None)
    if known is not None and replace(known, asked_at=now) == survey:
        return known
    holdings.archive.put(f"survey:{year}", [], encode(survey), message="survey", created=now)
    holdings.catalogue.put_surveys([survey], now=now, by=by)
    holdings.journal()
    return survey


def _row(line: dict[str, str], known: frozenset[str]) -> SurveyRow:
    if line["beamline"] not in known:
        raise InputInvalid(f"nobody knows the beamline {line['beamline']!r}")
    rate = parse_size(line["rate"].removesuffix("/s"))
    duty = _number("duty", line["duty"].removesuffix("%"))
    duty = duty / 100 if line["duty"].endswith("%") else duty
    hours = _number("hours", line["hours"]) if line["hours"] else HOURS
    if not 0 <= duty <= 1:
        raise InputInvalid(f"duty is {line['duty']!r}, and should be between 0 and 1")
    if not 0 <= hours <= 8784:
        raise InputInvalid(f"hours is {line['hours']!r}: a year has 8784 at most")
    return SurveyRow(line["beamline"], line["detector"], float(rate), duty, hours)


def _number(name: str, text: str) -> float:
    try:
        return float(text.strip().replace(",", "."))
    except ValueError:
        raise InputInvalid(f"{name} is {text!r}, which is no number") from None
