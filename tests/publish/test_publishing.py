"""Publishing and withdrawing, by hand and by the facility's settings."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.publish.conftest import NOW
from tests.publish.world import EMBARGOED, OPEN, PROPRIETARY, QUARANTINED, dataset

from verriere.archive import sidecar
from verriere.errors import InputInvalid, NotFound, NotPublishable
from verriere.facility import Facility
from verriere.model import ANONYMOUS, Collection, Dataset, PidKind, PidState, Publication, State
from verriere.policy import Access
from verriere.publish import automatic, desk
from verriere.publish.allowed import subject_called
from verriere.publish.naming import doi_of
from verriere.settings import PublishSettings
from verriere.testing import FrozenClock

Configure = Callable[..., Facility]


@pytest.fixture
def configured(facility: Facility) -> Configure:
    """The facility, with other settings of publishing."""

    def change(**chosen: object) -> Facility:
        settings = facility.settings.model_copy(update={"publish": PublishSettings.model_validate(chosen)})
        return replace(facility, settings=settings)

    return change


def living(facility: Facility) -> dict[str, str]:
    """What is published, and what each DOI stands for."""
    return {each.doi: f"{each.kind}:{each.subject_id}" for each in facility.catalogue.publications(public=True)}


def test_a_dataset_gets_a_doi_for_its_version_and_one_for_all_its_versions(facility: Facility) -> None:
    published = desk.publish(facility, PidKind.DATASET, OPEN, by="office")
    assert (published.doi, published.concept) == (f"10.5072/{OPEN}.v1", f"10.5072/{OPEN}")
    assert living(facility) == {published.doi: f"dataset:{OPEN}", f"10.5072/{OPEN}": f"dataset:{OPEN}"}
    dataset(facility, OPEN, State.OPEN, visit="V1", sample="S1", content=b"other counts")
    second = facility.catalogue.publication_of(PidKind.DATASET, OPEN)
    assert second is not None
    assert (second.doi, second.concept, second.is_public) == (f"10.5072/{OPEN}.v2", published.concept, True)


def test_publishing_again_changes_nothing(facility: Facility, clock: FrozenClock) -> None:
    first = desk.publish(facility, PidKind.DATASET, OPEN, by="office")
    before = list(facility.catalogue.dump())
    clock.move(hours=1)
    assert desk.publish(facility, PidKind.DATASET, OPEN, by="office") == first
    assert list(facility.catalogue.dump()) == before


def test_everything_that_everyone_may_know_of_gets_a_doi(facility: Facility) -> None:
    silver = Collection("silver", "Silver", "eloise", NOW, dataset_ids=(OPEN, EMBARGOED))
    facility.catalogue.put_collections([silver], now=NOW, by="eloise")
    subjects = [(PidKind.VISIT, "V1"), (PidKind.INSTRUMENT, "SWING"), (PidKind.SAMPLE, "S1")]
    for kind, identifier in [*subjects, (PidKind.COLLECTION, "silver"), (PidKind.DATASET, EMBARGOED)]:
        assert desk.publish(facility, kind, identifier, by="office").wanted is PidState.FINDABLE
    assert len(living(facility)) == 6


@pytest.mark.parametrize(
    ("kind", "identifier", "why"),
    [
        (PidKind.DATASET, PROPRIETARY, "proprietary research"),
        (PidKind.DATASET, QUARANTINED, "which visit"),
        (PidKind.VISIT, "V3", "proprietary research"),
        (PidKind.SAMPLE, "S2", "no dataset shows it"),
        (PidKind.COLLECTION, "mixed", f"dataset {PROPRIETARY}"),
    ],
)
def test_what_is_not_for_everyone_is_refused_with_the_reason(
    facility: Facility, kind: PidKind, identifier: str, why: str
) -> None:
    mixed = Collection("mixed", "Mixed", "ben", NOW, dataset_ids=(OPEN, PROPRIETARY))
    facility.catalogue.put_collections([mixed], now=NOW, by="ben")
    with pytest.raises(NotPublishable, match=why):
        desk.publish(facility, kind, identifier, by="office")
    assert facility.catalogue.publications() == []


@pytest.mark.parametrize("kind", list(PidKind))
def test_what_is_not_there_cannot_be_published(facility: Facility, kind: PidKind) -> None:
    with pytest.raises(NotFound):
        desk.publish(facility, kind, "nothing", by="office")


def test_a_withdrawn_dataset_leaves_its_citation_and_takes_its_bytes(either: Facility) -> None:
    facility = either
    published = desk.publish(facility, PidKind.DATASET, OPEN, by="office")
    gone = desk.withdraw(facility, published.doi, " the sample  was another ", by="office")
    assert {each.doi for each in gone} == {f"10.5072/{OPEN}", f"10.5072/{OPEN}.v1"}
    assert {(each.wanted, each.reason) for each in gone} == {(PidState.REGISTERED, "the sample was another")}
    assert facility.catalogue.access(OPEN, ANONYMOUS) is Access.CITATION
    assert facility.catalogue.shown(OPEN, ANONYMOUS)[0].files == ()
    kept = sidecar.decode(Dataset, facility.archive.read_sidecar(OPEN))
    assert kept == facility.catalogue.dataset(OPEN)
    assert kept.state is State.WITHDRAWN
    assert [each.event for each in facility.catalogue.history(f"dataset:{OPEN}")][-1] == "withdrawn"
    with pytest.raises(NotPublishable, match="withdrawn"):
        desk.publish(facility, PidKind.DATASET, OPEN, by="office")
    with pytest.raises(InputInvalid, match="already"):
        desk.withdraw(facility, gone[0].doi, "again", by="office")


def test_a_withdrawal_that_was_cut_off_is_done_again(facility: Facility) -> None:
    published = desk.publish(facility, PidKind.DATASET, OPEN, by="office")
    found = facility.catalogue.dataset(OPEN)
    record = sidecar.encode(replace(found, state=State.WITHDRAWN, revision=found.revision + 1))
    facility.archive.put_sidecar(OPEN, record, "withdrawn: mistake")  # the process died here
    desk.withdraw(facility, published.doi, "mistake", by="office")
    assert facility.catalogue.dataset(OPEN).revision == facility.archive.revision(OPEN) == found.revision + 1


def test_one_of_several_versions_can_be_withdrawn_alone(facility: Facility) -> None:
    first = desk.publish(facility, PidKind.DATASET, OPEN, by="office")
    dataset(facility, OPEN, State.OPEN, visit="V1", sample="S1", content=b"other counts")
    assert [each.doi for each in desk.withdraw(facility, first.doi, "miscounted", by="office")] == [first.doi]
    assert facility.catalogue.dataset(OPEN).state is State.OPEN
    second = desk.publish(facility, PidKind.DATASET, OPEN, by="office")
    assert (second.version, second.is_public) == (2, True)
    desk.withdraw(facility, second.doi, "miscounted again", by="office")
    assert facility.catalogue.dataset(OPEN).state is State.WITHDRAWN
    assert living(facility) == {}


def test_a_withdrawal_needs_a_reason_and_something_that_was_published(facility: Facility) -> None:
    published = desk.publish(facility, PidKind.VISIT, "V1", by="office")
    with pytest.raises(InputInvalid, match="reason"):
        desk.withdraw(facility, published.doi, "  ", by="office")
    desk.reserve(facility, PidKind.VISIT, ["V2"], by="office")
    draft = facility.catalogue.publication_of(PidKind.VISIT, "V2")
    assert draft is not None
    with pytest.raises(InputInvalid, match="draft"):
        desk.withdraw(facility, draft.doi, "mistake", by="office")
    desk.withdraw(facility, published.doi, "cancelled", by="office")
    with pytest.raises(NotPublishable, match="cancelled"):
        desk.publish(facility, PidKind.VISIT, "V1", by="office")


def test_a_draft_is_reserved_when_a_visit_starts(configured: Configure, clock: FrozenClock) -> None:
    facility = configured()
    assert automatic.catch_up(facility).reserved == 2
    assert automatic.catch_up(facility).reserved == 0
    clock.set(datetime(2026, 3, 10, tzinfo=UTC))
    assert automatic.catch_up(facility).reserved == 1
    drafts = facility.catalogue.publications(PidKind.VISIT)
    assert {each.subject_id for each in drafts} == {"V1", "V2", "V4"}  # V3 is of proprietary research
    assert {each.wanted for each in drafts} == {PidState.DRAFT}


@pytest.mark.parametrize(("when", "reserved"), [("import", 3), ("never", 0)])
def test_a_draft_is_reserved_at_import_or_not_at_all(configured: Configure, when: str, reserved: int) -> None:
    assert automatic.catch_up(configured(reserve=when)).reserved == reserved


def test_the_settings_publish_what_may_be_known_and_a_visit_when_it_starts(
    configured: Configure, clock: FrozenClock
) -> None:
    facility = configured(reserve="import", automatic=["visit", "dataset", "sample", "instrument"])
    automatic.catch_up(facility)
    automatic.catch_up(facility)
    subjects = {f"dataset:{OPEN}", f"dataset:{EMBARGOED}", "visit:V1", "visit:V2", "sample:S1"}
    subjects |= {"instrument:PX1", "instrument:SWING"}
    assert set(living(facility).values()) == subjects
    clock.set(datetime(2026, 3, 10, tzinfo=UTC))
    automatic.catch_up(facility)
    assert set(living(facility).values()) == subjects | {"visit:V4"}


def test_what_was_withdrawn_is_not_published_again_by_itself(configured: Configure) -> None:
    facility = configured(automatic=["visit", "dataset"], reserve="import")
    automatic.catch_up(facility)
    before = living(facility)
    for kind, identifier in ((PidKind.VISIT, "V1"), (PidKind.DATASET, OPEN)):
        known = facility.catalogue.publication_of(kind, identifier)
        assert known is not None
        desk.withdraw(facility, known.doi, "mistake", by="office")
    automatic.catch_up(facility)
    assert set(before.values()) - set(living(facility).values()) == {"visit:V1", f"dataset:{OPEN}"}


def test_a_facility_that_joins_datacite_gives_its_test_dois_up_for_real_ones(configured: Configure) -> None:
    test = desk.publish(configured(), PidKind.DATASET, OPEN, by="office")
    facility = configured(registrar="datacite", prefix="10.60000")
    real = desk.publish(facility, PidKind.DATASET, OPEN, by="office")
    assert (real.doi, real.registrar) == (f"10.60000/{OPEN}.v1", "datacite")
    assert facility.catalogue.publication(test.doi).reason == f"replaced by {real.doi}"
    assert facility.catalogue.publication_of(PidKind.DATASET, OPEN) == real
    assert set(living(facility)) == {real.doi, f"10.60000/{OPEN}"}
    assert desk.publish(configured(), PidKind.DATASET, OPEN, by="office") == real  # and keeps them


def test_a_person_names_a_thing_by_its_identifier_its_doi_or_its_kind(facility: Facility) -> None:
    assert subject_called(facility, OPEN) == (PidKind.DATASET, OPEN)
    assert subject_called(facility, "V1") == (PidKind.VISIT, "V1")
    published = desk.publish(facility, PidKind.DATASET, OPEN, by="office")
    assert subject_called(facility, published.doi.upper()) == (PidKind.DATASET, OPEN)
    named = Collection("V1", "Namesake", "eloise", NOW, dataset_ids=(OPEN,))
    facility.catalogue.put_collections([named], now=NOW, by="eloise")
    with pytest.raises(InputInvalid, match="several") as refused:
        subject_called(facility, "V1")
    assert "visit:V1 or collection:V1" in refused.value.hint
    assert subject_called(facility, "collection:V1") == (PidKind.COLLECTION, "V1")
    with pytest.raises(NotFound):
        subject_called(facility, "nothing")


@given(kind=st.sampled_from(PidKind), subject=st.text(min_size=1, max_size=60))
def test_a_doi_is_always_the_same_and_has_only_signs_that_are_safe_everywhere(kind: PidKind, subject: str) -> None:
    doi = doi_of("10.5072", kind, subject)
    assert doi == doi_of("10.5072", kind, subject) == doi.lower()
    assert set(doi.removeprefix("10.5072/")) <= set("abcdefghijklmnopqrstuvwxyz0123456789.")
    others = [doi_of("10.5072", other, subject) for other in PidKind if other is not kind]
    assert doi not in others


def test_the_dois_of_two_things_differ() -> None:
    names = [f"2025{n:04}-{turn}" for n in range(500) for turn in range(4)]
    assert len({doi_of("10.5072", PidKind.VISIT, name) for name in names}) == len(names)


def test_history_tells_who_published_and_who_withdrew(facility: Facility) -> None:
    published = desk.publish(facility, PidKind.VISIT, "V1", by="eloise")
    desk.withdraw(facility, published.doi, "cancelled", by="office")
    entries = facility.catalogue.history(f"publication:{published.doi}")
    assert [(each.event, each.by) for each in entries] == [("published", "eloise"), ("withdrawn", "office")]
    assert entries[-1].details["reason"] == "cancelled"
    kept = sidecar.decode(Publication, facility.archive.read_sidecar(f"publication:{published.doi}"))
    assert kept == facility.catalogue.publication(published.doi)
    facility.catalogue.check_history(facility.archive.read_history())
