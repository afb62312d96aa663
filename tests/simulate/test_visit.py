"""The whole visit: what the demonstration and other rooms' tests begin with."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import h5py
import pytest

from verriere.simulate.visit import SimulatedVisit, simulate_visit


@pytest.fixture(scope="module")
def office(beamlines: SimulatedVisit) -> dict[str, Any]:
    written: dict[str, Any] = json.loads(beamlines.proposals.read_text(encoding="utf-8"))
    return written


def test_the_visit_is_small_enough_for_a_demonstration(beamlines: SimulatedVisit) -> None:
    assert sum(path.stat().st_size for path in beamlines.files) < 60e6


def test_there_is_an_embargoed_an_open_and_a_proprietary_case(office: dict[str, Any], measured_at: datetime) -> None:
    ends = {
        proposal["id"]: [datetime.fromisoformat(visit["end"]) for visit in proposal["visits"]]
        for proposal in office["proposals"]
    }
    research = {proposal["id"]: proposal["research"] for proposal in office["proposals"]}
    public = [end for identifier, visits in ends.items() if research[identifier] == "public" for end in visits]
    assert any(end < measured_at - timedelta(days=3 * 366) for end in public)
    assert any(measured_at - timedelta(days=90) < end < measured_at for end in public)
    assert "proprietary" in research.values()


def test_one_proposal_has_visits_on_all_three_beamlines(office: dict[str, Any]) -> None:
    assert {visit["instrument_id"] for visit in office["proposals"][0]["visits"]} == {"SWING", "ANATOMIX", "PROXIMA-1"}


def test_every_proposal_has_an_investigator_and_every_visit_a_local_contact(office: dict[str, Any]) -> None:
    for proposal in office["proposals"]:
        assert "principal-investigator" in {member["role"] for member in proposal["members"]}
        for visit in proposal["visits"]:
            assert "local-contact" in {member["role"] for member in visit["members"]}


def test_all_addresses_are_invented(office: dict[str, Any]) -> None:
    text = json.dumps(office)
    assert text.count("@") == text.count("@example.org") > 0


def test_every_file_was_recorded_during_its_visit(beamlines: SimulatedVisit, office: dict[str, Any]) -> None:
    visits = {visit["id"]: visit for proposal in office["proposals"] for visit in proposal["visits"]}
    for identifier, folder in beamlines.folders.items():
        recorded = [path for path in beamlines.files if path.is_relative_to(folder) and "_data_" not in path.name]
        assert recorded
        for path in recorded:
            with h5py.File(path) as file:
                (entry,) = file.values()
                written = entry["start_time"]
                start = (written[0] if written.shape else written[()]).decode()
            visit = visits[identifier]
            assert visit["start"] <= start <= visit["end"]


def everything(path: Path) -> dict[str, bytes]:
    """Bytes of each dataset and text of each attribute of a file, by path."""
    found: dict[str, bytes] = {}

    def read(name: str, node: h5py.Group | h5py.Dataset) -> None:
        found[name] = repr(sorted(node.attrs.items(), key=lambda item: item[0])).encode()
        if isinstance(node, h5py.Dataset):
            found[name] += repr(node[()]).encode() if node.dtype.hasobject else node[()].tobytes()

    with h5py.File(path) as file:
        file.visititems(read)
    return found


def test_the_same_seed_gives_the_same_numbers_and_progress_is_told_from_nothing_to_all(
    beamlines: SimulatedVisit, measured_at: datetime, tmp_path: Path
) -> None:
    told: list[tuple[int, int, str]] = []
    again = simulate_visit(
        tmp_path, now=measured_at, progress=lambda done, total, name: told.append((done, total, name))
    )
    assert [done for done, _, _ in told] == list(range(told[-1][1] + 1))
    for first, second in zip(beamlines.files, again.files, strict=True):
        assert everything(first) == everything(second)
