"""What may be published: only what everyone may know, which is for `verriere.policy` to say."""

from verriere.errors import InputInvalid, NotFound, NotPublishable
from verriere.ingest.holdings import Holdings
from verriere.model import ANONYMOUS, PidKind, Research, State
from verriere.policy import Access

_STATES = {
    State.QUARANTINED: ("nobody knows yet which visit it belongs to", "verriere quarantine assign ID VISIT"),
    State.PROPRIETARY: ("it is of proprietary research", "only its team may know that it exists"),
    State.WITHDRAWN: ("it was withdrawn", "what was withdrawn stays so; ingest the data anew"),
}


def require_publishable(holdings: Holdings, kind: PidKind, subject_id: str) -> None:
    """Refuse what is not for everyone to know.

    Raises
    ------
    NotFound
        There is no such thing.
    NotPublishable
        The message says why not.
    """
    catalogue = holdings.catalogue
    match kind:
        case PidKind.DATASET:
            state = catalogue.dataset(subject_id).state
            if state in _STATES:
                why, hint = _STATES[state]
                raise NotPublishable(f"dataset {subject_id} cannot be published: {why}", reason=state.value, hint=hint)
        case PidKind.VISIT:
            _require_public(holdings, f"visit {subject_id}", catalogue.visit(subject_id).proposal_id)
        case PidKind.SAMPLE:
            _require_public(holdings, f"sample {subject_id}", catalogue.sample(subject_id).proposal_id)
            if not catalogue.is_sample_known(subject_id):
                raise NotPublishable(
                    f"sample {subject_id} cannot be published: no dataset shows it to everyone yet",
                    reason="unseen",
                    hint="it can be, once a dataset measured from it is open",
                )
        case PidKind.INSTRUMENT:
            catalogue.instrument(subject_id)
        case PidKind.COLLECTION:
            for member in catalogue.collection(subject_id).dataset_ids:
                if catalogue.access(member, ANONYMOUS) is Access.NONE:
                    raise NotPublishable(
                        f"collection {subject_id} cannot be published: not everyone may know of dataset {member}",
                        reason="hidden",
                        hint="leave it out",
                    )
        case PidKind.QUERY:
            catalogue.citation(subject_id)


def _require_public(holdings: Holdings, what: str, proposal_id: str) -> None:
    if holdings.catalogue.proposal(proposal_id).research is Research.PROPRIETARY:
        raise NotPublishable(
            f"{what} cannot be published: it is of proprietary research",
            reason=Research.PROPRIETARY.value,
            hint="only its team may know that it exists",
        )


def subject_called(holdings: Holdings, name: str) -> tuple[PidKind, str]:
    """What a person means: ``dataset:9f3k``, a DOI, or an identifier that only one thing has.

    Raises
    ------
    NotFound
        Nothing is called so.
    InputInvalid
        Several things are.
    """
    catalogue = holdings.catalogue
    kind, colon, identifier = name.partition(":")
    if colon and kind in {each.value for each in PidKind}:
        return PidKind(kind), identifier
    if name.startswith("10.") and "/" in name:
        publication = catalogue.publication(name)
        return publication.kind, publication.subject_id
    found = [each for each in PidKind if catalogue.is_there(each, name)]
    if not found:
        raise NotFound(f"there is no dataset, visit, instrument, sample or collection {name}")
    if len(found) > 1:
        ways = " or ".join(f"{each}:{name}" for each in found)
        raise InputInvalid(f"{name} is the name of several things", hint=f"say {ways}")
    return found[0], name
