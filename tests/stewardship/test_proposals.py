"""What a user office hands over is taken as it is meant, or refused at the place that is wrong."""

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from verriere.errors import InputInvalid
from verriere.model import Funding, Instrument, Member, Person, Proposal, Related, Research, Role, Sample
from verriere.stewardship.proposals import Beamtime, read

PARIS = ZoneInfo("Europe/Paris")


def from_json(folder: Path, **said: object) -> Beamtime:
    path = folder / "proposals.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    return read(path, PARIS)


def from_table(folder: Path, text: str) -> Beamtime:
    path = folder / "proposals.csv"
    path.write_text(text, encoding="utf-8")
    return read(path, PARIS)


def visit(**changed: str) -> dict[str, str]:
    return {
        "id": "V1",
        "proposal_id": "P1",
        "instrument_id": "SWING",
        "start": "2025-03-01T08:00",
        "end": "2025-03-03T08:00",
    } | changed


def test_a_time_without_a_zone_is_the_facilitys_and_one_with_a_zone_is_kept(tmp_path: Path) -> None:
    said = from_json(tmp_path, visits=[visit(end="2025-07-03T08:00:00+00:00")])
    assert said.visits[0].start == datetime(2025, 3, 1, 8, tzinfo=PARIS)
    assert said.visits[0].end == datetime(2025, 7, 3, 10, tzinfo=PARIS)


def test_a_visit_that_ends_on_a_day_ends_with_that_day(tmp_path: Path) -> None:
    said = from_json(tmp_path, visits=[visit(start="2025-03-01", end="2025-03-01")])
    assert said.visits[0].start == datetime(2025, 3, 1, tzinfo=PARIS)
    assert said.visits[0].end == datetime(2025, 3, 2, tzinfo=PARIS)


def test_a_team_keeps_its_roles_and_research_is_public_unless_said(tmp_path: Path) -> None:
    member = {"name": "Doe, Jane", "email": "JD@example.org", "role": "principal-investigator"}
    said = from_json(tmp_path, proposals=[{"id": "P1", "title": "Silver", "members": [member]}])
    assert said.proposals[0].research is Research.PUBLIC
    assert said.proposals[0].members[0].role is Role.PRINCIPAL_INVESTIGATOR
    assert said.proposals[0].members[0].person.key == "jd@example.org"


def test_a_member_may_be_nested_as_in_the_model(tmp_path: Path) -> None:
    member = {"person": {"name": "Doe, Jane", "email": "jd@example.org"}, "role": "local-contact"}
    said = from_json(tmp_path, proposals=[{"id": "P1", "title": "Silver", "members": [member]}])
    assert (said.proposals[0].members[0].person.name, said.proposals[0].members[0].role) == (
        "Doe, Jane",
        Role.LOCAL_CONTACT,
    )


def test_visits_and_samples_may_stand_inside_their_proposal(tmp_path: Path) -> None:
    inner = {name: value for name, value in visit().items() if name != "proposal_id"}
    proposal = {"id": "P1", "title": "Silver", "visits": [inner], "samples": [{"id": "S1", "name": "powder"}]}
    assert from_json(tmp_path, proposals=[proposal]) == from_json(
        tmp_path,
        proposals=[{"id": "P1", "title": "Silver"}],
        visits=[visit()],
        samples=[{"id": "S1", "name": "powder", "proposal_id": "P1"}],
    )


TABLE = """\
proposal;proposal_title;research;visit;instrument;start;end;name;email;role;sample;sample_name
P1;Poudre d'argent;proprietary;V1;SWING;2025-03-01;2025-03-02;Doe, Jane;jd@example.org;principal-investigator;S1;poudre
P1;;;V2;SWING;2025-04-01;2025-04-02;Roe, Ann;ar@example.org;;;
"""


