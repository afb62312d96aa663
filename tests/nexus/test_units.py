"""Units as files write them."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verriere.errors import InputInvalid
from verriere.nexus import units

WRITTEN = {
    "keV": ["keV", "KeV", "kev", "KEV", " keV "],
    "eV": ["eV", "ev", "electronvolt"],
    "Å": ["angstrom", "Angstrom", "ANGSTROMS", "Å", "\u212b", "\xc5", "Angstroem"],
    "1/Å": ["1/A", "1/angstrom", "Å⁻¹", "A^-1", "Å^-1", "1/Å", "angstrom^{-1}"],
    "1/nm": ["1/nm", "nm-1", "nm^-1", "nm⁻¹"],
    "µm": ["um", "µm", "μm", "micron", "microns"],
    "deg": ["deg", "degree", "Degrees", "\xb0", "degrés"],
    "°C": ["C", "celsius", "degC", "°C"],
    "count": ["counts", "cts", "Counts", "ct"],
    "s": ["s", "sec", "seconds", "Second"],
    "Hz": ["Hz", "hz", "1/s", "s^-1"],
    "": ["", "none", "No unit", "[]"],
    "arbitrary": ["a.u.", "arbitrary", "arb. units", "UU", "User Unit"],
}


@pytest.mark.parametrize(("ours", "written"), [(ours, text) for ours, texts in WRITTEN.items() for text in texts])
def test_a_unit_is_known_however_it_is_written(ours: str, written: str) -> None:
    assert units.parse_unit(written) == ours


@pytest.mark.parametrize(
    "written", ["furlong", "foo/bar", "counts/10s", "mev", "{units}", "<b>m</b>", "m" * 5000, "1/", "^2"]
)
def test_what_nobody_knows_stays_unknown(written: str) -> None:
    assert units.parse_unit(written) is None
    assert units.base(1.0, 2.0, written) is None


def test_an_a_alone_is_an_ampere_unless_a_length_is_expected() -> None:
    assert units.parse_unit("A") == "A"
    assert units.parse_unit("A", dimension="m") == "Å"


@pytest.mark.parametrize(
    ("value", "unit", "to", "expected"),
    [
        (12000.0, "eV", "keV", 12.0),
        (1.0, "Å", "nm", 0.1),
        (25.0, "C", "K", 298.15),
        (1.0, "1/A", "1/nm", 10.0),
        (180.0, "deg", "rad", math.pi),
        (1.0, "bar", "mbar", 1000.0),
        (3.0, "mJ/cm^2", "J/m^2", 30.0),
        (60.0, "cts/min", "cps", 1.0),
    ],
)
def test_conversions(value: float, unit: str, to: str, expected: float) -> None:
    assert units.convert(value, unit, to) == pytest.approx(expected, rel=1e-12)


def test_energy_is_not_a_length() -> None:
    with pytest.raises(InputInvalid):
        units.convert(1.0, "keV", "mm")
    with pytest.raises(InputInvalid):
        units.convert(1.0, "arb. units", "counts")


def test_the_same_energy_has_the_same_base_whatever_its_unit() -> None:
    assert units.base(12.0, 12.0, "keV") == units.base(12000.0, 12000.0, "eV")


@given(st.floats(1.0, 1e6), st.sampled_from(["eV", "keV", "meV", "J", "GeV"]), st.sampled_from(["eV", "keV", "MeV"]))
def test_there_and_back_again(value: float, unit: str, to: str) -> None:
    assert units.convert(units.convert(value, unit, to), to, unit) == pytest.approx(value, rel=1e-12)


@given(st.text(max_size=40))
def test_any_text_is_a_unit_or_not(text: str) -> None:
    units.parse_unit(text)


def test_photons_and_neutrons_of_textbooks() -> None:
    assert units.photon_wavelength(8047.8) == pytest.approx(1.5406e-10, rel=1e-4), "Cu Kα1"
    assert units.neutron_energy(1.8e-10) == pytest.approx(25.25e-3, rel=1e-3), "thermal neutrons"
    assert units.neutron_wavelength(units.neutron_energy(6e-10)) == pytest.approx(6e-10)
