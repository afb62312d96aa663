"""Taking groups in: match, keep, register, a batch at a time.

The order makes it durable. The archive has a dataset whole, with all that is known of it, before the catalogue hears of
it; both are asked for the same thing again when a process died in between, and answer as they did the first time.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime

from verriere.archive import Deposit, Receipt, Refused, Source, sidecar
from verriere.archive.digest import digest_file
from verriere.errors import NotFound, VerriereError
from verriere.ingest.erased import Erased
from verriere.ingest.extract import Extract
from verriere.ingest.gather import Group
from verriere.ingest.holdings import Holdings
from verriere.ingest.identity import earlier_of, free_id, has_bytes_of, is_untouched, looks_like
from verriere.ingest.match import Match, Matcher, signals
from verriere.ingest.summary import Outcome, Taken
from verriere.model import Capture, Datafile, Dataset, Finding, Parameter, State, Store
from verriere.nexus.times import parse
from verriere.policy import initial_state
from verriere.techniques.complete import scored
from verriere.wording import finding

Reader = Callable[[Group], "Future[Extract]"]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asked for: the visit, if they named one, how to store, and when they asked."""

    visit_id: str | None
    store: Store
    now: datetime


@dataclass(frozen=True, slots=True)
class _Find:
    """A group whose dataset is decided: new, or another version of one that is known."""

    group: Group
    dataset_id: str
    captures: tuple[tuple[str, Capture], ...]
    match: Match
    state: State
    known: Dataset | None
    told: tuple[Parameter, ...]
    completeness: int | None


