"""What the search language finds, on both databases."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.catalogue.world import (
    NOW,
    OFFICE,
    SAXS,
    TOMOGRAPHY,
    dataset,
    finding,
    found,
    furnish,
    keV,
    quantity,
)

from verriere.catalogue import Catalogue
from verriere.errors import InputInvalid, QueryInvalid
from verriere.model import ANONYMOUS, BaseRange, Basis, Dataset, Parameter, Reading, Severity, State, Technique


@pytest.fixture
def stocked(catalogue: Catalogue) -> Catalogue:
    """Five datasets that differ in everything that can be searched for."""
    furnish(catalogue)
    catalogue.register(
        [
            dataset("a1", title="Silver behenate at 12 keV", sample="AgBeh rod", energy=keV(12.0002)),
            dataset(
                "b2",
                title="Émail dentaire",
                visit="V2",
                instrument="PX1",
                technique=TOMOGRAPHY,
                start=datetime(2022, 7, 1, tzinfo=UTC),
                energy=quantity("energy", 18000.0, "eV", "eV"),
                findings=(finding(Severity.ERROR),),
                size=400,
            ),
            dataset(
                "c3",
                title="Silver foil",
                sample="foil",
                parameters=(
                    quantity("temperature", 300.0, "K", "K"),
                    Parameter("element", "/entry/element", "Ag K-edge"),
                    Parameter("motor", "/e/m", None, "mm", BaseRange("m", 0.001, 0.003), 1.0, 2.0, 3.0, 5),
                ),
                state=State.EMBARGOED,
            ),
            dataset("d4", title=None, file="scan_0042.nxs", instrument=None, technique=None, start=None),
            dataset("e5", title="gold", state=State.QUARANTINED),
        ],
        now=NOW,
    )
    return catalogue


@pytest.mark.parametrize(
    ("text", "identifiers"),
    [
        ("", "a1 b2 c3 d4 e5"),
        ("silver", "a1 c3"),
        ("SILVER", "a1 c3"),
        ("silv*", "a1 c3"),
        ("silv", ""),
        ('"silver behenate"', "a1"),
        ('"behenate silver"', ""),
        ('"silver beh"*', "a1"),
        ("silver -behenate", "c3"),
        ("gold or foil", "c3 e5"),
        ("silver (foil or gold)", "c3"),
        ("-(silver or gold)", "b2 d4"),
        ("email", "b2"),
        ("ÉMAIL", "b2"),
        ("scan_0042", "d4"),
        ("scan_00*", "d4"),
        ("title:silver title:foil", "c3"),
        ("title:agbeh", ""),
        ("sample:agbeh", "a1"),
        ('sample:"agbeh rod"', "a1"),
        ("sample:ag*", "a1"),
        ("sample:silver", ""),
        ("beamline:SWING", "a1 c3 e5"),
        ("instrument:i11-1", "a1 c3 e5"),
        ("beamline:proxima*", "b2"),
        ("beamline:proxima", ""),
        ("technique:tomography", "b2"),
        ("technique:PaNET01129", "b2"),
        ("technique:SAXS", "a1 c3 e5"),
        ("person:eloise", "a1 c3 d4"),
        ('person:"durand eloise"', "a1 c3 d4"),
        ("marsh", "b2"),
        ("visit:V2", "b2"),
        ("proposal:P1", "a1 c3 d4"),
        ("id:c3", "c3"),
        ("status:open", "a1 b2 d4"),
        ("status:quarantine* or status:quarantined", "e5"),
        ("energy:12keV", "a1"),
        ("energy:12000 eV", "a1"),
        ('energy:"12000 eV"', "a1"),
        ("energy:12", "a1"),
        ("energy:>12keV", "a1 b2"),
        ("energy:>13keV", "b2"),
        ("energy:<=12.1 keV", "a1"),
        ("energy:10..20keV", "a1 b2"),
        ("energy:17000eV..19000eV", "b2"),
        ("-energy:>1keV", "c3 d4 e5"),
        ("temperature:300", "c3"),
        ("temperature:>=300K", "c3"),
        ("temperature:>300.5K", ""),
        ("motor:2.5mm", "c3"),
        ("motor:>3.5mm", ""),
        ("element:ag", "c3"),
        ('element:"k edge"', "c3"),
        ("element:behenate", ""),
        ("after:2024-01", "a1 c3 d4 e5"),
        ("before:2024", "b2"),
        ("year:2022", "b2"),
        ("year:2020..2023", "b2"),
        ("has:error", "b2"),
        ("has:sample", "a1 c3"),
        ("-has:technique", "d4"),
    ],
)
def test_a_search_finds(stocked: Catalogue, text: str, identifiers: str) -> None:
    if "quarantine*" in text:
        with pytest.raises(QueryInvalid):
            stocked.search(text, OFFICE)
        return
    assert found(stocked, text) == set(identifiers.split())


def test_energy_and_wavelength_of_photons_are_one_and_of_neutrons_two(furnished: Catalogue) -> None:
    iri = "http://purl.org/pan-science/PaNET/PaNET01189"
    neutrons = Technique(iri, "small angle neutron scattering", Basis.STATED, "/entry/definition")
    angstrom = quantity("wavelength", 1.0332, "Å", "m", 1e-10)

    def of_wavelength(identifier: str, technique: Technique | None, facility: str = "") -> Dataset:
        made = dataset(identifier, technique=technique)
        name, capture = made.captures[0]
        at = Reading(facility, "/entry/source/name") if facility else None
        return replace(made, captures=((name, replace(capture, wavelength=angstrom, facility=at)),))

    furnished.register(
        [
            dataset("e1", energy=keV(12.0)),
            of_wavelength("w2", SAXS),
            of_wavelength("n3", neutrons),
            of_wavelength("u4", None),
            of_wavelength("f5", None, "Synchrotron SOLEIL"),
            dataset("n6", energy=quantity("energy", 0.0818, "eV", "eV"), technique=neutrons),
        ],
        now=NOW,
    )
    assert found(furnished, "energy:12keV") == {"e1", "w2", "f5"}
    assert found(furnished, "wavelength:1.0332Å") == {"e1", "w2", "n3", "u4", "f5"}
    assert found(furnished, "energy:11.9..12.1keV wavelength:0.10332nm") == {"e1", "w2", "f5"}
    assert found(furnished, "wavelength:>10Å or energy:<1eV") == {"n6"}


def test_a_word_in_the_title_is_worth_more_than_one_in_the_sample(stocked: Catalogue) -> None:
    stocked.register([dataset("f6", title="Rod", sample="foil foil")], now=NOW)
    assert [hit.id for hit in stocked.search("foil", OFFICE).hits] == ["c3", "f6"]


def test_hits_are_sorted_by_date_title_or_size(stocked: Catalogue) -> None:
    def ids(sort: str) -> list[str]:
        return [hit.id for hit in stocked.search("-id:d4 -id:e5", OFFICE, sort=sort).hits]  # type: ignore[arg-type]

    assert ids("oldest") == ["b2", "a1", "c3"]
    assert ids("newest") == ["c3", "a1", "b2"]
    assert ids("title") == ["b2", "a1", "c3"]
    assert ids("size") == ["b2", "c3", "a1"]
    with pytest.raises(InputInvalid, match="no order"):
        ids("beauty")


@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest", "title", "size"])
@pytest.mark.parametrize("text", ["", "silver"])
def test_pages_of_equal_datasets_show_each_of_them_once(catalogue: Catalogue, sort: str, text: str) -> None:
    furnish(catalogue)
    catalogue.register([dataset(f"t{number}") for number in range(17)], now=NOW)
    pages = [catalogue.search(text, OFFICE, sort=sort, page=number, size=5) for number in (1, 2, 3, 4)]  # type: ignore[arg-type]
    assert [page.next for page in pages] == [2, 3, 4, None]
    seen = [hit.id for page in pages for hit in page.hits]
    assert sorted(seen) == sorted(f"t{number}" for number in range(17))


def test_facets_count_every_hit(stocked: Catalogue) -> None:
    page = stocked.search("", OFFICE, facets=True, size=1)
    counts = {name: {facet.value: facet.count for facet in facets} for name, facets in page.facets.items()}
    assert page.total == 5
    assert counts == {
        "beamline": {"SWING": 3, "PROXIMA-1": 1},
        "technique": {"PaNET01188": 3, "PaNET01129": 1},
        "year": {"2024": 4, "2022": 1},
        "status": {"open": 3, "embargoed": 1, "quarantined": 1},
    }


def test_a_facet_narrows_the_search_to_as_many_hits_as_it_says(stocked: Catalogue) -> None:
    page = stocked.search("silver or email", OFFICE, facets=True)
    for name, facets in page.facets.items():
        for facet in facets:
            narrowed = stocked.search("silver or email", OFFICE, filters={name: facet.value})
            assert narrowed.total == facet.count


def test_filters_of_one_field_are_alternatives(stocked: Catalogue) -> None:
    page = stocked.search("", OFFICE, filters={"beamline": ["SWING", "PROXIMA-1"], "status": "open"})
    assert {hit.id for hit in page.hits} == {"a1", "b2"}


def test_what_is_written_in_other_words_is_the_same_query(stocked: Catalogue) -> None:
    page = stocked.search('  foil AND "SILVER"   foil instrument:swing', OFFICE)
    assert page.query == "beamline:swing foil silver"


def test_the_hits_of_a_word_that_is_everywhere_come_newest_first_and_hidden_ones_not_at_all(
    catalogue: Catalogue,
) -> None:
    furnish(catalogue)
    first = datetime(2020, 1, 1, tzinfo=UTC)
    states = (State.OPEN, State.EMBARGOED, State.PROPRIETARY)
    made = [
        dataset(f"m{n:04}", title="Common", sample="secret", start=first + timedelta(hours=n), state=states[n % 3])
        for n in range(1_800)
    ]
    catalogue.register(made, now=NOW)
    newest = [each.id for each in reversed(made)]
    assert [hit.id for hit in catalogue.search("common", OFFICE, size=500).hits] == newest[:500]
    visible = [each.id for each in reversed(made) if each.state is not State.PROPRIETARY]
    pages = [catalogue.search("common", ANONYMOUS, page=number, size=400) for number in (1, 2, 3)]
    assert [page.total for page in pages] == [1_200] * 3
    assert [hit.id for page in pages for hit in page.hits] == visible
    # Of an embargoed dataset the sample is no citation: a word that is in all of them finds the open ones.
    opened = [each.id for each in reversed(made) if each.state is State.OPEN]
    assert [hit.id for hit in catalogue.search("secret", ANONYMOUS, size=500).hits] == opened[:500]


@pytest.mark.parametrize(
    ("text", "told", "instead"),
    [
        ("technique:SAXZ", ["no technique is called 'SAXZ': did you mean technique:SAXS?"], "technique:SAXS"),
        ('beamline:"proxima 2"', ["no beamline is called 'proxima 2': did you mean"], "beamline:PROXIMA-1"),
        (
            "-tecnique:SAXS (presure:>3bar or beamline:SWNG) gold",
            ["no field or parameter is called 'tecnique'", "no field or parameter is called 'presure'", "no beamline"],
            "-technique:SAXS (pressure:>3bar or beamline:SWING) gold",
        ),
        ("quetzalcoatl:3", ["no field or parameter is called 'quetzalcoatl': write"], ""),
        ("technique:saxs* beamline:sw* pressure:1bar energy:>1keV sample:nobody", [], ""),
    ],
)
def test_an_unknown_field_technique_or_beamline_is_named_with_what_was_meant(
    furnished: Catalogue, text: str, told: list[str], instead: str
) -> None:
    furnished.register([dataset("x1", parameters=(quantity("pressure", 1.0, "bar", "Pa", 1e5),))], now=NOW)
    advice = furnished.advise(text, ANONYMOUS)
    assert advice.query == instead
    for said, each in zip(told, advice.unknown, strict=True):
        assert each.told("en").startswith(said)
        assert each.told("fr").startswith("auc")


def test_of_a_very_long_search_only_the_beginning_is_advised_on(furnished: Catalogue) -> None:
    advice = furnished.advise(" ".join(f"zz{number}:1" for number in range(200)), ANONYMOUS)
    assert [each.value for each in advice.unknown] == [f"zz{number}" for number in range(8)]
