"""How to cite a thing: as DataCite and as APA recommend, in French and English, and for programs as CSL-JSON."""

from typing import Any, Literal, get_args

from verriere.publish.formats import words
from verriere.publish.formats.texts import as_json, iri, plain, without_empty
from verriere.publish.landing import Agent, Landing
from verriere.wording import Language

Style = Literal["datacite", "apa", "harvard"]
STYLES: tuple[Style, ...] = get_args(Style)
_MOST_NAMES = 20
"""More than so many are cut short, as APA does: nineteen, an ellipsis, the last."""

_SAID: dict[Language, dict[str, str]] = {
    "en": {"version": "Version", "dataset": "Data set", "accessed": "Available at", "and": "&"},
    "fr": {"version": "Version", "dataset": "Jeu de données", "accessed": "Disponible à l’adresse", "and": "et"},
}


def write(landing: Landing) -> bytes:
    """The citation as CSL-JSON, which Zotero and other programs take."""
    return as_json([csl(landing)])


def cite(landing: Landing, style: Style = "datacite", language: Language = "en") -> str:
    """The citation as a line of text.

    Parameters
    ----------
    style
        ``datacite``: Creators (Year): Title. Version. Publisher. Address. ``apa``: the seventh edition. ``harvard``:
        as British universities ask for it.
    """
    said = _SAID[language]
    title = plain(landing.title).rstrip(".") or plain(landing.identifier)
    publisher = plain(landing.publisher.name)
    version = f"{said['version']} {plain(landing.version)}" if plain(landing.version) else ""
    match style:
        case "datacite":
            names = "; ".join(plain(one.name) for one in landing.creators)
            parts = [f"{names} ({landing.year}): {title}", version, publisher]
        case "apa":
            about = f" ({version})" if version else ""
            kind = f" [{said['dataset']}]" if words.KINDS[landing.kind].schema_org == "Dataset" else ""
            # An initial ends with its own full stop.
            names = _listed([_initials(one) for one in landing.creators], said["and"])
            parts = [f"{names} ({landing.year}). {title}{about}{kind}", publisher]
        case "harvard":
            names = _listed([_initials(one) for one in landing.creators], said["and"])
            parts = [f"{names} ({landing.year}) ‘{title}’", version, publisher]
            return ". ".join(filter(None, parts)) + f". {said['accessed']}: {address(landing)}"
    return ". ".join(filter(None, parts)) + f". {address(landing)}"


def address(landing: Landing) -> str:
    """Where a citation leads: the DOI once resolvers know it, the page until then."""
    return words.DOI + plain(landing.doi) if landing.is_registered and plain(landing.doi) else landing.url


def csl(landing: Landing) -> dict[str, Any]:
    """An item of CSL-JSON."""
    is_data = words.KINDS[landing.kind].schema_org == "Dataset"
    return without_empty(
        {
            "id": plain(landing.doi) or plain(landing.identifier),
            "type": "dataset" if is_data else "document",
            "title": plain(landing.title),
            "author": [_csl_name(one) for one in landing.creators],
            "issued": {"date-parts": [[landing.year]]},
            "publisher": plain(landing.publisher.name),
            "version": plain(landing.version),
            "DOI": plain(landing.doi) if landing.is_registered else "",
            "URL": iri(landing.url),
            "abstract": plain(landing.descriptions[0].text) if landing.descriptions else "",
            "language": plain(landing.language),
        }
    )


def _csl_name(one: Agent) -> dict[str, str]:
    if plain(one.family) and plain(one.given) and not one.is_organisation:
        return {"family": plain(one.family), "given": plain(one.given)}
    return {"literal": plain(one.name)}


def _initials(one: Agent) -> str:
    given = plain(one.given)
    if one.is_organisation or not plain(one.family) or not given:
        return plain(one.name)
    letters = " ".join("-".join(f"{part[0]}." for part in word.split("-") if part) for word in given.split())
    return f"{plain(one.family)}, {letters}"


def _listed(names: list[str], last: str) -> str:
    if len(names) > _MOST_NAMES:
        return ", ".join(names[: _MOST_NAMES - 1]) + f", … {names[-1]}"
    if len(names) < 2:
        return "".join(names)
    return ", ".join(names[:-1]) + f", {last} {names[-1]}"
