"""RIS, for reference managers."""

from collections.abc import Iterator

from verriere.publish.formats import words
from verriere.publish.formats.citation import address
from verriere.publish.formats.texts import plain
from verriere.publish.landing import Landing


def write(landing: Landing) -> bytes:
    """One record; its lines end as the format says."""
    lines = [f"{tag}  - {said}" for tag, text in _lines(landing) if (said := " ".join(plain(text).split()))]
    return ("\r\n".join([*lines, "ER  - "]) + "\r\n").encode("utf-8", "replace")


def _lines(landing: Landing) -> Iterator[tuple[str, str]]:
    yield "TY", "DATA" if words.KINDS[landing.kind].schema_org == "Dataset" else "GEN"
    for one in landing.creators:
        yield "AU", one.name
    yield "TI", landing.title
    yield "PY", str(landing.year)
    opens = landing.rights.opens_on
    yield "DA", f"{opens:%Y/%m/%d}" if opens else ""
    yield "PB", landing.publisher.name
    yield "ET", landing.version
    yield "DO", landing.doi if landing.is_registered else ""
    yield "UR", address(landing)
    for text in landing.descriptions:
        yield ("AB" if text is landing.descriptions[0] else "N1"), text.text
    for term in landing.techniques:
        yield "KW", term.label.text
    for word in landing.keywords:
        yield "KW", word.text
