"""A finding: one result of a check, that a person can act on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding matters.

    ``ERROR``: data or metadata are lost or wrong; ``WARNING``: something a person should complete or correct;
    ``INFO``: good to know, nothing to do.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check.

    The sentence a person reads is made from ``code`` and ``details`` by `verriere.wording`, in French or English.

    Parameters
    ----------
    code
        Key in the table of findings; it never changes.
    severity
        As the table says for this code.
    where
        HDF5 path, attribute (``/group@name``), file name or field that the finding is about.
    details
        What the sentence needs: names, values as written, counts.
    file
        Name of the file inside its dataset, where the finding is about one file.
    """

    code: str
    severity: Severity
    where: str = ""
    details: Mapping[str, str] = field(default_factory=dict)
    file: str = ""
