"""Identifiers of people, organisations, papers and structures: form, check digits, and how they are written.

Each function takes an identifier however people write it, alone or as an address, and gives it back in the one form
that is kept, or None where it is none. ORCID, ROR and ISSN have check digits (ISO 7064, ISO 3297).
"""

import re
from urllib.parse import unquote

from stdnum import issn as _issn
from stdnum.iso7064 import mod_11_2, mod_97_10

_ORCID = re.compile(r"(?:(?:https?://)?(?:www\.)?orcid\.org/)?(\d{4}-?\d{4}-?\d{4}-?\d{3}[\dX])/?", re.IGNORECASE)
_ROR = re.compile(r"(?:(?:https?://)?(?:www\.)?ror\.org/)?(0[0-9a-hjkmnp-tv-z]{6}\d{2})/?", re.IGNORECASE)
_DOI = re.compile(r"(?:(?:https?://)?(?:dx\.|www\.)?doi\.org/|doi:\s*)?(10\.\d{4,9}(?:\.\d+)*/\S+)", re.IGNORECASE)
_PDB = re.compile(r"(?:pdb[:\s]\s*)?(?:pdb_0000)?([1-9][a-z0-9]{3})", re.IGNORECASE)
_PDB_DOI = re.compile(r"10\.2210/pdb([1-9][a-z0-9]{3})/pdb")
_ISSN = re.compile(r"(?:issn:?\s*|https?://portal\.issn\.org/resource/issn/)?(\d{4}-?\d{3}[\dX])", re.IGNORECASE)
_IGSN_HANDLE = re.compile(
    r"(?:(?:https?://)?(?:hdl\.handle\.net/|igsn\.org/)|igsn:\s*)?(?:10273/)?([A-Z0-9][A-Z0-9.-]{4,})", re.I
)
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_FUNDER = "10.13039/"


def orcid(text: str) -> str | None:
    """A person's ORCID iD as an IRI: ``https://orcid.org/0000-0002-1825-0097``."""
    match = _ORCID.fullmatch(text.strip())
    if match is None:
        return None
    digits = match[1].replace("-", "").upper()
    if not mod_11_2.is_valid(digits):
        return None
    return "https://orcid.org/" + "-".join(digits[place : place + 4] for place in range(0, 16, 4))


def ror(text: str) -> str | None:
    """An organisation's ROR as an IRI: ``https://ror.org/01ydb3330``."""
    match = _ROR.fullmatch(text.strip())
    if match is None:
        return None
    name = match[1].lower()
    number = 0
    for letter in name[:7]:
        number = number * 32 + _CROCKFORD.index(letter)
    return f"https://ror.org/{name}" if mod_97_10.calc_check_digits(str(number)) == name[7:] else None


def doi(text: str) -> str | None:
    """A DOI without a resolver, in lower case: ``10.1107/s1600577518002278``."""
    match = _DOI.fullmatch(text.strip())
    if match is None:
        return None
    found = unquote(match[1]) if "%" in match[1] and "://" in text else match[1]
    return found.lower() if found.isprintable() and not re.search(r"[\s<>\"]", found) else None


def funder(text: str) -> str | None:
    """Who paid, as an IRI: a ROR, or an entry of Crossref's registry ``https://doi.org/10.13039/501100001665``."""
    found = doi(text)
    if found is not None:
        number = found.removeprefix(_FUNDER)
        return f"https://doi.org/{found}" if found.startswith(_FUNDER) and number.isdecimal() else None
    return ror(text)


def pdb(text: str) -> str | None:
    """The code of a structure in the Protein Data Bank, in capitals: ``1LYZ``."""
    plain = text.strip()
    match = _PDB_DOI.fullmatch(doi(plain) or "") or _PDB.fullmatch(plain)
    return match[1].upper() if match else None


def pdb_doi(code: str) -> str:
    """The DOI of a structure: ``10.2210/pdb1lyz/pdb``."""
    return f"10.2210/pdb{code.lower()}/pdb"


def issn(text: str) -> str | None:
    """The number of a journal: ``1600-5775``."""
    match = _ISSN.fullmatch(text.strip())
    if match is None or not _issn.is_valid(match[1]):
        return None
    return str(_issn.format(match[1]))


def igsn(text: str) -> str | None:
    """The identifier of a sample: a DOI, as they are today, or the handle ``10273/ABCD1234`` that they were."""
    found = doi(text)
    if found is not None:
        return found
    match = _IGSN_HANDLE.fullmatch(text.strip())
    return f"10273/{match[1].upper()}" if match else None
