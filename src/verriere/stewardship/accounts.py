"""Accounts are kept twice: in the database, and beside the archive for the day the database is lost."""

import json
from dataclasses import asdict

from verriere.errors import RecordInvalid
from verriere.ingest.holdings import Holdings
from verriere.model import Account, Duty

SCHEMA = "verriere.accounts"


def keep(holdings: Holdings, account: Account, password_hash: str) -> None:
    """Add an account, or change the one of that username.

    Raises
    ------
    InputInvalid
        The address belongs to another account.
    """
    holdings.catalogue.add_account(account, password_hash)
    write(holdings)


def write(holdings: Holdings) -> None:
    """Bring the archive's file up to what the database has."""
    kept = [holdings.catalogue.account(each.username) for each in holdings.catalogue.accounts()]
    rows = [{**asdict(each), "password_hash": hashed} for each, hashed in kept]
    document = {"schema": SCHEMA, "version": "1.0", "accounts": rows}
    holdings.archive.write_accounts(json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n")


def restore(holdings: Holdings) -> int:
    """Put the accounts that the archive keeps back into the database; returns how many there are.

    Raises
    ------
    RecordInvalid
        The archive's file of accounts cannot be read.
    """
    text = holdings.archive.read_accounts()
    if text is None:
        return 0
    try:
        rows = json.loads(text)["accounts"]
        found = [(row.pop("password_hash"), Account(**{**row, "duty": Duty(row["duty"])})) for row in rows]
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RecordInvalid(
            f"the archive's accounts cannot be read: {error!r}", hint="take private/accounts.json from a backup"
        ) from error
    for password_hash, account in found:
        holdings.catalogue.add_account(account, password_hash)
    return len(found)
