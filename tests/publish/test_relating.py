"""Papers, structures and other data that datasets and proposals belong with."""

import pytest
from tests.publish.world import BEAMTIME, EMBARGOED, OPEN

from verriere.archive import sidecar
from verriere.errors import InputInvalid, NotFound
from verriere.facility import Facility
from verriere.model import Dataset, PidKind, Proposal
from verriere.publish import desk
from verriere.publish.relate import INVERSE, relate, related, unrelate
from verriere.publish.vocabularies import datacite
from verriere.stewardship import records


@pytest.mark.parametrize(
    ("written", "kept", "scheme"),
    [
        ("https://doi.org/10.1107/S1600577518002278", "10.1107/s1600577518002278", "DOI"),
        ("1lyz", "1LYZ", "PDB"),
        ("https://theses.fr/2026UPAST001", "https://theses.fr/2026UPAST001", "URL"),
    ],
)
def test_the_form_of_an_identifier_tells_what_it_is(written: str, kept: str, scheme: str) -> None:
    made = related("cites", written)
    assert (made.relation, made.identifier, made.scheme) == ("Cites", kept, scheme)


@pytest.mark.parametrize(
    ("relation", "identifier", "more"),
    [
        ("Likes", "1LYZ", {}),
        ("Cites", "my paper", {}),
        ("Cites", "1LYZ", {"scheme": "ISBN"}),
        ("Cites", "javascript:alert(1)", {"scheme": "URL"}),
        ("Cites", "1LYZ", {"kind": "Poem"}),
    ],
)
def test_what_is_no_relation_and_what_identifies_nothing_is_refused(
    relation: str, identifier: str, more: dict[str, str]
) -> None:
    with pytest.raises(InputInvalid):
        related(relation, identifier, **more)


def test_every_relation_that_has_an_inverse_is_one_of_datacites() -> None:
    assert set(INVERSE) <= datacite("relations")
    assert all(INVERSE[INVERSE[relation]] == relation for relation in INVERSE)


def test_a_work_is_kept_in_the_archive_and_in_the_history_and_moves_what_is_published(facility: Facility) -> None:
    desk.publish(facility, PidKind.DATASET, OPEN, by="office")
    before = facility.catalogue.publication(f"10.5072/{OPEN}").changed_at
    paper = related("IsSupplementTo", "10.1107/S1600577518002278")
    assert relate(facility, OPEN, paper, by="eloise") == (paper,)
    assert relate(facility, OPEN, paper, by="eloise") == (paper,)
    assert sidecar.decode(Dataset, facility.archive.read_sidecar(OPEN)) == facility.catalogue.dataset(OPEN)
    last = facility.catalogue.history(f"dataset:{OPEN}")[-1]
    assert (last.event, last.by) == ("related", "eloise")
    assert facility.catalogue.publication(f"10.5072/{OPEN}").changed_at > before
    assert unrelate(facility, OPEN, "IsSupplementTo", "10.1107/S1600577518002278", by="eloise") == ()
    with pytest.raises(NotFound):
        unrelate(facility, OPEN, "IsSupplementTo", "10.1107/S1600577518002278", by="eloise")


def test_two_datasets_of_the_facility_say_so_of_each_other(facility: Facility) -> None:
    reduced = desk.publish(facility, PidKind.DATASET, OPEN, by="office")
    raw = desk.publish(facility, PidKind.DATASET, EMBARGOED, by="office")
    relate(facility, OPEN, related("IsDerivedFrom", raw.doi), by="eloise")
    (back,) = facility.catalogue.dataset(EMBARGOED).related
    assert (back.relation, back.identifier) == ("IsSourceOf", reduced.doi)


def test_what_a_team_related_to_its_proposal_stays_when_the_user_office_sends_it_again(facility: Facility) -> None:
    paper = related("IsCitedBy", "10.1107/S1600577518002278", kind="journalarticle")
    relate(facility, "proposal:P1", paper, by="eloise")
    records.take(facility, BEAMTIME)
    assert facility.catalogue.proposal("P1").related == (paper,)
    assert sidecar.decode(Proposal, facility.archive.read_sidecar("proposal:P1")) == facility.catalogue.proposal("P1")


def test_there_has_to_be_something_to_relate(facility: Facility) -> None:
    with pytest.raises(NotFound):
        relate(facility, "nothing", related("Cites", "1LYZ"), by="eloise")
