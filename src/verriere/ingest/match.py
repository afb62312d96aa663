"""Which visit a dataset belongs to: what its files and its path say, held against what the facility knows.

Three signals speak: an experiment identifier in the file, the path (by the facility's own rules), and the instrument
with the time. One may be silent; none may contradict another. A dataset finds a visit where exactly one is left that
every signal allows, and goes to quarantine otherwise: a person's minute costs less than a team's data in other hands.
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from verriere.model import Capture, Finding, Instrument, Proposal, Sample, Visit
from verriere.settings import MatchingSettings
from verriere.wording import finding

TimeOf = Callable[[str], datetime | None]


@dataclass(frozen=True, slots=True)
class Signals:
    """What a dataset says of where it belongs.

    Parameters
    ----------
    source
        Absolute path it was found at.
    identifiers, instruments, samples
        As written in the files, each once.
    moments
        Start and end of the measurement, with their zone, the earliest first.
    is_processed
        Whether it was made of other data, perhaps long after the visit.
    """

    source: str
    identifiers: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    samples: tuple[str, ...] = ()
    moments: tuple[datetime, ...] = ()
    is_processed: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """The visit of a dataset, or why there is none.

    Parameters
    ----------
    by
        ``identifier``, ``path``, ``time`` or ``given``; empty without a visit.
    candidates
        Visits that it could be of, where there is not exactly one.
    instrument_id
        Instrument it was recorded on, where that is known.
    """

    visit_id: str | None = None
    by: str = ""
    candidates: tuple[str, ...] = ()
    instrument_id: str | None = None
    sample_id: str | None = None
    findings: tuple[Finding, ...] = ()


def signals(source: str, captures: Iterable[Capture], *, time_of: TimeOf, zone: ZoneInfo) -> Signals:
    """Collect what the files of a dataset say; times without a zone are taken in the facility's."""
    speaking = list(captures)
    moments = set[datetime]()
    for capture in speaking:
        for reading in (capture.start_time, capture.end_time):
            moment = time_of(reading.value) if reading else None
            if moment is not None:
                moments.add(moment if moment.tzinfo else moment.replace(tzinfo=zone))
    return Signals(
        source=source,
        identifiers=_each_once(
            capture.experiment_identifier.value for capture in speaking if capture.experiment_identifier
        ),
        instruments=_each_once(capture.instrument.value for capture in speaking if capture.instrument),
        samples=_each_once(capture.sample.value for capture in speaking if capture.sample),
        moments=tuple(sorted(moments)),
        is_processed=any(capture.kind != "raw" for capture in speaking),
    )


