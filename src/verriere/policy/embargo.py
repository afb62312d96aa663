"""When a dataset opens: years from the end of its visit, extensions, early release.

SOLEIL's data policy (2018): exclusive access for three years from the end of the visit, two renewals of a year on
request, earlier release at the team's wish; then the data open by themselves.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import MAXYEAR, UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from verriere.model import Decision, DecisionKind, Research, State, Visit

_MIDNIGHT = time()
_NEVER = datetime(MAXYEAR, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class EmbargoRules:
    """How long data are exclusive to their team.

    Parameters
    ----------
    years
        From the end of the visit.
    extension_years
        What one extension adds.
    extensions
        How many may be granted on request.
    zone
        Of the midnight at which an embargo ends.
    name
        Of this version of the policy.
    since
        The first day on which a visit must begin for this version to hold; None for the first version.
    earlier
        The versions before this one, in any order.
    """

    years: int = 3
    extension_years: int = 1
    extensions: int = 2
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Paris"))
    name: str = ""
    since: date | None = None
    earlier: tuple["EmbargoRules", ...] = ()

    def of(self, visit: Visit, decisions: Sequence[Decision] = ()) -> "EmbargoRules":
        """The version that holds for a visit: the one in force when it began, unless a decision named another.

        Parameters
        ----------
        decisions
            On one dataset of the visit, beside those on all of it. A version that nobody knows any more is passed over.
        """
        versions = {version.name: version for version in (*self.earlier, self)}
        for decision in reversed((*visit.decisions, *decisions)):
            if decision.kind is DecisionKind.POLICY and decision.policy in versions:
                return versions[decision.policy]
        begun = visit.start.astimezone(self.zone).date()
        in_force = [version for version in versions.values() if version.since is None or version.since <= begun]
        # A visit before the first version began follows the first one.
        return max(in_force, key=_since) if in_force else min(versions.values(), key=_since)


def _since(rules: EmbargoRules) -> date:
    return rules.since or date.min


def ends_at(visit: Visit, rules: EmbargoRules, decisions: Sequence[Decision] = ()) -> datetime:
    """When what was recorded in a visit opens, under the version of the policy that holds for it; see `opens_at`.

    Parameters
    ----------
    decisions
        On one dataset of the visit, beside those on all of it.
    """
    return opens_at(visit.end, rules.of(visit, decisions), (*visit.decisions, *decisions))


def opens_at(visit_end: datetime, rules: EmbargoRules, decisions: Sequence[Decision] = ()) -> datetime:
    """When what was recorded in a visit opens, in UTC.

    The first midnight in the facility's zone at or after the last anniversary of the visit's end; a visit that ended
    on 29 February has its anniversary on 1 March in common years. An early release opens at the moment it was decided,
    or at the one it was promised for (the last promise counts), if that comes first.

    Parameters
    ----------
    visit_end
        With its zone.
    decisions
        Every extension that was granted counts, also one granted under rules that have changed since: what was
        promised to a team is kept. `weigh` says whether another one may be granted.

    Raises
    ------
    ValueError
        ``visit_end`` has no zone.
    """
    if visit_end.tzinfo is None:
        raise ValueError("the end of a visit needs its zone")
    extensions = sum(decision.kind is DecisionKind.EXTENSION for decision in decisions)
    end = _first_midnight(_anniversary(visit_end, rules.years + extensions * rules.extension_years, rules.zone))
    return min([end, *_releases(decisions)])


def after_months(moment: datetime, months: int, zone: ZoneInfo) -> datetime:
    """The first midnight at or after the same day and hour some months later, in UTC.

    A day that the month has not is the first of the next one.
    """
    local = moment.astimezone(zone)
    years, month = divmod(local.month - 1 + months, 12)
    if local.year + years >= MAXYEAR:
        return _NEVER
    try:
        return _first_midnight(local.replace(year=local.year + years, month=month + 1))
    except ValueError:  # 31 June, 29 February
        following, month = divmod(local.year * 12 + local.month + months, 12)
        return _first_midnight(local.replace(year=following, month=month + 1, day=1))


def initial_state(research: Research | None, visit: Visit | None) -> State:
    """The state in which a dataset enters the catalogue; without a visit, nobody knows whose it is."""
    if visit is None:
        return State.QUARANTINED
    return State.PROPRIETARY if research is Research.PROPRIETARY else State.EMBARGOED


def due(state: State, opens: datetime | None, now: datetime) -> State:
    """The state that a dataset should be in at ``now``; the only transition that time makes is to open.

    Parameters
    ----------
    opens
        From `opens_at`; None for what never opens.
    """
    if state is State.EMBARGOED and opens is not None and opens <= now:
        return State.OPEN
    return state


def _releases(decisions: Sequence[Decision]) -> Iterator[datetime]:
    promised: datetime | None = None
    for decision in decisions:
        if decision.kind is not DecisionKind.EARLY_RELEASE:
            continue
        if decision.effective_at is None:
            yield decision.decided_at.astimezone(UTC)
        else:
            promised = decision.effective_at.astimezone(UTC)
    if promised is not None:
        yield promised


def _anniversary(moment: datetime, years: int, zone: ZoneInfo) -> datetime | None:
    """The same wall clock time ``years`` later; None beyond the end of the calendar."""
    local = moment.astimezone(zone)
    year = local.year + years
    if year >= MAXYEAR:
        return None
    try:
        return local.replace(year=year)
    except ValueError:  # 29 February
        return local.replace(year=year, month=3, day=1)


def _first_midnight(moment: datetime | None) -> datetime:
    """The first start of a day at or after ``moment``, in UTC.

    Where clocks go back over midnight a day starts twice, and where they go forward over it a day starts at 01:00:
    Python's ``fold`` gives both starts of the first. The missing midnight of the second it reads once as the instant
    of the change, and once as an hour of the day before, which is none of its starts.
    """
    if moment is None:
        return _NEVER
    instant = moment.astimezone(UTC)
    days: tuple[date, date] = (moment.date(), moment.date() + timedelta(days=1))
    starts = [
        (day, datetime.combine(day, _MIDNIGHT, moment.tzinfo).replace(fold=fold).astimezone(UTC))
        for day in days
        for fold in (0, 1)
    ]
    return min(start for day, start in starts if start >= instant and start.astimezone(moment.tzinfo).date() == day)
