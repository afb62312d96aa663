"""New versions have DOIs of their own under one that stands for all of them; the others hang together by them."""

from dataclasses import replace
from pathlib import Path

import pytest
from tests.landing import world as building
from tests.landing.world import NOW, ORIGIN, World

from verriere.archive import Receipt, Source
from verriere.archive.sidecar import encode
from verriere.model import Datafile, Dataset, PidKind, PidState, Publication
from verriere.publish.describe import landing_of
from verriere.publish.landing import Landing


@pytest.fixture
def versioned(tmp_path: Path) -> World:
    """The open dataset has a second version, both published, and its visit is."""
    world = building.build(tmp_path)
    facility = world.facility
    first = facility.catalogue.dataset("open")
    facility.archive.put_sidecar("open", encode(first), "known")
    (tmp_path / "again.nxs").write_bytes(b"measured again")
    made: list[Dataset] = []

    def record(receipt: Receipt) -> bytes:
        files = tuple(Datafile(one.name, one.size, one.sha256, one.blake3, NOW) for one in receipt.files)
        made[:] = [replace(first, version=2, revision=receipt.revision, files=files)]
        return encode(made[0])

    facility.archive.put("open", [Source(tmp_path / "again.nxs", "again.nxs")], record, created=NOW)
    facility.catalogue.register(made, now=NOW)
    visit = Publication("10.5072/v", PidKind.VISIT, "20220088-S", NOW, NOW, wanted=PidState.FINDABLE)
    published = [_publication(), _publication(1), _publication(2), visit]
    facility.catalogue.put_publications(published, now=NOW, by="office")
    return world


def _publication(version: int | None = None) -> Publication:
    doi = f"10.5072/open.v{version}" if version else "10.5072/open"
    concept = "10.5072/open" if version else None
    return Publication(
        doi, PidKind.DATASET, "open", NOW, NOW, version, concept, wanted=PidState.FINDABLE, published_at=NOW
    )


def _landing(world: World, version: int | None = None) -> Landing:
    return landing_of(world.facility, _publication(version), PidKind.DATASET, "open", origin=ORIGIN)


def _ties(landing: Landing) -> set[tuple[str, str]]:
    return {(tie.relation, tie.doi) for tie in landing.ties if tie.kind is PidKind.DATASET}


def test_each_version_has_its_own_files(versioned: World) -> None:
    old, new = _landing(versioned, 1), _landing(versioned, 2)
    assert [file.path for file in old.files] == ["open_0001.nxs"]
    assert [file.path for file in new.files] == ["again.nxs"]
    assert old.files[0].url == f"{ORIGIN}/datasets/open/files/open_0001.nxs?version=1"
    assert new.files[0].url == f"{ORIGIN}/datasets/open/files/again.nxs"
    assert (old.version, new.version) == ("1", "2")
    assert old.picture == ""


def test_versions_know_each_other_and_what_stands_for_all(versioned: World) -> None:
    assert _ties(_landing(versioned)) == {("HasVersion", "10.5072/open.v1"), ("HasVersion", "10.5072/open.v2")}
    assert _ties(_landing(versioned, 1)) == {("IsPreviousVersionOf", "10.5072/open.v2")}
    assert _ties(_landing(versioned, 2)) == {("IsNewVersionOf", "10.5072/open.v1")}
    assert _landing(versioned, 2).concept_doi == "10.5072/open"


def test_others_are_tied_to_the_newest_version_by_its_doi(versioned: World) -> None:
    visit = landing_of(versioned.facility, None, PidKind.VISIT, "20220088-S", origin=ORIGIN)
    assert [(tie.doi, tie.url) for tie in visit.ties if tie.relation == "HasPart"] == [
        ("10.5072/open.v2", f"{ORIGIN}/doi/10.5072/open.v2")
    ]
    assert ("IsPartOf", "10.5072/v") in {(tie.relation, tie.doi) for tie in _landing(versioned, 2).ties}


def test_of_a_withdrawn_version_the_one_before_it_is_told(versioned: World) -> None:
    gone = replace(_publication(2), wanted=PidState.REGISTERED, withdrawn_at=NOW, reason="wrong")
    versioned.facility.catalogue.put_publications([gone], now=NOW, by="office")
    visit = landing_of(versioned.facility, None, PidKind.VISIT, "20220088-S", origin=ORIGIN)
    assert [tie.doi for tie in visit.ties if tie.relation == "HasPart"] == ["10.5072/open.v1"]


def test_a_draft_is_told_to_nobody(versioned: World) -> None:
    draft = Publication("10.5072/draft", PidKind.INSTRUMENT, "SWING", NOW, NOW)
    versioned.facility.catalogue.put_publications([draft], now=NOW, by="office")
    ties = {tie.doi for tie in _landing(versioned, 2).ties if tie.kind is PidKind.INSTRUMENT}
    assert ties == {""}
