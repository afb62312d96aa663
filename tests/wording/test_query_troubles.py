import re
import string
from pathlib import Path

import pytest

from verriere import wording
from verriere.catalogue.query import parse
from verriere.errors import QueryInvalid


@pytest.mark.parametrize("reason", sorted(wording.queries()))
def test_every_trouble_names_the_same_facts_in_both_languages(reason: str) -> None:
    row = wording.queries()[reason]
    assert set(row) == {"text_en", "text_fr", "fix_en", "fix_fr"}
    for kind in ("text", "fix"):
        facts = [
            {name for _, name, _, _ in string.Formatter().parse(row[f"{kind}_{language}"]) if name}
            for language in wording.LANGUAGES
        ]
        assert facts[0] == facts[1]


def test_the_table_holds_what_the_parser_and_its_advice_say_and_nothing_else() -> None:
    parser = Path(wording.__file__).parents[1] / "catalogue" / "query" / "parse.py"
    said = set(re.findall(r"_trouble\(\s*\"([a-z-]+)\"", parser.read_text(encoding="utf-8")))
    advised = {f"{how}-{what}" for how in ("misspelt", "no") for what in ("field", "technique", "beamline")}
    assert said | advised == set(wording.queries())


def test_a_trouble_is_told_in_french_as_well() -> None:
    with pytest.raises(QueryInvalid) as caught:
        parse("energy:>many")
    error = caught.value
    assert error.message == wording.query_trouble(error.reason, error.facts, "en").text
    assert wording.query_trouble(error.reason, error.facts, "fr").text == "« many » n'est pas un nombre avec une unité"
