"""What is missing is said, once, and only of files that speak for themselves."""

from dataclasses import replace
from pathlib import Path

from verriere.model import Basis, Capture, Finding, Reading, Signal, Technique
from verriere.simulate.visit import SimulatedVisit
from verriere.techniques import panet
from verriere.techniques.complete import assess, findings
from verriere.techniques.identify import examine
from verriere.wording import describe

SAID = Reading("said", "/entry/x")
WHOLE = Capture("nexus", title=SAID, start_time=SAID, end_time=SAID, instrument=SAID, facility=SAID, sample=SAID)


def technique(name: str) -> Technique:
    (iri,) = panet.by_name(name)
    return Technique(iri, name, Basis.STATED, "/entry/definition")


def codes(findings: tuple[Finding, ...]) -> set[str]:
    return {found.code for found in findings if found.code.startswith("missing-")}


def missing(capture: Capture) -> tuple[Finding, ...]:
    return findings(assess(capture))


def examined(beamlines: SimulatedVisit, start: str) -> set[str]:
    path = next(path for path in beamlines.files if path.name.startswith(start))
    return codes(missing(examine(path, allowed=beamlines.files)))


def test_a_complete_file_lacks_nothing(beamlines: SimulatedVisit) -> None:
    assert examined(beamlines, "lysozyme") == set()
    assert examined(beamlines, "grains_0002") == set()


def test_what_people_forgot_is_found(beamlines: SimulatedVisit) -> None:
    assert examined(beamlines, "buffer") == {"missing-title", "missing-end_time", "missing-sample"}
    assert examined(beamlines, "grains_align") == {"missing-sample"}
    assert examined(beamlines, "lyso-x12_1_master") == {"missing-end_time"}


def test_nothing_is_asked_of_images_that_a_master_links_to(beamlines: SimulatedVisit) -> None:
    assert examined(beamlines, "lyso-x12_1_data") == set()


def test_diffraction_needs_a_wavelength_or_an_energy_and_a_reduced_curve_its_errors() -> None:
    bare = replace(WHOLE, techniques=(technique("MX"),))
    assert codes(missing(bare)) >= {"missing-energy", "missing-detectors"}
    curve = Signal("/entry/data/I", (50,), "float64")
    reduced = replace(WHOLE, kind="reduced", techniques=(technique("SAXS"),), signal=curve)
    assert "missing-uncertainties" in codes(missing(reduced))


def test_what_is_no_nexus_has_a_score_and_is_asked_for_nothing() -> None:
    plain = Capture("hdf5", title=SAID)
    assert missing(plain) == ()
    found = assess(plain)
    assert found is not None
    assert 0 < found.score < 50
    assert assess(Capture("other", title=SAID)) is None


def test_the_sentence_names_the_technique_that_asks() -> None:
    found = {each.code: each for each in missing(replace(WHOLE, techniques=(technique("MX"),)))}
    assert "(MX) needs" in describe(found["missing-energy"], "en").text
    assert "technique (MX)" in describe(found["missing-energy"], "fr").text
    assert "Pixel size is missing" in describe(found["missing-required"], "en").text
    assert "taille de pixel" in describe(found["missing-required"], "fr").text.casefold()


def test_every_field_that_a_profile_asks_for_has_its_sentence(shared: Path) -> None:
    for path in sorted(shared.glob("data/**/*.nxs")):
        for found in (*examine(path).findings, *missing(examine(path))):
            assert describe(found, "fr").text != found.code


def test_a_detector_without_a_name_is_a_detector(shared: Path) -> None:
    assert "missing-detectors" not in codes(missing(examine(shared / "data/ins/IPNS_LRMECS_chopper.nxs")))
