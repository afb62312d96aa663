"""A cited query gives the same years later: the RDA's recommendations on data citation, one by one."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import h5py
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from verriere.archive import Deposit, Receipt, Source, sidecar
from verriere.archive.deposit import Refused
from verriere.catalogue import Catalogue
from verriere.catalogue.query import parse, write
from verriere.catalogue.query.canonical import canonical
from verriere.errors import InputInvalid, NotFound
from verriere.facility import Facility
from verriere.model import (
    ANONYMOUS,
    BaseRange,
    Basis,
    Capture,
    Citation,
    Datafile,
    Dataset,
    Instrument,
    Member,
    Parameter,
    Person,
    PidKind,
    Proposal,
    Reading,
    Research,
    Role,
    State,
    Technique,
    Viewer,
    Visit,
)
from verriere.publish.citing import Change, cite_part, cite_query, resolve, verify
from verriere.publish.describe import landing_of
from verriere.publish.desk import publish
from verriere.publish.formats import datacite_xml

NOW = datetime(2026, 1, 1, tzinfo=UTC)
START = datetime(2024, 3, 4, 8, tzinfo=UTC)
TEAM = Person("Durand, Éloïse", "eloise@lab.example")
SAXS = Technique("http://purl.org/pan-science/PaNET/PaNET01188", "small angle x-ray scattering", Basis.STATED, "/e")
QUERIES = ("silver", "technique:SAXS", "energy:11keV..13keV", "title:silver -foil", "beamline:SWING after:2024-03-05")


@pytest.fixture
def facility(tmp_path: Path) -> Iterator[Facility]:
    """Two visits, one of them proprietary, and forty datasets of one small file each."""
    yield from furnished("", tmp_path)


@pytest.fixture
def either(empty_url: str, tmp_path: Path) -> Iterator[Facility]:
    """The same on each of the databases."""
    yield from furnished(empty_url, tmp_path)


def furnished(database: str, tmp_path: Path) -> Iterator[Facility]:
    with Facility.create(tmp_path / "facility", name="Test", database=database, clock=lambda: NOW) as made:
        member = (Member(TEAM, Role.PRINCIPAL_INVESTIGATOR),)
        end = START + timedelta(days=40)
        nouns: list[Instrument | Proposal | Visit] = [
            Instrument("SWING", "SWING"),
            Proposal("P1", "Silver", members=member),
            Proposal("P2", "Secret", Research.PROPRIETARY, members=member),
            Visit("V1", "P1", "SWING", START, end),
            Visit("V2", "P2", "SWING", START, end),
        ]
        for noun in nouns:
            made.archive.put(f"{type(noun).__name__.lower()}:{noun.id}", (), sidecar.encode(noun), created=NOW)
        made.catalogue.put_instruments(nouns[:1], now=NOW)  # type: ignore[arg-type]
        made.catalogue.put_proposals(nouns[1:3], now=NOW)  # type: ignore[arg-type]
        made.catalogue.put_visits(nouns[3:], now=NOW)  # type: ignore[arg-type]
        keep(made, [dataset(number) for number in range(40)], tmp_path)
        yield made


def dataset(number: int, *, state: State = State.OPEN, visit: str = "V1", title: str = "") -> Dataset:
    """The dataset of a number: every third of silver, at energies from 10 to 14 keV."""
    energy = 10.0 + number % 5
    capture = Capture(
        "nexus",
        title=Reading(title or ("Silver behenate" if number % 3 == 0 else "Gold"), "/entry/title"),
        start_time=Reading((START + timedelta(hours=number)).isoformat(), "/entry/start_time"),
        energy=Parameter("energy", "/entry/energy", energy, "keV", BaseRange("eV", energy * 1e3, energy * 1e3)),
        techniques=(SAXS,) if number % 2 else (),
    )
    return Dataset(
        id=f"d{number:04}",
        version=1,
        source=f"/beamline/{number}.nxs",
        title=capture.title.value if capture.title else "",
        state=state,
        ingested_at=NOW,
        visit_id=visit,
        instrument_id="SWING",
        captures=((f"{number}.nxs", capture),),
    )


def keep(facility: Facility, datasets: list[Dataset], folder: Path, *, salt: str = "") -> None:
    """Into the archive with their bytes, then into the catalogue, as ingest does it."""
    kept: dict[str, Dataset] = {}

    def deposit(each: Dataset) -> Deposit:
        name = each.source.rsplit("/", 1)[-1]
        path = folder / "source" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{each.id} {salt}")

        def record(receipt: Receipt) -> bytes:
            files = tuple(Datafile(f.name, f.size, f.sha256, f.blake3, f.mtime) for f in receipt.files)
            version = each.version + receipt.data_changed * (receipt.revision > 1)
            kept[each.id] = replace(each, files=files, revision=receipt.revision, version=version)
            return sidecar.encode(kept[each.id])

        return Deposit(each.id, (Source(path, name),), record, created=NOW)

    for result in facility.archive.put_many([deposit(each) for each in datasets]):
        assert not isinstance(result, Refused), result
    facility.catalogue.register(list(kept.values()), now=NOW)
    facility.journal()


def edit(facility: Facility, rng: random.Random, folder: Path, edits: int) -> None:
    """Do to the facility what years do: new data, new versions, other titles, embargoes that end, new visits."""
    number = 1_000
    while edits > 0:
        datasets = facility.catalogue.datasets()
        batch = min(edits, 50)
        some = rng.sample(datasets, min(batch, len(datasets)))
        match rng.choice(("data", "title", "new", "state")):
            case "data":
                keep(facility, some, folder, salt=str(rng.random()))
            case "title":
                changed = [_retitled(each, rng.choice(("Silver foil", "Lead", "Silver silver"))) for each in some]
                _rewrite(facility, changed)
            case "new":
                some = [dataset(number + n, state=rng.choice((State.OPEN, State.EMBARGOED))) for n in range(batch)]
                number += batch
                keep(facility, some, folder)
            case "state":
                states = {State.EMBARGOED: State.OPEN}
                _rewrite(facility, [replace(each, state=states.get(each.state, each.state)) for each in some])
        edits -= len(some)


def _retitled(each: Dataset, title: str) -> Dataset:
    name, capture = each.captures[0]
    return replace(each, title=title, captures=((name, replace(capture, title=Reading(title, "/entry/title"))),))


def _rewrite(facility: Facility, changed: list[Dataset]) -> None:
    entered = []
    for each in changed:
        after = replace(each, revision=facility.archive.revision(each.id) + 1)
        if facility.archive.put_sidecar(each.id, sidecar.encode(after), "edited", created=NOW) == after.revision:
            entered.append(after)
    facility.catalogue.register(entered, now=NOW)
    facility.journal()


def ids(cited: Citation) -> list[str]:
    return [each.id for each in cited.datasets]


def test_r1_each_change_of_data_is_a_version_and_the_cited_one_stays(facility: Facility, tmp_path: Path) -> None:
    cited = cite_query(facility, "id:d0003", by="eloise")
    keep(facility, [facility.catalogue.dataset("d0003")], tmp_path, salt="remeasured")
    (member,) = resolve(facility, cited.id, ANONYMOUS).members
    assert (member.version, member.current, member.change) == (1, 2, Change.NEWER)
    assert verify(facility, cited.id) == ()


def test_r2_and_r7_the_moment_and_the_state_of_knowledge_are_kept(facility: Facility) -> None:
    cited = cite_query(facility, "silver", by="eloise")
    assert cited.asked_at == NOW
    assert cited.entry == facility.catalogue.last_entry() - 1  # the citation itself is the entry after it


def test_r3_and_r9_query_normal_form_and_result_are_in_the_store_and_in_the_archive(facility: Facility) -> None:
    cited = cite_query(facility, "Silver  energy:>12keV", by="eloise")
    assert facility.catalogue.citation(cited.id) == cited
    assert sidecar.decode(Citation, facility.archive.read_sidecar(f"citation:{cited.id}")) == cited
    assert (cited.query, cited.normal) == ("Silver  energy:>12keV", "energy:>12000eV silver")


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("silver energy:>12keV", "energy:>12000eV  SILVER"),
        ("technique:SAXS", 'technique:"small-angle x-ray scattering"'),
        ("energy:11keV..13keV", "energy:13000eV..11000eV"),
        ("silver (title:silver)", "title:silver silver silver"),
    ],
)
def test_r4_the_same_question_written_otherwise_is_the_same_citation(
    facility: Facility, written: str, otherwise: str
) -> None:
    first = cite_query(facility, written, by="eloise")
    again = cite_query(facility, otherwise, by="ben")
    assert again == first
    assert len(facility.catalogue.citations()) == 1


def test_r4_the_same_question_with_another_answer_is_another_citation(facility: Facility, tmp_path: Path) -> None:
    first = cite_query(facility, "silver", by="eloise")
    keep(facility, [dataset(300)], tmp_path)
    second = cite_query(facility, "silver", by="eloise")
    assert second.id != first.id
    assert set(ids(second)) - set(ids(first)) == {"d0300"}


def test_r5_the_order_is_by_measurement_and_does_not_depend_on_registration(either: Facility, tmp_path: Path) -> None:
    keep(either, [dataset(99), dataset(60)], tmp_path)
    assert ids(cite_query(either, "gold or silver", by="eloise"))[-2:] == ["d0060", "d0099"]


def test_r6_a_changed_byte_a_lost_version_or_a_forged_result_is_found(either: Facility, tmp_path: Path) -> None:
    cited = cite_query(either, "silver", by="eloise")
    assert verify(either, cited.id) == ()
    forged = replace(cited, id="forged", datasets=cited.datasets[1:])
    either.catalogue.put_citation(forged, now=NOW)
    assert [found.code for found in verify(either, "forged")] == ["citation-checksum"]
    other = replace(cited, id="other", datasets=(cited.datasets[0]._replace(digest="0" * 64),))
    either.catalogue.put_citation(other, now=NOW)
    assert [found.code for found in verify(either, "other")] == ["citation-data-differ"]
    lost = replace(cited, id="lost", datasets=(cited.datasets[0]._replace(version=7),))
    either.catalogue.put_citation(lost, now=NOW)
    assert [found.code for found in verify(either, "lost")] == ["citation-version-lost"]


def test_r8_the_identifier_follows_from_question_and_answer(facility: Facility) -> None:
    cited = cite_query(facility, "silver", by="eloise")
    assert cited.id.isalnum()
    assert cited.id == cited.id.lower()
    assert len(cited.id) == 16


def test_r13_and_r14_after_a_thousand_edits_and_a_move_to_the_other_database_every_checksum_is_the_same(
    either: Facility, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    cited = [cite_query(either, query, by="eloise") for query in QUERIES]
    edit(either, random.Random(4), tmp_path, 1_000)
    later = [cite_query(either, query, by="eloise") for query in QUERIES]
    assert {each.id for each in later}.isdisjoint(each.id for each in cited)  # the edits were felt
    either.close()
    other = f"sqlite:///{tmp_path}/moved.db"
    if either.database.startswith("sqlite"):
        other = request.getfixturevalue("postgres_url")
    settings = either.folder / "verriere.toml"
    said = settings.read_text(encoding="utf-8")
    lines = [line for line in said.splitlines() if not line.lstrip("# ").startswith("url = ")]
    settings.write_text("\n".join(lines).replace("[database]", f'[database]\nurl = "{other}"'), encoding="utf-8")
    Facility.rebuild(either.folder)
    with Facility.open(either.folder, clock=lambda: NOW) as moved:
        assert moved.database != either.database
        for each in cited + later:
            assert moved.catalogue.citation(each.id) == each
            assert verify(moved, each.id) == ()
        for query, each in zip(QUERIES, later, strict=True):
            assert cite_query(moved, query, by="ben") == each  # asked again there, it has the same answer


def test_what_only_a_team_knows_is_in_no_citation(either: Facility, tmp_path: Path) -> None:
    before = cite_query(either, "silver", by="eloise")
    keep(either, [dataset(500, state=State.PROPRIETARY, visit="V2")], tmp_path)
    assert cite_query(either, "silver", by="eloise") == before
    # Its title is public, its energy is not while the embargo lasts.
    keep(either, [dataset(501, state=State.EMBARGOED, title="Silver in secret")], tmp_path)
    assert "d0501" not in ids(cite_query(either, "energy:10keV..15keV", by="eloise"))
    assert "d0501" in ids(cite_query(either, '"silver in secret"', by="eloise"))


def test_a_query_that_finds_nothing_is_not_a_citation(facility: Facility) -> None:
    with pytest.raises(InputInvalid, match="finds anything"):
        cite_query(facility, "unobtainium", by="eloise")
    assert facility.catalogue.citations() == []


def test_the_same_frames_are_the_same_citation_and_other_frames_another(facility: Facility, tmp_path: Path) -> None:
    _keep_scan(facility, tmp_path)
    first = cite_part(facility, "scan", path="/entry/data", slices="2:5", by="eloise")
    assert first.selection is not None
    assert (first.selection.slices, first.selection.shape, first.selection.dtype) == ("2:5,0:4,0:6", (3, 4, 6), "<u2")
    assert cite_part(facility, "scan", path="/entry/data", slices="-8:5,:,0:6", by="ben") == first
    assert cite_part(facility, "scan", path="/entry/data", slices="2:6", by="ben").id != first.id
    assert verify(facility, first.id) == ()


@pytest.mark.parametrize("slices", ["0:11", "5:5", "x", "0:1,0:1,0:1,0:1", "0:4:-1", "99"])
def test_frames_that_are_not_there_cannot_be_cited(facility: Facility, tmp_path: Path, slices: str) -> None:
    _keep_scan(facility, tmp_path)
    with pytest.raises(InputInvalid):
        cite_part(facility, "scan", path="/entry/data", slices=slices, by="eloise")


def test_the_names_inside_an_embargoed_file_are_shown_to_its_team_alone(facility: Facility, tmp_path: Path) -> None:
    _keep_scan(facility, tmp_path, state=State.EMBARGOED)
    cited = cite_part(facility, "scan", path="/entry/data", slices="2:5", by="eloise")
    assert (seen := resolve(facility, cited.id, ANONYMOUS).citation.selection) is not None
    assert (seen.file, seen.path, seen.shape) == ("", "", (3, 4, 6))
    assert (own := resolve(facility, cited.id, Viewer(TEAM.key)).citation.selection) is not None
    assert own.path == "/entry/data"


def test_a_proprietary_dataset_has_no_part_to_cite(facility: Facility, tmp_path: Path) -> None:
    _keep_scan(facility, tmp_path, state=State.PROPRIETARY, visit="V2")
    with pytest.raises(NotFound):
        cite_part(facility, "scan", path="/entry/data", slices="2:5", by="eloise")


def _keep_scan(facility: Facility, folder: Path, *, state: State = State.OPEN, visit: str = "V1") -> None:
    path = folder / "scan.nxs"
    with h5py.File(path, "w") as file:
        file["entry/data"] = np.arange(10 * 4 * 6, dtype="u2").reshape(10, 4, 6)

    def record(receipt: Receipt) -> bytes:
        files = tuple(Datafile(f.name, f.size, f.sha256, f.blake3, f.mtime) for f in receipt.files)
        return sidecar.encode(replace(base, files=files, revision=receipt.revision))

    base = replace(dataset(1, state=state, visit=visit), id="scan", captures=(("scan.nxs", Capture("nexus")),))
    facility.archive.put("scan", [Source(path, "scan.nxs")], record, created=NOW)
    facility.catalogue.register([sidecar.decode(Dataset, facility.archive.read_sidecar("scan"))], now=NOW)
    facility.journal()


_VALUES = st.floats(0.01, 1e4, allow_nan=False)


@given(value=_VALUES, words=st.permutations(["silver", "-gold", "technique:SAXS", "year:2020..2024"]))
def test_the_canonical_form_is_its_own_and_does_not_depend_on_order_or_unit(value: float, words: list[str]) -> None:
    one = canonical(parse(" ".join([*words, f"energy:>{value!r}keV"])))
    other = canonical(parse(" ".join([f"energy:>{value * 1000!r}eV", *reversed(words)])))
    assert one == other
    assert canonical(parse(write(one))) == one


def test_a_citation_survives_an_empty_catalogue(either: Facility) -> None:
    cited = cite_query(either, "silver", by="eloise")
    before = list(either.catalogue.dump())
    either.close()
    Facility.rebuild(either.folder)
    with Facility.open(either.folder, clock=lambda: NOW) as again:
        assert list(again.catalogue.dump()) == before
        assert again.catalogue.citation(cited.id) == cited
    assert isinstance(again.catalogue, Catalogue)


def test_r8_and_r11_a_citation_has_a_doi_whose_record_says_what_was_asked(facility: Facility, shared: Path) -> None:
    cited = cite_query(facility, "silver", by="eloise", title="Silver")
    publication = publish(facility, PidKind.QUERY, cited.id, by="eloise")
    described = landing_of(facility, publication, PidKind.QUERY, cited.id)
    assert [tie.identifier for tie in described.ties] == ids(cited)
    assert cited.normal in described.descriptions[0].text
    assert described.is_open
    schema = etree.XMLSchema(etree.parse(shared / "standards/datacite-4.7/metadata.xsd"))
    schema.assertValid(etree.fromstring(datacite_xml.write(described)))