class Intake:
    """Takes groups into a facility.

    Parameters
    ----------
    read
        Begins to read what the files of a group say.
    """

    def __init__(self, holdings: Holdings, wish: Wish, read: Reader) -> None:
        self._catalogue, self._archive = holdings.catalogue, holdings.archive
        self._zone = holdings.settings.facility.zone
        self._profiles = holdings.profiles
        self._wish = wish
        self._read = read
        self._erased = Erased.of(holdings.archive)
        self._soon: dict[str, Future[Extract]] = {}
        catalogue = holdings.catalogue
        self._visits = {visit.id: visit for visit in catalogue.visits()}
        self._proposals = {proposal.id: proposal for proposal in catalogue.proposals()}
        self._matcher = Matcher(
            self._visits.values(),
            self._proposals.values(),
            catalogue.instruments(),
            catalogue.samples(),
            holdings.settings.matching,
        )
        if wish.visit_id is not None and wish.visit_id not in self._visits:
            raise NotFound(f"no visit {wish.visit_id}", hint="import its proposal first: verriere proposal import FILE")

    def prepare(self, groups: Sequence[Group]) -> None:
        """Begin to read groups that will be taken next."""
        self._begin(groups, self._earlier(groups))

    def _begin(self, groups: Sequence[Group], earlier: Mapping[str, Sequence[Dataset]]) -> None:
        for group in groups:
            if group.source not in self._soon and not self._is_settled(group, earlier[group.source]):
                self._soon[group.source] = self._read(group)

    def take(self, groups: Sequence[Group], *, dry_run: bool = False) -> list[Taken]:
        """Take groups in; what became of each, in their order.

        Raises
        ------
        StorageFull, StorageUnfit
            The archive does not take it; what it took of these groups is whole, and taken in again it is unchanged.
        """
        earlier = self._earlier(groups)
        self._begin(groups, earlier)
        taken, finds = dict[str, Taken](), list[_Find]()
        for group in groups:
            settled = self._is_settled(group, earlier[group.source])
            if settled is not None:
                taken[group.source] = _taken(group, settled, Outcome.UNCHANGED)
                continue
            find = self._decide(group, earlier[group.source])
            twin = self._twin(find, finds)
            if twin:
                note = finding("already-known", group.source, dataset=twin)
                taken[group.source] = Taken(group.source, Outcome.KNOWN, group.title, findings=(note,))
            elif dry_run:
                taken[group.source] = _foreseen(find)
            else:
                finds.append(find)
        taken |= self._keep(finds)
        return [taken[group.source] for group in groups]

    def _earlier(self, groups: Sequence[Group]) -> dict[str, list[Dataset]]:
        """The datasets of each source, the newest first."""
        earlier = {group.source: list[Dataset]() for group in groups}
        for dataset in self._catalogue.datasets_by_source(*earlier):
            earlier[dataset.source].append(dataset)
        for datasets in earlier.values():
            datasets.sort(key=lambda dataset: (dataset.ingested_at, dataset.id), reverse=True)
        return earlier

    def _is_settled(self, group: Group, earlier: Sequence[Dataset]) -> Dataset | None:
        """The dataset that a group is, untouched and in the visit it would find again."""
        for known in earlier:
            if known.files and is_untouched(group, known):
                if known.visit_id is not None and self._wish.visit_id in {None, known.visit_id}:
                    return known
                if known.visit_id is None and self._match(group.source, known.captures).visit_id is None:
                    return known
        return None

    def _match(self, source: str, captures: Iterable[tuple[str, Capture]], given: str | None = None) -> Match:
        said = signals(source, [capture for _, capture in captures], time_of=parse, zone=self._zone)
        return self._matcher.match(said, given=given or self._wish.visit_id)

    def _decide(self, group: Group, earlier: Sequence[Dataset]) -> _Find:
        captures = (self._soon.pop(group.source, None) or self._read(group)).result().captures
        match = self._match(group.source, captures)
        if match.visit_id is None:
            match = self._as_before(group, captures, match, earlier)
        known = earlier_of(match.visit_id, earlier)
        name = known.id if known else free_id(match.visit_id, group.source, earlier)
        kept = self._kept(name)
        known = kept if kept is not None and (known is None or kept.revision > known.revision) else known
        match = replace(match, sample_id=self._sample(match, known))
        told = known.told if known is not None and known.visit_id == match.visit_id else ()
        captures, score = scored(captures, told, self._profiles, sample=match.sample_id is not None)
        return _Find(group, name, captures, match, self._state(match, known), known, told, score)

    def _sample(self, match: Match, known: Dataset | None) -> str | None:
        """The sample that a person chose before, else the one that the files name now."""
        if known is None or known.sample_id is None or known.visit_id != match.visit_id:
            return match.sample_id
        by_itself = self._match(known.source, known.captures, known.visit_id).sample_id
        return match.sample_id if known.sample_id == by_itself else known.sample_id

    def _as_before(
        self, group: Group, captures: tuple[tuple[str, Capture], ...], match: Match, earlier: Sequence[Dataset]
    ) -> Match:
        """The visit that this source had before.

        It counts where the bytes are the same, and where a person gave it and the new bytes say nothing against it.
        """
        for known in earlier:
            if known.visit_id not in self._visits:
                continue
            given = self._match(group.source, captures, known.visit_id)
            against = any(found.code == "visit-given-contradicted" for found in given.findings)
            by_person = known.matched_by in {"given", "person"}
            if (by_person and not against) or _is_same(group, known):
                return replace(given, by=known.matched_by, findings=known.findings if against else given.findings)
        return match

    def _kept(self, name: str) -> Dataset | None:
        """What the archive knows of a dataset: more than the catalogue, where a process died between the two."""
        if not self._archive.exists(name):
            return None
        return sidecar.decode(Dataset, self._archive.read_sidecar(name))

    def _state(self, match: Match, known: Dataset | None) -> State:
        if known is not None and known.visit_id == match.visit_id:
            return known.state
        if match.visit_id is None:
            return State.QUARANTINED
        visit = self._visits[match.visit_id]
        return initial_state(self._proposals[visit.proposal_id].research, visit)

    def _twin(self, find: _Find, batch: Sequence[_Find]) -> str:
        """The dataset of the same visit that has the same names and bytes, if any."""
        visit_id = find.match.visit_id
        if visit_id is None or find.known is not None:
            return ""
        likes = [d for d in self._catalogue.datasets_of_size(visit_id, find.group.size) if looks_like(find.group, d)]
        beside = [
            other
            for other in batch
            if other.match.visit_id == visit_id
            and {(m.name, m.size) for m in other.group.members} == {(m.name, m.size) for m in find.group.members}
        ]
        if not likes and not beside:
            return ""
        digests = _digests(find.group)
        same = [known.id for known in likes if _is_same(find.group, known)]
        same += [other.dataset_id for other in beside if digests is not None and _digests(other.group) == digests]
        return same[0] if same else ""

    def _keep(self, finds: Sequence[_Find]) -> dict[str, Taken]:
        if not finds:
            return {}
        made = dict[str, Dataset]()
        deposits = [self._deposit(find, made) for find in finds]
        results = self._archive.put_many(deposits)
        kept = [made[r.object_id] for r in results if isinstance(r, Receipt)]
        self._catalogue.register(kept, now=self._wish.now)
        taken = {}
        for find, result in zip(finds, results, strict=True):
            if isinstance(result, Refused):
                taken[find.group.source] = _failed(find.group, result.error)
            else:
                outcome = _outcome(result, find.known)
                taken[find.group.source] = _taken(find.group, made[result.object_id], outcome)
        return taken

    def _deposit(self, find: _Find, made: dict[str, Dataset]) -> Deposit:
        def record(receipt: Receipt) -> bytes:
            dataset = self._dataset(find, receipt)
            made[dataset.id] = dataset
            return sidecar.encode(dataset)

        files = [Source(member.path, member.name) for member in find.group.members]
        return Deposit(find.dataset_id, files, record, message="ingest", store=self._wish.store, created=self._wish.now)

    def _dataset(self, find: _Find, receipt: Receipt) -> Dataset:
        known, match, group = find.known, find.match, find.group
        members = {member.name: member for member in group.members}
        files = []
        for stored in receipt.files:
            member = members[stored.original or stored.name]
            files.append(
                Datafile(
                    path=stored.name,
                    size=stored.size,
                    sha256=stored.sha256,
                    blake3=stored.blake3,
                    modified_at=stored.mtime,
                    role=member.role,
                    media_type=member.media_type,
                    location=stored.location,
                )
            )
        leader = find.captures[0][1] if find.captures else None
        same_visit = known is not None and known.visit_id == match.visit_id
        dataset = Dataset(
            id=find.dataset_id,
            version=(known.version + receipt.data_changed) if known else 1,
            source=known.source if known else group.source,
            title=leader.title.value if leader and leader.title else group.title,
            state=find.state,
            ingested_at=known.ingested_at if known and not receipt.data_changed else self._wish.now,
            revision=receipt.revision,
            store=known.store if known and not receipt.data_changed else self._wish.store,
            visit_id=match.visit_id,
            matched_by=match.by,
            candidates=match.candidates,
            instrument_id=match.instrument_id,
            sample_id=match.sample_id,
            files=tuple(files),
            captures=find.captures,
            decisions=known.decisions if known and same_visit else (),
            opened_at=known.opened_at if known and same_visit else None,
            findings=match.findings,
            related=known.related if known else (),
            told=find.told,
            completeness=find.completeness,
        )
        return self._erased.clean(dataset)


