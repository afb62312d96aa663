"""The documentation says all that there is, and nothing that there is not."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from verriere import errors, wording
from verriere.cli import table
from verriere.errors import VerriereError
from verriere.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])


def kinds_of_error(kind: type[VerriereError] = VerriereError) -> set[type[VerriereError]]:
    return {kind}.union(*(kinds_of_error(narrower) for narrower in kind.__subclasses__()))


ERRORS = {kind.code: kind for kind in kinds_of_error() if kind.__module__ == errors.__name__}


def sections(page: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", (DOCS / page).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_pages_written_from_the_code_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "tools/papers.py", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_every_error_has_a_section_that_says_its_exit_code() -> None:
    told = sections("errors.md")
    assert {title.strip("`") for title in told} == set(ERRORS)
    for code, kind in ERRORS.items():
        assert told[f"`{code}`"].strip().startswith(f"Exit code {kind.exit_code}."), code


def test_every_finding_has_a_section() -> None:
    assert {title.strip("`") for title in sections("findings.md")} == set(wording.table())


def test_every_setting_is_described_with_its_variable() -> None:
    page = (DOCS / "settings.md").read_text(encoding="utf-8")
    for part_name, part in Settings.model_fields.items():
        fields = getattr(part.annotation, "model_fields", {})
        assert fields
        for name, field in fields.items():
            assert field.description
            assert f"| `{name}` |" in page
            assert f"`VERRIERE_{part_name}__{name}`".upper() in page.upper()


def test_every_command_has_a_section() -> None:
    told = sections("cli.md")
    assert {f"verriere {entry.name}" for entry in table.ENTRIES} <= told.keys()


def test_every_decision_is_in_the_index_by_its_title() -> None:
    index = (DOCS / "decisions" / "index.md").read_text(encoding="utf-8")
    pages = sorted((DOCS / "decisions").glob("[0-9]*.md"))
    assert pages
    for page in pages:
        number, _, title = page.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ").partition(" ")
        assert f"- [{number}]({page.name}) {title}" in index
        for part in ("## Context", "## Decision", "## Consequences"):
            assert part in page.read_text(encoding="utf-8"), page.name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_page_or_a_picture_leads_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        path = target.partition("#")[0]
        if path and not re.match(r"[a-z]+:", path):
            assert (page.parent / path).exists(), target


def test_the_readme_names_targets_that_make_has() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md"):
        named = set(re.findall(r"^ {4}make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE))
        assert named
        assert named <= targets


def test_the_changelog_and_the_citation_are_of_this_version() -> None:
    from verriere import __version__

    assert f"## [{__version__}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"version: {__version__}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_nothing_in_the_tree_names_a_machine_that_it_was_made_on() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    home = re.compile(r"(?<![\w.])/(?:home|root|Users|work)/[\w.-]+")
    for name in listed.stdout.splitlines():
        path = ROOT / name
        if (
            path.suffix
            in {".py", ".md", ".toml", ".yaml", ".yml", ".html", ".js", ".css", ".po", ".cff", ".sh", ".json"}
            and path.is_file()
        ):
            if path == Path(__file__) or "node_modules" in path.parts:
                continue
            found = home.search(path.read_text(encoding="utf-8"))
            assert found is None, f"{name}: {found.group() if found else ''}"
