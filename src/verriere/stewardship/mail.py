"""Mails go out through the facility's SMTP server: plain text, one for each event and person."""

import smtplib
import ssl
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from verriere.catalogue.mails import Mail
from verriere.errors import SettingsInvalid
from verriere.ingest.holdings import Holdings
from verriere.settings import MailSettings

AT_ONCE = 100
"""Mails in one round: the servers of institutes take more for an attack."""
_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a round of the post did."""

    sent: int = 0
    failed: int = 0
    trouble: str = ""


def deliver(holdings: Holdings) -> Delivered:
    """Send the mails whose turn it is; those that the server does not take wait, and are tried again later.

    A mail that was being handed over when the program was stopped may have gone out: it is not sent again.

    Raises
    ------
    SettingsInvalid
        Nothing says who the mails are from.
    """
    settings = holdings.settings.mail
    if not settings.host:
        return Delivered()
    sender = settings.sender or holdings.settings.facility.contact
    if "@" not in sender:
        raise SettingsInvalid("nothing says who mails are from", hint="set mail.sender in verriere.toml")
    sent = failed = 0
    trouble = ""
    waiting = holdings.catalogue.take_mails(holdings.now(), AT_ONCE)
    if not waiting:
        return Delivered()
    try:
        server = _connected(settings)
    except (OSError, smtplib.SMTPException) as error:
        for each in waiting:
            holdings.catalogue.mail_failed(each, str(error), now=holdings.now())
        return Delivered(0, len(waiting), str(error))
    with server:
        for each in waiting:
            try:
                server.send_message(_message(holdings, each, sender))
            except (OSError, smtplib.SMTPException) as error:
                failed, trouble = failed + 1, str(error)
                holdings.catalogue.mail_failed(each, trouble, now=holdings.now())
            else:
                sent += 1
                holdings.catalogue.mail_sent(each.event, now=holdings.now())
    holdings.journal()
    return Delivered(sent, failed, trouble)


def _connected(settings: MailSettings) -> smtplib.SMTP:
    if settings.security == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=_SECONDS, context=context)
    else:
        server = smtplib.SMTP(settings.host, settings.port, timeout=_SECONDS)
    try:
        if settings.security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.user:
            server.login(settings.user, settings.password)
    except BaseException:
        server.close()
        raise
    return server


def _message(holdings: Holdings, each: Mail, sender: str) -> EmailMessage:
    """The mail as it goes out; the event is in its identifier, so that a reader's program knows it again."""
    message = EmailMessage(policy=SMTP)
    local, _, domain = sender.rpartition("@")
    message["From"] = Address(holdings.settings.facility.name, local, domain)
    message["To"] = each.address
    message["Subject"] = each.subject
    message["Date"] = format_datetime(holdings.now())
    message["Message-ID"] = f"<{each.event}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no robot answers it
    message.set_content(each.text)
    return message
