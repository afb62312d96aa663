"""Form and check digits of identifiers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from verriere import identifiers

ORCID = "https://orcid.org/0000-0002-1825-0097"
ROR = "https://ror.org/01ydb3330"


@pytest.mark.parametrize(
    "written",
    [
        "0000-0002-1825-0097",
        "0000000218250097",
        "orcid.org/0000-0002-1825-0097",
        f" {ORCID}/ ",
        ORCID.replace("s:", ":"),
    ],
)
def test_an_orcid_is_kept_in_one_form(written: str) -> None:
    assert identifiers.orcid(written) == ORCID


def test_an_orcid_may_end_in_x() -> None:
    assert identifiers.orcid("0000-0002-1694-233x") == "https://orcid.org/0000-0002-1694-233X"


@given(st.integers(0, 9), st.integers(0, 15))
def test_one_wrong_digit_is_seen_in_an_orcid(digit: int, place: int) -> None:
    digits = list("0000000218250097")
    wrong = digits[place] != str(digit)
    digits[place] = str(digit)
    assert (identifiers.orcid("".join(digits)) is None) is wrong


@pytest.mark.parametrize("written", ["01ydb3330", "https://ror.org/01YDB3330", "ror.org/01ydb3330"])
def test_a_ror_is_kept_in_one_form(written: str) -> None:
    assert identifiers.ror(written) == ROR


@pytest.mark.parametrize("written", ["01ydb3331", "01ydb333", "11ydb3330", "01ydl3330", "", "SOLEIL"])
def test_what_is_no_ror_is_seen(written: str) -> None:
    assert identifiers.ror(written) is None


@pytest.mark.parametrize(
    "written",
    ["10.1107/S1600577518002278", "doi:10.1107/S1600577518002278", "https://doi.org/10.1107/s1600577518002278"],
)
def test_a_doi_is_kept_without_a_resolver(written: str) -> None:
    assert identifiers.doi(written) == "10.1107/s1600577518002278"


@pytest.mark.parametrize("written", ["10.1107", "11.1107/x", "10.1107/<x>", "see 10.1107/x y", ""])
def test_what_is_no_doi_is_seen(written: str) -> None:
    assert identifiers.doi(written) is None


def test_funders_are_of_crossref_or_of_ror() -> None:
    assert identifiers.funder("https://doi.org/10.13039/501100001665") == "https://doi.org/10.13039/501100001665"
    assert identifiers.funder("00rbzpz17") == "https://ror.org/00rbzpz17"
    assert identifiers.funder("10.1107/s1600577518002278") is None


@pytest.mark.parametrize(
    "written", ["1lyz", "PDB 1LYZ", "pdb_00001lyz", "10.2210/pdb1lyz/pdb", "https://doi.org/10.2210/pdb1LYZ/pdb"]
)
def test_a_structure_is_kept_by_its_code(written: str) -> None:
    assert identifiers.pdb(written) == "1LYZ"
    assert identifiers.pdb_doi("1LYZ") == "10.2210/pdb1lyz/pdb"


@pytest.mark.parametrize("written", ["lyz", "0LYZ", "1LYZ5", "10.2210/other"])
def test_what_is_no_structure_is_seen(written: str) -> None:
    assert identifiers.pdb(written) is None


def test_journals_have_a_check_digit() -> None:
    assert identifiers.issn("ISSN 1600-5775") == "1600-5775"
    assert identifiers.issn("1600-5776") is None


def test_samples_have_dois_or_handles() -> None:
    assert identifiers.igsn("10.58052/IEABC0001") == "10.58052/ieabc0001"
    assert identifiers.igsn("https://igsn.org/IEABC0001") == "10273/IEABC0001"
    assert identifiers.igsn("no") is None


@given(st.text())
def test_any_text_is_an_identifier_or_none(text: str) -> None:
    for check in (
        identifiers.orcid,
        identifiers.ror,
        identifiers.doi,
        identifiers.funder,
        identifiers.pdb,
        identifiers.issn,
    ):
        found = check(text)
        assert found is None or check(found) == found
