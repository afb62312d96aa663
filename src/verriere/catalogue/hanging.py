"""What hangs together: whose published record changes when something else does.

A landing page tells of its neighbours (a visit of its datasets, a dataset of its sample), so a change of one is a
change of what is published about the others.
"""

from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select

from verriere.catalogue.tables import collection_dataset, dataset, publication, sample, visit
from verriere.model import PidKind

Subjects = Sequence[str] | Select[tuple[str]] | Select[tuple[str | None]]


def around(kind: str, identifiers: Sequence[str]) -> ColumnElement[bool]:
    """A condition on the table `publication`: those of these subjects, and those whose record tells of them.

    Parameters
    ----------
    kind
        A `PidKind`, or ``proposal``, which has no DOI of its own.
    """
    return or_(*(_of(each, subjects) for each, subjects in _AROUND[kind](identifiers)))


def _of(kind: PidKind, subjects: Subjects) -> ColumnElement[bool]:
    return and_(publication.c.kind == kind.value, publication.c.subject_id.in_(subjects))


_Neighbours = list[tuple[PidKind, Subjects]]


def _of_dataset(ids: Sequence[str]) -> _Neighbours:
    here = dataset.c.id.in_(ids)
    return [
        (PidKind.DATASET, ids),
        (PidKind.VISIT, select(dataset.c.visit_id).where(here)),
        (PidKind.SAMPLE, _samples_beside(select(dataset.c.sample_id).where(here))),
        (
            PidKind.COLLECTION,
            select(collection_dataset.c.collection_id).where(collection_dataset.c.dataset_id.in_(ids)),
        ),
    ]


def _of_visit(ids: Sequence[str]) -> _Neighbours:
    return [(PidKind.VISIT, ids), (PidKind.DATASET, select(dataset.c.id).where(dataset.c.visit_id.in_(ids)))]


def _of_sample(ids: Sequence[str]) -> _Neighbours:
    return [
        (PidKind.SAMPLE, _samples_beside(ids)),
        (PidKind.DATASET, select(dataset.c.id).where(dataset.c.sample_id.in_(ids))),
    ]


def _samples_beside(ids: Subjects) -> Subjects:
    """Samples and those they tell of: pieces, and what they were cut from, are of the same proposal."""
    proposals = select(sample.c.proposal_id).where(sample.c.id.in_(ids))
    return select(sample.c.id).where(sample.c.proposal_id.in_(proposals))


def _of_instrument(ids: Sequence[str]) -> _Neighbours:
    return [
        (PidKind.INSTRUMENT, ids),
        (PidKind.VISIT, select(visit.c.id).where(visit.c.instrument_id.in_(ids))),
        (PidKind.DATASET, select(dataset.c.id).where(dataset.c.instrument_id.in_(ids))),
    ]


def _of_collection(ids: Sequence[str]) -> _Neighbours:
    members = select(collection_dataset.c.dataset_id).where(collection_dataset.c.collection_id.in_(ids))
    return [(PidKind.COLLECTION, ids), (PidKind.DATASET, members)]


def _of_proposal(ids: Sequence[str]) -> _Neighbours:
    return [
        (PidKind.VISIT, select(visit.c.id).where(visit.c.proposal_id.in_(ids))),
        (PidKind.DATASET, select(dataset.c.id).where(dataset.c.proposal_id.in_(ids))),
        (PidKind.SAMPLE, select(sample.c.id).where(sample.c.proposal_id.in_(ids))),
    ]


_AROUND: dict[str, Callable[[Sequence[str]], _Neighbours]] = {
    "dataset": _of_dataset,
    "visit": _of_visit,
    "sample": _of_sample,
    "instrument": _of_instrument,
    "collection": _of_collection,
    "proposal": _of_proposal,
    "query": lambda ids: [(PidKind.QUERY, ids)],
}
TOLD_OF = frozenset(_AROUND)
"""The kinds of things of which something is published."""
