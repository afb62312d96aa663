"""From the catalogue to a `Landing`: what anyone may know of a dataset, visit, instrument, sample, collection, query.

Each kind has its module; what they share is in `scene`. Everything is read as someone who has not logged in sees it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType

from verriere.ingest.holdings import Holdings
from verriere.model import PidKind, Publication
from verriere.publish.describe.beamtime import instrument, sample, visit
from verriere.publish.describe.collection import collection
from verriere.publish.describe.dataset import dataset
from verriere.publish.describe.query import query
from verriere.publish.describe.scene import Scene
from verriere.publish.describe.tombstone import entombed
from verriere.publish.landing import Landing

_Describer = Callable[[Scene, str, Publication | None], Landing]

_DESCRIBERS: Mapping[PidKind, _Describer] = MappingProxyType(
    {
        PidKind.DATASET: dataset,
        PidKind.VISIT: visit,
        PidKind.INSTRUMENT: instrument,
        PidKind.SAMPLE: sample,
        PidKind.COLLECTION: collection,
        PidKind.QUERY: query,
    }
)


def landing_of(
    holdings: Holdings, publication: Publication | None, kind: PidKind, subject_id: str, *, origin: str = ""
) -> Landing:
    """What is public about a thing.

    Parameters
    ----------
    publication
        The DOI under which it is described; None for a thing without one.
    origin
        Where people reach the portal, ``https://data.example.org``; from the settings where empty.

    Raises
    ------
    NotFound
        There is no such thing, or none that someone without an account may know of.
    """
    found = _DESCRIBERS[kind](scene := Scene.of(holdings, origin), subject_id, publication)
    if publication is None:
        return found
    found = replace(
        found,
        doi=publication.doi,
        is_registered=publication.is_registered,
        url=scene.addresses.doi(publication.doi),
        created_at=publication.created_at,
        updated_at=max(publication.changed_at, publication.created_at),
        published_at=publication.published_at,
    )
    return entombed(found, publication) if publication.is_withdrawn else found


__all__ = ["landing_of"]
