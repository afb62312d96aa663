"""What people say where no file does: read against the profiles that ask for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from verriere.errors import InputInvalid
from verriere.model import Dataset, Finding, Parameter
from verriere.nexus import units
from verriere.techniques.complete import Completeness, assess
from verriere.techniques.profile import Field, Profiles
from verriere.wording import finding

SOURCE = "form"
LONGEST = 500
"""Characters of an answer."""


@dataclass(frozen=True, slots=True)
class Question:
    """A field of the form, and what was answered before."""

    field: Field
    answer: str


def questions(dataset: Dataset, profiles: Profiles) -> tuple[Question, ...]:
    """What a dataset's team is asked: what people may know and no file says, and what they answered before."""
    told = {parameter.name: parameter for parameter in dataset.told}
    asked = _without_answers(dataset, profiles)
    fields = [each.field for each in asked.asked if each.field.person and not each.is_given] if asked else []
    return tuple(Question(field, _shown(told.get(field.name))) for field in fields)


def _without_answers(dataset: Dataset, profiles: Profiles) -> Completeness | None:
    return assess(dataset.capture, (), profiles, sample=dataset.sample_id is not None)


def _shown(parameter: Parameter | None) -> str:
    if parameter is None or parameter.value is None:
        return ""
    return f"{parameter.value:g}" if isinstance(parameter.value, float) else str(parameter.value)


def read(
    dataset: Dataset, answers: Mapping[str, str], profiles: Profiles
) -> tuple[tuple[Parameter, ...], tuple[Finding, ...]]:
    """What is told after these answers, and what is wrong with them.

    Parameters
    ----------
    answers
        By the names of fields; one that is empty takes an earlier answer back, one that is not there leaves it.

    Raises
    ------
    InputInvalid
        A field is not asked of this dataset.
    """
    asked = {question.field.name: question.field for question in questions(dataset, profiles)}
    told = {parameter.name: parameter for parameter in dataset.told}
    troubles = []
    for name, text in answers.items():
        if name not in asked:
            raise InputInvalid(f"{name} is not asked of {dataset.id}", hint=f"one of {', '.join(asked) or 'none'}")
        told.pop(name, None)
        written = " ".join(text.split())
        if not written:
            continue
        made = _answer(asked[name], written)
        if isinstance(made, Parameter):
            told[name] = made
        else:
            troubles.append(made)
    return tuple(told[name] for name in sorted(told)), tuple(troubles)


def _answer(field: Field, text: str) -> Parameter | Finding:
    """A parameter, in the unit that the field asks for, or what is wrong."""
    facts = {
        "label_en": field.label["en"],
        "label_fr": field.label["fr"],
        "value": text[:80],
        "unit": field.unit or "-",
    }
    if not field.is_number:
        if field.choices:
            chosen = next((choice for choice in field.choices if choice.casefold() == text.casefold()), None)
            if chosen is None:
                return finding("answer-choice", field.name, allowed=", ".join(field.choices), **facts)
            return Parameter(field.name, SOURCE, chosen)
        return Parameter(field.name, SOURCE, text[:LONGEST])
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return finding("answer-number", field.name, **facts)
    low = -float("inf") if field.minimum is None else field.minimum
    high = float("inf") if field.maximum is None else field.maximum
    if not low <= value <= high or value in {float("inf"), -float("inf")}:
        return finding("answer-range", field.name, low=f"{low:g}", high=f"{high:g}", **facts)
    base = units.base(value, value, field.unit) if field.unit else None
    return Parameter(field.name, SOURCE, value, field.unit or None, base)
