"""The command as a person runs it: a process of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True, slots=True)
class Told:
    """What a command answered: its exit code, standard output and standard error."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output, as JSON."""
        return json.loads(self.out)


Run = Callable[..., Told]


def run(*words: object, stdin: str = "", env: Mapping[str, str] | None = None, cwd: Path | None = None) -> Told:
    """Run ``verriere`` with these words.

    Parameters
    ----------
    env
        Variables beside those of this process; ``VERRIERE_*`` of this process are left out.
    """
    surroundings = {name: value for name, value in os.environ.items() if not name.startswith("VERRIERE_")}
    surroundings |= {"LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(sys.path), **(env or {})}
    done = subprocess.run(  # noqa: S603 - our own command
        [sys.executable, "-m", "verriere", *map(str, words)],
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        cwd=cwd,
        env=surroundings,
    )
    return Told(done.returncode, done.stdout, done.stderr)
