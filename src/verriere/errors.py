"""One tree of errors: what went wrong, and what to do about it.

Every class has a ``code`` that never changes and is documented in ``docs/errors.md`` (a test holds the two together).
Where Python has an exception that means the same, ours is one of those too, so that callers may catch either.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar


class VerriereError(Exception):
    """Base of everything this package raises on purpose.

    Parameters
    ----------
    message
        What went wrong, in one sentence.
    hint
        What the person reading it can do; a command where there is one.
    """

    code: ClassVar[str] = "error"
    exit_code: ClassVar[int] = 1
    refusal: str = ""
    """Row of the table with which `verriere.wording` says the same in another language, where there is one."""
    facts: Mapping[str, str] = MappingProxyType({})

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class SettingsInvalid(VerriereError, ValueError):
    """The settings file or a ``VERRIERE_*`` variable cannot be used."""

    code = "settings-invalid"
    exit_code = 2


class FacilityNotFound(VerriereError, FileNotFoundError):
    """No facility at the folder that was named."""

    code = "facility-not-found"
    exit_code = 2


class FacilityExists(VerriereError, FileExistsError):
    """``init`` would overwrite a facility."""

    code = "facility-exists"
    exit_code = 2


class InputInvalid(VerriereError, ValueError):
    """A file or an argument that a person gave cannot be used."""

    code = "input-invalid"
    exit_code = 2


class NotFound(VerriereError, LookupError):
    """No such thing, or none that this viewer may know of."""

    code = "not-found"
    exit_code = 3


class AccessRefused(VerriereError, PermissionError):
    """The viewer knows that the thing exists, but may not do this with it."""

    code = "access-refused"
    exit_code = 4


class QueryInvalid(VerriereError, ValueError):
    """A search that cannot be parsed.

    Attributes
    ----------
    position
        Where in the query the trouble starts, counted in characters from 0.
    reason, facts
        What `verriere.wording.query_trouble` needs to say the same in another language.
    """

    code = "query-invalid"
    exit_code = 2

    def __init__(self, message: str, *, position: int, hint: str, reason: str, facts: Mapping[str, str]) -> None:
        super().__init__(message, hint=hint)
        self.position = position
        self.reason = reason
        self.facts = facts


class DatabaseOutdated(VerriereError):
    """The database was made by an older version; nothing is touched before it is upgraded."""

    code = "database-outdated"


class DatabaseUnfit(DatabaseOutdated):
    """The database was made by a newer version, or holds no catalogue: no upgrade helps."""

    code = "database-unfit"


class DatabaseUnreachable(VerriereError, ConnectionError):
    """The database does not answer."""

    code = "database-unreachable"


class FacilityBusy(VerriereError, BlockingIOError):
    """Another process is at the same work on this facility."""

    code = "facility-busy"


class StorageFull(VerriereError, OSError):
    """No room is left where the archive keeps its bytes; what was being written is taken back."""

    code = "storage-full"


class StorageUnfit(VerriereError, OSError):
    """The archive cannot do what was asked of it here (hard links across file systems, read-only disk)."""

    code = "storage-unfit"


class SourceUnreadable(VerriereError, OSError):
    """A file that is to be kept cannot be read: it is gone, forbidden, or not a regular file."""

    code = "source-unreadable"


class SourceChanged(VerriereError):
    """A file changed while it was read: whoever writes it has not finished."""

    code = "source-changed"


class RecordTooNew(VerriereError, ValueError):
    """A record in the archive was written by a newer version of this package."""

    code = "record-too-new"


class RecordInvalid(VerriereError, ValueError):
    """A record in the archive is not what its schema says."""

    code = "record-invalid"


class FixityLost(VerriereError):
    """Bytes in the archive are not the bytes that were put there."""

    code = "fixity-lost"


class HistoryBroken(VerriereError):
    """The chain of the history does not hold: an entry was changed or removed."""

    code = "history-broken"


class NotConvertible(InputInvalid):
    """A file is in no format that can be converted to NeXus, or cannot be read to its end."""

    code = "not-convertible"
    exit_code = 1


class NotPlottable(VerriereError):
    """A signal cannot be drawn; the message says why, in the language that was asked for.

    Attributes
    ----------
    reason
        What reading it said, where that is what failed.
    """

    code = "not-plottable"

    def __init__(self, message: str, *, reason: str = "", hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class NotPublishable(VerriereError, PermissionError):
    """It is not for everyone to know, or was withdrawn: the message says which.

    Attributes
    ----------
    reason
        In one word, for those who say it in another language: ``quarantined``, ``proprietary``, ``withdrawn``,
        ``unseen`` (a sample of which nothing is shown), ``hidden`` (a collection with something that is hidden).
    """

    code = "not-publishable"
    exit_code = 4

    def __init__(self, message: str, *, reason: str, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.reason = reason


class RegistrarUnreachable(VerriereError, ConnectionError):
    """Who keeps the DOIs does not answer; what was to be told waits."""

    code = "registrar-unreachable"


class RegistrarRefused(VerriereError):
    """Who keeps the DOIs does not take what it was told; it waits for a person to look at it."""

    code = "registrar-refused"


class ToolMissing(VerriereError):
    """An optional part of the installation is needed for this and is not there."""

    code = "tool-missing"
