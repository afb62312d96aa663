"""What a proposal or a dataset is tied to outside the facility: who paid, and what was written about it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Funding:
    """A grant.

    Parameters
    ----------
    funder
        Name of the organisation that paid.
    funder_id
        Its ROR or Crossref Funder identifier as an IRI (``https://ror.org/00rbzpz17``).
    award_number, award_title, award_uri
        Of the grant, as its funder writes them.
    """

    funder: str
    funder_id: str | None = None
    award_number: str | None = None
    award_title: str | None = None
    award_uri: str | None = None


@dataclass(frozen=True, slots=True)
class Related:
    """Something published elsewhere: a paper, a structure in the PDB, software.

    Parameters
    ----------
    relation
        What *this* is to the other, as DataCite's relation types say it (``IsSupplementTo``, ``IsCitedBy``).
    identifier
        Without a resolver before it: ``10.1107/S1600577518002278``, ``1LYZ``.
    scheme
        ``DOI``, ``PDB``, ``URL``, ``Handle``, ``IGSN``, ``arXiv``.
    kind
        DataCite's general resource type (``JournalArticle``, ``Dataset``, ``Software``), where it is known.
    """

    relation: str
    identifier: str
    scheme: str = "DOI"
    title: str = ""
    kind: str = ""
