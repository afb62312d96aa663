"""The table of rules, ``tables/rules.toml``, read once."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from verriere.techniques.panet import PREFIX


@dataclass(frozen=True, slots=True)
class Rules:
    """What the table says, with terms as IRIs and expressions compiled."""

    definitions: dict[str, dict[str, str]]
    places: dict[str, tuple[str, ...]]
    codes: dict[str, str]
    words: dict[str, str]
    unsafe: frozenset[str]
    capitals: frozenset[str]
    probes: dict[str, re.Pattern[str]]
    machines: dict[str, re.Pattern[str]]
    facilities: dict[str, re.Pattern[str]]
    structure: dict[str, re.Pattern[str]]


@cache
def rules() -> Rules:
    """The rules that are shipped."""
    text = files("verriere.techniques").joinpath("tables", "rules.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    return Rules(
        definitions={
            name.casefold(): {probe: _iri(number) for probe, number in terms.items()}
            for name, terms in table["definitions"].items()
        },
        places={name: tuple(paths) for name, paths in table["places"].items()},
        codes={name.casefold(): _iri(number) for name, number in table["codes"].items()},
        words={name.casefold(): _iri(number) for name, number in table["words"].items()},
        unsafe=frozenset(table["unsafe"]["words"]),
        capitals=frozenset(name.casefold() for name in table["unsafe"]["only_in_capitals"]),
        probes={probe: re.compile(text, re.IGNORECASE) for probe, text in table["probes"].items()},
        machines={name: re.compile(text, re.IGNORECASE) for name, text in table["machines"].items()},
        facilities={probe: re.compile(text) for probe, text in table["facilities"].items()},
        structure={name: re.compile(text, re.IGNORECASE) for name, text in table["structure"].items()},
    )


def _iri(number: str) -> str:
    return f"{PREFIX}PaNET{number}"
