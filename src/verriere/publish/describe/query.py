"""What anyone may know of a cited query or part: what was asked, when, and what it gave."""

from collections.abc import Iterator

from verriere.errors import NotFound
from verriere.model import ANONYMOUS, CitedDataset, PidKind, Publication
from verriere.policy import Access
from verriere.publish.citing.text import sentence, title
from verriere.publish.describe.scene import Scene
from verriere.publish.landing import Landing, Openness, Text

MOST = 100
"""Datasets that a description names; the page and its table list them all."""


def query(scene: Scene, identifier: str, publication: Publication | None) -> Landing:
    """A citation; its datasets are those of the moment, in the versions that they had."""
    holdings, address = scene.holdings, scene.addresses.thing(PidKind.QUERY, identifier)
    cited = holdings.catalogue.citation(identifier)
    shown = list(_shown(scene, cited.datasets[:MOST]))
    whole = len(cited.datasets) <= MOST and all(open_ for _, _, open_ in shown)
    zone = holdings.settings.facility.zone
    said = [
        Text(sentence(cited, publisher=scene.publisher.name, address=address, zone=zone, language=language), language)
        for language in ("en", "fr")
    ]
    titles = (Text(cited.title),) if cited.title else (Text(title(cited, "en"), "en"), Text(title(cited, "fr"), "fr"))
    return Landing(
        kind=PidKind.QUERY,
        identifier=identifier,
        doi="",
        is_registered=False,
        url=address,
        titles=titles,
        creators=(scene.publisher,),
        publisher=scene.publisher,
        year=scene.day(cited.asked_at).year,
        rights=scene.rights(Openness.OPEN if whole else Openness.METADATA_ONLY),
        created_at=cited.asked_at,
        updated_at=cited.asked_at,
        published_at=cited.asked_at,
        descriptions=tuple(said),
        ties=tuple(scene.ties("HasPart", PidKind.DATASET, [(name, called) for name, called, _ in shown])),
    )


def _shown(scene: Scene, datasets: tuple[CitedDataset, ...]) -> Iterator[tuple[str, str, bool]]:
    """Identifier, title, and whether anyone may have the bytes, of what anyone may still know of."""
    for each in datasets:
        try:
            dataset, access = scene.holdings.catalogue.shown(each.id, ANONYMOUS)
        except NotFound:
            continue
        yield dataset.id, dataset.title, access >= Access.DATA
