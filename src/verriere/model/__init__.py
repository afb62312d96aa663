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

__all__ = [
    "ANONYMOUS",
    "Account",
    "Axis",
    "BaseRange",
    "Basis",
    "Capture",
    "Datafile",
    "Dataset",
    "Decision",
    "DecisionKind",
    "Duty",
    "Finding",
    "Instrument",
    "Member",
    "Parameter",
    "Person",
    "Proposal",
    "Reading",
    "RecordedUser",
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
