"""Samples are declared whole or not at all, keep what they were cut from, and are found again by what was measured."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from verriere.errors import InputInvalid, NotFound
from verriere.facility import Facility
from verriere.ingest.assign import assign
from verriere.ingest.match import sample_meant
from verriere.model import PidKind, Sample, State
from verriere.policy.samples import ancestors, family_trouble, outsiders, pieces
from verriere.publish import desk, relate
from verriere.publish.describe import landing_of
from verriere.publish.landing import Landing
from verriere.stewardship import samples
from verriere.testing import FrozenClock
from verriere.testing.facilities import Samples, furnish, keep, measured

NOW = datetime(2026, 9, 14, 10, tzinfo=UTC)
ZEOLITES = "20260415"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Facility, Samples]]:
    """A furnished facility, that tests add to and never take from."""
    folder = tmp_path_factory.mktemp("samples") / "facility"
    with Facility.create(folder, name="Tests", clock=FrozenClock(NOW)) as made:
        yield made, furnish(made)


@pytest.fixture
def table(tmp_path: Path) -> Path:
    return tmp_path / "samples.csv"


def fields(facility: Facility, identifier: str) -> tuple[str, str | None, str]:
    sample = facility.catalogue.sample(identifier)
    return sample.name, sample.parent_id, sample.hazards


def test_a_table_is_taken_with_its_families_and_again_it_changes_nothing(
    house: tuple[Facility, Samples], table: Path
) -> None:
    facility, _ = house
    table.write_text(
        "proposal;name;parent;hazards;igsn\n"
        f"{ZEOLITES};Core A-12;;arsenic;10.58052/IEAWH0001\n"
        f'{ZEOLITES};"Slice; polished";core a12;"line one\nline two";\n',
        encoding="utf-8-sig",
    )
    sheet = samples.read(facility, table)
    assert sheet.troubles == ()
    foreseen = samples.take(facility, sheet, by="claire", dry_run=True)
    assert [(each.id, each.change) for each in foreseen] == [(f"{ZEOLITES}-S1", "new"), (f"{ZEOLITES}-S2", "new")]
    with pytest.raises(NotFound):
        facility.catalogue.sample(f"{ZEOLITES}-S1")
    assert samples.take(facility, sheet, by="claire") == foreseen
    assert fields(facility, f"{ZEOLITES}-S2") == ("Slice; polished", f"{ZEOLITES}-S1", "line one\nline two")
    again = samples.take(facility, samples.read(facility, table), by="claire")
    assert {each.change for each in again} == {"same"}
    assert facility.catalogue.history(f"sample:{ZEOLITES}-S1")[-1].by == "claire"


def test_an_empty_cell_leaves_what_is_known(house: tuple[Facility, Samples], table: Path) -> None:
    facility, _ = house
    told = Sample("", ZEOLITES, "Vial 7", hazards="toxic", location="fridge 3", kind="powder")
    vial = samples.declare(facility, told, by="claire")
    table.write_text(f"proposal,id,name,hazards,kind\n{ZEOLITES},{vial.id},,,solution\n", encoding="utf-8")
    samples.take(facility, samples.read(facility, table), by="import")
    assert facility.catalogue.sample(vial.id) == replace(vial, kind="solution")


@pytest.mark.parametrize(
    ("row", "column", "fix"),
    [
        ("20260416,,Grain,,", "proposal", "did you mean 20260415?"),
        (",,Grain,,", "proposal", "proposal import"),
        (f"{ZEOLITES},,,powder,", "name", "label"),
        (f"{ZEOLITES},a b,Grain,,", "id", "letters"),
        (f"{ZEOLITES},20220088-1,Grain,,", "id", "another"),
        (f"{ZEOLITES},,Good  one,,", "name", "leave one of them out"),
        (f"{ZEOLITES},,Grain,,nothing like it", "parent", "add a line"),
        (f"{ZEOLITES},,Grain,,goodone2", "parent", "did you mean"),
        (f"{ZEOLITES},g,Grain,,g", "parent", "leave it empty"),
        (f"{ZEOLITES},,Grain,,silver behenate", "parent", "add a line"),
        (f"{ZEOLITES},,Grain,{'x' * 2001},", "kind", "shorter"),
        (f"{ZEOLITES},,Grain,,,one too many", "", "double quotes"),
    ],
)
def test_a_bad_row_is_named_with_what_to_do_and_nothing_of_the_table_is_taken(
    house: tuple[Facility, Samples], table: Path, row: str, column: str, fix: str
) -> None:
    facility, _ = house
    before = list(facility.catalogue.dump())
    table.write_text(f"proposal,id,name,kind,parent\n{ZEOLITES},,Good one,,\n{row}\n", encoding="utf-8")
    sheet = samples.read(facility, table)
    assert [(each.line, each.column) for each in sheet.troubles] == [(3, column)]
    assert fix in sheet.troubles[0].fix
    with pytest.raises(InputInvalid, match="nothing was"):
        samples.take(facility, sheet, by="import")
    assert list(facility.catalogue.dump()) == before


def test_a_circle_over_several_rows_and_what_is_known_is_refused(house: tuple[Facility, Samples], table: Path) -> None:
    facility, _ = house
    stem = samples.declare(facility, Sample("", ZEOLITES, "Stem"), by="claire")
    leaf = samples.declare(facility, Sample("", ZEOLITES, "Leaf", parent_id=stem.id), by="claire")
    table.write_text(f"proposal,name,parent\n{ZEOLITES},Stem,Leaf\n", encoding="utf-8")
    (trouble,) = samples.read(facility, table).troubles
    assert trouble.message == f"it would be cut from itself: {stem.id} from {leaf.id} from {stem.id}"
    with pytest.raises(InputInvalid, match="cut from itself"):
        samples.declare(facility, replace(stem, parent_id=leaf.id), by="claire")
    with pytest.raises(InputInvalid, match="nobody knows the sample"):
        samples.declare(facility, replace(leaf, parent_id="20220088-1"), by="claire")


@given(st.lists(st.integers(0, 5), min_size=6, max_size=6))
def test_a_family_is_refused_where_and_only_where_it_has_a_circle(parents: list[int]) -> None:
    known = {str(n): Sample(str(n), "p", "n", parent_id=str(p) if p != n else None) for n, p in enumerate(parents)}
    for number, sample in known.items():
        walked, at = [number], sample.parent_id
        while at is not None and at not in walked:
            walked.append(at)
            at = known[at].parent_id
        assert bool(family_trouble(sample, known)) is (at == number)
        for piece in pieces(number, known):
            assert number in {each.id for each in ancestors(piece, known)}


@given(st.lists(st.sampled_from(["Core", "core", "CORE 1", "core-1", "slice"]), max_size=4), st.text(max_size=8))
def test_a_name_in_a_file_stands_for_a_sample_only_where_it_stands_for_no_other(names: list[str], said: str) -> None:
    declared = [Sample(f"s{number}", "p", name) for number, name in enumerate(names)]
    for written in (said, *names):
        found = sample_meant(declared, [written])
        alike = [each.id for each in declared if sample_meant([each], [written])]
        assert found == (alike[0] if len(alike) == 1 else None)


def test_the_team_says_what_was_measured_and_a_rebuilt_catalogue_knows_it(
    house: tuple[Facility, Samples], tmp_path: Path
) -> None:
    facility, there = house
    grain = samples.declare(facility, Sample("", ZEOLITES, "Grain 42"), by="claire")
    samples.measured(facility, there.embargoed.id, grain.id, by="claire")
    assert [each.id for each in facility.catalogue.datasets(sample_id=grain.id)] == [there.embargoed.id]
    assert facility.catalogue.history(f"dataset:{there.embargoed.id}")[-1].event == "sample"
    with pytest.raises(InputInvalid, match="of proposal"):
        samples.measured(facility, there.embargoed.id, "20220088-1", by="claire")
    with pytest.raises(InputInvalid, match="visit"):
        samples.measured(facility, there.quarantined.id, grain.id, by="office")
    before = list(facility.catalogue.dump())
    copytree(facility.folder, tmp_path / "copy")
    Facility.rebuild(tmp_path / "copy", clock=facility.clock)
    with Facility.open(tmp_path / "copy") as rebuilt:
        assert list(rebuilt.catalogue.dump()) == before


def test_what_finds_its_visit_by_a_person_finds_its_sample_too(house: tuple[Facility, Samples]) -> None:
    facility, _ = house
    lost = keep(facility, measured("ds-found", "Found", State.QUARANTINED, None, None, "found.nxs"))
    assert assign(facility, lost.id, "20220088-S", by="office").sample_id == "20220088-1"


def test_a_sample_and_what_was_published_of_it_name_each_other(house: tuple[Facility, Samples]) -> None:
    facility, there = house
    data = desk.publish(facility, PidKind.DATASET, there.open.id, by="office")
    own = desk.publish(facility, PidKind.SAMPLE, "20220088-1", by="office")
    relate.relate(facility, "sample:20220088-1", relate.related("IsDocumentedBy", data.doi), by="claire")
    paper = relate.related("IsReferencedBy", "10.1107/S1600577518002278", kind="JournalArticle")
    relate.relate(facility, "sample:20220088-1", paper, by="claire")
    assert ("Documents", own.doi) in {(r.relation, r.identifier) for r in facility.catalogue.dataset("ds-open").related}
    landing = landing_of(facility, own, PidKind.SAMPLE, "20220088-1")
    assert paper in landing.related
    assert ("IsSourceOf", "ds-open") in {(tie.relation, tie.identifier) for tie in landing.ties}


WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), max_size=30)


def test_where_a_sample_is_and_what_is_dangerous_about_it_changes_nothing_that_others_are_told(
    house: tuple[Facility, Samples],
) -> None:
    facility, _ = house
    sample = facility.catalogue.sample("20220088-1")
    subjects = ((PidKind.SAMPLE, sample.id), (PidKind.DATASET, "ds-open"), (PidKind.VISIT, "20220088-S"))

    def told() -> list[Landing]:
        # What every format is written from. When a DOI's record changed last is told, and no secret.
        return [landing_of(facility, None, kind, identifier) for kind, identifier in subjects]

    samples.declare(facility, outsiders(sample), by="office")
    before = told()

    @settings(max_examples=20, deadline=None)
    @given(WORDS, WORDS, WORDS)
    def law(location: str, shipment: str, hazards: str) -> None:
        told_team = replace(sample, location=location, shipment=shipment, hazards=hazards)
        samples.declare(facility, told_team, by="claire")
        assert told() == before

    law()
