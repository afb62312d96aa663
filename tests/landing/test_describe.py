"""What is public of a thing, and what is not."""

from dataclasses import replace

import pytest
from tests.landing.world import NOW, ORIGIN, World, publication

from verriere.errors import NotFound
from verriere.model import PidKind, PidState
from verriere.publish.describe import landing_of
from verriere.publish.landing import Landing, Openness


def _everything(landing: Landing) -> str:
    return repr(landing)


@pytest.mark.parametrize("identifier", ["private", "lost", "nothing-at-all"])
def test_nobody_hears_of_proprietary_and_quarantined_data(world: World, identifier: str) -> None:
    with pytest.raises(NotFound):
        world.landing(PidKind.DATASET, identifier, doi="10.5072/x")


def test_nobody_hears_of_a_proprietary_visit(world: World) -> None:
    with pytest.raises(NotFound):
        world.landing(PidKind.VISIT, "20269031-P", doi="10.5072/x")


@pytest.mark.parametrize("secret", ["embargoed_0001", "secret powder", "zeolite that nobody", "EIGER", "temperature"])
def test_an_embargoed_dataset_tells_its_citation_and_nothing_else(world: World, secret: str) -> None:
    landing = world.landing(PidKind.DATASET, "embargoed", doi="10.5072/x")
    assert secret not in _everything(landing)
    assert (landing.files, landing.measured, landing.file_count, landing.download) == ((), (), None, "")


def test_full_metadata_of_an_embargoed_dataset_have_values_and_sizes_but_no_names(candid: World) -> None:
    landing = candid.landing(PidKind.DATASET, "embargoed", doi="10.5072/x")
    assert landing.rights.openness is Openness.EMBARGOED
    assert landing.file_count == 1
    assert landing.size
    assert {one.name for one in landing.measured} == {"energy", "temperature", "odd"}
    assert landing.files == ()
    assert "embargoed_0001" not in _everything(landing)


def test_an_open_dataset_tells_its_files_variables_and_standards(world: World) -> None:
    landing = world.landing(PidKind.DATASET, "open", doi="10.5072/x")
    (file,) = landing.files
    assert file.url == f"{ORIGIN}/datasets/open/files/open_0001.nxs"
    assert len(file.sha256) == 64
    energy = next(one for one in landing.measured if one.name == "energy")
    assert (energy.value, energy.ucum, energy.qudt) == (12.0, "keV", "http://qudt.org/vocab/unit/KiloEV")
    temperature = next(one for one in landing.measured if one.name == "temperature")
    assert (temperature.minimum, temperature.maximum, temperature.ucum) == (290.0, 301.0, "K")
    assert next(one for one in landing.measured if one.name == "odd").qudt == ""
    assert landing.conforms_to == (
        "https://manual.nexusformat.org/",
        "https://manual.nexusformat.org/classes/applications/NXsas.html",
    )
    assert {text.language for text in landing.descriptions} == {"en", "fr"}
    assert "Someone Private" not in _everything(landing)


def test_techniques_have_their_french_name(world: World) -> None:
    (term,) = world.landing(PidKind.DATASET, "open").techniques
    assert term.label.text == "small angle x-ray scattering"
    assert any(label.language == "fr" for label in term.other_labels)


def test_a_dataset_hangs_together_with_its_visit_proposal_instrument_and_sample_in_both_directions(
    world: World,
) -> None:
    ties = {(tie.relation, tie.kind, tie.identifier) for tie in world.landing(PidKind.DATASET, "open").ties}
    assert ties == {
        ("IsPartOf", PidKind.VISIT, "20220088-S"),
        ("IsPartOf", None, "20220088"),
        ("IsCollectedBy", PidKind.INSTRUMENT, "SWING"),
        ("IsDerivedFrom", PidKind.SAMPLE, "AgBeh"),
        ("IsPartOf", PidKind.COLLECTION, "rings"),
    }
    for kind, identifier, relation in [
        (PidKind.VISIT, "20220088-S", "HasPart"),
        (PidKind.SAMPLE, "AgBeh", "IsSourceOf"),
        (PidKind.COLLECTION, "rings", "HasPart"),
    ]:
        back = {(tie.relation, tie.kind, tie.identifier) for tie in world.landing(kind, identifier).ties}
        assert (relation, PidKind.DATASET, "open") in back


def test_a_sample_is_known_once_data_of_it_are_described_or_it_was_published(world: World) -> None:
    assert world.landing(PidKind.SAMPLE, "AgBeh").formula == "C22H43AgO2"
    with pytest.raises(NotFound):
        world.landing(PidKind.SAMPLE, "zeolite")
    reserved = publication(PidKind.SAMPLE, "zeolite", "10.5072/z")
    assert reserved
    with pytest.raises(NotFound):
        landing_of(world.facility, replace(reserved, wanted=PidState.DRAFT), PidKind.SAMPLE, "zeolite")
    assert world.landing(PidKind.SAMPLE, "zeolite", doi="10.5072/z").identifier == "zeolite"


def test_nothing_that_is_for_the_team_is_told_of_a_sample(world: World) -> None:
    assert "do not eat" not in _everything(world.landing(PidKind.SAMPLE, "AgBeh"))


def test_a_visit_lists_what_anyone_may_know_and_is_embargoed_with_its_data(world: World) -> None:
    visit = world.landing(PidKind.VISIT, "20260415-P")
    assert [tie.identifier for tie in visit.ties if tie.relation == "HasPart"] == ["embargoed"]
    assert visit.rights.openness is Openness.EMBARGOED
    assert world.landing(PidKind.VISIT, "20220088-S").rights.openness is Openness.OPEN


def test_the_facility_is_the_creator_of_what_names_nobody(world: World) -> None:
    (creator,) = world.landing(PidKind.DATASET, "orphan").creators
    assert (creator.name, creator.is_organisation) == ("Synchrotron of the World", True)


def test_a_doi_is_registered_only_where_its_registrar_has_it(world: World) -> None:
    known = publication(PidKind.DATASET, "open", "10.5072/x")
    assert known
    assert landing_of(world.facility, known, PidKind.DATASET, "open").is_registered
    waiting = replace(known, state=PidState.DRAFT)
    assert not landing_of(world.facility, waiting, PidKind.DATASET, "open").is_registered


def test_the_landing_page_of_a_doi_has_its_own_address(world: World) -> None:
    assert world.landing(PidKind.DATASET, "open", doi="10.5072/x").url == f"{ORIGIN}/doi/10.5072/x"
    assert world.landing(PidKind.DATASET, "open").url == f"{ORIGIN}/datasets/open"
    assert world.landing(PidKind.DATASET, "open", origin="").url == "http://127.0.0.1:8000/datasets/open"
    assert world.landing(PidKind.DATASET, "open", doi="10.5072/x").updated_at == NOW


def test_a_collection_names_only_what_anyone_may_know_of(world: World) -> None:
    landing = world.landing(PidKind.COLLECTION, "rings")
    assert [tie.identifier for tie in landing.ties] == ["open", "embargoed"]
    assert landing.rights.openness is Openness.EMBARGOED
    assert "private" not in _everything(landing)
    assert {agent.name for agent in landing.creators} >= {"Fontaine, Claire", "Marsh, Ben"}
    with pytest.raises(NotFound):
        world.landing(PidKind.COLLECTION, "secrets")
