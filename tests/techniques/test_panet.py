"""The vocabulary of techniques: what is in the table, and what people mean by a name."""

import csv
import re
from pathlib import Path

import pytest

from verriere.errors import InputInvalid
from verriere.techniques import build_panet, panet


def labels(*iris: str) -> set[str]:
    return {panet.label(iri) for iri in iris}


def published(shared: Path) -> dict[str, str]:
    """IRI to label of every technique in the published template, read without our reader."""
    with (shared / "standards/panet/PaNET.csv").open(encoding="utf-8") as file:
        return {
            line[1]: line[2].strip()
            for line in csv.reader(file)
            if len(line) > 7 and line[7] == "owl:Class" and re.search(r"PaNET\d{5}$", line[1])
        }


def test_the_table_holds_every_technique_of_the_published_ontology_with_its_label(shared: Path) -> None:
    ours = {iri: term.label for iri, term in panet.terms().items() if iri.startswith(panet.PREFIX)}
    assert ours == published(shared)


def test_the_table_is_what_the_command_writes_from_the_published_template(shared: Path) -> None:
    shipped = Path(panet.__file__).parent / "tables/panet.csv"
    written = "".join(build_panet.write(shared / "standards/panet/PaNET.csv"))
    assert written == shipped.read_text(encoding="utf-8")


def test_the_table_says_whose_it_is_and_under_which_licence() -> None:
    head = (Path(panet.__file__).parent / "tables/panet.csv").read_text(encoding="utf-8")[:600]
    assert "CC-BY-4.0" in head
    assert "ExPaNDS" in head


def test_another_table_is_refused_with_a_reason(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n")
    with pytest.raises(InputInvalid, match="template of PaNET"):
        list(build_panet.write(other))


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("SAXS", "01188"),
        ("saxs", "01188"),
        ("Small-Angle X-ray Scattering", "01188"),
        ("diffusion des rayons x aux petits angles", "01188"),
        ("SANS", "01189"),
        ("WAXS", "01191"),
        ("USAXS", "01241"),
        ("EXAFS", "01198"),
        ("NEXAFS", "01199"),
        ("XANES", "01199"),
        ("MX", "01164"),
        ("ARPES", "01089"),
        ("tomography", "01129"),
        ("tomographie", "01129"),
        ("PaNET01207", "01207"),
        ("http://purl.org/pan-science/PaNET/PaNET01207", "01207"),
    ],
)
def test_a_name_means_the_technique_that_people_mean_by_it(name: str, number: str) -> None:
    assert panet.by_name(name) == (f"{panet.PREFIX}PaNET{number}",)


def test_xrf_means_fluorescence_and_its_spectroscopy() -> None:
    found = labels(*panet.by_name("XRF"))
    assert {"x-ray fluorescence", "x-ray fluorescence spectroscopy", "microfocus x-ray fluorescence"} == found


def test_sxrd_is_surface_diffraction_whatever_the_alternative_labels_say() -> None:
    assert labels(*panet.by_name("SXRD")) == {"surface x-ray diffraction"}


@pytest.mark.parametrize("name", ["STM", "no such technique", "", "PaNET99999"])
def test_a_name_of_no_technique_means_none(name: str) -> None:
    assert panet.by_name(name) == ()


def test_every_label_leads_to_its_own_term() -> None:
    for iri, term in panet.terms().items():
        assert iri in panet.by_name(term.label)


def test_every_term_with_a_short_or_french_name_exists_and_is_named_once() -> None:
    rows = panet._rows("names.csv")
    named = [row["term"] for row in rows if row["term"]]
    assert len(named) == len(set(named))
    assert not [name for name in named if panet.term(name) is None]
    assert sum(bool(row["french"]) for row in rows) >= 60


def test_a_search_for_saxs_finds_ultra_small_angle_x_ray_scattering_and_not_neutrons() -> None:
    (saxs,) = panet.by_name("SAXS")
    found = labels(*panet.narrower(saxs))
    assert {
        "small angle x-ray scattering",
        "ultra small angle x-ray scattering",
        "anomalous small angle x-ray scattering",
    } <= found
    assert not {name for name in found if "neutron" in name}


def test_broader_terms_are_those_that_the_definition_implies() -> None:
    (saxs,) = panet.by_name("SAXS")
    assert {"small angle scattering", "x-ray probe technique", "x-ray scattering", "photon probe technique"} <= labels(
        *panet.broader(saxs)
    )


def test_broader_and_narrower_say_the_same() -> None:
    for iri in panet.terms():
        for wider in panet.broader(iri):
            assert iri in panet.narrower(wider)


def test_the_more_exact_of_two_terms_is_kept() -> None:
    (saxs,), (sas,), (mx,) = (panet.by_name(name) for name in ("SAXS", "small angle scattering", "MX"))
    assert panet.without_broader([sas, saxs, mx, saxs]) == [saxs, mx]


def test_labels_are_in_french_where_there_are_french_ones() -> None:
    assert panet.label(panet.by_name("MX")[0], "fr") == "cristallographie des macromolécules"
    assert panet.label("http://example.org/x", "fr") == "http://example.org/x"
