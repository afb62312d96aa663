"""An ingest that finds no room stops with a clear message, and goes on when there is room again."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np

from verriere.testing.command import Run

from .conftest import WriteScan

_BLOCKS = 4096
"""Of 512 or of 1024 bytes, as the shell counts: room for the database, and not for the large file."""


def without_room(*words: object) -> "subprocess.CompletedProcess[str]":
    """The command under a quota: no file may grow past some megabytes."""
    command = shlex.join([sys.executable, "-m", "verriere", *map(str, words)])
    return subprocess.run(
        ["sh", "-c", f"ulimit -f {_BLOCKS}; exec {command}"],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )


def test_an_ingest_without_room_says_so_keeps_the_archive_whole_and_goes_on_later(
    verriere: Run, tmp_path: Path, scan: WriteScan
) -> None:
    home, spool = tmp_path / "facility", tmp_path / "spool"
    assert verriere("init", home).code == 0
    scan(spool / "first.nxs", title="Before the disk was full")
    assert verriere("--facility", home, "ingest", spool).code == 0
    scan(spool / "small.nxs", title="Small")
    with h5py.File(spool / "large.nxs", "w") as file:
        file.create_dataset("entry/data/counts", data=np.random.default_rng(1).random(1_500_000))

    stopped = without_room("--facility", home, "ingest", spool)

    assert stopped.returncode == 1
    assert "no room is left" in stopped.stderr
    assert "hint:" in stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert verriere("--facility", home, "verify").code == 0
    titles = [hit["title"] for hit in verriere("--facility", home, "search", "", "--json").json["hits"]]
    assert "Before the disk was full" in titles
    assert "large.nxs" not in titles

    later = verriere("--facility", home, "ingest", spool, "--json")

    assert later.code == 0
    titles = [hit["title"] for hit in verriere("--facility", home, "search", "", "--json").json["hits"]]
    assert sorted(titles) == ["Before the disk was full", "Small", "large.nxs"]
    assert verriere("--facility", home, "verify").code == 0
