"""The real files in foreign formats, as datasets."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from verriere.ingest.gather import Group
from verriere.ingest.plan import plan
from verriere.model import Capture
from verriere.techniques.formats.reading import examine

FOLDERS = ("nmr", "epr", "ms", "xas", "mx_frames/lcys", "mx_frames/rayonix", "mx_frames/thaumatin_grid")
FILES = ("mx/dxtbx_omega_scan.cbf", "mx/dxtbx_phi_scan_001.cbf")


def files_of(group: Group) -> Mapping[str, Path]:
    return {member.name: member.path for member in group.members}


def examined(files: Mapping[str, Path], name: str) -> Capture:
    found = examine(files, name)
    assert found is not None, f"{name} is not recognised"
    return found


def codes(capture: Capture) -> set[str]:
    return {found.code for found in capture.findings}


@pytest.fixture(scope="session")
def foreign(shared: Path) -> dict[str, Group]:
    """Every dataset in a foreign format, by the name of its first file or its folder."""
    data = shared / "data"
    groups = plan([data / name for name in (*FOLDERS, *FILES)]).groups
    return {Path(group.source).name: group for group in groups if group.kind not in {"files", "hdf5", "nexus"}}
