"""The template of plans: a core and a module for each discipline or technique, as TOML that anybody can write.

A facility may have modules of its own in a folder (setting ``dmp.templates``); one with the name of a module here takes
its place. docs/plans.md says what a module holds.
"""

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from verriere.errors import SettingsInvalid
from verriere.model import Phase, PlanRole
from verriere.techniques import panet
from verriere.wording import Language

CORE = "core"
KINDS = ("text", "choice", "list", "months", "size")


@dataclass(frozen=True, slots=True)
class Question:
    """Something that a plan asks.

    Parameters
    ----------
    phase
        From which on it is asked.
    role
        Who answers it; the data office may answer all.
    kind
        ``text``, ``choice``, ``list`` (commas), ``months``, ``size`` (bytes with a unit).
    fills
        Where the answer goes: ``dmp.FIELD``, ``dataset.FIELD``, ``quality``, ``embargo``.
    """

    id: str
    phase: Phase
    role: PlanRole
    kind: str
    fills: str
    text_en: str
    text_fr: str
    help_en: str = ""
    help_fr: str = ""
    choices: tuple[str, ...] = ()

    def text(self, language: Language) -> str:
        """The question in a language."""
        return self.text_fr if language == "fr" else self.text_en

    def help(self, language: Language) -> str:
        """What helps to answer it."""
        return self.help_fr if language == "fr" else self.help_en


@dataclass(frozen=True, slots=True)
class Defaults:
    """What datasets of a module are like, unless something more exact is known."""

    formats: tuple[str, ...] = ()
    metadata_en: str = ""
    metadata_fr: str = ""
    metadata_standard: str = ""
    preservation_en: str = ""
    preservation_fr: str = ""
    security_en: str = ""
    security_fr: str = ""


@dataclass(frozen=True)
class Module:
    """One module of the template.

    Parameters
    ----------
    techniques
        Names or IRIs of PaNET terms; the module is for them and all that are kinds of them. The core has none.
    """

    id: str
    version: str
    title_en: str
    title_fr: str
    techniques: tuple[str, ...] = ()
    dataset: Defaults = Defaults()
    question: tuple[Question, ...] = ()

    @property
    def name(self) -> str:
        """Name and version: ``core@1``."""
        return f"{self.id}@{self.version}"

    @cached_property
    def terms(self) -> frozenset[str]:
        """IRIs of every technique that the module is for."""
        named = [iri for name in self.techniques for iri in panet.by_name(name)]
        return frozenset(narrow for iri in named for narrow in panet.narrower(iri))

    def title(self, language: Language) -> str:
        """What it is called."""
        return self.title_fr if language == "fr" else self.title_en


@dataclass(frozen=True)
class Template:
    """The core and every module that a facility has."""

    modules: tuple[Module, ...]

    @property
    def core(self) -> Module:
        """What every plan has."""
        return self.modules[0]

    def of(self, techniques: Collection[str]) -> tuple[Module, ...]:
        """The core, and the modules for some techniques (IRIs)."""
        return (self.core, *(each for each in self.modules[1:] if each.terms.intersection(techniques)))


def question_id(module: Module, question: Question) -> str:
    """By which an answer names its question: ``core.description``."""
    return f"{module.id}.{question.id}"


def questions(modules: Iterable[Module]) -> dict[str, Question]:
    """Every question of some modules, by its identifier, in order."""
    return {question_id(module, question): question for module in modules for question in module.question}


def template(folder: Path | None = None) -> Template:
    """The template of a facility: the modules here, and those of its own folder.

    Raises
    ------
    SettingsInvalid
        A module of the folder cannot be used; the message says which, and what of it.
    """
    own = dict[str, Module]()
    for path in sorted(folder.glob("*.toml")) if folder else ():
        try:
            module = _module(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, ValidationError) as error:
            raise SettingsInvalid(f"{path} is no module of plans: {_first(error)}", hint="see docs/plans.md") from error
        own[module.id] = module
    # What a facility says of its own comes before what is said here for all.
    found = {**own, **{name: module for name, module in _shipped().items() if name not in own}}
    return Template((found.pop(CORE), *found.values()))


@cache
def _shipped() -> Mapping[str, Module]:
    folder = files(__package__).joinpath("templates")
    made = [_module(part.read_text(encoding="utf-8")) for part in sorted(folder.iterdir(), key=lambda part: part.name)]
    return {module.id: module for module in made}


def _module(text: str) -> Module:
    values: dict[str, Any] = tomllib.loads(text)
    known = {"module", "dataset", "question"}
    if not values.keys() <= known or "module" not in values:
        raise ValueError(f"it has {', '.join(values) or 'nothing'}; a module has {', '.join(sorted(known))}")
    made = TypeAdapter(Module).validate_python({**values.pop("module"), **values})
    for question in made.question:
        if question.kind not in KINDS:
            raise ValueError(f"question {question.id}: kind is {question.kind!r}; it can be {', '.join(KINDS)}")
        if (question.kind == "choice") != bool(question.choices):
            raise ValueError(f"question {question.id}: choices are for questions of kind choice, which need some")
    for name in made.techniques:
        if not panet.by_name(name):
            raise ValueError(f"nobody knows the technique {name!r}")
    return made


def _first(error: Exception) -> str:
    if isinstance(error, ValidationError):
        found = error.errors()[0]
        return f"{'.'.join(map(str, found['loc']))}: {found['msg']}"
    return str(error)
