"""The facts of a citation's page: what was asked, what it gave, and what became of it since."""

from dataclasses import dataclass

from verriere.publish.citing import Change, Cited, Member
from verriere.publish.citing.text import sentence, title
from verriere.serve.caller import Caller
from verriere.serve.language import Words
from verriere.serve.portal.pages.rows import Fact, Pager, Value, pager
from verriere.settings import Settings

SIZE = 50


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A dataset of the result."""

    id: str
    title: str
    url: str
    version: str
    note: str


@dataclass(frozen=True, slots=True)
class CitationPage:
    """What ``citation.html`` shows."""

    title: str
    sentence: str
    facts: tuple[Fact, ...]
    rows: tuple[MemberRow, ...]
    count: str
    again: str
    pager: Pager
    csv: str
    json: str


def citation_page(caller: Caller, cited: Cited, settings: Settings, number: int) -> CitationPage:
    """Page ``number`` of a citation."""
    words, urls, citation = caller.words, caller.urls, cited.citation
    return CitationPage(
        title=title(citation, words.language),
        sentence=sentence(
            citation,
            publisher=settings.facility.publisher or settings.facility.name,
            address=caller.origin + urls.cited(citation.id),
            zone=settings.facility.zone,
            language=words.language,
        ),
        facts=tuple(_facts(caller, cited)),
        rows=tuple(_row(caller, member) for member in cited.members),
        count=words.ngettext("%(num)s dataset", "%(num)s datasets", cited.total),
        again=_again(words, cited),
        pager=pager(
            words, number, size=SIZE, total=cited.total, url=lambda page: f"{urls.citation(citation.id)}?page={page}"
        ),
        csv=urls.cited(citation.id, "csv"),
        json=urls.cited(citation.id, "json"),
    )


def _facts(caller: Caller, cited: Cited) -> list[Fact]:
    words, citation = caller.words, cited.citation
    _ = words.gettext
    facts = [Fact(_("Asked on"), (Value(words.moment(citation.asked_at)),))]
    if citation.normal:
        asked = Value(citation.normal, caller.urls.search([("q", citation.normal)]))
        facts.append(Fact(_("Query"), (asked,)))
    if part := citation.selection:
        where = " ".join(text for text in (part.file, part.path) if text)
        shape = " × ".join(map(str, part.shape))
        facts.append(Fact(_("Part"), (Value(f"{where} [{part.slices}]".strip()), Value(f"{shape}, {part.dtype}"))))
    facts.append(Fact(_("Checksum (SHA-256)"), (Value(citation.checksum),)))
    return facts


def _again(words: Words, cited: Cited) -> str:
    if cited.today is None:
        return ""
    return words.ngettext(
        "Today the same query finds %(num)s dataset.", "Today the same query finds %(num)s datasets.", cited.today
    )


def _row(caller: Caller, member: Member) -> MemberRow:
    _ = caller.words.gettext
    notes = {
        Change.SAME: "",
        Change.NEWER: _("now version %(number)s", number=member.current or 0),
        Change.HIDDEN: _("no longer public"),
    }
    is_known = member.change is not Change.HIDDEN
    return MemberRow(
        id=member.id,
        title=member.title or member.id,
        url=caller.urls.dataset(member.id) if is_known else "",
        version=_("Version %(number)s", number=member.version),
        note=notes[member.change],
    )
