"""The database dropped: what is published, and what waits to be told to registrars, comes back from the archive."""

from pathlib import Path

from tests.publish.conftest import NOW
from tests.publish.world import EMBARGOED, OPEN

from verriere.catalogue import drop
from verriere.facility import Facility
from verriere.model import Collection, PidKind, PidState, Publication


def publication(doi: str, identifier: str) -> Publication:
    return Publication(doi, PidKind.DATASET, identifier, NOW, NOW, wanted=PidState.FINDABLE, published_at=NOW)


def test_publications_and_what_waits_come_back_from_the_archive(either: Facility) -> None:
    catalogue = either.catalogue
    found = [publication("10.5072/a", OPEN), publication("10.5072/b", EMBARGOED)]
    catalogue.put_publications(found, now=NOW, by="office")
    catalogue.put_collections(
        [Collection("silver", "Silver", "eloise", NOW, dataset_ids=(OPEN,))], now=NOW, by="eloise"
    )
    catalogue.confirm([(catalogue.publication("10.5072/a"), PidState.FINDABLE)], now=NOW, by="datacite")
    either.journal()
    before = list(catalogue.dump())
    database = either.database
    either.close()
    if database.startswith("sqlite"):
        Path(database.removeprefix("sqlite:///")).unlink()
    else:
        drop(database)
    Facility.rebuild(either.folder)
    with Facility.open(either.folder) as again:
        assert list(again.catalogue.dump()) == before
        assert [each.publication.doi for each in again.catalogue.waiting()] == ["10.5072/b"]
        again.catalogue.check_history(again.archive.read_history())


def test_a_journal_that_was_cut_off_is_made_up_for(either: Facility) -> None:
    either.catalogue.put_publications([publication("10.5072/a", OPEN)], now=NOW, by="office")
    assert not either.archive.exists("publication:10.5072/a")  # the process died here
    either.journal()
    either.journal()
    assert either.archive.revision("publication:10.5072/a") == 1
