"""The sentences of a description, in French and English, from ``tables/sentences.toml``."""

import tomllib
from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

from verriere.publish.landing import Text
from verriere.wording import LANGUAGES, Language


class Sayer:
    """Says sentences of one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._table = _table()[language]

    def say(self, name: str, **facts: object) -> str:
        """The sentence of that name; empty where one of its facts is not known."""
        return self._table[name] % facts if all(str(fact) for fact in facts.values()) else ""


def both(make: Callable[[Sayer], Iterable[str]]) -> tuple[Text, ...]:
    """The same said in each language; parts that are empty are left out."""
    said = [(language, " ".join(filter(None, make(Sayer(language))))) for language in LANGUAGES]
    return tuple(Text(text, language) for language, text in said if text)


@cache
def _table() -> dict[str, dict[str, str]]:
    text = files("verriere.publish").joinpath("tables/sentences.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)
