"""The facts of pages about a visit, a proposal, an instrument, and of what is one's own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from verriere.catalogue import Catalogue
from verriere.catalogue.desks.ties import Tied
from verriere.model import Instrument, Member, Proposal, Sample, State, Visit
from verriere.serve.caller import Caller
from verriere.serve.language import Words
from verriere.serve.portal import sentences
from verriere.serve.portal.pages.rows import Fact, HitRow, Value, hit_row, technique_label, title
from verriere.serve.portal.published import Published
from verriere.serve.portal.sentences import Link

SHOWN = 25


@dataclass(frozen=True, slots=True)
class Group:
    """Links or datasets under a heading; ``empty`` is said where there are none."""

    title: str
    links: tuple[Link, ...] = ()
    hits: tuple[HitRow, ...] = ()
    more: Link | None = None
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Kin:
    """What hangs on a sample, as far as the reader may know of it."""

    is_team: bool
    datasets: tuple[Tied, ...]
    parents: tuple[Sample, ...]
    pieces: tuple[Sample, ...]


@dataclass(frozen=True, slots=True)
class CollectionPage:
    """What ``collection.html`` shows."""

    kicker: str
    title: str
    text: str = ""
    crumbs: tuple[Link, ...] = ()
    facts: tuple[Fact, ...] = ()
    groups: tuple[Group, ...] = ()
    trouble: str = ""
    published: Published | None = None
    publishing: str = ""


def visit_page(
    caller: Caller,
    catalogue: Catalogue,
    visit: Visit,
    proposal: Proposal,
    *,
    instrument: Instrument,
    opens: datetime | None,
    is_team: bool = False,
    published: Published | None = None,
) -> CollectionPage:
    """A visit: when, where, who, and what was recorded; its team finds the way to ask about the embargo."""
    words, urls = caller.words, caller.urls
    _ = words.gettext
    facts = [
        Fact(_("Beamline"), (Value(instrument.name, urls.instrument(instrument.id)),)),
        Fact(_("Proposal"), (Value(proposal.id, urls.proposal(proposal.id)),)),
        Fact(_("From"), (Value(words.moment(visit.start)),)),
        Fact(_("To"), (Value(words.moment(visit.end)),)),
        *(() if published else _team(words, (*proposal.members, *visit.members))),
    ]
    if opens is not None:
        ask = urls.embargo(f"visit:{visit.id}") if is_team else ""
        facts.append(Fact(_("Opening day"), (Value(words.day(opens), ask),)))
    return CollectionPage(
        kicker=_("Visit %(id)s", id=visit.id),
        title=proposal.title,
        crumbs=(Link(_("Data"), urls.search()), Link(instrument.name, urls.instrument(instrument.id))),
        facts=tuple(facts),
        groups=(_datasets(caller, catalogue, _("Datasets"), _quoted("visit", visit.id)),),
        published=published,
    )


def proposal_page(
    caller: Caller,
    catalogue: Catalogue,
    proposal: Proposal,
    visits: Iterable[Visit],
    samples: Iterable[Sample],
    *,
    is_team: bool,
    plans: Iterable[str] = (),
) -> CollectionPage:
    """A proposal: its team and its visits; the abstract is for the team, until something of it is open."""
    words, urls = caller.words, caller.urls
    _ = words.gettext
    datasets = _datasets(caller, catalogue, _("Datasets"), _quoted("proposal", proposal.id))
    is_open = any(hit.status.kind == State.OPEN.value for hit in datasets.hits)
    return CollectionPage(
        kicker=_("Proposal %(id)s", id=proposal.id),
        title=proposal.title,
        text=proposal.abstract if is_team or is_open else "",
        crumbs=(Link(_("Data"), urls.search()),),
        facts=(
            Fact(_("Kind"), (Value(sentences.research(words, proposal.research)),)),
            *_team(words, proposal.members),
        ),
        groups=(
            Group(
                _("Visits"),
                tuple(_visit_link(caller, visit) for visit in visits),
                empty=_("No visit has been planned yet."),
            ),
            *(
                Group(
                    _("Data management plan"),
                    (Link(_("Planned and recorded, questions and answers"), urls.plan(plan_id)),),
                )
                for plan_id in plans
            ),
            datasets,
            *_samples(caller, samples, urls.declare(proposal.id) if is_team else ""),
        ),
    )


def sample_page(
    caller: Caller, sample: Sample, proposal: Proposal, around: Kin, published: Published | None
) -> CollectionPage:
    """A sample: what it is, what it was cut from, what was recorded of it; where it is kept is for its team."""
    words, urls = caller.words, caller.urls
    _ = words.gettext
    facts = [
        (_("Proposal"), proposal.id, urls.proposal(proposal.id)),
        (_("Kind"), sample.kind, ""),
        (_("Formula"), sample.formula, ""),
    ]
    if around.is_team:
        facts += [
            (_("Kept at (team only)"), sample.location, ""),
            (_("Shipment (team only)"), sample.shipment, ""),
            (_("Hazards (team only)"), sample.hazards, ""),
        ]
    found = tuple(Link(title(words, each.id, each.title), urls.dataset(each.id)) for each in around.datasets)
    groups = [
        Group(_("Cut from"), tuple(Link(one.name, urls.sample(one.id)) for one in around.parents)),
        Group(
            _("For its team"), (Link(_("Change this sample"), urls.change_sample(sample.id)),) if around.is_team else ()
        ),
        Group(_("Cut from it"), tuple(Link(one.name, urls.sample(one.id)) for one in around.pieces)),
    ]
    return CollectionPage(
        kicker=_("Sample"),
        title=sample.name,
        text=sample.description,
        crumbs=(Link(_("Data"), urls.search()), Link(_("Proposal %(id)s", id=proposal.id), urls.proposal(proposal.id))),
        facts=tuple(Fact(term, (Value(text, url),)) for term, text, url in facts if text),
        groups=(
            Group(_("Datasets"), found, empty=_("Nothing that you may know of was recorded yet.")),
            *(group for group in groups if group.links),
        ),
        published=published,
    )


def _samples(caller: Caller, samples: Iterable[Sample], declare: str) -> tuple[Group, ...]:
    _ = caller.words.gettext
    links = tuple(Link(one.name, caller.urls.sample(one.id), one.formula) for one in samples)
    more = Link(_("Declare or change samples"), declare) if declare else None
    return (Group(_("Samples"), links, more=more, empty=_("None was declared yet.")),) if links or more else ()


def instrument_page(
    caller: Caller, catalogue: Catalogue, instrument: Instrument, published: Published | None = None
) -> CollectionPage:
    """An instrument and its newest datasets."""
    words = caller.words
    _ = words.gettext
    techniques = tuple(Value(technique_label(iri, iri, words), iri) for iri in instrument.techniques)
    facts = (
        (_("Also called"), tuple(Value(alias) for alias in instrument.aliases)),
        (_("Model"), (Value(instrument.model),) if instrument.model else ()),
        (_("Manufacturer"), tuple(Value(one.name, one.ror or "") for one in instrument.manufacturers)),
        (_("Owner"), tuple(Value(one.name, one.ror or "") for one in instrument.owners)),
        (_("Techniques"), techniques),
        (_("First light"), (Value(instrument.commissioned),) if instrument.commissioned else ()),
    )
    return CollectionPage(
        kicker=_("Beamline"),
        title=instrument.name,
        text=instrument.description,
        crumbs=(Link(_("Beamlines"), caller.urls.instruments()),),
        facts=tuple(Fact(term, values) for term, values in facts if values),
        groups=(_datasets(caller, catalogue, _("Newest datasets"), _quoted("beamline", instrument.name)),),
        published=published,
    )


def instruments_page(caller: Caller, instruments: Iterable[Instrument]) -> CollectionPage:
    """All instruments."""
    _ = caller.words.gettext
    links = tuple(Link(one.name, caller.urls.instrument(one.id), one.description) for one in instruments)
    return CollectionPage(
        kicker=_("Where data is recorded"),
        title=_("Beamlines"),
        groups=(Group(_("All beamlines"), links, empty=_("No beamline is known yet.")),),
    )


def my_page(caller: Caller, catalogue: Catalogue, visits: Iterable[Visit]) -> CollectionPage:
    """Everything of the visits of whoever is logged in, also what nobody else may know of."""
    words = caller.words
    _ = words.gettext
    own = tuple(visits)
    groups = [
        Group(
            _("Embargoes"), (Link(_("When my data open, and asking for longer or sooner"), caller.urls.embargoes()),)
        ),
        Group(
            _("My visits"),
            tuple(_visit_link(caller, visit) for visit in own),
            empty=_("You are not in the team of any visit. Teams come from the user office, by your e-mail address."),
        ),
    ]
    for visit in own[:10]:
        title = _("Visit %(id)s", id=visit.id)
        groups.append(_datasets(caller, catalogue, title, _quoted("visit", visit.id), size=10))
    name = caller.account.name if caller.account else ""
    personal = Link(_("What is kept of you, and why"), caller.urls.personal())
    groups.append(Group(_("My personal data"), (personal,)))
    return CollectionPage(kicker=name, title=_("My data"), groups=tuple(groups))


def _datasets(caller: Caller, catalogue: Catalogue, title: str, query: str, size: int = SHOWN) -> Group:
    words = caller.words
    found = catalogue.search(query, caller.viewer, sort="newest", size=size)
    more = None
    if found.total > size:
        label = words.ngettext("All %(num)s dataset", "All %(num)s datasets", found.total)
        more = Link(label, caller.urls.search([("q", query)]))
    hits = tuple(hit_row(caller, hit) for hit in found.hits)
    return Group(title, hits=hits, more=more, empty=words.gettext("Nothing that you may know of was recorded yet."))


def _visit_link(caller: Caller, visit: Visit) -> Link:
    # What ends at midnight ended on the day before.
    days = f"{caller.words.day(visit.start)} – {caller.words.day(visit.end - timedelta(microseconds=1))}"
    return Link(
        caller.words.gettext("Visit %(id)s", id=visit.id), caller.urls.visit(visit.id), f"{visit.instrument_id}, {days}"
    )


def _team(words: Words, members: Iterable[Member]) -> Iterable[Fact]:
    people = tuple(
        Value(
            ", ".join(part for part in (member.person.name, member.person.affiliation) if part)
            + f" ({sentences.role(words, member.role)})"
        )
        for member in dict.fromkeys(members)
    )
    if people:
        yield Fact(words.gettext("Team"), people)


def _quoted(field: str, value: str) -> str:
    """A field of the search language with any text as its value."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'{field}:"{escaped}"'
