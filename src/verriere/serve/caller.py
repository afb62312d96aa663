"""Who asks, and in which language: what every page needs to know of a request."""

from dataclasses import dataclass

from starlette.requests import Request

from verriere.model import ANONYMOUS, Account, Viewer
from verriere.serve.auth import csrf
from verriere.serve.language import Words
from verriere.serve.urls import Urls


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind a request.

    Parameters
    ----------
    words, urls
        Of the page's language.
    here
        Path and query of the request.
    origin
        Where people reach the portal: ``https://data.example.org``.
    account
        None for someone who has not logged in.
    secret
        Of the session; None without one.
    """

    words: Words
    urls: Urls
    here: str
    origin: str
    account: Account | None = None
    secret: str | None = None

    @property
    def viewer(self) -> Viewer:
        """The person, as the policy sees them."""
        return ANONYMOUS if self.account is None else Viewer(self.account.key, self.account.duty)

    @property
    def form_token(self) -> str:
        """What a form on this page carries; empty where there is no session to protect."""
        return "" if self.secret is None else csrf.token(self.secret)

    def is_at(self, url: str) -> bool:
        """Whether the page is the one at ``url``, whatever the query."""
        return self.here.partition("?")[0] == url


def path_and_query(request: Request) -> str:
    """Where a request went, as it would be written in a link."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
