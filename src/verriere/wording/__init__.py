"""Every sentence about a finding, in French and English, as a table that needs no Python to extend."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal, TypeVar

from verriere.errors import VerriereError
from verriere.model import Finding, Severity

_E = TypeVar("_E", bound=VerriereError)
Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Sentence:
    """What a finding says and what to do about it, in one language."""

    text: str
    fix: str


@cache
def table() -> dict[str, dict[str, str]]:
    """The table of findings: code to its severity, and its text and fix in each language.

    Each room that finds something has a file in ``findings/``; codes are unique across all of them.
    """
    rows: dict[str, dict[str, str]] = {}
    for part in sorted(files(__name__).joinpath("findings").iterdir(), key=lambda entry: entry.name):
        if not part.name.endswith(".toml"):
            continue
        for code, row in tomllib.loads(part.read_text(encoding="utf-8")).items():
            if code in rows:
                raise ValueError(f"finding {code!r} is defined twice")
            rows[code] = row
    return rows


def finding(code: str, where: str = "", *, file: str = "", **details: object) -> Finding:
    """Make a finding with the severity that the table gives it.

    Raises
    ------
    KeyError
        ``code`` is not in the table.
    """
    severity = Severity(table()[code]["severity"])
    return Finding(code, severity, where, {name: str(value) for name, value in details.items()}, file)


def describe(found: Finding, language: Language = "en") -> Sentence:
    """What a finding says to a person; a code of an older version is shown as it is."""
    row = table().get(found.code)
    if row is None:
        return Sentence(found.code, "")
    # A fact that is a word itself is kept in each language: `label_fr` is the `{label}` of a French sentence.
    of_language = {
        name.removesuffix(f"_{language}"): fact for name, fact in found.details.items() if name.endswith(f"_{language}")
    }
    facts = _Facts(found.details, where=found.where, file=found.file, **of_language)
    return Sentence(row[f"text_{language}"].format_map(facts), row[f"fix_{language}"].format_map(facts))


@cache
def queries() -> dict[str, dict[str, str]]:
    """What can be wrong with a search: as `table`, without severities."""
    return tomllib.loads(files(__name__).joinpath("queries.toml").read_text(encoding="utf-8"))


def query_trouble(reason: str, facts: Mapping[str, str], language: Language = "en") -> Sentence:
    """What is wrong with a search and what to write instead."""
    row = queries()[reason]
    return Sentence(row[f"text_{language}"].format_map(facts), row[f"fix_{language}"].format_map(facts))


@cache
def words() -> dict[str, str]:
    """What commands write around findings, from English to French."""
    told: dict[str, str] = tomllib.loads(files(__name__).joinpath("words.toml").read_text(encoding="utf-8"))["fr"]
    return told


def word(english: str, language: Language, **facts: object) -> str:
    """A heading or a name of a value, so that a table speaks the language of the findings in it.

    Raises
    ------
    KeyError
        The table has no French for it.
    """
    return (english if language == "en" else words()[english]).format_map(facts)


class _Facts(dict[str, str]):
    """A sentence with a fact missing is still better than none: a finding of an older version may lack one."""

    def __missing__(self, key: str) -> str:
        return "?"


@cache
def mails() -> dict[str, dict[str, str]]:
    """What mails say: as `table`, with ``subject`` and ``text``; ``words`` stand in several of them."""
    return tomllib.loads(files(__name__).joinpath("mails.toml").read_text(encoding="utf-8"))


def mail(kind: str, facts: Mapping[str, str], language: Language) -> tuple[str, str]:
    """Subject, in one line, and text of a mail."""
    row = mails()[kind]
    subject = row[f"subject_{language}"].format_map(facts)
    return " ".join(subject.split()), row[f"text_{language}"].lstrip("\n").format_map(facts)


def mail_word(name: str, language: Language, **facts: str) -> str:
    """A word or a clause that mails are made with."""
    return mails()["words"][f"{name}_{language}"].format_map(facts)


@cache
def refusals() -> dict[str, dict[str, str]]:
    """Why something cannot be done: as `table`, without severities."""
    return tomllib.loads(files(__name__).joinpath("refusals.toml").read_text(encoding="utf-8"))


def refuse(kind: type[_E], reason: str, **facts: object) -> _E:
    """Make the error that says in English why something cannot be done, and can be said in French.

    Parameters
    ----------
    kind
        Of error.
    reason
        Row of the table.
    """
    told = {name: str(value) for name, value in facts.items()}
    row = refusals()[reason]
    error = kind(row["text_en"].format_map(told), hint=row["fix_en"].format_map(told))
    error.refusal, error.facts = reason, told
    return error


def refused(error: VerriereError, language: Language) -> str:
    """Why something cannot be done; in English where nobody has said it in another language."""
    row = refusals().get(error.refusal)
    return row[f"text_{language}"].format_map(_Facts(error.facts)) if row else error.message
