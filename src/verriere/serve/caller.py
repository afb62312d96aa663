"""Who asks, and in which language: what every page needs to know of a request."""

from dataclasses import dataclass

from starlette.requests import Request

from verriere.model import ANONYMOUS, Account, Viewer
from verriere.serve.auth import csrf
from verriere.serve.language import Words
from verriere.urls import Urls

_OF_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


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
        Where people reach the portal: ``https://data.example.org``. Never what a request merely claims.
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


def origin_of(request: Request) -> str:
    """The address that a request came to, where no setting says what people see.

    A ``Host`` header is what its sender likes: in a citation, or a page that a cache keeps, it would lead others
    elsewhere. Only this machine's own names are believed; else it is the address of the socket.
    """
    if request.url.hostname in _OF_THIS_MACHINE:
        return str(request.base_url).rstrip("/")
    host, port = request.scope["server"]
    return f"{request.url.scheme}://{f'[{host}]' if ':' in host else host}:{port}"


def path_and_query(request: Request) -> str:
    """Where a request went, as it would be written in a link."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")
