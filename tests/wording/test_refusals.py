"""What cannot be done is said in both languages, with the same facts."""

import re

import pytest

from verriere.errors import InputInvalid
from verriere.policy import Refusal
from verriere.wording import refusals, refuse, refused

_PLACE = re.compile(r"\{(\w+)\}")


@pytest.mark.parametrize("reason", refusals())
def test_a_refusal_has_both_languages_with_the_same_places(reason: str) -> None:
    row = refusals()[reason]
    assert set(row) == {"text_en", "text_fr", "fix_en", "fix_fr"}
    assert sorted(_PLACE.findall(row["text_en"])) == sorted(_PLACE.findall(row["text_fr"]))


def test_everything_that_the_policy_refuses_about_an_embargo_has_its_sentence() -> None:
    assert {f"embargo-{refusal}" for refusal in Refusal} <= refusals().keys()


def test_an_error_is_english_and_can_be_said_in_french() -> None:
    error = refuse(InputInvalid, "assigned-already", dataset="d1", visit="V1")
    assert error.message == "dataset d1 is of visit V1 already"
    assert refused(error, "fr") == "le jeu de données d1 est déjà de la visite V1"
    assert refused(InputInvalid("as it is"), "fr") == "as it is"
