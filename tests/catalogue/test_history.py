"""The history: append-only, chained, and the same in the archive's journal."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from tests.catalogue.world import NOW, dataset, furnish

from verriere.catalogue import Catalogue
from verriere.catalogue.database import Database
from verriere.errors import HistoryBroken
from verriere.model import Instrument, Proposal, Sample, State, Visit

_UNGUARD = {
    "sqlite": ["DROP TRIGGER history_no_update", "DROP TRIGGER history_no_delete"],
    "postgresql": ["DROP TRIGGER history_no_change ON history"],
}


def tamper(database: Database, statement: str) -> None:
    """Write to the history as someone who owns the database can."""
    with database.write() as connection:
        for each in _UNGUARD[database.dialect]:
            connection.execute(text(each))
        connection.execute(text(statement))


def test_every_change_of_state_is_entered_once(furnished: Catalogue) -> None:
    furnished.register([dataset("a1", state=State.QUARANTINED)], now=NOW)
    furnished.register([dataset("a1", state=State.QUARANTINED)], now=NOW)
    furnished.assign("a1", "V1", by="office", now=NOW)
    entries = furnished.history("dataset:a1")
    assert [(entry.event, entry.by, entry.details["state"]) for entry in entries] == [
        ("registered", "ingest", "quarantined"),
        ("assigned", "office", "embargoed"),
    ]
    assert furnished.check_history() == len(furnished.history())


@pytest.mark.parametrize("statement", ["UPDATE history SET event = 'x'", "DELETE FROM history WHERE number = 1"])
def test_the_database_refuses_to_change_the_history(furnished: Catalogue, database: Database, statement: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.write() as connection:
        connection.execute(text(statement))
    assert furnished.check_history() > 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE history SET by = 'someone else' WHERE number = 3",
        'UPDATE history SET details = \'{"state": "open"}\' WHERE number = 3',
        "DELETE FROM history WHERE number = 3",
        "UPDATE history SET hash = previous WHERE number = 3",
    ],
)
def test_tampering_behind_the_guards_is_found(furnished: Catalogue, database: Database, statement: str) -> None:
    tamper(database, statement)
    with pytest.raises(HistoryBroken, match=r"entry [34]|entry 3"):
        furnished.check_history()


def test_an_end_that_was_cut_off_is_found_by_the_journal(furnished: Catalogue, database: Database) -> None:
    journal = [entry.line() for entry in furnished.history()]
    assert furnished.check_history(journal) == len(journal)
    tamper(database, f"DELETE FROM history WHERE number = {len(journal)}")
    assert furnished.check_history() == len(journal) - 1
    with pytest.raises(HistoryBroken, match="journal goes on"):
        furnished.check_history(journal)


def test_a_journal_that_was_changed_is_not_restored(furnished: Catalogue, catalogue: Catalogue) -> None:
    journal = [entry.line() for entry in furnished.history()]
    journal[1] = journal[1].replace("import", "nobody")
    with pytest.raises(HistoryBroken, match="entry 2"):
        catalogue.restore([], journal=journal)


def test_a_catalogue_that_is_restored_says_the_same(furnished: Catalogue, empty_url: str) -> None:
    furnished.register([dataset(f"d{n}", state=state, sample="rod") for n, state in enumerate(State)], now=NOW)
    furnished.assign("d0", "V2", by="office", now=NOW)
    before = list(furnished.dump())
    with Catalogue.create(empty_url) as again:
        beamtimes: list[Instrument | Proposal | Sample | Visit] = [
            *furnished.samples(),
            *furnished.visits(),
            *furnished.proposals(),
            *furnished.instruments(),
        ]
        journal = [entry.line() for entry in furnished.history()]
        # In another order than it was registered: what the dump holds does not depend on it.
        again.restore([*beamtimes, *furnished.datasets()[::-1]], journal=journal)
        assert list(again.dump()) == before
        assert again.history("dataset:d0") == furnished.history("dataset:d0")
        furnish(again)
        assert len(again.history()) == len(journal)
