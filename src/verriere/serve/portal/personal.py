"""What is kept of whoever is logged in, and why; and a copy of it."""

from collections import Counter
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import HTMLResponse, RedirectResponse, Response

from verriere.errors import AccessRefused
from verriere.serve.caller import Caller
from verriere.serve.desk import AtDesk, Calling, Desk
from verriere.serve.language import Words
from verriere.serve.portal.routes import GET
from verriere.stewardship.personal.kept import Purpose, Trace, document, traces

router = APIRouter(prefix="/{language}/my-personal-data", default_response_class=HTMLResponse)


@dataclass(frozen=True, slots=True)
class PurposeRow:
    """What is kept for one purpose: how often, and where."""

    what: str
    why: str
    until: str
    count: str


@dataclass(frozen=True, slots=True)
class PersonalPage:
    """What ``personal.html`` shows."""

    address: str
    rows: tuple[PurposeRow, ...]
    copy: str
    contact: str


@router.api_route("", methods=GET)
def show(desk: AtDesk, caller: Calling) -> Response:
    """What is kept of the caller, by purpose."""
    if caller.account is None:
        return RedirectResponse(caller.urls.login(caller.here), status_code=303)
    counts = Counter(each.purpose for each in _own(desk, caller))
    page = PersonalPage(
        address=caller.account.key,
        rows=tuple(_row(caller.words, purpose, counts[purpose]) for purpose in Purpose if counts[purpose]),
        copy=caller.urls.personal_copy(),
        contact=desk.settings.facility.contact,
    )
    return desk.renderer.page(caller, "personal.html", page)


@router.api_route("/copy", methods=GET)
def copy(desk: AtDesk, caller: Calling) -> Response:
    """All that is kept of the caller, as JSON."""
    if caller.account is None:
        raise AccessRefused("a copy is for the person themselves")
    text = document(desk.facility, caller.account.key, _own(desk, caller))
    headers = {"Content-Disposition": 'attachment; filename="personal-data.json"', "Cache-Control": "no-store"}
    return Response(text, media_type="application/json", headers=headers)


def _own(desk: Desk, caller: Caller) -> tuple[Trace, ...]:
    assert caller.account
    key = caller.account.key
    return traces(desk.facility, key, visit_ids=[visit.id for visit in desk.catalogue.visits_of(key)])


def _row(words: Words, purpose: Purpose, count: int) -> PurposeRow:
    _ = words.gettext
    always = _("kept with the data; your address until it is erased")
    erased = _("until it is erased")
    texts = {
        Purpose.LOGIN: (_("Your account"), _("To know who may see what."), erased),
        Purpose.TEAM: (_("Proposals and visits that name you"), _("Your team sees its data; they are cited."), always),
        Purpose.FILE: (_("Measured files that name you"), _("Part of what was measured; for the team alone."), always),
        Purpose.RECORD: (_("What you asked, answered or entered"), _("To know why something was decided."), always),
        Purpose.HISTORY: (
            _("The history, by your user name"),
            _("Nobody can deny or change what was decided."),
            _("for ever"),
        ),
        Purpose.MAIL: (_("Mails that wait for you"), _("To tell you of your data."), _("until they are sent")),
        Purpose.SECURITY: (_("Sessions and failed logins"), _("Against those who guess passwords."), _("for hours")),
    }
    what, why, until = texts[purpose]
    return PurposeRow(what, why, until, words.number(count))
