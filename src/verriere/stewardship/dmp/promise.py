"""The embargo that a plan promises: within the policy it changes when data open, beyond it it is refused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from verriere.archive.sidecar import encode
from verriere.errors import AccessRefused
from verriere.ingest.holdings import Holdings
from verriere.model import Decision, DecisionKind, Research, Visit
from verriere.policy import EmbargoRules, ends_at
from verriere.policy.embargo import after_months
from verriere.stewardship.dmp.facts import Facts


def promise(holdings: Holdings, facts: Facts, months: int, *, by: str) -> tuple[Visit, ...]:
    """Let what the visits of a plan recorded open so many months after their ends; returns the visits that changed.

    A shorter time is an early release, promised for its day: a decision on each visit, in the history as every other.
    It can be moved until it is due.

    Raises
    ------
    AccessRefused
        The data never open, the policy does not allow so long a time, or what was promised has happened already.
    """
    rules, now = holdings.catalogue.embargo, holdings.now()
    refuse_beyond_policy(facts, rules, months)
    changed = []
    for visit in facts.visits:
        due = promised_day(visit, months, rules.zone, now)
        present = ends_at(visit, rules)
        if due == present:
            continue
        if present <= now:
            raise AccessRefused(
                f"the data of visit {visit.id} are open since {present.astimezone(rules.zone):%Y-%m-%d}: that stays",
                hint="what is open cannot be closed again",
            )
        decision = Decision(DecisionKind.EARLY_RELEASE, now, by, f"plan {facts.plan.id}: {months} months", due)
        changed.append(replace(visit, decisions=(*visit.decisions, decision)))
    _keep(holdings, changed, by)
    return tuple(changed)


def refuse_beyond_policy(facts: Facts, rules: EmbargoRules, months: int) -> None:
    """Refuse an embargo that the policy does not allow, with the reason."""
    if facts.proposal is None:
        raise AccessRefused("the plan is of no proposal here: its embargo is for another facility to keep")
    if facts.proposal.research is Research.PROPRIETARY:
        raise AccessRefused("the research is proprietary: its data never open, whatever a plan says")
    # A visit follows the version of the policy that was in force when it began.
    version = min((rules.of(visit) for visit in facts.visits), key=lambda each: each.years, default=rules)
    if months > 12 * version.years:
        raise AccessRefused(
            f"{months} months are more than the {version.years} years ({12 * version.years} months) that the data "
            "policy gives a team",
            hint=f"ask for an extension: {version.extension_years} year, {version.extensions} times at most",
        )


def promised_day(visit: Visit, months: int, zone: ZoneInfo, now: datetime) -> datetime:
    """When the data of a visit open by a plan; not before now."""
    return max(now, after_months(visit.end, months, zone))


def _keep(holdings: Holdings, visits: Sequence[Visit], by: str) -> None:
    if not visits:
        return
    now = holdings.now()
    records = {f"visit:{visit.id}": encode(visit) for visit in visits}
    missing = [name for name in records if not holdings.archive.exists(name)]
    for name in missing:
        holdings.archive.put(name, [], records.pop(name), message="release promised", created=now)
    holdings.archive.put_sidecars(records, "release promised", created=now)
    holdings.catalogue.put_visits(list(visits), now=now, by=by)
    holdings.journal()
