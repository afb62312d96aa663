"""Small facilities to search in: people, visits and datasets in every state."""

from dataclasses import replace
from datetime import timedelta

from verriere.catalogue import Catalogue
from verriere.model import (
    ANONYMOUS,
    Duty,
    Finding,
    Instrument,
    Person,
    Research,
    Sample,
    Severity,
    Viewer,
    Visit,
)
from verriere.testing.records import NOW, SAXS, START, TOMOGRAPHY, dataset, keV, member, proposal, quantity

__all__ = [
    "BEN",
    "ELOISE",
    "EVERYBODY",
    "NOW",
    "OFFICE",
    "SAXS",
    "START",
    "STRANGER",
    "TEAM",
    "TOMOGRAPHY",
    "dataset",
    "finding",
    "found",
    "furnish",
    "keV",
    "member",
    "quantity",
]

ELOISE = Person("Durand, Éloïse", "eloise@lab.example")
BEN = Person("Marsh, Ben", "ben@lab.example")

STRANGER = Viewer("stranger@lab.example", Duty.USER)
TEAM = Viewer(ELOISE.key, Duty.USER)
OFFICE = Viewer("office@facility.example", Duty.DATA_OFFICE)
EVERYBODY = (ANONYMOUS, STRANGER, TEAM, OFFICE)


def finding(severity: Severity = Severity.WARNING) -> Finding:
    return Finding("broken-link", severity, "/entry/data")


def furnish(catalogue: Catalogue) -> None:
    """Two beamlines; Éloïse's public visit V1, Ben's public visit V2, Ben's proprietary visit V3."""
    catalogue.put_instruments(
        [Instrument("SWING", "SWING", aliases=("I11-1",)), Instrument("PX1", "PROXIMA-1")], now=NOW
    )
    catalogue.put_proposals(
        [
            proposal("P1", "Silver", ELOISE),
            proposal("P2", "Teeth", BEN),
            proposal("P3", "Secret", BEN, research=Research.PROPRIETARY),
        ],
        now=NOW,
    )
    end = START + timedelta(days=2)
    visit = Visit("V1", "P1", "SWING", START, end)
    catalogue.put_visits(
        [visit, replace(visit, id="V2", proposal_id="P2"), replace(visit, id="V3", proposal_id="P3")], now=NOW
    )
    catalogue.put_samples([Sample("S1", "P1", "AgBeh standard", formula="C22H43AgO2")], now=NOW)


def found(catalogue: Catalogue, text: str, viewer: Viewer = OFFICE) -> set[str]:
    """Identifiers of all hits of a search."""
    page = catalogue.search(text, viewer, size=500)
    assert page.total == len(page.hits)
    return {hit.id for hit in page.hits}
