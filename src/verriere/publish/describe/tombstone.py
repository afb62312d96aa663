"""What is left of something withdrawn: the citation, why it was withdrawn, and where it hung."""

from dataclasses import replace

from verriere.model import Publication
from verriere.publish.describe.saying import both
from verriere.publish.landing import Landing, Openness

_KEPT = {"IsPartOf", "IsCollectedBy", "IsVersionOf", "IsNewVersionOf", "IsPreviousVersionOf", "IsObsoletedBy"}


def entombed(landing: Landing, publication: Publication) -> Landing:
    """The tombstone of what ``landing`` described: no files, no values, nothing of what is in them."""
    at = publication.withdrawn_at
    assert at is not None
    said = both(lambda sayer: [sayer.say("withdrawn", day=at.date().isoformat()), publication.reason])
    return replace(
        landing,
        rights=replace(landing.rights, openness=Openness.METADATA_ONLY),
        descriptions=said,
        technical=(),
        measured=(),
        files=(),
        file_count=None,
        size=None,
        download="",
        media_types=(),
        conforms_to=(),
        picture="",
        formula="",
        ties=tuple(tie for tie in landing.ties if tie.relation in _KEPT),
        withdrawn_at=at,
        reason=publication.reason,
    )