def _outcome(receipt: Receipt, known: Dataset | None) -> Outcome:
    if known is None:
        return Outcome.CREATED
    return Outcome.UPDATED if receipt.changed else Outcome.UNCHANGED


def _is_same(group: Group, known: Dataset) -> bool:
    if not looks_like(group, known):
        return False
    digests = _digests(group)
    return digests is not None and has_bytes_of(group, digests, known)


def _digests(group: Group) -> set[tuple[str, str]] | None:
    try:
        return {(member.name, digest_file(member.path).sha256) for member in group.members}
    except (OSError, VerriereError):
        return None  # keeping it tells why it cannot be read


def _findings(dataset: Dataset) -> tuple[Finding, ...]:
    return (*dataset.findings, *(found for _, capture in dataset.captures for found in capture.findings))


def _taken(group: Group, dataset: Dataset, outcome: Outcome) -> Taken:
    return Taken(
        source=group.source,
        outcome=outcome,
        title=dataset.title,
        dataset_id=dataset.id,
        visit_id=dataset.visit_id,
        matched_by=dataset.matched_by,
        candidates=dataset.candidates,
        version=dataset.version,
        files=len(dataset.files),
        size=dataset.size,
        findings=_findings(dataset),
    )


def _foreseen(find: _Find) -> Taken:
    leader = find.captures[0][1] if find.captures else None
    findings = [found for _, capture in find.captures for found in capture.findings]
    return Taken(
        source=find.group.source,
        outcome=Outcome.UPDATED if find.known else Outcome.CREATED,
        title=leader.title.value if leader and leader.title else find.group.title,
        dataset_id=find.dataset_id,
        visit_id=find.match.visit_id,
        matched_by=find.match.by,
        candidates=find.match.candidates,
        version=find.known.version if find.known else 1,
        files=len(find.group.members),
        size=find.group.size,
        findings=(*find.match.findings, *findings),
    )


def _failed(group: Group, error: VerriereError) -> Taken:
    note = finding("vanished", group.source, reason=error.message)
    return Taken(group.source, Outcome.FAILED, group.title, findings=(note,), reason=error.message, hint=error.hint)
