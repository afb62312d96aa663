"""What an embargo is on: a visit, or one dataset of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from verriere.archive import Receipt
from verriere.archive.sidecar import encode
from verriere.errors import NotFound
from verriere.ingest.holdings import Holdings
from verriere.model import Dataset, Decision, Member, Proposal, Research, Role, State, Visit
from verriere.policy import ends_at


@dataclass(frozen=True, slots=True)
class Subject:
    """A visit with its proposal and, where it is about one dataset, that dataset."""

    visit: Visit
    proposal: Proposal
    dataset: Dataset | None = None

    @property
    def name(self) -> str:
        """``visit:20250123-1``, ``dataset:9f3k``."""
        return f"dataset:{self.dataset.id}" if self.dataset else f"visit:{self.visit.id}"

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """On the dataset alone."""
        return self.dataset.decisions if self.dataset else ()

    @property
    def state(self) -> State:
        """Of the dataset; a visit is under embargo until that ends."""
        if self.dataset is not None:
            return self.dataset.state
        return State.PROPRIETARY if self.proposal.research is Research.PROPRIETARY else State.EMBARGOED

    def ends_at(self, holdings: Holdings) -> datetime:
        """When the embargo ends as things are."""
        return ends_at(self.visit, holdings.catalogue.embargo, self.decisions)

    @property
    def leaders(self) -> tuple[Member, ...]:
        """Who may ask: the principal investigators; of a team without one, everybody."""
        members = tuple(dict.fromkeys((*self.proposal.members, *self.visit.members)))
        leading = tuple(member for member in members if member.role is Role.PRINCIPAL_INVESTIGATOR)
        return leading or members

    def decided(self, decision: Decision) -> "Subject":
        """The same with one more decision."""
        if self.dataset is not None:
            return replace(self, dataset=replace(self.dataset, decisions=(*self.dataset.decisions, decision)))
        return replace(self, visit=replace(self.visit, decisions=(*self.visit.decisions, decision)))


def find(holdings: Holdings, name: str) -> Subject:
    """What a name stands for: ``visit:ID``, ``dataset:ID``, or an identifier alone.

    Raises
    ------
    NotFound
        There is no such visit or dataset, or it has no visit yet.
    """
    kind, _, identifier = name.partition(":") if name.startswith(("visit:", "dataset:")) else ("", "", name)
    catalogue = holdings.catalogue
    dataset = None
    if kind != "visit":
        try:
            dataset = catalogue.dataset(identifier)
        except NotFound:
            if kind:
                raise
    if dataset is not None and dataset.visit_id is None:
        raise NotFound(f"dataset {identifier} has no visit yet", hint="verriere quarantine list")
    try:
        visit = catalogue.visit(dataset.visit_id if dataset is not None and dataset.visit_id else identifier)
    except NotFound as error:
        raise NotFound(
            f"no visit and no dataset {identifier}", hint="verriere proposal show ID lists visits"
        ) from error
    return Subject(visit, catalogue.proposal(visit.proposal_id), dataset)


def keep(holdings: Holdings, subject: Subject, message: str, now: datetime) -> Subject:
    """Put the record into the archive; of a dataset, it comes back with its new revision."""
    dataset = subject.dataset
    if dataset is None:
        name = f"visit:{subject.visit.id}"
        holdings.archive.put(name, (), encode(subject.visit), message=message, created=now)
        return subject
    kept: list[Dataset] = []

    def record(receipt: Receipt) -> bytes:
        kept.append(replace(dataset, revision=receipt.revision))
        return encode(kept[-1])

    holdings.archive.put_sidecar(dataset.id, record, message, created=now)
    return replace(subject, dataset=kept[-1])


def people(subject: Subject) -> Sequence[str]:
    """Keys of those who may ask."""
    return [member.person.key for member in subject.leaders]
