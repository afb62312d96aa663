"""Papers, structures, software and other datasets that a dataset, a sample or a proposal belongs with."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from verriere import identifiers
from verriere.archive import Receipt
from verriere.archive.sidecar import encode
from verriere.errors import InputInvalid, NotFound
from verriere.ingest.holdings import Holdings
from verriere.model import Dataset, PidKind, Proposal, Related, Sample
from verriere.publish import vocabularies
from verriere.stewardship import records

INVERSE = {
    "Cites": "IsCitedBy",
    "IsSupplementTo": "IsSupplementedBy",
    "Continues": "IsContinuedBy",
    "IsNewVersionOf": "IsPreviousVersionOf",
    "HasVersion": "IsVersionOf",
    "HasPart": "IsPartOf",
    "References": "IsReferencedBy",
    "Documents": "IsDocumentedBy",
    "Describes": "IsDescribedBy",
    "Compiles": "IsCompiledBy",
    "IsVariantFormOf": "IsOriginalFormOf",
    "IsDerivedFrom": "IsSourceOf",
    "Reviews": "IsReviewedBy",
    "Requires": "IsRequiredBy",
    "Obsoletes": "IsObsoletedBy",
    "Collects": "IsCollectedBy",
    "HasMetadata": "IsMetadataFor",
    "HasTranslation": "IsTranslationOf",
    "IsIdenticalTo": "IsIdenticalTo",
}
INVERSE |= {inverse: relation for relation, inverse in INVERSE.items()}

_READERS: dict[str, Callable[[str], str | None]] = {
    "DOI": identifiers.doi,
    "PDB": identifiers.pdb,
    "IGSN": identifiers.igsn,
    "arXiv": lambda text: text.strip() or None,
    "Handle": lambda text: text.strip() or None,
    "URL": lambda text: text.strip() if text.strip().startswith(("https://", "http://")) else None,
}
SCHEMES = tuple(_READERS)

_Thing = Dataset | Sample | Proposal
_KINDS = {Dataset: PidKind.DATASET, Sample: PidKind.SAMPLE}


def related(relation: str, identifier: str, *, scheme: str = "", title: str = "", kind: str = "") -> Related:
    """Something published elsewhere, as a person writes it; without a scheme, its form tells what identifies it.

    Raises
    ------
    InputInvalid
        The relation is none of DataCite's, or the identifier is not one of its scheme.
    """
    relations = {name.casefold(): name for name in vocabularies.datacite("relations")}
    if (named := relations.get(relation.strip().casefold())) is None:
        raise InputInvalid(f"{relation!r} is no relation", hint=f"one of: {', '.join(sorted(relations.values()))}")
    kinds = {name.casefold(): name for name in vocabularies.datacite("resource_types")}
    if kind and (kind := kinds.get(kind.strip().casefold(), "")) == "":
        raise InputInvalid("that is no kind of thing", hint=f"one of: {', '.join(sorted(kinds.values()))}")
    for each in (scheme,) if scheme else ("DOI", "URL", "PDB"):
        if each not in _READERS:
            raise InputInvalid(f"{scheme!r} identifies nothing here", hint=f"one of: {', '.join(SCHEMES)}")
        if (found := _READERS[each](identifier)) is not None:
            return Related(named, found, each, " ".join(title.split()), kind)
    raise InputInvalid(
        f"{identifier!r} is no {scheme or 'DOI, address or PDB code'}", hint="write a DOI, https://..., or 1LYZ"
    )


def relate(holdings: Holdings, identifier: str, new: Related, *, by: str) -> tuple[Related, ...]:
    """Enter what a dataset, a sample or a proposal belongs with; what stands there already stays as it is.

    Where the other is a dataset or a sample of this facility, it says so of this one as well.

    Returns
    -------
    tuple of Related
        All that it belongs with now.

    Raises
    ------
    NotFound
        There is no such dataset, sample or proposal.
    """
    thing = _called(holdings, identifier)
    now_related = _keep(holdings, thing, _with(thing.related, new), by)
    if not isinstance(thing, Proposal) and (other := _ours(holdings, new)) is not None and new.relation in INVERSE:
        known = holdings.catalogue.publication_of(_KINDS[type(thing)], thing.id)
        if known is not None:
            kind = "Dataset" if isinstance(thing, Dataset) else "PhysicalObject"
            back = Related(INVERSE[new.relation], known.doi, "DOI", kind=kind)
            _keep(holdings, other, _with(other.related, back), by)
    return now_related


def unrelate(holdings: Holdings, identifier: str, relation: str, work: str, *, by: str) -> tuple[Related, ...]:
    """Take back what was entered by mistake; the history keeps it.

    Raises
    ------
    NotFound
        There is no such dataset, sample or proposal, or it does not belong with that.
    """
    thing = _called(holdings, identifier)
    wanted = related(relation, work)
    left = tuple(each for each in thing.related if _key(each) != _key(wanted))
    if left == thing.related:
        raise NotFound(f"{identifier} has no relation {wanted.relation} {wanted.identifier}")
    return _keep(holdings, thing, left, by)


def _called(holdings: Holdings, identifier: str) -> _Thing:
    catalogue = holdings.catalogue
    getters: dict[str, Callable[[str], _Thing]] = {
        "dataset": catalogue.dataset,
        "sample": catalogue.sample,
        "proposal": catalogue.proposal,
    }
    kind, colon, name = identifier.partition(":")
    if colon and kind in getters:
        return getters[kind](name)
    for get in getters.values():
        with suppress(NotFound):
            return get(identifier)
    raise NotFound(f"no dataset, sample or proposal {identifier}")


def _ours(holdings: Holdings, new: Related) -> Dataset | Sample | None:
    try:
        known = holdings.catalogue.publication(new.identifier)
    except NotFound:
        return None
    if known.kind is PidKind.SAMPLE:
        return holdings.catalogue.sample(known.subject_id)
    return holdings.catalogue.dataset(known.subject_id) if known.kind is PidKind.DATASET else None


def _with(known: tuple[Related, ...], new: Related) -> tuple[Related, ...]:
    return known if _key(new) in map(_key, known) else (*known, new)


def _key(each: Related) -> tuple[str, str]:
    return each.relation, each.identifier.casefold()


def _keep(holdings: Holdings, thing: _Thing, works: tuple[Related, ...], by: str) -> tuple[Related, ...]:
    """The archive first, then the catalogue, which moves what is published about it."""
    if works == thing.related:
        return works
    if not isinstance(thing, Dataset):
        records.keep(holdings, [replace(thing, related=works)], by=by)
        return works

    def record(receipt: Receipt) -> bytes:
        return encode(replace(thing, related=works, revision=receipt.revision))

    now = holdings.now()
    revision = holdings.archive.put_sidecar(thing.id, record, "related works", created=now)
    dataset = replace(thing, related=works, revision=revision)
    holdings.catalogue.transition([dataset], event="related", now=now, by=by)
    holdings.journal()
    return works
