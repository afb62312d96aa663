"""How to cite: styles, BibTeX, RIS, CSL-JSON."""

import json
import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from tests.landing.strategies import landings
from tests.landing.world import World

from verriere.model import PidKind
from verriere.publish.formats import bibtex, citation, ris
from verriere.publish.landing import Agent, Landing

DOI = "https://doi.org/10.5072/x"


@pytest.fixture
def landing(world: World) -> Landing:
    return world.landing(PidKind.DATASET, "open", doi="10.5072/x")


@pytest.mark.parametrize(
    ("style", "language", "said"),
    [
        (
            "datacite",
            "en",
            f"Fontaine, Claire; Suharto; Zeolite Consortium (2026): Rings. Version 1. Synchrotron of the World. {DOI}",
        ),
        (
            "apa",
            "fr",
            "Fontaine, C., Suharto, et Zeolite Consortium (2026). Rings (Version 1) [Jeu de données]. "
            f"Synchrotron of the World. {DOI}",
        ),
        (
            "harvard",
            "en",
            "Fontaine, C., Suharto, & Zeolite Consortium (2026) ‘Rings’. Version 1. Synchrotron of the World. "
            f"Available at: {DOI}",
        ),
    ],
)
def test_styles(landing: Landing, style: citation.Style, language: str, said: str) -> None:
    assert citation.cite(landing, style, "fr" if language == "fr" else "en") == said


def test_many_names_are_cut_as_apa_does(landing: Landing) -> None:
    people = tuple(Agent(f"N{n}, A", family=f"N{n}", given="Anna-Maria B") for n in range(30))
    said = citation.cite(replace(landing, creators=people), "apa")
    assert said.startswith("N0, A.-M. B., N1, A.-M. B.")
    assert "N18, A.-M. B., … N29, A.-M. B. (2026)" in said


def test_a_doi_that_no_resolver_knows_is_not_cited(landing: Landing) -> None:
    draft = replace(landing, is_registered=False)
    for said in (citation.cite(draft), bibtex.write(draft).decode(), ris.write(draft).decode()):
        assert "doi.org" not in said
        assert draft.url in said
    assert "DOI" not in citation.csl(draft)


def test_bibtex_keeps_organisations_whole_and_capitals_as_they_are(landing: Landing) -> None:
    said = bibtex.write(landing).decode()
    assert said.startswith("@dataset{fontaine2026open,\n")
    assert "author = {Fontaine, Claire and {Suharto} and {Zeolite Consortium}}," in said
    assert "title = {{Rings}}," in said
    assert "doi = {10.5072/x}," in said


def test_csl_is_what_reference_managers_take(landing: Landing) -> None:
    (item,) = json.loads(citation.write(landing))
    assert item["type"] == "dataset"
    assert item["author"] == [
        {"family": "Fontaine", "given": "Claire"},
        {"literal": "Suharto"},
        {"literal": "Zeolite Consortium"},
    ]
    assert item["issued"] == {"date-parts": [[2026]]}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(landing=landings)
def test_any_landing_can_be_cited(landing: Landing) -> None:
    for style in citation.STYLES:
        assert citation.cite(landing, style, "fr").strip()
    assert json.loads(citation.write(landing))
    entry = re.sub(r"\\[{}]", "", bibtex.write(landing).decode())
    assert entry.count("{") == entry.count("}")
    lines = ris.write(landing).decode().split("\r\n")
    assert lines[0].startswith("TY  - ")
    assert lines[-2] == "ER  - "
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - [^\r\n]*", line) for line in lines[:-1])
