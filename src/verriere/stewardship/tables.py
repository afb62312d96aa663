"""Tables that people make with a spreadsheet: CSV or TSV in UTF-8, with a line of names."""

import csv
from collections.abc import Collection, Iterator
from io import StringIO
from pathlib import Path

from verriere.errors import InputInvalid

EXTRA = ""
"""Under this name a row has what stands beyond its last column."""


def text_of(path: Path) -> str:
    """The text of a file.

    Raises
    ------
    InputInvalid
        It cannot be read, or is not UTF-8.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise InputInvalid(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise InputInvalid(f"{path} is not UTF-8", hint="save it as UTF-8 (in a spreadsheet: CSV UTF-8)") from error


def rows(path: Path, text: str, columns: Collection[str]) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table, each with the number of its last line; those that are empty are left out.

    Raises
    ------
    InputInvalid
        A column has a name that nobody knows.
    """
    first = text.partition("\n")[0]
    # A spreadsheet set to French writes semicolons.
    lines = StringIO(text, newline="")
    reader = csv.DictReader(lines, delimiter=max(",;\t", key=first.count), restkey=EXTRA)
    unknown = set(reader.fieldnames or ()) - set(columns)
    if unknown:
        raise InputInvalid(
            f"{path}: nobody knows the column {min(unknown)!r}", hint=f"the columns are: {', '.join(columns)}"
        )
    for row in reader:
        cells = {name: " ".join(value) if isinstance(value, list) else value or "" for name, value in row.items()}
        kept = {name: value.strip() for name, value in cells.items()}
        if any(kept.values()):
            yield reader.line_num, kept
