"""The facts of the forms about samples: to declare one, to change it, to say what a dataset was measured of."""

from collections.abc import Sequence
from dataclasses import dataclass

from verriere.model import Dataset, Proposal, Sample
from verriere.policy.samples import pieces
from verriere.serve.caller import Caller
from verriere.serve.portal.sentences import Link
from verriere.stewardship.samples import LONGEST, LONGEST_NAME


@dataclass(frozen=True, slots=True)
class FieldRow:
    """A text of the form; ``hint`` says who sees it, or how it is written."""

    name: str
    label: str
    value: str
    hint: str = ""
    most: int = LONGEST
    long: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """A sample that can be chosen."""

    id: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SamplePage:
    """What ``sample.html`` shows: the samples of a proposal, and the form of one of them, or of a new one."""

    title: str
    crumbs: tuple[Link, ...]
    samples: tuple[Link, ...]
    action: str
    fields: tuple[FieldRow, ...]
    parents: tuple[Choice, ...]
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class MeasuredPage:
    """What ``measured.html`` shows."""

    title: str
    crumbs: tuple[Link, ...]
    action: str
    choices: tuple[Choice, ...]
    declare: str


def sample_page(
    caller: Caller, proposal: Proposal, samples: Sequence[Sample], sample: Sample, *, trouble: str = ""
) -> SamplePage:
    """The form of a sample; one without an identifier is new."""
    urls, _ = caller.urls, caller.words.gettext
    family = {each.id: each for each in samples}
    below = {each.id for each in pieces(sample.id, family)} | {sample.id}
    crumbs = [Link(_("Proposal %(id)s", id=proposal.id), urls.proposal(proposal.id))]
    if sample.id:
        crumbs.append(Link(_("Samples"), urls.declare(proposal.id)))
    return SamplePage(
        title=sample.name if sample.id else _("Samples of proposal %(id)s", id=proposal.id),
        crumbs=tuple(crumbs),
        samples=() if sample.id else tuple(Link(one.name, urls.change_sample(one.id), _about(one)) for one in samples),
        action=urls.change_sample(sample.id) if sample.id else urls.declare(proposal.id),
        fields=_fields(caller, sample),
        parents=tuple(Choice(one.id, one.name, one.id == sample.parent_id) for one in samples if one.id not in below),
        trouble=trouble,
    )


def measured_page(caller: Caller, dataset: Dataset, proposal: Proposal, samples: Sequence[Sample]) -> MeasuredPage:
    """The form that says which sample a dataset was measured of."""
    urls, _ = caller.urls, caller.words.gettext
    return MeasuredPage(
        title=_("What was measured?"),
        crumbs=(Link(dataset.title, urls.dataset(dataset.id)),),
        action=urls.measured(dataset.id),
        choices=tuple(Choice(one.id, f"{one.name} ({one.id})", one.id == dataset.sample_id) for one in samples),
        declare=urls.declare(proposal.id),
    )


def _about(sample: Sample) -> str:
    return ", ".join(part for part in (sample.id, sample.kind, sample.formula) if part)


def _fields(caller: Caller, sample: Sample) -> tuple[FieldRow, ...]:
    _ = caller.words.gettext
    label = _("What is on its label, and what the beamline's files will call it.")
    private = _("For the team and the data office alone.")
    return (
        FieldRow("name", _("Name"), sample.name, label, LONGEST_NAME, required=True),
        FieldRow("kind", _("Kind"), sample.kind, _("Powder, protein crystal, rock")),
        FieldRow("formula", _("Formula"), sample.formula),
        FieldRow("description", _("Description"), sample.description, long=True),
        FieldRow("location", _("Kept at"), sample.location, private),
        FieldRow("shipment", _("Shipment"), sample.shipment, private),
        FieldRow("hazards", _("Hazards"), sample.hazards, private, long=True),
    )
