"""RO-Crate 1.2 by the validator of its community, and as the Python library of that community reads it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from rocrate.rocrate import ROCrate
from tests.landing.strategies import landings
from tests.landing.world import World

from verriere.model import PidKind
from verriere.publish.formats import rocrate
from verriere.publish.landing import Landing


@pytest.fixture(scope="module")
def judge(standards: Path) -> "Judge":
    return Judge(standards / "rocrate/roc-validator-http-cache.sqlite")


class Judge:
    """``rocrate-validator``, without a network."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache

    def __call__(self, crate: Path) -> tuple[int, str]:
        """Its exit status (0: valid, 1: not valid), and what it says."""
        program = Path(sys.executable).parent / "rocrate-validator"
        options = ["--offline", "--cache-path", str(self.cache), "--no-paging"]
        command = [str(program), "-y", "validate", str(crate), *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr


def test_the_gate_refuses_what_is_wrong(standards: Path, judge: Judge) -> None:
    assert judge(standards / "rocrate/invalid/1.3-root-without-licence")[0] == 1


@pytest.mark.parametrize("identifier", ["open", "embargoed"])
def test_a_crate_is_valid_with_its_files_and_without(
    candid: World, judge: Judge, tmp_path: Path, identifier: str
) -> None:
    landing = candid.landing(PidKind.DATASET, identifier, doi="10.5072/x")
    (tmp_path / "ro-crate-metadata.json").write_bytes(rocrate.write_attached(landing))
    for file in landing.files:
        path = candid.facility.archive.path_of(landing.identifier, file.path)
        (tmp_path / file.path).write_bytes(path.read_bytes())
    status, said = judge(tmp_path)
    assert status == 0, said


def test_what_is_embargoed_is_described_and_absent(candid: World) -> None:
    landing = candid.landing(PidKind.DATASET, "embargoed", doi="10.5072/x")
    graph = {node["@id"]: node for node in json.loads(rocrate.write_attached(landing))["@graph"]}
    assert graph["./"]["conditionsOfAccess"] == "embargoed access"
    assert not any(node.get("@type") == "File" for node in graph.values())


def test_the_library_of_the_community_reads_it(world: World, tmp_path: Path) -> None:
    landing = world.landing(PidKind.DATASET, "open", doi="10.5072/x")
    (tmp_path / "ro-crate-metadata.json").write_bytes(rocrate.write_attached(landing))
    (tmp_path / "open_0001.nxs").write_bytes(b"x")
    crate = ROCrate(tmp_path)
    assert crate.name == "Rings"
    assert {file.id for file in crate.data_entities if "File" in file.type} == {"open_0001.nxs"}
    assert crate.root_dataset["author"][0]["name"] == "Fontaine, Claire"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(landing=landings)
def test_any_landing_is_a_flat_graph_in_which_every_reference_of_ours_leads_somewhere(landing: Landing) -> None:
    graph = json.loads(rocrate.write(landing))["@graph"]
    known = [node["@id"] for node in graph]
    assert len(known) == len(set(known))
    for node in graph:
        for value in node.values():
            for one in value if isinstance(value, list) else [value]:
                if isinstance(one, dict):
                    assert one.keys() == {"@id"}
                    assert one["@id"] in known or one["@id"].startswith("http")
