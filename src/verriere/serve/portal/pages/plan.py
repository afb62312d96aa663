"""The facts of a plan's page: where it is, what was planned and recorded, and the questions it still has."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from verriere.model import Phase, PlanRole
from verriere.policy import PlanAccess, plan_roles
from verriere.serve.caller import Caller
from verriere.serve.language import Words
from verriere.serve.portal.pages.rows import Fact, Value, cut
from verriere.serve.portal.sentences import Link
from verriere.stewardship.dmp import answers
from verriere.stewardship.dmp.compare import Line, Mark, compare
from verriere.stewardship.dmp.document import document, fill
from verriere.stewardship.dmp.facts import Facts
from verriere.stewardship.dmp.template import Question, question_id
from verriere.techniques import panet

SHOWN_ANSWERS = 50


@dataclass(frozen=True, slots=True)
class LineRow:
    """A technique, as planned and as recorded."""

    technique: str
    planned: str
    until: str
    recorded: str
    when: str
    marks: tuple[str, ...]
    is_odd: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the form shows it; ``fixed`` where this reader may not answer it."""

    name: str
    text: str
    help: str
    kind: str
    value: str
    whose: str
    choices: tuple[tuple[str, str], ...] = ()
    fixed: bool = False


@dataclass(frozen=True, slots=True)
class Chapter:
    """The questions of one module."""

    title: str
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Said:
    """An answer that was given."""

    when: str
    who: str
    question: str
    value: str


@dataclass(frozen=True, slots=True)
class PlanPage:
    """What ``plan.html`` shows; ``done`` or ``trouble`` is what became of the last form."""

    title: str
    kicker: str
    crumbs: tuple[Link, ...]
    facts: tuple[Fact, ...]
    lines: tuple[LineRow, ...]
    chapters: tuple[Chapter, ...]
    said: tuple[Said, ...]
    exports: tuple[Link, ...]
    action: str
    may_answer: bool
    is_team: bool
    done: str = ""
    trouble: str = ""


def plan_page(
    caller: Caller,
    facts: Facts,
    access: PlanAccess,
    *,
    given: Mapping[str, str] | None = None,
    done: str = "",
    trouble: str = "",
) -> PlanPage:
    """The page of a plan, as far as the reader may know it.

    Parameters
    ----------
    given
        What the reader has just written, where it could not be taken: it is not to be written again.
    """
    words, plan = caller.words, facts.plan
    _ = words.gettext
    is_team = access is PlanAccess.TEAM
    roles = plan_roles(plan, facts.members, caller.viewer) if is_team and facts.proposal else frozenset()
    chapters = tuple(_chapters(words, facts, roles, given or {})) if is_team and facts.proposal else ()
    dmp = document(facts, access).get("dmp")
    title = str(dmp.get("title", "")) if isinstance(dmp, dict) else ""
    crumbs = [Link(_("Data"), caller.urls.search())]
    if facts.proposal:
        crumbs.append(Link(_("Proposal %(id)s", id=facts.proposal.id), caller.urls.proposal(facts.proposal.id)))
    return PlanPage(
        title=cut(title) or plan.id,
        kicker=_("Data management plan"),
        crumbs=tuple(crumbs),
        facts=tuple(_facts(caller, facts)),
        lines=tuple(_line(words, line) for line in compare(facts)) if is_team else (),
        chapters=chapters,
        said=tuple(_said(words, facts)) if is_team else (),
        exports=(
            Link(_("Machine-actionable plan (maDMP 1.2)"), caller.urls.plan(plan.id, "madmp")),
            Link(_("For DMP OPIDoR"), caller.urls.plan(plan.id, "opidor")),
            Link(_("For the Data Stewardship Wizard"), caller.urls.plan(plan.id, "dsw")),
        ),
        action=caller.urls.plan(plan.id),
        may_answer=any(not asked.fixed for chapter in chapters for asked in chapter.questions),
        is_team=is_team,
        done=done,
        trouble=trouble,
    )


def refusal(words: Words, facts: Facts, months: str) -> str:
    """Why a plan cannot promise so long an embargo; "" where the policy has nothing against it."""
    years = facts.settings.embargo.years
    if not (months.isascii() and months.isdigit()) or int(months) <= 12 * years:
        return ""
    return words.ngettext(
        "The data policy gives a team one year at most. Ask for an extension on the page of the visit.",
        "The data policy gives a team %(num)s years at most. Ask for an extension on the page of the visit.",
        years,
    )


def _facts(caller: Caller, facts: Facts) -> Iterator[Fact]:
    words, plan = caller.words, facts.plan
    _ = words.gettext
    yield Fact(_("Phase"), (Value(phase(words, facts.phase)),))
    yield Fact(_("Last change"), (Value(words.moment(plan.modified_at)),))
    if facts.proposal:
        titles = tuple(Value(module.title(words.language)) for module in facts.modules)
        yield Fact(_("Questions about"), titles)
    opens = [f"{visit.id}: {words.day(moment)}" for visit in facts.visits if (moment := facts.opens.get(visit.id))]
    if opens:
        yield Fact(_("Opening day"), tuple(map(Value, opens)))


