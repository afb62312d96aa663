"""The fields of the search language: which there are, and what their values are."""

from collections.abc import Mapping
from types import MappingProxyType

from verriere.model import State

TEXTS = frozenset({"title", "sample", "person", "technique", "beamline"})
"""Words in one place; a technique and a beamline are meant by their whole name."""

ALIASES: Mapping[str, str] = MappingProxyType(
    {"instrument": "beamline", "state": "status", "people": "person", "member": "person"}
)
"""Other words for a field."""

EXACT = frozenset({"visit", "proposal", "id"})
"""Identifiers, as written."""

PHYSICAL: Mapping[str, str] = MappingProxyType({"energy": "keV", "wavelength": "Å", "temperature": "K"})
"""Parameters that are always numbers, with the unit that is meant where none is written."""

STATUSES: Mapping[str, str] = MappingProxyType(
    {
        **{state.value: state.value for state in State},
        "embargo": State.EMBARGOED.value,
        "ouvert": State.OPEN.value,
        "sous-embargo": State.EMBARGOED.value,
        "quarantaine": State.QUARANTINED.value,
        "retire": State.WITHDRAWN.value,
    }
)
"""What may be said of ``status:``, and the state that it means."""

HAS: Mapping[str, str] = MappingProxyType(
    {"finding": "findings", "error": "errors", "plot": "plotted", "sample": "sample_folded", "technique": "techniques"}
)
"""What may be said of ``has:``, and the column of the table of datasets that tells."""
