"""Which techniques a file is about: stated where it says so, inferred where its structure tells, else none."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from verriere.model import Basis, Technique
from verriere.simulate.visit import SimulatedVisit
from verriere.techniques import panet
from verriere.techniques.identify import examine
from verriere.techniques.rules import rules

Make = Callable[..., tuple[Technique, ...]]


@pytest.fixture
def techniques_of(tmp_path: Path) -> Make:
    """Write datasets (by path), classes of groups and attributes (``path@name``) into a file, and identify it."""

    def write(content: dict[str, Any], **classes: str) -> tuple[Technique, ...]:
        path = tmp_path / "file.nxs"
        with h5py.File(path, "w") as file:
            file.create_group("entry").attrs["NX_class"] = "NXentry"
            for place, value in content.items():
                where, at, name = place.partition("@")
                if at:
                    file.require_group(where).attrs[name] = value
                else:
                    file[where] = value
        return examine(path).techniques

    return write


def labels(found: tuple[Technique, ...]) -> list[str]:
    return [technique.label for technique in found]


@pytest.mark.parametrize(
    ("definition", "probe", "label"),
    [
        ("NXsas", "x-ray", "small angle x-ray scattering"),
        ("NXsas", "neutron", "small angle neutron scattering"),
        ("NXcanSAS", None, "small angle scattering"),
        ("NXtomo", "x-ray", "x-ray tomography"),
        ("NXtomo", "neutron", "tomography"),
        ("NXmonopd", "neutron", "neutron powder diffraction"),
        ("NXreftof", "neutron", "neutron reflectometry"),
        ("NXmx", "x-ray", "macromolecular crystallography"),
        ("nxarpes", None, "angle resolved photoemission spectroscopy"),
        ("NXxas", "x-ray", "x-ray absorption spectroscopy"),
    ],
)
def test_an_application_definition_states_the_technique_and_the_source_says_of_what(
    techniques_of: Make, definition: str, probe: str | None, label: str
) -> None:
    content: dict[str, Any] = {"entry/definition": definition}
    if probe is not None:
        content |= {"entry/instrument/source/probe": probe, "entry/instrument/source@NX_class": "NXsource"}
    (found,) = techniques_of(content)
    assert (found.label, found.basis, found.source) == (label, Basis.STATED, "/entry/definition")


def test_a_laser_that_pumps_does_not_hide_the_x_rays_that_probe(techniques_of: Make) -> None:
    found = techniques_of(
        {"entry/definition": "NXsas", "entry/instrument/pump/probe": "NIR", "entry/instrument/source/probe": "X-ray"}
    )
    assert labels(found) == ["small angle x-ray scattering"]


def test_every_subentry_states_its_own(techniques_of: Make) -> None:
    content: dict[str, Any] = {}
    for name, definition in (("a", "NXfluo"), ("b", "NXxrd"), ("c", "NXstxm")):
        content |= {f"entry/{name}@NX_class": "NXsubentry", f"entry/{name}/definition": definition}
    assert set(labels(techniques_of(content))) == {
        "x-ray fluorescence", "x-ray diffraction", "scanning transmission x-ray microscopy",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("place", "text", "label"),
    [
        ("/@scan_mode", "USAXS fly scan", "ultra small angle x-ray scattering"),
        ("entry/experiment_technique/name", "SAXS", "small angle x-ray scattering"),
        ("entry/experiment_technique/identifier", panet.PREFIX + "PaNET01207", "x-ray tomography"),
        ("entry/technique", "X-ray Absorption Near-Edge Structure", "x-ray absorption near edge structure"),
        ("entry/technique", "tomographie aux rayons X", "x-ray tomography"),
        ("entry/analysis", "TOFNDGS", "inelastic neutron spectroscopy"),
        ("entry/definition", "TOMO", "tomography"),
        ("entry/title", "Lysozyme 5 mg/ml SAXS", "small angle x-ray scattering"),
        ("entry/title", "silica 5% SANS 8m", "small angle neutron scattering"),
        ("entry/title", "Cu_foil_EXAFS_03", "extended x-ray absorption fine structure"),
        (
            "entry/experimental_frame/data",
            "_beamline_: x\n_experiment_type_: XANES\n_project_: SAXS",
            "x-ray absorption near edge structure",
        ),
    ],
)
def test_a_technique_that_is_written_down_is_stated(techniques_of: Make, place: str, text: str, label: str) -> None:
    (found,) = techniques_of({place: text})
    assert (found.label, found.basis) == (label, Basis.STATED)


@pytest.mark.parametrize(
    "title",
    [
        "alignment for SAXS", "SAXS vs SANS", "SAXS and XRF", "sample MS 12", "PDF of a report", "photographs",
        "test XRF", "{experiment-type}", "CD4 receptor", "waxsample", "échantillon sans eau", "Capillaire Sans Eau",
        "SANS FAISCEAU",
    ],
)  # fmt: skip
def test_a_title_that_does_not_tell_safely_tells_nothing(techniques_of: Make, title: str) -> None:
    assert techniques_of({"entry/title": title}) == ()


def test_a_title_makes_a_definition_that_leaves_the_probe_open_more_exact(techniques_of: Make) -> None:
    assert labels(techniques_of({"entry/definition": "NXcanSAS", "entry/title": "FK403_saxs"})) == [
        "small angle x-ray scattering"
    ]


def test_a_title_does_not_add_another_technique_to_a_definition(techniques_of: Make) -> None:
    assert labels(techniques_of({"entry/definition": "NXmx", "entry/title": "after the SAXS run"})) == [
        "macromolecular crystallography"
    ]


def tomography(keys: list[int], turned: float) -> dict[str, Any]:
    return {
        "entry/instrument/detector/image_key": keys,
        "entry/instrument/detector/data": np.ones((len(keys), 4, 5), "u2"),
        "entry/sample/rotation_angle": np.linspace(0, turned, len(keys)),
    }


def test_images_that_are_sorted_into_projections_and_flats_over_a_rotation_are_tomography(techniques_of: Make) -> None:
    (found,) = techniques_of(tomography([2, 1, 0, 0, 0, 1], 180))
    assert (found.label, found.basis) == ("tomography", Basis.INFERRED)
    assert found.source == "/entry/instrument/detector/image_key"


def test_an_undulator_makes_it_x_ray_tomography(techniques_of: Make) -> None:
    content = tomography([2, 1, 0, 0, 0, 1], 180) | {"entry/instrument/U20@NX_class": "NXinsertion_device"}
    assert labels(techniques_of(content)) == ["x-ray tomography"]


def test_images_that_hardly_turn_or_have_no_projection_are_no_tomography(techniques_of: Make) -> None:
    assert techniques_of(tomography([2, 1, 0, 0, 0, 1], 3)) == ()


def test_flats_alone_are_no_tomography(techniques_of: Make) -> None:
    assert techniques_of(tomography([1, 1, 1, 1], 0)) == ()


def test_spectra_over_a_map_by_fluorescence_electronics_are_fluorescence(techniques_of: Make) -> None:
    (found,) = techniques_of({"entry/instrument/xspress3/data": np.ones((5, 6, 4096), "u4")})
    assert (found.label, found.basis) == ("x-ray fluorescence", Basis.INFERRED)


def test_spectra_of_an_unknown_detector_are_nothing_that_is_known(techniques_of: Make) -> None:
    assert techniques_of({"entry/instrument/detector/data": np.ones((5, 6, 4096), "u4")}) == ()


def test_a_scan_of_the_photon_energy_with_counters_before_and_after_is_absorption(techniques_of: Make) -> None:
    energy = np.linspace(8900, 9700, 200)
    content = {"entry/data/energy": energy, "entry/data/i0": energy, "entry/data/itrans": energy}
    (found,) = techniques_of(content)
    assert (found.label, found.basis) == ("x-ray absorption spectroscopy", Basis.INFERRED)


def test_fluorescence_spectra_over_an_energy_scan_are_absorption_and_not_a_map(techniques_of: Make) -> None:
    energy = np.linspace(8900, 9700, 200)
    content = {
        "entry/data/energy": energy, "entry/data/i0": energy, "entry/data/itrans": energy,
        "entry/instrument/xspress3/data": np.ones((200, 4096), "u4"),
    }  # fmt: skip
    assert labels(techniques_of(content)) == ["x-ray absorption spectroscopy"]


def test_a_rocking_scan_with_counters_is_no_absorption(techniques_of: Make) -> None:
    angle = np.linspace(10, 11, 200)
    content = {"entry/data/theta": angle, "entry/data/energy": np.full(200, 9000.0), "entry/data/i0": angle}
    assert techniques_of(content | {"entry/data/i1": angle}) == ()


def test_a_file_that_does_not_tell_gets_no_technique(techniques_of: Make) -> None:
    assert techniques_of({"entry/data/data": np.ones((20, 30, 40)), "entry/title": "sample 3"}) == ()


def test_an_instrument_named_for_its_one_technique_is_a_conclusion(techniques_of: Make) -> None:
    content = {"entry/instrument@NX_class": "NXinstrument", "entry/instrument/name": "12-ID USAXS"}
    (found,) = techniques_of(content)
    assert (found.label, found.basis) == ("ultra small angle x-ray scattering", Basis.INFERRED)
    assert techniques_of(content | {"entry/instrument/name": "SAXS/WAXS beamline"}) == ()


@pytest.mark.parametrize(
    "content",
    [
        {"entry/a/image_key": np.full(9, np.nan), "entry/a/data": np.ones((9, 2, 2))},
        {"entry/a/image_key": np.array([2**62] * 9), "entry/a/data": np.ones((9, 2, 2))},
        {"entry/definition": np.arange(5), "entry/title": np.ones(3)},
        {"entry/definition": "NX" * 5000},
        {"entry/technique": ["SAXS", "SANS"], "entry/title": b"\xff\xfe SAXS"},
        {"entry/a/energy": np.full(50, np.nan), "entry/a/i0": np.ones(50), "entry/a/i1": np.ones(50)},
        {"entry/instrument/xspress3/data": np.ones((0, 4096))},
        {"exchange/data": np.ones(3), "exchange/data_white": "x"},
    ],
    ids=str,
)
def test_nonsense_raises_nothing(techniques_of: Make, content: dict[str, Any]) -> None:
    assert len(techniques_of(content)) <= 1


def test_what_is_no_hdf5_has_no_technique_and_raises_nothing(tmp_path: Path) -> None:
    path = tmp_path / "notes.nxs"
    path.write_text("SAXS")
    assert examine(path).techniques == ()


def test_every_term_of_the_rules_exists() -> None:
    table = rules()
    iris = {iri for terms in table.definitions.values() for iri in terms.values()}
    assert not [iri for iri in iris | set(table.codes.values()) | set(table.words.values()) if panet.term(iri) is None]


def test_every_definition_has_a_term_for_a_file_that_does_not_tell_its_probe() -> None:
    assert not [name for name, terms in rules().definitions.items() if not terms.keys() & {"all", "any"}]


def test_the_simulated_visit_is_identified(beamlines: SimulatedVisit) -> None:
    wanted = {
        "swing": ["small angle x-ray scattering"],
        "anatomix": ["x-ray tomography"],
        "proxima-1": ["macromolecular crystallography"],
    }
    for path in beamlines.files:
        if "_data_" not in path.name:
            found = examine(path, allowed=beamlines.files).techniques
            assert labels(found) == wanted[path.relative_to(beamlines.folder).parts[0]]


def test_techniques_of_the_files_that_were_checked_by_hand_are_all_found_and_none_is_wrong(shared: Path) -> None:
    truths = json.loads((shared / "data/TRUTH.json").read_text(encoding="utf-8"))["files"]
    for truth in truths:
        path = shared / "data" / truth["path"]
        beside = [other for other in path.parent.rglob("*.h5") if other != path]
        given = {technique.iri: technique.basis for technique in examine(path, allowed=beside).techniques}
        wanted = truth["fields"].get("techniques")
        right: set[str] = set(wanted.get("also", [])) if wanted else set()
        for one in (wanted or {}).get("value") or []:
            accepted = {one["iri"], *one.get("accept", [])}
            assert accepted & given.keys(), (truth["path"], one["label"])
            assert all(given[iri] == wanted["basis"] for iri in accepted & given.keys()), truth["path"]
            right |= accepted
        assert given.keys() <= right, truth["path"]
