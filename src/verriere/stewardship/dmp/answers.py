"""Answers: what the team, a local contact or the data office said, checked, and what follows from it."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from verriere.errors import AccessRefused, InputInvalid
from verriere.ingest.holdings import Holdings
from verriere.model import Answer, Expected, Plan, PlanRole
from verriere.stewardship.dmp import keeping, promise
from verriere.stewardship.dmp.facts import Facts
from verriere.stewardship.dmp.template import Question, questions

EXPECTED = "expected"
"""Of answers about what a plan expects: ``expected.0.size``, ``expected.0.until``."""
LONGEST = 20_000
"""Letters of an answer."""

_SIZE = re.compile(r"\s*(\d+(?:[.,]\d+)?)\s*([kKMGTP]?)(?:[bBoO]|i[bB]|octets|bytes)?\s*")
_POWERS = {"": 1, "K": 10**3, "M": 10**6, "G": 10**9, "T": 10**12, "P": 10**15}


def answer(holdings: Holdings, facts: Facts, given: Mapping[str, str], *, by: str, roles: Collection[PlanRole]) -> Plan:
    """Take answers to questions of a plan: all of them, or none.

    Parameters
    ----------
    given
        Answers by question; those that are as before are passed over.
    roles
        Whose questions this person may answer.

    Raises
    ------
    InputInvalid
        There is no such question, or an answer cannot be; the message says which and why.
    AccessRefused
        The question is another one's, or the policy of the facility does not allow what was answered.
    """
    plan, known = facts.plan, questions(facts.modules)
    fresh = dict[str, str]()
    for name, value in given.items():
        cleaned = _checked(name, value.strip(), known, plan, roles)
        if cleaned != plan.answer(name):
            fresh[name] = cleaned
    if not fresh:
        return plan
    months = next((value for name, value in fresh.items() if name in known and known[name].fills == "embargo"), "")
    if months:
        promise.promise(holdings, facts, int(months), by=by)
    now = holdings.now()
    added = tuple(Answer(name, value, now, by) for name, value in fresh.items())
    changed = replace(plan, answers=(*plan.answers, *added), modified_at=now)
    keeping.keep(holdings, [changed], by=by)
    return changed


def expected(plan: Plan) -> tuple[Expected, ...]:
    """What a plan expects, with what was answered about it."""
    made = []
    for number, each in enumerate(plan.expected):
        size, until = (plan.answer(f"{EXPECTED}.{number}.{part}") for part in ("size", "until"))
        made.append(replace(each, size=parse_size(size) if size else each.size, until=until or each.until))
    return tuple(made)


def parse_size(text: str) -> int:
    """Bytes of a size as people write it: ``2 TB``, ``800 Go``, ``1,5 To``.

    Raises
    ------
    InputInvalid
        It is no size.
    """
    found = _SIZE.fullmatch(text)
    if found is None:
        raise InputInvalid(f"{text!r} is no size", hint="write a number and a unit: 800 GB, 2 TB")
    return round(float(found[1].replace(",", ".")) * _POWERS[found[2].upper()])


def document_of(plan: Plan) -> dict[str, Any]:
    """The maDMP that a plan came as."""
    loaded: dict[str, Any] = json.loads(plan.document) if plan.document else {}
    return loaded


def _checked(name: str, value: str, known: Mapping[str, Question], plan: Plan, roles: Collection[PlanRole]) -> str:
    if len(value) > LONGEST:
        raise InputInvalid(f"the answer to {name} has {len(value)} letters", hint=f"{LONGEST} at most")
    if name.startswith(f"{EXPECTED}."):
        return _checked_expectation(name, value, plan, roles)
    if name not in known:
        raise InputInvalid(f"the plan has no question {name!r}", hint=f"it has: {', '.join(known)}")
    question = known[name]
    if question.role not in roles:
        raise AccessRefused(f"the question {name} is for the {question.role.value.replace('-', ' ')}")
    if value == "":
        return value
    if question.kind == "choice" and value not in question.choices:
        raise InputInvalid(f"{name} is {value[:40]!r}", hint=f"it can be: {', '.join(question.choices)}")
    if question.kind == "months" and not (value.isascii() and value.isdigit() and len(value) <= 4):
        raise InputInvalid(f"{name} is {value[:40]!r}", hint="write a number of months")
    if question.kind == "size":
        parse_size(value)
    return value


def _checked_expectation(name: str, value: str, plan: Plan, roles: Collection[PlanRole]) -> str:
    _, number, part = [*name.split("."), "", ""][:3]
    there = number.isascii() and number.isdigit() and len(number) < 4 and int(number) < len(plan.expected)
    if not there or part not in {"size", "until"}:
        raise InputInvalid(f"the plan expects nothing called {name!r}")
    if not roles:
        raise AccessRefused(f"{name} is for the team and the local contact")
    if value and part == "size":
        parse_size(value)
    if value and part == "until":
        try:
            date.fromisoformat(value)
        except ValueError:
            raise InputInvalid(f"{name} is {value[:40]!r}", hint="write a day: 2026-06-30") from None
    return value
