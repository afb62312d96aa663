"""Everything that people read is there in both languages."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader, nodes
from tools import messages

from verriere.serve.language import negotiate

TEMPLATES = messages.SERVE / "portal/templates"
SPOKEN = {"alt", "aria-label", "placeholder", "title"}
SAME_EVERYWHERE = re.compile(
    r"SHA-256|CSV|JSON|DOI|Verrière|technique:SAXS energy:>12keV|(no)?index,(no)?follow$|^home$|^inner$"
)


@pytest.mark.parametrize("language", ["fr"])
def test_every_sentence_is_translated(language: str) -> None:
    said = {message.id for message in messages.collected() if message.id}
    translated = messages.read(language, messages.translations()[language])
    assert said - {message.id for message in translated} == set(), "python -m tools.messages"
    assert messages.untranslated(translated) == []


def test_translations_keep_every_fact_and_every_mark() -> None:
    kept = re.compile(r"%\(\w+\)s|</?code>|</?em")
    for message in messages.read("fr", messages.translations()["fr"]):
        # Singular and plural come as tuples, all else as one text.
        if message.id:
            assert set(kept.findall(str(message.string))) == set(kept.findall(str(message.id))), message.id


class _Spoken(HTMLParser):
    """Text that a reader meets, in elements and in attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_data(self, data: str) -> None:
        self.found.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name in SPOKEN and value]


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.html")), ids=lambda path: Path(path).name)
def test_no_template_says_a_word_outside_gettext(path: Path) -> None:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), extensions=["jinja2.ext.i18n"], autoescape=True)
    tree = environment.parse(path.read_text(encoding="utf-8"))
    spoken = _Spoken()
    spoken.feed("".join(text.data for text in tree.find_all(nodes.TemplateData)))
    left = [SAME_EVERYWHERE.sub("", text.strip()) for text in spoken.found]
    assert [text for text in left if re.search(r"[^\W\d_]{2}", text)] == []


@pytest.mark.parametrize(
    ("header", "language"),
    [("fr-CH, fr;q=0.9, en;q=0.8", "fr"), ("de, en;q=0.2, fr;q=0.1", "en"), ("de", "en"), ("", "en"), ("fr;q=0", "en")],
)
def test_language_is_the_one_liked_best(header: str, language: str) -> None:
    assert negotiate(header) == language


@given(st.text())
def test_any_header_gets_a_language(header: str) -> None:
    assert negotiate(header) in ("en", "fr")
