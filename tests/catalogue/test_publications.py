"""DOIs in the catalogue: they follow what they stand for, in the transaction in which it changes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.catalogue.world import NOW, dataset

from verriere.catalogue import Catalogue
from verriere.errors import InputInvalid, NotFound
from verriere.model import Collection, PidKind, PidState, Publication, Sample, State

LATER = NOW + timedelta(days=1)
CONCEPT = "10.5072/d1"
FIRST = "10.5072/d1.v1"


def of_dataset(identifier: str = "d1", *, wanted: PidState = PidState.FINDABLE) -> list[Publication]:
    """The DOIs of the first version of a dataset."""
    published = NOW if wanted is PidState.FINDABLE else None
    concept = Publication(
        f"10.5072/{identifier}", PidKind.DATASET, identifier, NOW, NOW, wanted=wanted, published_at=published
    )
    return [concept, replace(concept, doi=f"{concept.doi}.v1", version=1, concept=concept.doi)]


def of(kind: PidKind, identifier: str) -> Publication:
    """A findable DOI of something else."""
    doi = f"10.5072/{kind}.{identifier}".lower()
    return Publication(doi, kind, identifier, NOW, NOW, wanted=PidState.FINDABLE, published_at=NOW)


def settle(catalogue: Catalogue) -> None:
    """Let the registrar confirm all that waits."""
    told = [(each.publication, each.publication.wanted) for each in catalogue.waiting()]
    catalogue.confirm(told, now=NOW, by="registrar")
    assert catalogue.waiting() == []


def changed(catalogue: Catalogue, since: datetime = LATER) -> set[str]:
    """The DOIs that harvesters find changed, which are those that wait for their registrar."""
    found = {each.doi for each in catalogue.publications(changed_from=since)}
    assert found == {each.publication.doi for each in catalogue.waiting()}
    return found


@pytest.fixture
def published(furnished: Catalogue) -> Catalogue:
    """A catalogue whose dataset d1 has DOIs that the registrar has confirmed."""
    furnished.register([dataset("d1", state=State.EMBARGOED)], now=NOW)
    furnished.put_publications(of_dataset(), now=NOW, by="office")
    settle(furnished)
    return furnished


def test_a_doi_waits_for_its_registrar_from_the_moment_it_is_published_until_that_has_confirmed(
    furnished: Catalogue,
) -> None:
    furnished.register([dataset("d1")], now=NOW)
    furnished.put_publications(of_dataset(), now=NOW, by="office")
    assert [each.publication.doi for each in furnished.waiting()] == [CONCEPT, FIRST]
    settle(furnished)
    confirmed = furnished.publication(FIRST)
    assert (confirmed.state, confirmed.is_waiting) == (PidState.FINDABLE, False)
    assert [entry.event for entry in furnished.history(f"publication:{FIRST}")] == ["published", "confirmed"]
    furnished.check_history()


def test_what_is_known_already_neither_moves_the_datestamp_nor_waits_again(published: Catalogue) -> None:
    before = published.publications()
    assert published.put_publications(before, now=LATER, by="office") == []
    assert published.publications() == before
    assert changed(published) == set()


def test_a_dataset_that_opens_moves_the_datestamp_and_waits_in_one_transaction(published: Catalogue) -> None:
    opened = replace(published.dataset("d1"), state=State.OPEN, opened_at=LATER, revision=2)
    published.transition([opened], event="opened", now=LATER, by="clock")
    assert changed(published) == {CONCEPT, FIRST}
    assert {each.changed_at for each in published.publications()} == {LATER}


def test_a_transition_that_fails_changes_nothing_of_what_is_published(published: Catalogue) -> None:
    opened = replace(published.dataset("d1"), state=State.OPEN, opened_at=LATER, revision=2)
    stranger = replace(of_dataset()[0], subject_id="d2")
    with pytest.raises(InputInvalid, match="stands for"):
        published.transition([opened], event="opened", now=LATER, by="clock", decided=[stranger])
    assert changed(published) == set()
    assert published.dataset("d1").state is State.EMBARGOED


def test_what_changed_while_the_registrar_was_told_waits_on(published: Catalogue) -> None:
    told = published.publication(FIRST)
    published.register([replace(published.dataset("d1"), title="Rods", revision=2)], now=NOW)
    published.confirm([(told, PidState.FINDABLE)], now=NOW, by="registrar")
    assert FIRST in {each.publication.doi for each in published.waiting()}
    settle(published)


def test_changes_in_the_same_moment_are_told_apart(published: Catalogue) -> None:
    for revision in (2, 3):
        published.register([replace(published.dataset("d1"), title=f"R{revision}", revision=revision)], now=NOW)
        assert {each.publication.doi for each in published.waiting()} == {CONCEPT, FIRST}
        settle(published)


def test_a_new_version_of_the_data_gets_its_own_doi_under_the_same_concept(published: Catalogue) -> None:
    published.register([replace(published.dataset("d1"), version=2, revision=2)], now=LATER)
    second = published.publication(f"{CONCEPT}.v2")
    assert (second.concept, second.version, second.wanted) == (CONCEPT, 2, PidState.FINDABLE)
    assert second.published_at == LATER
    assert changed(published) == {CONCEPT, FIRST, second.doi}
    assert published.publication_of(PidKind.DATASET, "d1") == second
    assert published.publication_of(PidKind.DATASET, "d1", 1) == published.publication(FIRST)


def test_a_new_version_of_a_draft_is_a_draft_and_one_of_what_was_withdrawn_has_no_doi(furnished: Catalogue) -> None:
    furnished.register([dataset("d1"), dataset("d2"), dataset("d3")], now=NOW)
    furnished.put_publications(of_dataset("d1", wanted=PidState.DRAFT), now=NOW, by="office")
    gone = [
        replace(each, withdrawn_at=NOW, wanted=PidState.REGISTERED, reason="wrong sample") for each in of_dataset("d2")
    ]
    furnished.put_publications(gone, now=NOW, by="office", event="withdrawn")
    found = [furnished.dataset(name) for name in ("d1", "d2", "d3")]
    furnished.register([replace(each, version=2, revision=2) for each in found], now=LATER)
    assert furnished.publication("10.5072/d1.v2").wanted is PidState.DRAFT
    assert {each.subject_id for each in furnished.publications() if each.version == 2} == {"d1"}


def test_what_is_published_changes_with_whatever_its_page_tells_of(furnished: Catalogue) -> None:
    furnished.register([dataset("d1"), dataset("d2", visit="V2", instrument="PX1")], now=NOW)
    furnished.register([replace(furnished.dataset("d1"), sample_id="S1", revision=2)], now=NOW)
    furnished.put_collections([Collection("silver", "Silver", "eloise", NOW, dataset_ids=("d1",))], now=NOW, by="e")
    others = [of(PidKind.VISIT, "V1"), of(PidKind.VISIT, "V2"), of(PidKind.SAMPLE, "S1")]
    others += [of(PidKind.INSTRUMENT, "SWING"), of(PidKind.COLLECTION, "silver")]
    furnished.put_publications([*of_dataset("d1"), *of_dataset("d2"), *others], now=NOW, by="office")
    own = {CONCEPT, FIRST}
    visit, sample, swing = "10.5072/visit.v1", "10.5072/sample.s1", "10.5072/instrument.swing"
    moment = LATER

    def moved() -> set[str]:
        nonlocal moment
        found = {each.doi for each in furnished.publications(changed_from=moment)}
        moment += timedelta(hours=1)
        return found

    furnished.register([replace(furnished.dataset("d1"), title="Rods", revision=3)], now=moment)
    assert moved() == {*own, visit, sample, "10.5072/collection.silver"}
    furnished.put_proposals([replace(furnished.proposal("P1"), title="Silver again")], now=moment)
    assert moved() == {*own, visit, sample}
    furnished.put_samples([replace(furnished.sample("S1"), formula="Ag"), Sample("S2", "P1", "piece")], now=moment)
    assert moved() == {*own, sample}
    furnished.put_visits([replace(furnished.visit("V1"), end=NOW)], now=moment)
    assert moved() == {*own, visit}
    furnished.put_instruments([replace(furnished.instrument("SWING"), name="SWING 2")], now=moment)
    assert moved() == {*own, visit, "10.5072/visit.v2", swing}  # both visits are on it
    furnished.put_collections([replace(furnished.collection("silver"), title="Ag")], now=moment, by="eloise")
    assert moved() == {*own, "10.5072/collection.silver"}


def test_nobody_hears_of_a_draft_nor_of_the_end_of_what_was_withdrawn(furnished: Catalogue) -> None:
    furnished.register([dataset("d1", state=State.EMBARGOED)], now=NOW)
    furnished.put_publications([of(PidKind.VISIT, "V1")], now=NOW, by="office")
    furnished.put_publications(of_dataset(wanted=PidState.DRAFT), now=LATER, by="office")
    assert {each.doi for each in furnished.publications(changed_from=LATER)} == {CONCEPT, FIRST}
    opened = replace(furnished.dataset("d1"), state=State.OPEN, opened_at=LATER, revision=2)
    after = LATER + timedelta(days=1)
    furnished.transition([opened], event="opened", now=after, by="clock")
    assert {each.doi for each in furnished.publications(changed_from=after)} == {"10.5072/visit.v1"}


def test_a_doi_is_never_used_for_another_thing(published: Catalogue) -> None:
    with pytest.raises(InputInvalid, match="stands for dataset d1"):
        published.put_publications([replace(of_dataset()[0], subject_id="d9")], now=LATER, by="office")


def test_what_cannot_be_told_waits_and_says_why(published: Catalogue) -> None:
    published.register([replace(published.dataset("d1"), title="Rods", revision=2)], now=LATER)
    published.postpone(FIRST, "no route to host", next_at=LATER + timedelta(hours=1))
    published.postpone(FIRST, "no route to host", next_at=LATER + timedelta(hours=2))
    last = next(each for each in published.waiting() if each.publication.doi == FIRST)
    assert (last.since, last.attempts, last.trouble) == (LATER, 2, "no route to host")
    assert [each.publication.doi for each in published.waiting(due=LATER)] == [CONCEPT]
    assert len(published.waiting(due=LATER + timedelta(hours=2), limit=5)) == 2


def test_who_has_no_doi_yet_is_listed_only_where_the_world_may_know_of_it(furnished: Catalogue) -> None:
    states = {"d1": State.EMBARGOED, "d2": State.OPEN, "d3": State.PROPRIETARY, "d4": State.QUARANTINED}
    found = [dataset(name, state=state) for name, state in states.items()]
    furnished.register([replace(each, sample_id="S1" if each.id == "d1" else None) for each in found], now=NOW)
    assert furnished.without_doi(PidKind.DATASET) == ["d1", "d2"]
    assert furnished.without_doi(PidKind.VISIT) == ["V1", "V2"]
    assert furnished.without_doi(PidKind.VISIT, begun=datetime(2024, 1, 1, tzinfo=UTC)) == []
    assert furnished.without_doi(PidKind.INSTRUMENT) == ["PX1", "SWING"]
    assert furnished.without_doi(PidKind.SAMPLE) == []  # its only dataset shows no more than a citation
    opened = replace(furnished.dataset("d1"), state=State.OPEN, revision=2)
    furnished.transition([opened], event="opened", now=LATER, by="clock")
    assert furnished.without_doi(PidKind.SAMPLE) == ["S1"]
    furnished.put_publications(of_dataset("d1"), now=NOW, by="office")
    assert furnished.without_doi(PidKind.DATASET) == ["d2"]


def test_a_collection_has_only_datasets_that_there_are(furnished: Catalogue) -> None:
    furnished.register([dataset("d1")], now=NOW)
    with pytest.raises(InputInvalid, match="no dataset d2"):
        furnished.put_collections([Collection("c", "C", "e", NOW, dataset_ids=("d1", "d2"))], now=NOW, by="e")
    with pytest.raises(NotFound):
        furnished.collection("c")
    made = Collection("c", "C", "e", NOW, dataset_ids=("d1",))
    furnished.put_collections([made], now=NOW, by="e")
    assert furnished.collections(dataset_id="d1") == [made]
    assert furnished.collections(dataset_id="d2") == []


def test_dois_are_found_whichever_case_they_are_written_in(published: Catalogue) -> None:
    assert published.publication(FIRST.upper()).doi == FIRST
    with pytest.raises(NotFound):
        published.publication("10.5072/none")
