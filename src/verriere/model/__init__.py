"""The nouns of a photon and neutron facility, as frozen dataclasses and nothing else."""

from verriere.model.beamtime import Decision, DecisionKind, Instrument, Proposal, Research, Sample, Visit
from verriere.model.capture import (
    Axis,
    BaseRange,
    Basis,
    Capture,
    Parameter,
    Reading,
    RecordedUser,
    Scan,
    Signal,
    Technique,
)
from verriere.model.citation import Citation, CitedDataset, Selection
from verriere.model.dataset import Datafile, Dataset, State, Store
from verriere.model.finding import Finding, Severity
from verriere.model.people import ANONYMOUS, Account, Duty, Member, Person, Role, Viewer
from verriere.model.plan import Answer, Expected, Phase, Plan, PlanRole, Survey, SurveyRow
from verriere.model.publication import Collection, PidKind, PidState, Publication
from verriere.model.requests import EmbargoRequest, RequestState
from verriere.model.works import Funding, Related

__all__ = [
    "ANONYMOUS",
    "Account",
    "Answer",
    "Axis",
    "BaseRange",
    "Basis",
    "Capture",
    "Citation",
    "CitedDataset",
    "Collection",
    "Datafile",
    "Dataset",
    "Decision",
    "DecisionKind",
    "Duty",
    "EmbargoRequest",
    "Expected",
    "Finding",
    "Funding",
    "Instrument",
    "Member",
    "Parameter",
    "Person",
    "Phase",
    "PidKind",
    "PidState",
    "Plan",
    "PlanRole",
    "Proposal",
    "Publication",
    "Reading",
    "RecordedUser",
    "Related",
    "RequestState",
    "Research",
    "Role",
    "Sample",
    "Scan",
    "Selection",
    "Severity",
    "Signal",
    "State",
    "Store",
    "Survey",
    "SurveyRow",
    "Technique",
    "Viewer",
    "Visit",
]
