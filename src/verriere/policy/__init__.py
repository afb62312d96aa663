"""The rules, as pure functions of facts and a clock.

Nothing here reads a clock, a file or a database: the facts come in, the answer goes out.
"""

from verriere.policy.access import Access, AccessRules, access, sees_beamtime
from verriere.policy.disclosure import disclose, disclosures
from verriere.policy.embargo import EmbargoRules, due, ends_at, initial_state, opens_at
from verriere.policy.plans import PlanAccess, plan_access, plan_roles
from verriere.policy.requests import Refusal, Verdict, weigh

__all__ = [
    "Access",
    "AccessRules",
    "EmbargoRules",
    "PlanAccess",
    "Refusal",
    "Verdict",
    "access",
    "disclose",
    "disclosures",
    "due",
    "ends_at",
    "initial_state",
    "opens_at",
    "plan_access",
    "plan_roles",
    "sees_beamtime",
    "weigh",
]
