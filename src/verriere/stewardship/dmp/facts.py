"""All that a plan of a proposal is made from, gathered once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from verriere.catalogue import Catalogue
from verriere.catalogue.volumes import VisitVolume
from verriere.errors import NotFound
from verriere.ingest.holdings import Holdings
from verriere.model import Dataset, Instrument, Member, Phase, PidKind, Plan, Proposal, Research, Sample, Viewer, Visit
from verriere.policy import PlanAccess, ends_at, plan_access
from verriere.settings import Settings
from verriere.stewardship.dmp import keeping
from verriere.stewardship.dmp.template import Module, Template
from verriere.techniques import panet

LISTED = 200
"""Up to so many datasets a plan names each; of more, each visit."""


@dataclass(frozen=True, slots=True)
class Facts:
    """A plan and what it hangs on.

    Parameters
    ----------
    visits
        In the order of their starts.
    recorded
        Sums by visit and technique, over all that the proposal recorded.
    datasets
        Each of them, where there are no more than `LISTED`.
    opens
        When what a visit recorded opens, by visit; None for what never opens.
    dois
        Of what is published of its datasets, instruments and samples, by identifier.
    """

    plan: Plan
    template: Template
    settings: Settings
    now: datetime
    proposal: Proposal | None = None
    visits: tuple[Visit, ...] = ()
    instruments: Mapping[str, Instrument] = field(default_factory=dict)
    samples: Mapping[str, Sample] = field(default_factory=dict)
    recorded: tuple[VisitVolume, ...] = ()
    datasets: tuple[Dataset, ...] = ()
    opens: Mapping[str, datetime | None] = field(default_factory=dict)
    dois: Mapping[str, str] = field(default_factory=dict)

    @property
    def members(self) -> tuple[Member, ...]:
        """Everyone of the proposal and its visits, once in each role."""
        of_visits = [member for visit in self.visits for member in visit.members]
        return tuple(dict.fromkeys([*(self.proposal.members if self.proposal else ()), *of_visits]))

    @property
    def phase(self) -> Phase:
        """Where the proposal is on its way."""
        if self.recorded or any(visit.start <= self.now for visit in self.visits):
            return Phase.COLLECTION
        if self.visits:
            return Phase.PLANNING
        return Phase.SUBMISSION if self.proposal else Phase.PRE_PROPOSAL

    @property
    def modules(self) -> tuple[Module, ...]:
        """Of the template, for what was expected and for what was really measured."""
        measured = {iri for each in self.recorded for iri in iris(each)}
        return self.template.of({each.technique for each in self.plan.expected} | measured)

    def access(self, viewer: Viewer) -> PlanAccess:
        """How much of the plan a viewer may see."""
        return plan_access(self.plan, self.proposal, self.members, viewer, public=self.settings.dmp.public)


def gather(holdings: Holdings, plan: Plan) -> Facts:
    """The facts of a plan."""
    catalogue = holdings.catalogue
    template, now = keeping.template_of(holdings), holdings.now()
    if plan.proposal_id is None:
        return Facts(plan, template, holdings.settings, now)
    proposal = catalogue.proposal(plan.proposal_id)
    visits = tuple(sorted(catalogue.visits(proposal_id=proposal.id), key=lambda visit: (visit.start, visit.id)))
    recorded = tuple(catalogue.volumes_by_visit(*(visit.id for visit in visits))) if visits else ()
    datasets: tuple[Dataset, ...] = ()
    if sum(each.datasets for each in recorded) <= LISTED:
        datasets = tuple(catalogue.datasets(proposal_id=proposal.id))
    instruments = {name: catalogue.instrument(name) for name in sorted({visit.instrument_id for visit in visits})}
    samples = {sample.id: sample for sample in catalogue.samples(proposal_id=proposal.id)}
    rules = catalogue.embargo
    return Facts(
        plan=plan,
        template=template,
        settings=holdings.settings,
        now=now,
        proposal=proposal,
        visits=visits,
        instruments=instruments,
        samples=samples,
        recorded=recorded,
        datasets=datasets,
        opens={
            visit.id: None if proposal.research is Research.PROPRIETARY else ends_at(visit, rules) for visit in visits
        },
        dois=_dois(
            catalogue,
            {
                PidKind.DATASET: [dataset.id for dataset in datasets],
                PidKind.INSTRUMENT: list(instruments),
                PidKind.SAMPLE: list(samples),
            },
        ),
    )


def _dois(catalogue: Catalogue, subjects: Mapping[PidKind, list[str]]) -> dict[str, str]:
    found = {name: catalogue.publication_of(kind, name) for kind, names in subjects.items() for name in names}
    return {name: each.doi for name, each in found.items() if each and each.is_public and not each.is_withdrawn}


def seen(holdings: Holdings, plan_id: str, viewer: Viewer) -> tuple[Facts, PlanAccess]:
    """The facts of a plan as far as a viewer may know them, and how far that is.

    Raises
    ------
    NotFound
        There is none, or none that this viewer may know of.
    """
    facts = gather(holdings, keeping.find(holdings, plan_id))
    access = facts.access(viewer)
    if access is PlanAccess.NONE:
        raise NotFound(f"no plan {plan_id}")
    return facts, access


def iris(volume: VisitVolume) -> list[str]:
    """The most exact of the techniques of a sum, as IRIs."""
    return panet.without_broader([term.iri if (term := panet.term(code)) else code for code in volume.techniques])
