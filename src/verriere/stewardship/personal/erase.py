"""Erasing a person, and keeping the scientific record."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from verriere.archive import Deposit, Receipt, sidecar
from verriere.archive.deposit import Refused
from verriere.archive.sidecar import Record
from verriere.catalogue.desks.people import AMENDABLE
from verriere.catalogue.history import Event
from verriere.catalogue.mails import NOWHERE
from verriere.errors import AccessRefused, InputInvalid, NotFound
from verriere.ingest.erased import Erased
from verriere.ingest.holdings import Holdings
from verriere.model import Dataset, Proposal, Role, State
from verriere.stewardship import accounts
from verriere.stewardship.personal.kept import account_of, name_of

_EVENT = "person-erased"


@dataclass(frozen=True, slots=True)
class Erasure:
    """What erasing somebody does.

    Parameters
    ----------
    pseudonym
        What stands for the address from now on.
    records
        That are written again without it.
    left
        Records that still hold it, and are never amended.
    """

    pseudonym: str
    account: str
    records: tuple[str, ...]
    left: tuple[str, ...]


def erase(holdings: Holdings, email: str, *, reason: str, by: str, dry_run: bool = False) -> Erasure:
    """Erase what is kept of the person with an address; done again, it goes on where it was interrupted.

    Raises
    ------
    InputInvalid
        No reason is given, or it holds the address.
    AccessRefused
        The person leads a proposal with data under embargo, and nobody would lead it after them.
    NotFound
        Nothing is kept of that address.
    """
    key, reason = email.strip().lower(), " ".join(reason.split())
    if not reason or key in reason.lower():
        raise InputInvalid("an erasure needs a reason that does not name the person", hint="--reason 'their request'")
    account = account_of(holdings, key)
    found = holdings.catalogue.records_with(key)
    # Somebody else's address may hold this one.
    erased = Erased.of(holdings.archive).with_person(key)
    cleaned = [(record, erased.clean(record)) for record in found]
    changed = [after for before, after in cleaned if after != before]
    logins = holdings.catalogue.logins(account.username if account else "", key)
    if not (account or changed or logins.failures or logins.mails):
        raise NotFound("nothing is kept of that address")
    _require_successors(holdings, key, [each for each, _ in cleaned])
    amended = [each for each in changed if isinstance(each, AMENDABLE)]
    left = tuple(name_of(each) for each in changed if not isinstance(each, AMENDABLE))
    pseudonym = erased.pseudonym(key) or ""
    done = Erasure(pseudonym, account.username if account else "", tuple(map(name_of, amended)), left)
    if dry_run:
        return done
    erased.keep(holdings.archive)
    _keep(holdings, amended, by)
    event = Event(f"person:{pseudonym.partition('@')[0]}", "erased", {"reason": reason})
    holdings.catalogue.forget_person(done.account, key, event, now=holdings.now(), by=by)
    accounts.write(holdings)
    holdings.journal()
    return done


def leads(holdings: Holdings, key: str, records: Iterable[Record]) -> list[str]:
    """The proposals with data under embargo that nobody would lead without a person."""
    catalogue = holdings.catalogue
    found = []
    for proposal in records:
        if not isinstance(proposal, Proposal):
            continue
        heads = {each.person.key for each in proposal.members if each.role is Role.PRINCIPAL_INVESTIGATOR}
        others = {head for head in heads - {key} if head and not head.endswith(NOWHERE)}
        if key in heads and not others:
            embargoed = catalogue.datasets(state=State.EMBARGOED.value, proposal_id=proposal.id)
            found += [proposal.id] if embargoed else []
    return found


def _require_successors(holdings: Holdings, key: str, records: Iterable[Record]) -> None:
    if led := leads(holdings, key, records):
        raise AccessRefused(
            f"this person alone leads {', '.join(led)}, whose data are under embargo",
            hint="name another principal investigator first: verriere proposal import FILE",
        )


def _keep(holdings: Holdings, records: list[Any], by: str) -> None:
    """The archive first, as new revisions, then the catalogue."""
    now, kept = holdings.now(), []
    for record in records:
        if isinstance(record, Dataset):
            kept.append(_keep_dataset(holdings, record))
            continue
        deposit = Deposit(name_of(record), (), sidecar.encode(record), message="personal data", created=now)
        for result in holdings.archive.put_many([deposit]):
            if isinstance(result, Refused):
                raise result.error
        kept.append(record)
    holdings.catalogue.amend(kept, now=now, by=by, event=_EVENT)
    holdings.journal()


def _keep_dataset(holdings: Holdings, dataset: Dataset) -> Dataset:
    def record(receipt: Receipt) -> bytes:
        return sidecar.encode(replace(dataset, revision=receipt.revision))

    revision = holdings.archive.put_sidecar(dataset.id, record, "personal data", created=holdings.now())
    return replace(dataset, revision=revision)
