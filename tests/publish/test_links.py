"""Links both ways: none leads one way only, and one that does is found."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text
from tests.publish.world import EMBARGOED, OPEN, dataset

from verriere.catalogue.database import Database
from verriere.facility import Facility
from verriere.model import PidKind, Sample, State
from verriere.publish import desk
from verriere.publish.citing.desk import cite_query
from verriere.publish.describe import landing_of
from verriere.publish.gather import gather
from verriere.publish.landing import Landing
from verriere.publish.links import kept, one_way
from verriere.publish.relate import relate, related


@pytest.fixture
def whole(either: Facility) -> Facility:
    """A facility with a DOI for everything, two versions of a dataset, a collection, and a related dataset."""
    facility = either
    facility.catalogue.put_samples([Sample("S1a", "P1", "slice", parent_id="S1")], now=facility.now())
    for kind in (PidKind.INSTRUMENT, PidKind.VISIT, PidKind.DATASET, PidKind.SAMPLE):
        desk.publish_many(facility, kind, facility.catalogue.without_doi(kind), by="office")
    dataset(facility, OPEN, State.OPEN, visit="V1", sample="S1", content=b"other counts")
    silver = gather(facility, "Silver", [OPEN, EMBARGOED], by="eloise")
    desk.publish(facility, PidKind.COLLECTION, silver.id, by="eloise")
    other = facility.catalogue.publication_of(PidKind.DATASET, EMBARGOED)
    assert other is not None
    relate(facility, OPEN, related("IsDerivedFrom", other.doi), by="eloise")
    return facility


def test_a_facility_in_order_has_no_link_that_leads_one_way(whole: Facility) -> None:
    assert list(one_way(whole)) == []


@pytest.mark.parametrize(
    ("damage", "source", "target"),
    [
        (f"UPDATE dataset SET visit_id = 'V2' WHERE id = '{OPEN}'", f"dataset:{OPEN}", "visit:V1"),
        (f"UPDATE dataset SET sample_id = NULL WHERE id = '{OPEN}'", f"dataset:{OPEN}", "sample:S1"),
        ("DELETE FROM instrument WHERE id = 'PX1'", "visit:V3", "instrument:PX1"),
        ("DELETE FROM visit WHERE id = 'V1'", f"dataset:{OPEN}", "visit:V1"),
        ("DELETE FROM sample WHERE id = 'S1'", "sample:S1a", "sample:S1"),
        ("UPDATE visit SET proposal_id = 'P2' WHERE id = 'V1'", "visit:V1", "proposal:P1"),
        (f"DELETE FROM collection_dataset WHERE dataset_id = '{OPEN}'", "collection:", f"dataset:{OPEN}"),
        (
            f"UPDATE publication SET concept = NULL WHERE doi = '10.5072/{OPEN}.v1'",
            f"publication:10.5072/{OPEN}.v1",
            f"publication:10.5072/{OPEN}",
        ),
        (
            f"UPDATE publication SET subject_id = '{EMBARGOED}' WHERE doi = '10.5072/{OPEN}.v2'",
            f"publication:10.5072/{OPEN}.v2",
            f"dataset:{OPEN}",
        ),
    ],
)
def test_a_link_that_was_cut_at_one_end_is_found(whole: Facility, damage: str, source: str, target: str) -> None:
    database = Database(whole.database)
    with database.write() as connection:
        connection.execute(text(damage))
    database.close()
    found = [(each.source, each.target) for each in kept(whole)]
    assert any(there.startswith(source) and other == target for there, other in found), found


def test_a_page_that_does_not_tell_of_the_other_is_found(whole: Facility, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*words: Any, **more: Any) -> Landing:
        landing = landing_of(*words, **more)
        return replace(landing, ties=()) if landing.kind is PidKind.VISIT else landing

    monkeypatch.setattr("verriere.publish.links.landing_of", silent)
    assert {(each.relation, each.target) for each in one_way(whole)} >= {("IsPartOf", "visit:V1")}


def test_a_dataset_that_does_not_tell_what_another_says_of_it_is_found(whole: Facility) -> None:
    found = whole.catalogue.dataset(EMBARGOED)
    whole.catalogue.register([replace(found, related=(), revision=found.revision + 1)], now=whole.now())
    assert {(each.relation, each.target) for each in one_way(whole)} == {("IsDerivedFrom", f"dataset:{EMBARGOED}")}


def test_a_cited_query_names_datasets_that_are_there(whole: Facility) -> None:
    cite_query(whole, "study", by="eloise")
    assert list(one_way(whole)) == []
    database = Database(whole.database)
    with database.write() as connection:
        connection.execute(text(f"DELETE FROM dataset WHERE id = '{OPEN}'"))
    database.close()
    assert any(each.source.startswith("query:") for each in kept(whole))
