"""Bring the portal's translations up to date: ``python -m tools.messages``.

Sentences are collected from the pages' templates and the code around them; new ones come into the ``.po`` files
empty, and those no longer said go. What is still to be translated is listed, and makes the exit code 1.
"""

import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SERVE = ROOT / "src/verriere/serve"
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2")]


def collected() -> Catalog:
    """Every sentence that the portal says, in English."""
    catalogue = Catalog(project="verriere", fuzzy=False)
    found = extract_from_dir(SERVE, METHODS, options_map={"**/templates/**.html": {"silent": "false"}})
    for name, _line, message, comments, context in found:
        catalogue.add(message, locations=[(name, 1)], auto_comments=comments, context=context)
    return catalogue


def translations() -> dict[str, Path]:
    """The ``.po`` file of each language."""
    return {path.parts[-3]: path for path in sorted(SERVE.glob("locales/*/LC_MESSAGES/*.po"))}


def read(language: str, path: Path) -> Catalog:
    """The translations into one language."""
    with path.open("rb") as file:
        return read_po(file, locale=language, domain="portal")


def untranslated(catalogue: Catalog) -> list[str]:
    """Sentences that have no translation, or one that somebody still has to look at."""
    missing = []
    for message in catalogue:
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and (message.fuzzy or not all(said)):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def main() -> int:
    """Update every language; 1 where something is left to translate."""
    template, left = collected(), 0
    for language, path in translations().items():
        catalogue = read(language, path)
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalogue, width=0, no_location=True, sort_output=True, omit_header=False)
        missing = untranslated(catalogue)
        left += len(missing)
        print("\n".join(f"{language}: {message}" for message in missing))
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
