"""Logging in and out."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from verriere.errors import NotFound
from verriere.model import Account
from verriere.serve.auth import csrf, passwords
from verriere.serve.auth.forms import Ours
from verriere.serve.caller import Caller
from verriere.serve.desk import AtDesk, Calling, Desk
from verriere.urls import safe_next

router = APIRouter(prefix="/{language}")


@dataclass(frozen=True, slots=True)
class LoginPage:
    """What ``login.html`` shows."""

    form_token: str
    next: str
    username: str
    trouble: str
    contact: str


@router.api_route("/login", methods=["GET", "HEAD"])
def form(desk: AtDesk, caller: Calling, request: Request, next: str = "") -> Response:  # noqa: A002
    """The form to log in; who has a session goes on at once."""
    after = safe_next(next, otherwise=caller.urls.mine())
    if caller.account:
        return RedirectResponse(after, status_code=303)
    return _form(desk, caller, request, after)


@router.post("/login", dependencies=[Ours])
def log_in(
    desk: AtDesk,
    caller: Calling,
    request: Request,
    *,
    username: Annotated[str, Form()] = "",
    password: Annotated[str, Form()] = "",
    next: Annotated[str, Form()] = "",  # noqa: A002
) -> Response:
    """Begin a session, always a new one, or say that name and password do not fit, never which of them."""
    _ = caller.words.gettext
    after = safe_next(next, otherwise=caller.urls.mine())
    address = request.client.host if request.client else ""
    if desk.throttle.is_closed(address, username):
        trouble = _("Too many tries. Wait a quarter of an hour and try again.")
        return _form(desk, caller, request, after, username=username, trouble=trouble, status=429)
    account = authenticated(desk, username, password)
    if account is None:
        desk.throttle.failed(address, username)
        trouble = _("This name and this password do not fit together.")
        return _form(desk, caller, request, after, username=username, trouble=trouble, status=401)
    desk.throttle.succeeded(address, username)
    response = RedirectResponse(after, status_code=303)
    if caller.secret:
        desk.sessions.close(caller.secret)
    hours = desk.settings.serve.session_hours
    desk.session_cookie.put(response, desk.sessions.open(account), seconds=hours * 3600)
    desk.form_cookie.remove(response)
    return response


@router.post("/logout", dependencies=[Ours])
def log_out(desk: AtDesk, caller: Calling) -> Response:
    """End the session, here and in the catalogue."""
    if caller.secret:
        desk.sessions.close(caller.secret)
    response = RedirectResponse(caller.urls.home(), status_code=303)
    desk.session_cookie.remove(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def authenticated(desk: Desk, username: str, password: str) -> Account | None:
    """Whose name and password these are; None where they do not fit. It takes as long for a name that nobody has."""
    try:
        account, hashed = desk.catalogue.account(username)
    except NotFound:
        passwords.is_right(password, None)
        return None
    return account if passwords.is_right(password, hashed) else None


def _form(
    desk: Desk,
    caller: Caller,
    request: Request,
    after: str,
    *,
    username: str = "",
    trouble: str = "",
    status: int = 200,
) -> Response:
    secret = request.cookies.get(desk.form_cookie.name) or csrf.new_secret()
    contact = desk.settings.facility.contact
    page = LoginPage(
        form_token=csrf.token(secret),
        next=after,
        username=username[:200],
        trouble=trouble,
        contact=caller.words.gettext("Write to %(contact)s.", contact=contact)
        if contact
        else caller.words.gettext("Ask the facility's user office."),
    )
    response = desk.renderer.page(caller, "login.html", page, status=status)
    desk.form_cookie.put(response, secret, seconds=None)
    return response
