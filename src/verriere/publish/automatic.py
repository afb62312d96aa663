"""What the settings publish without being asked for: DOIs reserved for visits, and given to what may be known."""

from dataclasses import dataclass
from datetime import datetime

from verriere.ingest.holdings import Holdings
from verriere.model import PidKind, PidState
from verriere.publish import desk

BY = "policy"


@dataclass(frozen=True, slots=True)
class Given:
    """How many DOIs were reserved and published."""

    reserved: int = 0
    published: int = 0


def catch_up(holdings: Holdings) -> Given:
    """Reserve and publish what the settings say, and only what everyone may know; done again, nothing changes.

    What the registrar is to be told waits in the queue: nobody who measures waits for it.
    """
    chosen, now = holdings.settings.publish, holdings.now()
    published = 0
    for kind in map(PidKind, chosen.automatic):
        begun = now if kind is PidKind.VISIT else None
        ready = [*holdings.catalogue.without_doi(kind, begun=begun), *_drafts(holdings, kind, now)]
        published += desk.publish_many(holdings, kind, ready, by=BY)
    reserved = 0
    if chosen.reserve != "never":
        begun = now if chosen.reserve == "start" else None
        reserved = desk.reserve(
            holdings, PidKind.VISIT, holdings.catalogue.without_doi(PidKind.VISIT, begun=begun), by=BY
        )
    return Given(reserved, published)


def _drafts(holdings: Holdings, kind: PidKind, now: datetime) -> list[str]:
    """What was reserved before, and is ready."""
    drafts = {
        each.subject_id
        for each in holdings.catalogue.publications(kind, wanted=PidState.DRAFT)
        if each.version is None and not each.is_withdrawn
    }
    if kind is PidKind.VISIT:
        drafts = {each for each in drafts if holdings.catalogue.visit(each).start <= now}
    return sorted(drafts)
