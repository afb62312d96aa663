"""The facts of the pages about embargoes: one's own, one of them, and what waits for a decision."""

from collections.abc import Iterator
from dataclasses import dataclass

from verriere.facility import Facility
from verriere.model import DecisionKind, Duty, EmbargoRequest, RequestState
from verriere.policy import Verdict
from verriere.serve.caller import Caller
from verriere.serve.language import Words
from verriere.serve.portal.pages.rows import Fact, Value
from verriere.serve.portal.sentences import Link
from verriere.stewardship.embargo import Outlook, outlook

MOST = 200


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was asked or decided."""

    day: str
    text: str
    reason: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True)
class EmbargoPage:
    """What ``embargo.html`` shows.

    Parameters
    ----------
    may_extend, may_release
        Whether the caller can ask; ``extend_note`` says what is special about it.
    """

    title: str
    crumbs: tuple[Link, ...]
    facts: tuple[Fact, ...]
    events: tuple[Event, ...]
    action: str
    may_extend: bool
    may_release: bool
    extend_note: str = ""
    release_note: str = ""
    done: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class RequestRow:
    """A request that waits."""

    id: str
    title: str
    url: str
    what: str
    facts: str
    reason: str
    may_grant: bool
    note: str


@dataclass(frozen=True, slots=True)
class OwnRow:
    """An embargo of one's own."""

    title: str
    url: str
    opens: str
    note: str


@dataclass(frozen=True, slots=True)
class EmbargoesPage:
    """What ``embargoes.html`` shows."""

    requests: tuple[RequestRow, ...]
    decides: bool
    action: str
    own: tuple[OwnRow, ...]
    done: str = ""
    trouble: str = ""


def embargo_page(caller: Caller, facility: Facility, seen: Outlook, *, done: str, trouble: str) -> EmbargoPage:
    """How one embargo stands."""
    words, urls, subject = caller.words, caller.urls, seen.subject
    _ = words.gettext
    visit = Link(_("Visit %(id)s", id=subject.visit.id), urls.visit(subject.visit.id))
    crumbs = [Link(_("Data"), urls.search()), visit]
    if subject.dataset is not None:
        crumbs.append(Link(subject.dataset.title, urls.dataset(subject.dataset.id)))
    leads = caller.viewer.is_data_office or caller.viewer.person in {m.person.key for m in subject.leaders}
    rules = facility.catalogue.embargo.of(subject.visit, subject.decisions)
    facts = [Fact(_("Opening day"), (Value(words.day(seen.ends_at)),))]
    if rules.name:
        facts.append(Fact(_("Policy"), (Value(rules.name),)))
    return EmbargoPage(
        title=_("Embargo: %(title)s", title=subject.dataset.title if subject.dataset else subject.proposal.title),
        crumbs=tuple(crumbs),
        facts=tuple(facts),
        events=tuple(_events(words, seen)),
        action=urls.embargo(subject.name),
        may_extend=leads and seen.extension.refusal is None,
        may_release=leads and seen.release.refusal is None,
        extend_note=_extend_note(words, seen.extension),
        release_note=_("It opens at once, or on the day you name; anyone may use it from then on."),
        done=done,
        trouble=trouble,
    )


def embargoes_page(caller: Caller, facility: Facility, *, done: str = "", trouble: str = "") -> EmbargoesPage:
    """One's own embargoes, and what waits for a decision."""
    catalogue, account = facility.catalogue, caller.account
    waiting = catalogue.requests(state=RequestState.WAITING.value) if caller.viewer.is_data_office else []
    own = catalogue.visits_of(account.key)[:MOST] if account else []
    return EmbargoesPage(
        requests=tuple(_request(caller, facility, each) for each in waiting[:MOST]),
        decides=caller.viewer.is_data_office,
        action=caller.urls.embargo_decision(),
        own=tuple(_own(caller, outlook(facility, f"visit:{visit.id}")) for visit in own),
        done=done,
        trouble=trouble,
    )


def what(words: Words, kind: DecisionKind) -> str:
    """What was asked or decided."""
    _ = words.gettext
    return {
        DecisionKind.EXTENSION: _("Longer embargo"),
        DecisionKind.EARLY_RELEASE: _("Early release"),
        DecisionKind.POLICY: _("Another version of the policy"),
    }[kind]


def _events(words: Words, seen: Outlook) -> Iterator[Event]:
    _ = words.gettext
    found: list[tuple[object, Event]] = []
    for each in (*seen.subject.visit.decisions, *seen.subject.decisions):
        text = _("%(what)s: granted", what=what(words, each.kind))
        found.append((each.decided_at, Event(words.day(each.decided_at), text, each.reason, each.by)))
    for request in seen.requests:
        asked = _("%(what)s: asked for", what=what(words, request.kind))
        found.append((request.asked_at, Event(words.day(request.asked_at), asked, request.reason)))
        if request.state is RequestState.REFUSED and request.decided_at is not None:
            refused = _("%(what)s: refused", what=what(words, request.kind))
            event = Event(words.day(request.decided_at), refused, request.decision, request.decided_by)
            found.append((request.decided_at, event))
    for _moment, event in sorted(found, key=lambda one: str(one[0])):
        yield event


def _extend_note(words: Words, verdict: Verdict) -> str:
    _ = words.gettext
    if verdict.needs_director:
        return _("All renewals of the policy were granted: this one is for a director to decide, and needs a reason.")
    if verdict.would_end_at is not None:
        return _("It would then open on %(day)s.", day=words.day(verdict.would_end_at))
    return ""


def _request(caller: Caller, facility: Facility, request: EmbargoRequest) -> RequestRow:
    words = caller.words
    _ = words.gettext
    seen = outlook(facility, request.subject)
    director = caller.account is not None and caller.account.duty is Duty.DIRECTOR
    wished = words.day(request.effective_at) if request.effective_at else _("at once")
    facts = [
        request.subject.partition(":")[2],
        _("asked on %(day)s", day=words.day(request.asked_at)),
        _("opens on %(day)s as things are", day=words.day(seen.ends_at)),
    ]
    if request.kind is DecisionKind.EARLY_RELEASE:
        facts.append(_("wished for: %(day)s", day=wished))
    return RequestRow(
        id=request.id,
        title=seen.subject.dataset.title if seen.subject.dataset else seen.subject.proposal.title,
        url=caller.urls.embargo(request.subject),
        what=what(words, request.kind),
        facts=" · ".join(facts),
        reason=request.reason,
        may_grant=director or not request.needs_director,
        note=_("Beyond the policy: a director decides.") if request.needs_director else "",
    )


def _own(caller: Caller, seen: Outlook) -> OwnRow:
    words = caller.words
    _ = words.gettext
    is_waiting = any(each.state is RequestState.WAITING for each in seen.requests)
    visit = seen.subject.visit
    proprietary = seen.extension.refusal == "proprietary"
    opens = _("never") if proprietary else words.day(seen.ends_at)
    note = _("a request waits") if is_waiting else ""
    return OwnRow(f"{visit.id}, {seen.subject.proposal.title}", caller.urls.embargo(seen.subject.name), opens, note)
