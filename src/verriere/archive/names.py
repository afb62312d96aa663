"""Names of files as they come, and names that are safe to keep.

A name that is already safe stays as it is. Everything else is percent-encoded, so that it can be read back with
`unescape`: bytes that are not UTF-8, control characters, empty, ``.`` and ``..`` parts, a leading or trailing ``/``.
"""

import hashlib
import os
import re
from urllib.parse import unquote_to_bytes

from verriere.errors import InputInvalid

NAME_BYTES = 255
"""Longest part of a path that Linux file systems take."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile(r"%(?=[0-9A-Fa-f]{2})")


def escape(text: str) -> str:
    """Text that is valid UTF-8 without control characters; `unescape` gives back every name a file system can hold.

    A per cent sign is encoded only where it would be read as an escape.
    """
    return _CONTROL.sub(_percent, _LOOKS_ESCAPED.sub("%25", text))


def unescape(text: str) -> str:
    """What `escape` was given."""
    return os.fsdecode(unquote_to_bytes(text))


def safe_name(name: str) -> str:
    """Relative path with ``/`` that stays inside the folder it is put in.

    Parameters
    ----------
    name
        As the dataset, a link in a file or a file system gives it.

    Returns
    -------
    str
        Equal to ``name`` where that is safe; the same for the same name, different for different names.
    """
    if not name:
        return "unnamed"
    inside = re.sub(r"/(?=/)|^/|/$", "%2f", escape(name))
    return "/".join(_safe_part(part) for part in inside.split("/"))


def checked_id(object_id: str) -> str:
    """The identifier, if an object can be named so.

    Raises
    ------
    InputInvalid
        It is empty, holds control characters or is not valid Unicode.
    """
    if not object_id or _CONTROL.search(object_id):
        raise InputInvalid(
            f"{escape(object_id)!r} cannot name an object of the archive",
            hint="use letters, digits, hyphens and colons",
        )
    return object_id


def _safe_part(part: str) -> str:
    if part in (".", ".."):
        return part.replace(".", "%2e")
    if len(part.encode()) <= NAME_BYTES:
        return part
    mark = "~" + hashlib.sha256(part.encode()).hexdigest()[:16]
    return part.encode()[: NAME_BYTES - len(mark)].decode(errors="ignore") + mark


def _percent(match: re.Match[str]) -> str:
    character = match.group()
    # Python keeps a byte that is not UTF-8 as U+DC80..U+DCFF; other surrogates can only come from broken texts.
    how = "surrogateescape" if "\udc80" <= character <= "\udcff" else "surrogatepass"
    return "".join(f"%{byte:02x}" for byte in character.encode("utf-8", how))
