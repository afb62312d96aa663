"""Plans and surveys are remembered, and volumes are sums over what is there."""

from datetime import UTC, datetime

from tests.catalogue.world import NOW

from verriere.catalogue import Catalogue
from verriere.model import Answer, Expected, Plan, Survey, SurveyRow

WHEN = datetime(2025, 3, 1, tzinfo=UTC)


def test_a_plan_comes_back_as_it_was_and_its_change_is_in_the_history(furnished: Catalogue) -> None:
    proposal = furnished.proposals()[0].id
    plan = Plan("P", WHEN, WHEN, proposal, expected=(Expected("", "SWING", 2 * 10**12, ("application/x-hdf5",)),))
    furnished.put_plans([plan], now=NOW, by="import")
    answered = Plan("P", WHEN, NOW, proposal, answers=(Answer("core.description", "Ça \x00 \ud800", NOW, "jane"),))
    furnished.put_plans([answered], now=NOW, by="jane")
    kept = furnished.plan("P")
    assert (kept.answer("core.description"), kept.answer("core.other")) == ("Ça \x00 \\ud800", "")
    assert [plan.id for plan in furnished.plans(proposal_id=proposal)] == ["P"]
    assert [(entry.event, entry.by) for entry in furnished.history("plan:P")] == [
        ("recorded", "import"),
        ("changed", "jane"),
    ]


def test_the_proposals_without_a_plan_are_those_that_no_plan_is_of(furnished: Catalogue) -> None:
    first, *others = (proposal.id for proposal in furnished.proposals())
    furnished.put_plans([Plan("A", WHEN, WHEN, first), Plan("B", WHEN, WHEN)], now=NOW, by="import")
    assert [proposal.id for proposal in furnished.proposals_without_plan()] == others


def test_a_survey_comes_back_as_it_was(furnished: Catalogue) -> None:
    survey = Survey("2026", WHEN, (SurveyRow("SWING", "EIGER 4M", 2.5e9, 0.2, 4000.0),))
    furnished.put_surveys([survey], now=NOW, by="import")
    assert furnished.surveys() == [survey]
