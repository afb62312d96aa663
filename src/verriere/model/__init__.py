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
from verriere.model.dataset import Datafile, Dataset, State, Store
from verriere.model.finding import Finding, Severity
from verriere.model.people import ANONYMOUS, Account, Duty, Member, Person, Role, Viewer
from verriere.model.publication import Collection, PidKind, PidState, Publication
from verriere.model.works import Funding, Related

__all__ = [
    "ANONYMOUS",
    "Account",
    "Axis",
    "BaseRange",
    "Basis",
    "Capture",
    "Collection",
    "Datafile",
    "Dataset",
    "Decision",
    "DecisionKind",
    "Duty",
    "Finding",
    "Funding",
    "Instrument",
    "Member",
    "Parameter",
    "Person",
    "PidKind",
    "PidState",
    "Proposal",
    "Publication",
    "Reading",
    "RecordedUser",
    "Related",
    "Research",
    "Role",
    "Sample",
    "Scan",
    "Severity",
    "Signal",
    "State",
    "Store",
    "Technique",
    "Viewer",
    "Visit",
]
