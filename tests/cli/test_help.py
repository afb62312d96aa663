"""Help answers at once, and begins with what a person can copy."""

import subprocess
import sys

from verriere.testing.command import Run

SLOW_TO_IMPORT = ("alembic", "fastapi", "h5py", "matplotlib", "numpy", "pint", "pydantic", "rich", "sqlalchemy")


def test_help_begins_with_examples_and_names_every_exit_code(verriere: Run) -> None:
    told = verriere("--help")
    assert told.code == 0
    assert told.out.startswith("Examples:\n  verriere demo")
    assert "Exit codes: 0 done" in told.out
    assert told.err == ""


def test_help_imports_nothing_that_is_slow_to_import() -> None:
    traced = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "verriere", "--help"], capture_output=True, text=True, check=True
    )
    imported = {line.rsplit("|", 1)[1].strip().split(".")[0] for line in traced.stderr.splitlines() if "|" in line}
    assert "typer" in imported
    assert imported.isdisjoint(SLOW_TO_IMPORT)


def test_a_mistyped_command_is_answered_with_the_one_that_was_meant(verriere: Run) -> None:
    told = verriere("serch", "SAXS")
    assert told.code == 2
    assert "Did you mean 'search'?" in told.err
