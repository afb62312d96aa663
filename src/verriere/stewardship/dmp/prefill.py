"""What a plan can say before anybody has answered: from the proposal, its instruments, and what they measured before.

Only what everyone may know of other people's data goes in: sizes and formats of open datasets, techniques of open and
embargoed ones.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from statistics import median

from verriere.catalogue import Catalogue
from verriere.catalogue.volumes import VisitVolume
from verriere.model import Expected, Instrument, Plan, Proposal, State, Visit
from verriere.stewardship.dmp.template import Template
from verriere.techniques import panet

LOOKED_AT = 12
"""Newest open datasets of an instrument whose formats are looked at."""
USUAL = 0.2
"""A technique is expected where at least so many of an instrument's visits measured it."""


@dataclass(frozen=True, slots=True)
class Past:
    """What an instrument did, as far as everyone may know.

    Parameters
    ----------
    sizes
        Median bytes a visit, by IRI of the technique, the most usual first; None where no open data tell.
    formats
        Media types of its newest open data, the most usual first.
    """

    sizes: Mapping[str, int | None]
    formats: tuple[str, ...] = ()


def pasts(catalogue: Catalogue, instruments: Iterable[Instrument]) -> dict[str, Past]:
    """The past of some instruments, by identifier."""
    known = catalogue.volumes_by_visit(states=(State.OPEN, State.EMBARGOED))
    opened = catalogue.volumes_by_visit(states=(State.OPEN,))
    return {
        each.id: Past(_sizes(each, known, opened), _formats(catalogue, each))
        for each in {each.id: each for each in instruments}.values()
    }


def expected(visits: Sequence[Visit], past: Mapping[str, Past], template: Template) -> tuple[Expected, ...]:
    """What the visits of a proposal will probably record: one line an instrument and technique."""
    on = defaultdict[str, list[Visit]](list)
    for visit in visits:
        on[visit.instrument_id].append(visit)
    made = []
    for instrument_id, theirs in sorted(on.items()):
        before = past.get(instrument_id, Past({}))
        until = f"{max(visit.end for visit in theirs):%Y-%m-%d}"
        for technique, size in before.sizes.items() or (("", None),):
            total = None if size is None else size * len(theirs)
            formats = before.formats or template.core.dataset.formats
            made.append(Expected(technique, instrument_id, total, formats, until))
    return tuple(made)


def plan_of(
    proposal: Proposal,
    visits: Sequence[Visit],
    past: Mapping[str, Past],
    template: Template,
    *,
    now: datetime,
    known: Plan | None = None,
) -> Plan:
    """The plan of a proposal, new or, as long as nothing was answered or recorded about its data, filled in again."""
    foreseen = expected(visits, past, template)
    modules = tuple(module.name for module in template.of({each.technique for each in foreseen}))
    if known is None:
        return Plan(proposal.id, now, now, proposal.id, modules, foreseen)
    begun = any(visit.start <= now for visit in visits)
    answered = any(answer.question.startswith("expected.") for answer in known.answers)
    if begun or answered or known.document or known.expected == foreseen:
        return known
    return replace(known, modules=modules, expected=foreseen, modified_at=now)


def _sizes(
    instrument: Instrument, known: Sequence[VisitVolume], opened: Sequence[VisitVolume]
) -> dict[str, int | None]:
    theirs = [each for each in known if each.instrument_id == instrument.id and each.techniques]
    visits = {each.visit_id for each in theirs}
    by_technique = defaultdict[str, set[str | None]](set)
    for each in theirs:
        for iri in _exact(each.techniques):
            by_technique[iri].add(each.visit_id)
    usual = [iri for iri, those in by_technique.items() if len(those) >= USUAL * len(visits)]
    usual.sort(key=lambda iri: (-len(by_technique[iri]), iri))
    wanted = usual or [iri for name in instrument.techniques for iri in panet.by_name(name)[:1]]
    return {
        iri: _median(each for each in opened if each.instrument_id == instrument.id and iri in _exact(each.techniques))
        for iri in wanted
    }


def _median(volumes: Iterable[VisitVolume]) -> int | None:
    sums = defaultdict[str | None, int](int)
    for each in volumes:
        sums[each.visit_id] += each.size
    return round(median(sums.values())) if sums else None


def _exact(codes: Sequence[str]) -> list[str]:
    """IRIs of the most exact of some PaNET codes."""
    return panet.without_broader([known.iri if (known := panet.term(code)) else code for code in codes])


def _formats(catalogue: Catalogue, instrument: Instrument) -> tuple[str, ...]:
    counts = defaultdict[str, int](int)
    for dataset in catalogue.newest_open(instrument.id, LOOKED_AT):
        for media_type in {file.media_type for file in dataset.files if file.role == "data"}:
            counts[media_type] += 1
    return tuple(sorted(counts, key=lambda media_type: (-counts[media_type], media_type)))
