"""Collections: datasets that somebody puts together under a title of their own."""

from base64 import b32encode
from collections.abc import Sequence
from hashlib import blake2b

from verriere.errors import InputInvalid
from verriere.ingest.holdings import Holdings
from verriere.model import Collection

_BYTES = 10


def gather(holdings: Holdings, title: str, dataset_ids: Sequence[str], *, by: str, description: str = "") -> Collection:
    """Make a collection; the same title and datasets are the same collection, which stays as it is.

    Raises
    ------
    InputInvalid
        It has no title or no dataset, or there is no such dataset.
    """
    members = tuple(dict.fromkeys(dataset_ids))
    if not (title := " ".join(title.split())) or not members:
        raise InputInvalid("a collection needs a title and a dataset", hint="verriere collection create TITLE ID ...")
    identifier = _identifier(title, members)
    known = {each.id: each for each in holdings.catalogue.collections()}.get(identifier)
    if known is not None:
        return known
    made = Collection(identifier, title, by, holdings.now(), " ".join(description.split()), members)
    holdings.catalogue.put_collections([made], now=made.created_at, by=by)
    holdings.journal()
    return made


def _identifier(title: str, members: Sequence[str]) -> str:
    named = "\0".join((title, *sorted(members))).encode()
    return b32encode(blake2b(named, digest_size=_BYTES, person=b"verriere-collec").digest()).decode().lower()
