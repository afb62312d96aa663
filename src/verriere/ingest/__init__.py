"""From files to the catalogue, as a durable workflow."""

from verriere.ingest.assign import assign
from verriere.ingest.gather import Group, Member
from verriere.ingest.plan import Plan, plan
from verriere.ingest.rebuild import restore
from verriere.ingest.run import Checked, Progress, check, resume, run
from verriere.ingest.summary import Outcome, Summary, Taken

__all__ = [
    "Checked",
    "Group",
    "Member",
    "Outcome",
    "Plan",
    "Progress",
    "Summary",
    "Taken",
    "assign",
    "check",
    "plan",
    "restore",
    "resume",
    "run",
]
