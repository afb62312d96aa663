"""The sentence with which a query or a part is cited (recommendation 10)."""

from zoneinfo import ZoneInfo

from verriere.model import Citation
from verriere.wording import Language

_SENTENCES = {
    "en": {
        "query": "{publisher} ({year}): {title}. {count} as found on {moment} with the query “{query}”, "
        "checksum {checksum}. {publisher}. {address}",
        "part": "{publisher} ({year}): {title}. Part {slices} of dataset {dataset}, version {version}, "
        "as of {moment}, checksum {checksum}. {publisher}. {address}",
        "one": "1 dataset",
        "many": "{count} datasets",
        "title": "Selection of datasets",
        "part-title": "Part of a dataset",
    },
    "fr": {
        "query": "{publisher} ({year}) : {title}. {count}, résultat au {moment} de la requête « {query} », "
        "somme de contrôle {checksum}. {publisher}. {address}",
        "part": "{publisher} ({year}) : {title}. Partie {slices} du jeu de données {dataset}, version {version}, "
        "au {moment}, somme de contrôle {checksum}. {publisher}. {address}",
        "one": "1 jeu de données",
        "many": "{count} jeux de données",
        "title": "Sélection de jeux de données",
        "part-title": "Partie d'un jeu de données",
    },
}


def title(cited: Citation, language: Language) -> str:
    """Its title, or what it is where nobody gave one."""
    return cited.title or _SENTENCES[language]["title" if cited.selection is None else "part-title"]


def sentence(cited: Citation, *, publisher: str, address: str, zone: ZoneInfo, language: Language) -> str:
    """How to cite it.

    Parameters
    ----------
    address
        That the world finds it under: of its DOI, or of its page.
    zone
        Of the moment that is told.
    """
    said, count = _SENTENCES[language], len(cited.datasets)
    asked_at = cited.asked_at.astimezone(zone)
    return said["query" if cited.selection is None else "part"].format(
        publisher=publisher,
        year=asked_at.year,
        title=title(cited, language),
        count=said["one" if count == 1 else "many"].format(count=count),
        moment=f"{asked_at:%Y-%m-%d %H:%M %Z}",
        query=cited.normal,
        checksum=cited.checksum[:16],
        slices=cited.selection.slices if cited.selection else "",
        dataset=cited.datasets[0].id,
        version=cited.datasets[0].version,
        address=address,
    )
