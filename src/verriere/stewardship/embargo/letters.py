"""What is written to whom about embargoes: requests, decisions, ends that come near, visits that are over.

A mail says to its reader what that person may know, in their language; its event makes sure that nobody is told twice.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from babel.dates import format_date

from verriere.catalogue.mails import Mail, event_of
from verriere.errors import NotFound
from verriere.ingest.holdings import Holdings
from verriere.model import Account, EmbargoRequest, Member, RequestState, State
from verriere.stewardship.embargo.subject import Subject
from verriere.wording import Language, mail, mail_word, quantities

_RECENT = timedelta(days=30)
"""A visit that ended longer ago is not reported any more: a new facility does not write about its past."""

__all__ = ["Mail", "announce", "asked", "decided", "ending", "recorded"]


def announce(holdings: Holdings, now: datetime) -> int:
    """Write what there is to write about embargoes that end and visits that are over; returns how many letters."""
    found = [*ending(holdings, now), *recorded(holdings, now)]
    return holdings.catalogue.write_mails(found, now=now) if found else 0


def asked(holdings: Holdings, subject: Subject, request: EmbargoRequest) -> tuple[Mail, ...]:
    """To those who decide: there is something to decide."""
    wanted = "director" if request.needs_director else "data-office"
    accounts = [account for account in holdings.catalogue.accounts() if account.duty.value == wanted]
    asker = _name(holdings, subject, request.by)

    def facts(language: Language) -> dict[str, str]:
        return {
            "asker": asker,
            "what": mail_word(request.kind.value, language),
            "reason": request.reason or "-",
            "who": mail_word(wanted, language),
        }

    return tuple(
        _mail(holdings, subject, "request-asked", account.email, account.name, facts(_language(account)), request.id)
        for account in accounts
    )


def decided(holdings: Holdings, subject: Subject, request: EmbargoRequest) -> tuple[Mail, ...]:
    """To who asked, unless that is who decided."""
    if request.by == request.decided_by or "@" not in request.by:
        return ()
    account = _account(holdings, request.by)
    language = _language(account, holdings)
    decider = mail_word("rule", language) if request.decided_by == "rule" else request.decided_by
    kind = "request-approved" if request.state is RequestState.APPROVED else "request-refused"
    facts = {"what": mail_word(request.kind.value, language), "reason": request.decision, "decider": decider}
    return (_mail(holdings, subject, kind, request.by, _name(holdings, subject, request.by), facts, request.id),)


def ending(holdings: Holdings, now: datetime) -> Iterator[Mail]:
    """To those who lead a team: an embargo ends in so many days; of several days that have passed, the last counts."""
    days = sorted(holdings.settings.embargo.notice_days)
    if not days:
        return
    for visit, ends in holdings.catalogue.visits_ending(now + timedelta(days=days[-1])):
        if ends <= now:
            continue
        due = next(day for day in days if ends - now <= timedelta(days=day))
        subject = Subject(visit, holdings.catalogue.proposal(visit.proposal_id))
        yield from _to_leaders(holdings, subject, "embargo-ends", {}, ends, f"{ends:%Y-%m-%d}", str(due))


def recorded(holdings: Holdings, now: datetime) -> Iterator[Mail]:
    """To those who lead a team whose visit is over: what was recorded, and what is missing."""
    for visit in holdings.catalogue.visits_over(now - _RECENT, now):
        datasets, size, findings = holdings.catalogue.recorded_in(visit.id)
        if not datasets:
            continue
        subject = Subject(visit, holdings.catalogue.proposal(visit.proposal_id))
        if subject.state is State.PROPRIETARY:
            continue
        facts = {"count": str(datasets), "bytes": str(size), "findings": str(findings)}
        yield from _to_leaders(holdings, subject, "visit-recorded", facts, subject.ends_at(holdings))


def _to_leaders(
    holdings: Holdings, subject: Subject, kind: str, facts: dict[str, str], ends: datetime, *about: str
) -> Iterator[Mail]:
    for member in subject.leaders:
        if not member.person.key:
            continue
        language = _language(_account(holdings, member.person.key), holdings)
        said = {**facts, **_counted(facts, language)}
        yield _mail(holdings, subject, kind, member.person.key, _given(member), said, *about, ends=ends)


def _counted(facts: dict[str, str], language: Language) -> dict[str, str]:
    if "count" not in facts:
        return {}
    word = "one-dataset" if facts["count"] == "1" else "datasets"
    missing = "missing" if int(facts["findings"]) else "nothing-missing"
    return {
        "datasets": mail_word(word, language, count=facts["count"]),
        "size": quantities.size(int(facts["bytes"]), language),
        "missing": mail_word(missing, language, count=facts["findings"]),
    }


def _mail(  # noqa: PLR0917 - whom, about what
    holdings: Holdings,
    subject: Subject,
    kind: str,
    address: str,
    name: str,
    facts: dict[str, str],
    *about: str,
    ends: datetime | None = None,
) -> Mail:
    language = _language(_account(holdings, address), holdings)
    settings = holdings.settings
    word, _, identifier = subject.name.partition(":")
    ends = ends or subject.ends_at(holdings)
    path = f"visits/{subject.visit.id}" if subject.dataset is None else f"datasets/{subject.dataset.id}"
    head, text = mail(
        kind,
        {
            "name": name,
            "visit": subject.visit.id,
            "instrument": subject.visit.instrument_id,
            "title": subject.proposal.title,
            "subject": mail_word(word, language, id=identifier),
            "day": format_date(ends.astimezone(settings.facility.zone).date(), format="long", locale=language),
            "licence": settings.embargo.licence,
            "address": f"{settings.serve.public_url.rstrip('/')}/{language}/{path}",
            "facility": settings.facility.name,
            **facts,
        },
        language,
    )
    return Mail(event_of(kind, subject.name, address, *about), address, head, text)


def _account(holdings: Holdings, address: str) -> Account | None:
    try:
        return holdings.catalogue.account(address)[0]
    except NotFound:
        return None


def _language(account: Account | None, holdings: Holdings | None = None) -> Language:
    chosen = account.language if account else holdings.settings.mail.language if holdings else "en"
    return "fr" if chosen == "fr" else "en"


def _name(holdings: Holdings, subject: Subject, address: str) -> str:
    for member in subject.leaders:
        if member.person.key == address:
            return _given(member)
    account = _account(holdings, address)
    return account.name if account else address


def _given(member: Member) -> str:
    family, _, given = member.person.name.partition(", ")
    return f"{given} {family}".strip()
