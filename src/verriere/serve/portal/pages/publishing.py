"""The facts of the page from which a thing is published, withdrawn and related to others; and of what waits."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from verriere.catalogue.outbox import Waiting
from verriere.model import PidKind, PidState, Publication, Related
from verriere.publish.vocabularies import datacite
from verriere.serve.caller import Caller
from verriere.serve.language import Words
from verriere.serve.portal.sentences import Link

COMMON = ("IsSupplementTo", "IsCitedBy", "IsDescribedBy", "IsSourceOf", "IsDerivedFrom", "References")
"""The relations that are mostly meant; they stand first."""


@dataclass(frozen=True, slots=True)
class May:
    """What the caller may do with a thing."""

    publish: bool = False
    relate: bool = False
    withdraw: bool = False


@dataclass(frozen=True, slots=True)
class DoiRow:
    """A DOI of the thing: where it leads, what it stands for, its state in words, and what waits."""

    doi: str
    url: str
    of: str
    state: str
    waits: str
    can_be_withdrawn: bool


@dataclass(frozen=True, slots=True)
class WorkRow:
    """A work that it belongs with."""

    relation: str
    identifier: str
    title: str


@dataclass(frozen=True, slots=True)
class PublishingPage:
    """What ``publishing.html`` shows; ``done`` or ``trouble`` is what became of the last form."""

    title: str
    back: Link
    action: str
    may: May
    dois: tuple[DoiRow, ...]
    works: tuple[WorkRow, ...]
    relations: tuple[str, ...]
    is_published: bool
    refusal: str
    note: str
    done: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """A DOI that waits for its registrar."""

    doi: str
    url: str
    since: str
    attempts: int
    next: str
    trouble: str


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """What ``waiting.html`` shows."""

    rows: tuple[WaitingRow, ...]
    note: str


def publishing_page(
    caller: Caller,
    back: Link,
    kind: PidKind,
    identifier: str,
    *,
    may: May,
    known: Sequence[Publication],
    waits: Iterable[Waiting],
    works: Sequence[Related],
    refusal: str,
    offline: bool,
    done: str = "",
    trouble: str = "",
) -> PublishingPage:
    """The page of one thing."""
    words = caller.words
    waiting = {each.publication.doi: each for each in waits}
    rows = [_doi(caller, each, waiting.get(each.doi)) for each in known]
    return PublishingPage(
        title=words.gettext("DOI and related works: %(title)s", title=back.label),
        back=back,
        action=caller.urls.publishing(kind, identifier),
        may=may,
        dois=tuple(rows),
        works=tuple(WorkRow(each.relation, each.identifier, each.title) for each in works),
        relations=(*COMMON, *sorted(datacite("relations") - set(COMMON))),
        is_published=any(each.is_public for each in known),
        refusal=refusal,
        note=not_registered(words) if offline else "",
        done=done,
        trouble=trouble,
    )


def waiting_page(caller: Caller, waits: Iterable[Waiting], *, offline: bool) -> WaitingPage:
    """Everything that registrars do not know yet."""
    words = caller.words
    return WaitingPage(
        rows=tuple(
            WaitingRow(
                doi=each.publication.doi,
                url=caller.urls.publishing(each.publication.kind, each.publication.subject_id),
                since=words.moment(each.since),
                attempts=each.attempts,
                next=words.moment(each.next_at),
                trouble=each.trouble,
            )
            for each in waits
        ),
        note=not_registered(words) if offline else "",
    )


def not_registered(words: Words) -> str:
    """What is said where no registrar is set."""
    return words.gettext(
        "No registrar is set here: DOIs are drafts for trial, they are not registered, and no resolver knows them."
    )


def _doi(caller: Caller, each: Publication, waits: Waiting | None) -> DoiRow:
    words = caller.words
    _ = words.gettext
    if each.version is not None:
        of = _("version %(number)s", number=each.version)
    else:
        of = _("all versions") if each.kind is PidKind.DATASET else ""
    return DoiRow(
        doi=each.doi,
        url=f"https://doi.org/{each.doi}" if each.is_registered else "",
        of=of,
        state=_state(words, each),
        waits=_waits(words, waits),
        can_be_withdrawn=each.published_at is not None and not each.is_withdrawn,
    )


def _state(words: Words, each: Publication) -> str:
    _ = words.gettext
    if each.withdrawn_at is not None:
        return _("Withdrawn on %(day)s: %(reason)s", day=words.day(each.withdrawn_at), reason=each.reason)
    if each.is_public and each.state is PidState.FINDABLE:
        return _("Published: resolvers and indexes know it.")
    if each.is_public:
        return _("Published here, not registered.")
    return _("Set aside: a draft that nobody knows.")


def _waits(words: Words, waits: Waiting | None) -> str:
    _ = words.gettext
    if waits is None:
        return ""
    if not waits.attempts:
        return _("The registrar will be told within a minute or two.")
    return _(
        "The registrar has not been told since %(since)s: %(trouble)s. It is tried again at %(next)s.",
        since=words.moment(waits.since),
        trouble=waits.trouble,
        next=words.moment(waits.next_at),
    )
