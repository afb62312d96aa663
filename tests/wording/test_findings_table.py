import re
import string
from pathlib import Path

import pytest

from verriere import wording
from verriere.model import Basis, Finding, Severity, State

SOURCE = Path(wording.__file__).parents[1]


def codes_used() -> set[str]:
    """Codes that the package's own code names when it makes a finding."""
    used: set[str] = set()
    for module in SOURCE.rglob("*.py"):
        used |= set(re.findall(r"\bfinding\(\s*\"([a-z0-9-]+)\"", module.read_text(encoding="utf-8")))
    return used


@pytest.mark.parametrize("code", sorted(wording.table()))
def test_every_finding_says_its_text_and_fix_in_both_languages(code: str) -> None:
    row = wording.table()[code]
    assert set(row) == {"severity", "text_en", "text_fr", "fix_en", "fix_fr"}
    Severity(row["severity"])
    assert row["text_en"]
    assert row["text_fr"]
    assert row["text_en"] != row["text_fr"]
    assert bool(row["fix_en"]) == bool(row["fix_fr"])
    assert bool(row["fix_en"]) or row["severity"] == "info", "an error or a warning says what to do"
    for kind in ("text", "fix"):
        fields = [
            {name for _, name, _, _ in string.Formatter().parse(row[f"{kind}_{language}"]) if name}
            for language in ("en", "fr")
        ]
        assert fields[0] == fields[1], "both languages name the same facts"


def test_every_finding_that_the_code_makes_is_in_the_table() -> None:
    assert codes_used() <= set(wording.table())


def test_a_finding_speaks_the_language_of_the_reader() -> None:
    found = wording.finding("not-hdf5")
    assert wording.describe(found, "fr").text != wording.describe(found, "en").text


def test_a_code_of_another_version_is_shown_and_does_not_fail() -> None:
    assert wording.describe(Finding("of-tomorrow", Severity.INFO), "fr").text == "of-tomorrow"


def test_an_unknown_code_cannot_be_made() -> None:
    with pytest.raises(KeyError):
        wording.finding("no-such-finding")


def test_every_word_around_findings_keeps_its_facts_in_french() -> None:
    for english, french in wording.words().items():
        facts = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (english, french)]
        assert facts[0] == facts[1]


def test_every_word_that_commands_say_around_findings_has_its_french() -> None:
    said: set[str] = {*State, *Severity, *Basis, "identifier", "path", "time", "given", "person"}
    for module in (SOURCE / "cli").glob("*.py"):
        said |= set(re.findall(r"\bsay\(\s*[\"']([^\"']+)[\"']", module.read_text(encoding="utf-8")))
    assert said <= wording.words().keys()
