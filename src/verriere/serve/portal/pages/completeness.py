"""How complete a record is, as a page shows it, and the form for what no file says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from verriere.model import Dataset, Finding
from verriere.policy import Access
from verriere.serve.caller import Caller
from verriere.techniques import answers
from verriere.techniques.complete import Asked, of_dataset
from verriere.techniques.profile import Field, Profiles
from verriere.wording import Sentence, describe


@dataclass(frozen=True, slots=True)
class MissingRow:
    """Something that is missing: what it is, how much it matters, and how it is added."""

    label: str
    need: str
    definition: str
    how: str


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One field of the form."""

    name: str
    label: str
    definition: str
    unit: str
    answer: str
    choices: tuple[str, ...]
    is_number: bool


@dataclass(frozen=True, slots=True)
class CompletenessPart:
    """The score, and for the team what is missing and the form.

    Parameters
    ----------
    action
        Where the form is sent; empty where there is none.
    troubles
        What is wrong with the answers that were just sent.
    is_kept
        Whether answers were just kept.
    """

    score: int
    sentence: str
    missing: tuple[MissingRow, ...]
    questions: tuple[QuestionRow, ...]
    action: str
    troubles: tuple[Sentence, ...] = ()
    is_kept: bool = False


def completeness_part(
    caller: Caller,
    dataset: Dataset,
    access: Access,
    profiles: Profiles,
    *,
    sent: Mapping[str, str] | None = None,
    troubles: Sequence[Finding] = (),
    is_kept: bool = False,
) -> CompletenessPart | None:
    """The part of a dataset's page about what it says; None where nothing is asked, or the caller may not know.

    Parameters
    ----------
    dataset, access
        As disclosed for the caller, and how much that is.
    sent, troubles
        Answers that were just sent, and what is wrong with them.
    is_kept
        Whether answers were just kept.
    """
    _ = caller.words.gettext
    if access < Access.TEAM:  # others see what was found when it was last looked at, and not what is missing
        score = dataset.completeness
        if score is None:
            return None
        return CompletenessPart(score, _("%(score)s of 100", score=score), (), (), "")
    found = of_dataset(dataset, profiles)
    if found is None:
        return None
    asked = answers.questions(dataset, profiles)
    in_form = {question.field.name for question in asked}
    return CompletenessPart(
        score=found.score,
        sentence=_("%(score)s of 100", score=found.score),
        missing=tuple(_missing(caller, each, in_form) for each in found.missing),
        questions=tuple(_question(caller, question, sent or {}) for question in asked),
        action=caller.urls.describe(dataset.id) if asked and caller.account else "",
        troubles=tuple(describe(trouble, caller.words.language) for trouble in troubles),
        is_kept=is_kept,
    )


def _missing(caller: Caller, asked: Asked, in_form: set[str]) -> MissingRow:
    field, language, _ = asked.field, caller.words.language, caller.words.gettext
    if field.name in in_form:
        how = _("Fill it in below.")
    elif field.nexus:
        how = _("Let the beamline write it: %(places)s", places=", ".join(field.nexus))
    else:
        how = _("Ask the beamline to write it into its files.")
    return MissingRow(field.label[language], _need(caller, field), field.definition[language], how)


def _need(caller: Caller, field: Field) -> str:
    _ = caller.words.gettext
    return {"required": _("required"), "recommended": _("recommended"), "optional": _("optional")}[field.need]


def _question(caller: Caller, question: answers.Question, sent: Mapping[str, str]) -> QuestionRow:
    field, language = question.field, caller.words.language
    return QuestionRow(
        name=field.name,
        label=field.label[language],
        definition=field.definition[language],
        unit=field.unit,
        answer=sent.get(field.name, question.answer),
        choices=field.choices,
        is_number=field.is_number,
    )
