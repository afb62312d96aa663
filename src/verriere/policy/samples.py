"""Samples: what of them is for their team alone, and how pieces hang on what they were cut from."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from verriere.model import Sample


def outsiders(sample: Sample) -> Sample:
    """What anyone outside the team may know of a sample: where something dangerous or precious is kept is not."""
    return replace(sample, location="", shipment="", hazards="")


def family_trouble(sample: Sample, known: Mapping[str, Sample]) -> str:
    """Why a sample cannot be cut from what it says; empty where it can.

    Parameters
    ----------
    known
        By identifier: all samples of its proposal at least, this one and others as they are to be.
    """
    if sample.parent_id is None:
        return ""
    parent = known.get(sample.parent_id)
    if parent is None:
        return f"nobody knows the sample {sample.parent_id!r} that it was cut from"
    if parent.proposal_id != sample.proposal_id:
        return f"{parent.id!r}, which it was cut from, is of proposal {parent.proposal_id!r}"
    line = [sample.id]
    for ancestor in ancestors(sample, known):
        line.append(ancestor.id)
        if ancestor.id == sample.id:
            return f"it would be cut from itself: {' from '.join(line)}"
    return ""


def ancestors(sample: Sample, known: Mapping[str, Sample]) -> Iterator[Sample]:
    """What a sample was cut from, the nearest first; in a circle, each is told once."""
    seen = set[str]()
    parent_id = sample.parent_id
    while parent_id is not None and parent_id not in seen and parent_id in known:
        seen.add(parent_id)
        yield known[parent_id]
        parent_id = known[parent_id].parent_id


def pieces(sample_id: str, known: Mapping[str, Sample]) -> list[Sample]:
    """All that was cut from a sample, and from its pieces, by identifier."""
    return [
        each
        for _, each in sorted(known.items())
        if each.id != sample_id and any(one.id == sample_id for one in ancestors(each, known))
    ]
