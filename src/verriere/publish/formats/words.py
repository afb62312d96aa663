"""What other vocabularies call a kind of thing, an access right, a relation, an identifier."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from verriere import identifiers
from verriere.model import PidKind, Related
from verriere.publish import vocabularies
from verriere.publish.formats.texts import iri, plain
from verriere.publish.landing import Landing, Openness, Tie

COAR_ACCESS = "http://purl.org/coar/access_right/"
EU_ACCESS = "http://publications.europa.eu/resource/authority/access-right/"
DOI = "https://doi.org/"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing: general type and words of DataCite, type of schema.org."""

    general: str
    words: str
    schema_org: str
    coar: str


KINDS: Mapping[PidKind, Kind] = MappingProxyType(
    {
        PidKind.DATASET: Kind("Dataset", "Experimental data", "Dataset", "c_ddb1"),
        PidKind.VISIT: Kind("Collection", "Data of one visit", "Dataset", "c_ddb1"),
        PidKind.INSTRUMENT: Kind("Instrument", "Beamline or instrument", "Product", "c_1843"),
        PidKind.SAMPLE: Kind("PhysicalObject", "Material sample", "Thing", "c_1843"),
        PidKind.COLLECTION: Kind("Collection", "Collection of datasets", "Dataset", "c_ddb1"),
        PidKind.QUERY: Kind("Dataset", "Result of a query", "Dataset", "c_ddb1"),
    }
)


@dataclass(frozen=True, slots=True)
class Right:
    """An access right: of COAR, of the European vocabulary, of OpenAIRE."""

    coar: str
    label: str
    european: str
    openaire: str


RIGHTS: Mapping[Openness, Right] = MappingProxyType(
    {
        Openness.OPEN: Right("c_abf2", "open access", "PUBLIC", "openAccess"),
        Openness.EMBARGOED: Right("c_f1cf", "embargoed access", "NON_PUBLIC", "embargoedAccess"),
        Openness.RESTRICTED: Right("c_16ec", "restricted access", "RESTRICTED", "restrictedAccess"),
        Openness.METADATA_ONLY: Right("c_14cb", "metadata only access", "NON_PUBLIC", "closedAccess"),
    }
)


@dataclass(frozen=True, slots=True)
class Relation:
    """What something is to something else, and how that is identified and found.

    Parameters
    ----------
    scheme
        As DataCite names it: ``DOI``, ``URL``, ``Handle``, ``arXiv``.
    general
        DataCite's general resource type of the other; empty where nobody knows.
    """

    relation: str
    scheme: str
    identifier: str
    url: str
    title: str
    general: str


def relations(landing: Landing) -> list[Relation]:
    """All that a thing hangs together with, here and elsewhere."""
    found = [_of_tie(tie) for tie in landing.ties] + [_of_related(one) for one in landing.related]
    if landing.concept_doi:
        found.append(_doi("IsVersionOf", landing.concept_doi, "", "Dataset"))
    return list(dict.fromkeys(one for one in found if one is not None))


def relation_type(written: str) -> str:
    """A relation as DataCite knows it; what it does not know is a reference."""
    return written if written in vocabularies.datacite("relations") else "References"


def _of_tie(tie: Tie) -> Relation | None:
    general = KINDS[tie.kind].general if tie.kind else "Project"
    if tie.doi:
        return _doi(tie.relation, tie.doi, tie.title, general)
    return _url(tie.relation, tie.url, tie.title, general)


def _of_related(one: Related) -> Relation | None:
    general = one.kind if one.kind in vocabularies.datacite("resource_types") else ""
    text = plain(one.identifier)
    doi = identifiers.doi(text)
    match one.scheme.casefold():
        case "pdb":
            code = identifiers.pdb(text)
            return (
                _doi(one.relation, identifiers.pdb_doi(code), one.title or f"PDB {code}", "Dataset") if code else None
            )
        case "igsn" if doi is None:
            handle = identifiers.igsn(text)
            return (
                handle
                and Relation(
                    relation_type(one.relation),
                    "Handle",
                    handle,
                    f"https://hdl.handle.net/{handle}",
                    one.title,
                    general,
                )
            ) or None
        case "arxiv" if doi is None:
            name = text.removeprefix("arXiv:").removeprefix("https://arxiv.org/abs/")
            url = iri(f"https://arxiv.org/abs/{name}")
            return (
                Relation(relation_type(one.relation), "arXiv", f"arXiv:{name}", url, one.title, general)
                if url
                else None
            )
        case "handle":
            name = text.removeprefix("https://hdl.handle.net/")
            url = iri(f"https://hdl.handle.net/{name}")
            return Relation(relation_type(one.relation), "Handle", name, url, one.title, general) if url else None
    if doi is not None:
        return _doi(one.relation, doi, one.title, general)
    return _url(one.relation, text, one.title, general)


def _doi(relation: str, doi: str, title: str, general: str) -> Relation | None:
    name = plain(doi)
    return Relation(relation_type(relation), "DOI", name, DOI + name, title, general) if name else None


def _url(relation: str, url: str, title: str, general: str) -> Relation | None:
    return Relation(relation_type(relation), "URL", url, url, title, general) if iri(url) else None
