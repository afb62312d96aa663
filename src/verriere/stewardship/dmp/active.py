"""What a plan does by itself when the user office says something new: it is made, and its promises are kept."""

from collections.abc import Iterable
from contextlib import suppress

from verriere.errors import AccessRefused
from verriere.ingest.holdings import Holdings
from verriere.model import Plan
from verriere.stewardship.dmp import keeping, promise
from verriere.stewardship.dmp.facts import gather
from verriere.stewardship.dmp.template import questions


def follow(holdings: Holdings, proposal_ids: Iterable[str], *, by: str = "import") -> tuple[Plan, ...]:
    """Make the plans of some proposals, or fill them in again; new or moved visits get what their plan promised.

    Returns
    -------
    tuple of Plan
        Those that are new or changed.
    """
    wanted = frozenset(proposal_ids)
    changed = keeping.ensure(holdings, wanted, by=by)
    for plan in holdings.catalogue.plans():
        if plan.proposal_id in wanted and plan.answers and not plan.removed_at:
            _keep_promise(holdings, plan, by)
    return changed


def _keep_promise(holdings: Holdings, plan: Plan, by: str) -> None:
    facts = gather(holdings, plan)
    promised = [name for name, question in questions(facts.modules).items() if question.fills == "embargo"]
    months = next((plan.answer(name) for name in promised if plan.answer(name)), "")
    if months:
        # A rule that has changed since, or data that are open by now, leave things as they are.
        with suppress(AccessRefused):
            promise.promise(holdings, facts, int(months), by=by)
