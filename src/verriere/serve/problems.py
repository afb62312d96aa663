"""What is said when something cannot be shown, in the reader's language, as a page like all others.

What exists but may not be known gets the very answer of what does not exist.
"""

import logging
from dataclasses import dataclass
from http import HTTPStatus

from verriere.errors import AccessRefused, FixityLost, InputInvalid, NotFound, VerriereError
from verriere.serve.caller import Caller
from verriere.serve.language import Words

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProblemPage:
    """What ``problem.html`` shows."""

    status: int
    title: str
    text: str
    hint: str = ""
    login_url: str = ""


class FormRefused(VerriereError, PermissionError):
    """A form that was not sent by a page of ours, or whose page has been open for too long."""

    code = "form-refused"


class TooManyTries(VerriereError):
    """Someone guesses passwords."""

    code = "too-many-tries"


def status_of(error: Exception) -> int:
    """The HTTP status that says what an error means."""
    table: dict[type[Exception], HTTPStatus] = {
        NotFound: HTTPStatus.NOT_FOUND,
        AccessRefused: HTTPStatus.FORBIDDEN,
        FormRefused: HTTPStatus.FORBIDDEN,
        InputInvalid: HTTPStatus.BAD_REQUEST,
        TooManyTries: HTTPStatus.TOO_MANY_REQUESTS,
    }
    for kind, status in table.items():
        if isinstance(error, kind):
            return status
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem_page(caller: Caller, status: int, error: Exception | None = None) -> ProblemPage:
    """The page for an HTTP status; of an error it tells nothing but what its kind means."""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        _LOG.error("answered %s to %s", status, caller.here.partition("?")[0], exc_info=error)
    title, text = _sentences(caller.words, status, error)
    may_log_in = status == HTTPStatus.FORBIDDEN and caller.account is None and isinstance(error, AccessRefused)
    return ProblemPage(status, title, text, login_url=caller.urls.login(caller.here) if may_log_in else "")


def _sentences(words: Words, status: int, error: Exception | None) -> tuple[str, str]:
    _ = words.gettext
    if isinstance(error, FormRefused):
        return _("This form is too old"), _("Go back, load the page again and send it once more. Nothing was changed.")
    if isinstance(error, FixityLost):
        return _("This file is not as it was recorded"), _(
            "It was not sent, because its bytes have changed since. The facility has been told in its log."
        )
    known = {
        400: (_("This cannot be understood"), _("Something in the address or in the form is not possible.")),
        403: (_("This is not open to you"), _("It may open later: its page says when. Its team sees it now.")),
        404: (
            _("There is nothing here"),
            _("Nothing has this address, or nothing that you may know of. If it is your team's, log in."),
        ),
        405: (_("This cannot be done here"), _("The page does not take this kind of request.")),
        406: (_("Not in this form"), _("None of the formats that were asked for can be given.")),
        429: (_("Too many tries"), _("Wait a quarter of an hour and try again.")),
    }
    return known.get(
        status, (_("Something went wrong here"), _("It is not your fault, and it was noted in the facility's log."))
    )
