"""The name under which a browser saves a file (RFC 6266, RFC 8187)."""

import unicodedata
from urllib.parse import quote


def attachment(name: str) -> str:
    """Value of ``Content-Disposition`` for a file called ``name``.

    Old readers get plain ASCII without quotes or separators; all others the name as it is, in UTF-8. A path keeps its
    last part only: a browser must not be told where to write.
    """
    last = name.rsplit("/", 1)[-1]
    decomposed = unicodedata.normalize("NFKD", last).encode("ascii", "ignore").decode()
    plain = "".join(one if one.isprintable() and one not in '"\\%;' else "_" for one in decomposed)
    return f"attachment; filename=\"{plain or 'file'}\"; filename*=UTF-8''{quote(last, safe='')}"