def test_a_table_of_a_french_spreadsheet_gives_each_proposal_visit_member_and_sample_once(tmp_path: Path) -> None:
    said = from_table(tmp_path, TABLE)
    assert [(p.id, p.title, p.research) for p in said.proposals] == [("P1", "Poudre d'argent", Research.PROPRIETARY)]
    assert [m.person.name for m in said.proposals[0].members] == ["Doe, Jane", "Roe, Ann"]
    assert [v.id for v in said.visits] == ["V1", "V2"]
    assert [(s.id, s.name) for s in said.samples] == [("S1", "poudre")]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"proposals": [{"id": "P1"}]}, r"proposals\[0\] has no title"),
        ({"proposals": [{"id": "P1", "title": "T", "research": "secret"}]}, "research is 'secret'"),
        ({"proposals": [{"id": "P1", "titel": "T", "title": "T"}]}, "nobody knows 'titel'"),
        ({"visits": [visit(end="2025-02-01")]}, "ends before it starts"),
        ({"visits": [visit(start="1 March")]}, "start is '1 March'"),
        ({"visits": [visit(), visit()]}, "'V1' is there twice"),
        ({"proposals": [{"id": "P1", "title": "T", "members": [{"name": "A", "email": "a"}]}]}, "not an e-mail"),
        ({"proposals": "P1"}, "proposals is not a list"),
        ({"people": []}, "not an object with"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(tmp_path: Path, said: dict[str, object], where: str) -> None:
    with pytest.raises(InputInvalid, match=where):
        from_json(tmp_path, **said)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("proposal,titel\nP1,T\n", "column 'titel'"),
        ("proposal,proposal_title\nP1,\n", "line 2 has no proposal_title"),
        ("proposal,proposal_title,visit\nP1,T,V1\n", "line 2 has no instrument"),
    ],
)
def test_a_table_is_refused_at_its_line(tmp_path: Path, text: str, where: str) -> None:
    with pytest.raises(InputInvalid, match=where):
        from_table(tmp_path, text)


def test_everything_that_the_model_knows_of_a_proposal_survives_the_file(tmp_path: Path) -> None:
    lab = Person("SOLEIL", "", ror="https://ror.org/01ydb3330", organisation=True)
    paper = Related("IsSupplementTo", "10.1107/S1600577518002278", title="Frames", kind="JournalArticle")
    person = Person("Doe, Jane", "jd@example.org", "0000-0002-1825-0097", "SOLEIL", "https://ror.org/01ydb3330")
    proposal = Proposal(
        "20250123",
        "Silver behenate",
        members=(Member(person, Role.PRINCIPAL_INVESTIGATOR),),
        kind="standard",
        language="en",
        translations=(("fr", "Béhénate d'argent"),),
        funding=(Funding("ANR", "https://ror.org/00rbzpz17", "ANR-21-CE30-0001"),),
        related=(paper,),
    )
    instrument = Instrument("SWING", "SWING", owners=(lab,), manufacturers=(lab,), model="I11", related=(paper,))
    sample = Sample("S1", "20250123", "powder", kind="powder", location="B12", hazards="none", related=(paper,))
    path = tmp_path / "office.json"
    said = {"instruments": [instrument], "proposals": [proposal], "samples": [sample]}
    path.write_text(json.dumps(said, default=asdict), encoding="utf-8")
    assert read(path, PARIS) == Beamtime((instrument,), (proposal,), (), (sample,))


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"members": [{"name": "A", "email": "a@b.c", "orcid": "0000-0002-1825-0098"}]}, "0000-0002-1825-0098"),
        ({"members": [{"name": "A", "email": "a@b.c", "ror": "https://ror.org/01ydb3331"}]}, "01ydb3331"),
        ({"funding": [{"funder": "ANR", "funder_id": "10.1107/x"}]}, "10.1107/x"),
        ({"related": [{"relation": "IsCitedBy", "identifier": "LYZ", "scheme": "PDB"}]}, "LYZ"),
        ({"related": [{"relation": "IsCitedBy", "identifier": "journal/1"}]}, "journal/1"),
    ],
)
def test_an_identifier_with_wrong_check_digits_is_refused_with_its_place(
    tmp_path: Path, wrong: dict[str, object], named: str
) -> None:
    with pytest.raises(InputInvalid, match=named) as caught:
        from_json(tmp_path, proposals=[{"id": "1", "title": "T", **wrong}])
    assert "proposals[0]" in caught.value.message
    assert caught.value.hint


def test_right_identifiers_are_kept_as_they_are_written(tmp_path: Path) -> None:
    member = {"name": "A", "email": "a@b.c", "orcid": "0000-0002-1825-0097"}
    paper = {"relation": "IsCitedBy", "identifier": "10.1107/S1600577518002278"}
    said = from_json(tmp_path, proposals=[{"id": "1", "title": "T", "members": [member], "related": [paper]}])
    (found,) = said.proposals
    assert found.members[0].person.orcid == "0000-0002-1825-0097"
    assert found.related[0].identifier == "10.1107/S1600577518002278"
