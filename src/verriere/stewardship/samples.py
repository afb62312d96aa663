"""Samples as their team declares them: from a table or a form, before the visit; and what was measured of them.

A table (CSV) has one line for each sample, with any of the columns of `COLUMNS`. Without an ``id``, a name that the
proposal has already is that sample, and a new one gets the next identifier; ``parent`` is the identifier or the name of
what it was cut from. An empty cell leaves what is known as it is.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

from verriere import identifiers
from verriere.archive import Receipt, sidecar
from verriere.errors import InputInvalid
from verriere.ingest.holdings import Holdings
from verriere.ingest.match import normal
from verriere.model import Dataset, Proposal, Related, Sample
from verriere.policy.samples import family_trouble
from verriere.stewardship import records, tables
from verriere.stewardship.proposals import Beamtime
from verriere.stewardship.records import Change
from verriere.techniques.complete import scored

COLUMNS = (
    "proposal",
    "id",
    "name",
    "kind",
    "description",
    "formula",
    "parent",
    "location",
    "shipment",
    "hazards",
    "igsn",
)
_PLAIN = ("kind", "description", "formula", "location", "shipment", "hazards")
LONGEST = 2000
"""Characters of a text about a sample."""
LONGEST_NAME = 200
_ID = re.compile(r"[^\W_][\w.:/-]{0,99}")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a row cannot be taken, and what to do about it."""

    line: int
    column: str
    message: str
    fix: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a table says: either it is taken whole, or there is trouble, and nothing of it is."""

    samples: tuple[Sample, ...]
    troubles: tuple[Trouble, ...]


def read(holdings: Holdings, path: Path) -> Sheet:
    """Read a table of samples, against what the catalogue knows; every bad row is named.

    Raises
    ------
    InputInvalid
        It is no table with these columns.
    """
    rows = list(tables.rows(path, tables.text_of(path), COLUMNS))
    proposals = {each.id: each for each in holdings.catalogue.proposals()}
    named = {row.get("proposal", "") for _, row in rows} & proposals.keys()
    known = {each.id: each for about in sorted(named) for each in holdings.catalogue.samples(proposal_id=about)}
    return _Reader(proposals, known).read(rows, every={each.id: each for each in holdings.catalogue.samples()})


class _Reader:
    def __init__(self, proposals: Mapping[str, Proposal], known: Mapping[str, Sample]) -> None:
        self._proposals, self._known = proposals, known
        self._numbers = _Numbers(known)
        self._troubles: list[Trouble] = []

    def read(self, rows: Sequence[tuple[int, dict[str, str]]], *, every: Mapping[str, Sample]) -> Sheet:
        lines, made = dict[str, int](), dict[str, Sample]()
        parents: dict[str, str] = {}
        stands: dict[tuple[str, str], int] = {}
        wanted = {row.get("id", "") for _, row in rows} - {""}
        for line, row in rows:
            before = len(self._troubles)
            sample = self._sample(line, row, every, wanted)
            key = (row.get("proposal", ""), row.get("id") or normal(row.get("name", "")))
            if sample is not None and key in stands:
                self._note(line, "id" if row.get("id") else "name", *_twice(sample, stands[key]))
            elif sample is not None and sample.id in made:
                self._note(line, "name", *_twice(sample, lines[sample.id]))
            stands.setdefault(key, line)
            if sample is not None and len(self._troubles) == before:
                made[sample.id], lines[sample.id] = sample, line
                parents[sample.id] = row.get("parent", "")
        there = {**self._known, **made}
        for identifier, written in parents.items():
            if written:
                self._cut(made, there, lines[identifier], identifier, written)
        for identifier, sample in made.items():
            if parents[identifier] and sample.parent_id and (trouble := family_trouble(sample, there)):
                self._note(lines[identifier], "parent", trouble, "name what it was really cut from, or leave it empty")
        self._troubles.sort(key=lambda each: (each.line, each.column))
        return Sheet(tuple(made.values()), tuple(self._troubles))

    def _sample(
        self, line: int, row: Mapping[str, str], every: Mapping[str, Sample], wanted: set[str]
    ) -> Sample | None:
        if row.get(tables.EXTRA):
            self._note(line, "", "it has more cells than there are columns", "put texts with commas in double quotes")
        about, name = row.get("proposal", ""), row.get("name", "")
        if about not in self._proposals:
            near = get_close_matches(about, self._proposals, n=1)
            fix = f"did you mean {near[0]}?" if near else "import it first: verriere proposal import FILE"
            self._note(line, "proposal", f"nobody knows proposal {about!r}" if about else "it names no proposal", fix)
            return None
        identifier = row.get("id", "")
        if identifier and not _ID.fullmatch(identifier):
            self._note(line, "id", f"{identifier!r} is no identifier", "letters, digits and . : / - _, at most 100")
        other = every.get(identifier)
        if other is not None and other.proposal_id != about:
            self._note(line, "id", f"{identifier} is a sample of proposal {other.proposal_id}", "give it another one")
        if not name and identifier not in self._known:
            self._note(line, "name", "it has no name", "write what is on its label")
            return None
        for column in ("name", *_PLAIN):
            most = LONGEST_NAME if column == "name" else LONGEST
            if len(row.get(column, "")) > most:
                self._note(line, column, f"the text is longer than {most} characters", "say it shorter")
        known = self._known.get(identifier) if identifier else self._called(line, about, name)
        return records.completed(
            Sample(
                identifier or (known.id if known else self._numbers.next(about, wanted)),
                about,
                name or (known.name if known else ""),
                **{column: row.get(column, "") for column in _PLAIN},
                related=self._igsn(line, row.get("igsn", "")),
            ),
            known,
        )

    def _called(self, line: int, about: str, name: str) -> Sample | None:
        found = [s for s in self._known.values() if s.proposal_id == about and normal(s.name) == normal(name)]
        if len(found) > 1:
            names = ", ".join(sample.id for sample in found)
            self._note(line, "name", f"several samples are called {name!r}: {names}", "say which one in column id")
        return found[0] if found else None

    def _igsn(self, line: int, written: str) -> tuple[Related, ...]:
        if not written:
            return ()
        igsn = identifiers.igsn(written) or identifiers.doi(written)
        if igsn is None:
            self._note(line, "igsn", f"{written!r} is no IGSN", "such as 10.58052/IEAWH0001")
            return ()
        return (Related("IsIdenticalTo", igsn, "IGSN", kind="PhysicalObject"),)

    def _cut(self, made: dict[str, Sample], there: dict[str, Sample], line: int, identifier: str, written: str) -> None:
        sample = made[identifier]
        family = [each for each in there.values() if each.proposal_id == sample.proposal_id]
        found = [each for each in family if each.id == written] or [
            each for each in family if normal(each.name) == normal(written)
        ]
        if len(found) != 1:
            names = [each.id for each in family if each.id != identifier]
            near = get_close_matches(written, [*names, *(each.name for each in family)], n=1)
            what = f"several samples are called {written!r}" if found else f"no sample of the proposal is {written!r}"
            fix = "give its id" if found else f"did you mean {near[0]!r}?" if near else "add a line for it"
            self._note(line, "parent", what, fix)
            return
        made[identifier] = there[identifier] = replace(sample, parent_id=found[0].id)

    def _note(self, line: int, column: str, message: str, fix: str) -> None:
        self._troubles.append(Trouble(line, column, message, fix))


def _twice(sample: Sample, line: int) -> tuple[str, str]:
    return f"{sample.name!r} stands in line {line} already", "leave one of them out, or give it an id"


class _Numbers:
    """Gives identifiers: ``20250123-S1``, and so on."""

    def __init__(self, known: Iterable[str]) -> None:
        self._taken = set(known)

    def next(self, proposal_id: str, wanted: Iterable[str] = ()) -> str:
        """One that no sample of the proposal has, or is to have."""
        taken = self._taken.union(wanted)
        number = 1
        while (identifier := f"{proposal_id}-S{number}") in taken:
            number += 1
        self._taken.add(identifier)
        return identifier


def take(holdings: Holdings, sheet: Sheet, *, by: str, dry_run: bool = False) -> tuple[Change, ...]:
    """Take a table in, whole.

    Raises
    ------
    InputInvalid
        There is trouble with some of its rows: nothing was taken.
    """
    if sheet.troubles:
        count = len({each.line for each in sheet.troubles})
        raise InputInvalid(f"{count} rows cannot be taken: nothing was", hint="--dry-run names each")
    return records.take(holdings, Beamtime(samples=sheet.samples), by=by, dry_run=dry_run)


def declare(holdings: Holdings, sample: Sample, *, by: str) -> Sample:
    """Keep a sample as its team describes it; one without an identifier gets the next of its proposal.

    Raises
    ------
    InputInvalid
        It has no name, a text is too long, or it cannot be cut from what it says.
    NotFound
        There is no such proposal.
    """
    catalogue = holdings.catalogue
    catalogue.proposal(sample.proposal_id)
    family = {each.id: each for each in catalogue.samples(proposal_id=sample.proposal_id)}
    if not sample.id:
        sample = replace(sample, id=_Numbers(each.id for each in catalogue.samples()).next(sample.proposal_id))
    if not sample.name:
        raise InputInvalid("a sample needs a name", hint="what is on its label")
    if any(len(getattr(sample, name)) > LONGEST for name in _PLAIN) or len(sample.name) > LONGEST_NAME:
        raise InputInvalid("a text about the sample is too long", hint=f"at most {LONGEST} characters")
    if trouble := family_trouble(sample, {**family, sample.id: sample}):
        raise InputInvalid(trouble, hint="choose another one")
    if family.get(sample.id) != sample:
        records.keep(holdings, [sample], by=by)
    return sample


def measured(holdings: Holdings, dataset_id: str, sample_id: str | None, *, by: str) -> Dataset:
    """Say which sample a dataset was measured of, or that nobody knows; the archive knows it before the catalogue.

    Raises
    ------
    NotFound
        There is no such dataset or no such sample.
    InputInvalid
        The sample is of another proposal, or nobody knows yet which one the dataset is of.
    """
    catalogue = holdings.catalogue
    found = catalogue.dataset(dataset_id)
    if found.sample_id == sample_id:
        return found
    if sample_id is not None:
        sample = catalogue.sample(sample_id)
        if found.visit_id is None:
            raise InputInvalid(
                f"nobody knows yet which visit {dataset_id} is of", hint="verriere quarantine assign ID VISIT"
            )
        if catalogue.visit(found.visit_id).proposal_id != sample.proposal_id:
            raise InputInvalid(
                f"sample {sample_id} is of proposal {sample.proposal_id}, and dataset {dataset_id} is not",
                hint=f"verriere sample list --proposal {catalogue.visit(found.visit_id).proposal_id}",
            )
    captures, score = scored(found.captures, found.told, holdings.profiles, sample=sample_id is not None)
    changed = replace(found, sample_id=sample_id, captures=captures, completeness=score)

    def record(receipt: Receipt) -> bytes:
        return sidecar.encode(replace(changed, revision=receipt.revision))

    now = holdings.now()
    message = f"measured of sample {sample_id}" if sample_id else "of no sample that is known"
    revision = holdings.archive.put_sidecar(dataset_id, record, message, created=now)
    changed = replace(changed, revision=revision)
    catalogue.transition([changed], event="sample", now=now, by=by)
    holdings.journal()
    return changed
