"""Letters to the data office about the archive: one a day of each kind, however much there is to tell."""

from verriere.catalogue.mails import Mail, event_of
from verriere.ingest.holdings import Holdings
from verriere.model import Duty
from verriere.wording import Language, mail


def letters(holdings: Holdings, kind: str, about: str) -> tuple[Mail, ...]:
    """To each account of the data office: something came to be known; the portal's page tells all of it.

    Parameters
    ----------
    kind
        Of the mail, as ``wording/mails.toml`` names it.
    about
        What it is about; where more follows on the same day, no other mail is written.
    """
    settings = holdings.settings
    day = holdings.now().astimezone(settings.facility.zone).date().isoformat()
    found = []
    for account in holdings.catalogue.accounts():
        if account.duty is not Duty.DATA_OFFICE:
            continue
        language: Language = "fr" if account.language == "fr" else "en"
        facts = {
            "name": account.name,
            "object": about,
            "address": f"{settings.serve.public_url.rstrip('/')}/{language}/keeping",
            "facility": settings.facility.name,
        }
        found.append(Mail(event_of(kind, account.email, day), account.email, *mail(kind, facts, language)))
    return tuple(found)