def _line(words: Words, line: Line) -> LineRow:
    _ = words.gettext
    technique = panet.label(line.technique, words.language) if line.technique else _("technique unknown")
    places = ", ".join(line.instruments)
    recorded = f"{words.size(line.recorded)}, " + words.ngettext("%(num)s dataset", "%(num)s datasets", line.datasets)
    days = [words.day(date.fromisoformat(day)) for day in dict.fromkeys((line.first, line.last)) if day]
    return LineRow(
        technique=f"{technique} ({places})" if places else technique,
        planned="" if line.planned is None else words.size(line.planned),
        until=words.day(date.fromisoformat(line.until)) if line.until else "",
        recorded=recorded if line.datasets else "",
        when=" – ".join(days),
        marks=tuple(mark(words, one) for one in line.marks),
        is_odd=bool(set(line.marks) - {Mark.AS_PLANNED, Mark.NOTHING_YET}),
    )


def _chapters(words: Words, facts: Facts, roles: frozenset[PlanRole], given: Mapping[str, str]) -> Iterator[Chapter]:
    _ = words.gettext
    expected = tuple(_expectations(words, facts, roles, given))
    if expected:
        yield Chapter(_("What is to be recorded"), expected)
    for module in facts.modules:
        asked = tuple(
            _asked(words, facts, question_id(module, question), question, roles, given) for question in module.question
        )
        yield Chapter(module.title(words.language), asked)


def _expectations(words: Words, facts: Facts, roles: frozenset[PlanRole], given: Mapping[str, str]) -> Iterator[Asked]:
    _ = words.gettext
    for number, each in enumerate(answers.expected(facts.plan)):
        what = panet.label(each.technique, words.language) if each.technique else _("technique unknown")
        instrument = facts.instruments.get(each.instrument_id or "")
        where = instrument.name if instrument else ""
        for part, text, hint, present in (
            ("size", _("How much data?"), _("With a unit: 800 GB, 2 TB."), words.size(each.size) if each.size else ""),
            ("until", _("Until which day?"), _("As in 2026-06-30."), each.until or ""),
        ):
            name = f"{answers.EXPECTED}.{number}.{part}"
            value = given.get(name, facts.plan.answer(name) or ("" if part == "size" else present))
            said = _("Pre-filled: %(value)s.", value=present) + " " + hint if present and part == "size" else hint
            whose = _("team and local contact")
            yield Asked(name, f"{what}, {where}: {text}", said, "text", value, whose, fixed=not roles)


def _asked(  # noqa: PLR0917 - what a question's line is made of
    words: Words,
    facts: Facts,
    name: str,
    question: Question,
    roles: frozenset[PlanRole],
    given: Mapping[str, str],
) -> Asked:
    return Asked(
        name=name,
        text=fill(question.text(words.language), facts),
        help=fill(question.help(words.language), facts),
        kind={"text": "area", "choice": "choice", "months": "number"}.get(question.kind, "text"),
        value=given.get(name, facts.plan.answer(name)),
        whose=role(words, question.role),
        choices=tuple((choice, _choice(words, choice)) for choice in question.choices),
        fixed=question.role not in roles,
    )


def _said(words: Words, facts: Facts) -> Iterator[Said]:
    for answer in reversed(facts.plan.answers[-SHOWN_ANSWERS:]):
        yield Said(words.moment(answer.at), answer.by, answer.question, cut(answer.value))


def _choice(words: Words, choice: str) -> str:
    _ = words.gettext
    return {"yes": _("yes"), "no": _("no"), "unknown": _("not known yet")}.get(choice, choice)


def phase(words: Words, which: Phase) -> str:
    """Where a proposal is on its way."""
    _ = words.gettext
    names = {
        Phase.PRE_PROPOSAL: _("before the proposal"),
        Phase.SUBMISSION: _("proposal submitted"),
        Phase.PLANNING: _("accepted: the visits are planned"),
        Phase.COLLECTION: _("data are recorded"),
    }
    return names[which]


def role(words: Words, which: PlanRole) -> str:
    """Who answers a question."""
    _ = words.gettext
    names = {
        PlanRole.DATA_OFFICE: _("data office"),
        PlanRole.LOCAL_CONTACT: _("local contact"),
        PlanRole.TEAM: _("team"),
    }
    return names[which]


def mark(words: Words, which: Mark) -> str:
    """What is to be said of a line of planned versus actual."""
    _ = words.gettext
    names = {
        Mark.AS_PLANNED: _("as planned"),
        Mark.MORE: _("more than planned"),
        Mark.LESS: _("less than planned"),
        Mark.UNPLANNED: _("not planned"),
        Mark.NOTHING_YET: _("nothing yet"),
        Mark.LATE: _("late"),
        Mark.OTHER_FORMAT: _("another format"),
        Mark.SIZE_UNKNOWN: _("no size was planned"),
    }
    return names[which]
