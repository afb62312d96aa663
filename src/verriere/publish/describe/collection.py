"""What anyone may know of a collection: those of its datasets that anyone may know of."""

from collections.abc import Iterator

from verriere.errors import NotFound
from verriere.model import ANONYMOUS, Dataset, Member, PidKind, Publication, State
from verriere.publish.describe import people
from verriere.publish.describe.saying import Sayer, both
from verriere.publish.describe.scene import Scene
from verriere.publish.landing import Landing, Openness, Text


def collection(scene: Scene, identifier: str, publication: Publication | None) -> Landing:
    """A collection; one of which nothing is public is known to nobody."""
    catalogue = scene.holdings.catalogue
    found = catalogue.collection(identifier)
    datasets = list(_shown(scene, found.dataset_ids))
    if not datasets:
        raise NotFound(f"no collection {identifier}")

    def made(sayer: Sayer) -> Iterator[str]:
        yield sayer.say("collection", count=len(datasets), facility=scene.name)

    states = {each.state for each in datasets}
    openness = Openness.EMBARGOED if State.EMBARGOED in states else Openness.OPEN
    if openness is Openness.OPEN and catalogue.access_rules.open_to == "registered":
        openness = Openness.RESTRICTED
    last = max((opens for each in datasets if (opens := catalogue.opens_at(each.id))), default=None)
    return Landing(
        kind=PidKind.COLLECTION,
        identifier=identifier,
        doi="",
        is_registered=False,
        url=scene.addresses.thing(PidKind.COLLECTION, identifier),
        titles=(Text(found.title),),
        creators=people.creators(_members(scene, datasets), scene.publisher),
        publisher=scene.publisher,
        year=scene.day(found.created_at).year,
        rights=scene.rights(openness, opens=last),
        created_at=found.created_at,
        updated_at=found.created_at,
        published_at=found.created_at,
        descriptions=(*((Text(found.description),) if found.description else ()), *both(made)),
        ties=tuple(scene.ties("HasPart", PidKind.DATASET, [(each.id, each.title) for each in datasets])),
    )


def _members(scene: Scene, datasets: list[Dataset]) -> Iterator[Member]:
    """The teams of the datasets: who made them made what the collection is of."""
    for identifier in dict.fromkeys(each.visit_id for each in datasets if each.visit_id):
        visit = scene.holdings.catalogue.visit(identifier)
        yield from scene.holdings.catalogue.proposal(visit.proposal_id).members
        yield from visit.members


def _shown(scene: Scene, identifiers: tuple[str, ...]) -> Iterator[Dataset]:
    for identifier in identifiers:
        try:
            yield scene.holdings.catalogue.shown(identifier, ANONYMOUS)[0]
        except NotFound:
            continue