class Matcher:
    """Finds the visit of datasets among what a facility knows.

    Parameters
    ----------
    visits, proposals, instruments, samples
        All that the catalogue knows.
    rules
        The facility's rules on paths, and the slack around visits.
    """

    def __init__(
        self,
        visits: Iterable[Visit],
        proposals: Iterable[Proposal],
        instruments: Iterable[Instrument],
        samples: Iterable[Sample],
        rules: MatchingSettings,
    ) -> None:
        self._visits = {visit.id: visit for visit in visits}
        self._proposals = {proposal.id for proposal in proposals}
        self._instruments = instrument_names(instruments)
        self._samples = dict[str, list[Sample]]()
        for sample in samples:
            self._samples.setdefault(sample.proposal_id, []).append(sample)
        self._rules = [(rule.instrument, re.compile(rule.pattern)) for rule in rules.paths]
        self._slack = timedelta(hours=rules.slack_hours)

    @cached_property
    def _named(self) -> dict[str, frozenset[str]]:
        """Visits by each way to write their own or their proposal's identifier.

        A name that is both a visit's and its proposal's stands for all visits of the proposal: who wrote it may have
        meant either.
        """
        named = dict[str, frozenset[str]]()
        pairs = [(name, visit.id) for visit in self._visits.values() for name in (visit.id, visit.proposal_id)]
        for name, visit_id in pairs:
            for key in _ways(name):
                named[key] = named.get(key, frozenset()) | {visit_id}
        return {key: frozenset() for name in self._proposals for key in _ways(name)} | named

    @cached_property
    def _shapes(self) -> frozenset[str]:
        return frozenset(_shape(normal(name)) for name in self._named)

    def _visits_named(self, name: str) -> frozenset[str] | None:
        """Visits that a name stands for, taken exactly if it can be, else in its normal form or in parts of it."""
        parts = re.split(r"[^\w.-]+", name)
        for key in (exact(name), normal(name), *map(exact, parts if len(parts) > 1 else ())):
            if key in self._named:
                return self._named[key]
        return None

    def match(self, said: Signals, *, given: str | None = None) -> Match:
        """Find the visit of a dataset.

        Parameters
        ----------
        given
            A visit that a person named; it is obeyed, and what speaks against it is a finding.
        """
        instruments = {self._instrument(name) for name in said.instruments} - {None}
        unknown = [name for name in said.instruments if self._instrument(name) is None]
        notes = tuple(finding("instrument-unknown", said.source, value=name) for name in unknown)
        by_name, stranger = self._by_identifier(said.identifiers)
        by_path = self._by_path(said.source)
        spoken = [*by_name, *by_path]
        if given is not None:
            against = self._against(said, {given}, instruments, stranger, spoken)
            doubt = (finding("visit-given-contradicted", said.source, reason=against),) if against else ()
            return self._found(given, "given", said, notes + doubt)
        if spoken:
            possible = frozenset.union(*spoken)
            agreed = frozenset.intersection(*spoken)
            left = self._allowed(agreed, said, instruments)
            against = self._against(said, agreed, instruments, stranger, spoken)
            if len(left) == 1 and not against:
                return self._found(next(iter(left)), "identifier" if by_name else "path", said, notes)
            known = "visit-contradicted" if against or not left else "visit-ambiguous"
            reason = against or "the instrument and the time together"
            code = known if possible else "visit-unknown"
            return self._none(code, said, left or possible, instruments, notes=notes, reason=reason)
        return self._by_time_alone(said, instruments, stranger, notes)

    def _by_time_alone(
        self, said: Signals, instruments: Collection[str | None], stranger: str, notes: tuple[Finding, ...]
    ) -> Match:
        visits = self._by_time(said, instruments)
        if len(visits) == 1 and not stranger:
            return self._found(next(iter(visits)), "time", said, notes)
        if visits and stranger:
            return self._none(
                "visit-contradicted", said, visits, instruments, notes=notes, reason=f"identifier {stranger}"
            )
        return self._none("visit-ambiguous" if visits else "visit-unknown", said, visits, instruments, notes=notes)

    def _instrument(self, name: str) -> str | None:
        return self._instruments.get(normal(name))

    def _by_identifier(self, identifiers: Sequence[str]) -> tuple[list[frozenset[str]], str]:
        """Visits that each identifier names, if it names any, and an identifier of a project that is unknown.

        Beamlines write other things than projects into the field, names of scans for example. What is built like the
        facility's own identifiers names a project all the same.
        """
        sets, stranger = list[frozenset[str]](), ""
        for identifier in identifiers:
            visits = self._visits_named(identifier)
            if visits is not None:
                sets.append(visits)
            elif _shape(normal(identifier)) in self._shapes:
                stranger = identifier
        return sets, stranger

    def _by_path(self, source: str) -> list[frozenset[str]]:
        sets = list[frozenset[str]]()
        for instrument, pattern in self._rules:
            found = pattern.search(source)
            if not found:
                continue
            names = found.groupdict()
            visit, proposal = names.get("visit"), names.get("proposal")
            for name in (visit, proposal):
                if name:
                    visits = self._visits_named(name) or frozenset()
                    sets.append(frozenset(v for v in visits if self._is_on(v, instrument)))
        return sets

    def _is_on(self, visit: str, instrument: str) -> bool:
        wanted = self._instrument(instrument) or instrument
        return self._visits[visit].instrument_id == wanted

    def _by_time(self, said: Signals, instruments: Collection[str | None]) -> frozenset[str]:
        if len(instruments) != 1 or not said.moments or said.is_processed:
            return frozenset()
        here = [visit for visit in self._visits.values() if visit.instrument_id in instruments]
        first = said.moments[0]
        inside = frozenset(visit.id for visit in here if visit.start <= first < visit.end)
        near = frozenset(visit.id for visit in here if self._is_near(visit, first))
        found = inside or near
        allowed = frozenset(v for v in found if all(self._is_near(self._visits[v], m) for m in said.moments))
        return allowed if allowed == found else frozenset()

    def _is_near(self, visit: Visit, moment: datetime) -> bool:
        return visit.start - self._slack <= moment <= visit.end + self._slack

    def _fits_time(self, visit: Visit, said: Signals) -> bool:
        if said.is_processed:
            return all(moment >= visit.start - self._slack for moment in said.moments)
        return all(self._is_near(visit, moment) for moment in said.moments)

    def _allowed(self, visits: Collection[str], said: Signals, instruments: Collection[str | None]) -> frozenset[str]:
        """Those of ``visits`` that the instrument and the time allow, the time's own one where several do."""
        fitting = [self._visits[visit] for visit in visits]
        if instruments:
            fitting = [visit for visit in fitting if {visit.instrument_id} == set(instruments)]
        fitting = [visit for visit in fitting if self._fits_time(visit, said)]
        if len(fitting) > 1 and said.moments:
            inside = [visit for visit in fitting if visit.start <= said.moments[0] < visit.end]
            fitting = inside or fitting
        return frozenset(visit.id for visit in fitting)

    def _against(
        self,
        said: Signals,
        visits: Collection[str],
        instruments: Collection[str | None],
        stranger: str,
        spoken: Sequence[frozenset[str]],
    ) -> str:
        """What speaks against all of ``visits``, in the words of the files; empty where nothing does."""
        if stranger:
            return f"identifier {stranger}"
        if any(not each.intersection(visits) for each in spoken) or not visits:
            return "identifier " + ", ".join(said.identifiers) if said.identifiers else f"path {said.source}"
        known = [self._visits[visit] for visit in visits if visit in self._visits]
        if instruments and not any({visit.instrument_id} == set(instruments) for visit in known):
            return "instrument " + ", ".join(said.instruments)
        if not any(self._fits_time(visit, said) for visit in known):
            return "time " + ", ".join(moment.isoformat() for moment in said.moments)
        return ""

    def _found(self, visit_id: str, by: str, said: Signals, notes: tuple[Finding, ...]) -> Match:
        visit = self._visits[visit_id]
        sample_id = sample_meant(self._samples.get(visit.proposal_id, ()), said.samples)
        return Match(visit_id, by, (), visit.instrument_id, sample_id, notes)

    def _none(
        self,
        code: str,
        said: Signals,
        visits: Iterable[str],
        instruments: Collection[str | None],
        *,
        notes: tuple[Finding, ...],
        reason: str = "",
    ) -> Match:
        candidates = tuple(sorted(visits))
        why = finding(code, said.source, candidates=", ".join(candidates), reason=reason)
        instrument_id = next(iter(instruments)) if len(instruments) == 1 else None
        return Match(None, "", candidates, instrument_id, None, (why, *notes))


def instrument_names(instruments: Iterable[Instrument]) -> dict[str, str]:
    """Identifiers of instruments by each of their names, in its normal form."""
    return {
        name: instrument.id
        for instrument in instruments
        for name in map(normal, (instrument.id, instrument.name, *instrument.aliases))
        if name
    }


def sample_meant(declared: Iterable[Sample], names: Iterable[str]) -> str | None:
    """The one declared sample that the names in files stand for; None where it could be several."""
    written = {normal(name) for name in names} - {""}
    meant = {each.id for each in declared if written & {normal(each.id), normal(each.name)}}
    return meant.pop() if len(meant) == 1 else None


def normal(name: str) -> str:
    """A name as it is compared: without the case of letters, spaces and marks; ``SW-2024 0017`` is ``sw20240017``."""
    return "".join(character for character in name.casefold() if character.isalnum())


def exact(name: str) -> str:
    """A name without the case of letters and the spaces around it."""
    return name.strip().casefold()


def _ways(name: str) -> tuple[str, str]:
    return exact(name), normal(name)


def _shape(name: str) -> str:
    """How an identifier is built: ``20240017`` is ``99999999``, ``sw12`` is ``a99``."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", name))


def _each_once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name.strip()))
