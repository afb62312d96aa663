"""Pages of the facility's year: plans, for their teams; volumes, for the data office."""

import json
from dataclasses import asdict
from shutil import disk_usage
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, RedirectResponse, Response

from verriere.errors import AccessRefused, InputInvalid
from verriere.policy import PlanAccess, plan_roles
from verriere.serve.auth.forms import Ours
from verriere.serve.caller import Caller
from verriere.serve.desk import AtDesk, Calling, Desk
from verriere.serve.portal import sentences
from verriere.serve.portal.pages.plan import plan_page, refusal
from verriere.serve.portal.pages.volumes import volumes_page, wording
from verriere.serve.portal.routes import GET, require_data_office
from verriere.stewardship import volumes
from verriere.stewardship.chart import chart
from verriere.stewardship.dmp import answers, exchange, facts
from verriere.stewardship.dmp.document import document

router = APIRouter(prefix="/{language}", default_response_class=HTMLResponse)


@router.api_route("/plans/{plan_id:path}", methods=GET)
def show(
    desk: AtDesk, caller: Calling, plan_id: str, form: Annotated[str, Query(alias="as")] = "", done: str = ""
) -> Response:
    """A plan; or, asked for in a form of `exchange.FORMS`, the file."""
    found, access = _found(desk, caller, plan_id)
    if form in exchange.FORMS:
        headers = {"Content-Disposition": f'attachment; filename="plan-{form}.json"'}
        text = exchange.export(document(found, access), form)
        return Response(text, media_type="application/json", headers=headers)
    said = caller.words.gettext("Your answers were saved.") if done else ""
    return desk.renderer.page(caller, "plan.html", plan_page(caller, found, access, done=said))


@router.post("/plans/{plan_id:path}", dependencies=[Ours])
async def answer(desk: AtDesk, caller: Calling, request: Request, plan_id: str) -> Response:
    """Take answers to a plan's questions."""
    form = await request.form()
    given = {name: value for name, value in form.items() if isinstance(value, str) and "." in name}
    return await run_in_threadpool(_answer, desk, caller, plan_id, given)


def _answer(desk: Desk, caller: Caller, plan_id: str, given: dict[str, str]) -> Response:
    found, access = _found(desk, caller, plan_id)
    if access is not PlanAccess.TEAM or caller.account is None:
        raise AccessRefused("a plan is answered by its team")
    roles = plan_roles(found.plan, found.members, caller.viewer)
    _ = caller.words.gettext
    try:
        answers.answer(desk.facility, found, given, by=caller.account.username, roles=roles)
    except (InputInvalid, AccessRefused) as error:
        trouble = refusal(caller.words, found, given.get("core.embargo", "").strip()) or sentences.trouble(
            caller.words, error
        )
        page = plan_page(caller, found, access, given=given, trouble=trouble)
        return desk.renderer.page(caller, "plan.html", page, status=400)
    return RedirectResponse(f"{caller.urls.plan(plan_id)}?done=1", status_code=303)


def _found(desk: Desk, caller: Caller, plan_id: str) -> tuple[facts.Facts, PlanAccess]:
    return facts.seen(desk.facility, plan_id, caller.viewer)


@router.api_route("/volumes", methods=GET)
def all_volumes(desk: AtDesk, caller: Calling) -> Response:
    """How much was recorded, and how much there will be."""
    rows, room, is_short = _volumes(desk, caller)
    return desk.renderer.page(caller, "volumes.html", volumes_page(caller, rows, room, is_short=is_short))


@router.api_route("/volumes.{form}", methods=GET)
def volumes_file(desk: AtDesk, caller: Calling, form: str) -> Response:
    """The same as CSV, JSON or SVG."""
    rows, room, _ = _volumes(desk, caller)
    if form == "svg":
        return Response(chart(rows, wording(caller.words)), media_type="image/svg+xml")
    if form == "csv":
        return Response(volumes.as_csv(rows), media_type="text/csv; charset=utf-8")
    body = json.dumps({"rows": [asdict(row) for row in rows], "room": asdict(room)}, default=str)
    return Response(body, media_type="application/json")


def _volumes(desk: Desk, caller: Caller) -> tuple[tuple[volumes.Row, ...], volumes.Room, bool]:
    require_data_office(caller)
    now = desk.facility.now()
    rows = volumes.rows(desk.catalogue.volumes_by_year(), desk.catalogue.surveys(), now)
    usage = disk_usage(desk.facility.archive.root)
    room = volumes.room(rows, usage.total, usage.free, now)
    return rows, room, room.is_short(now, desk.settings.volumes.warn_days)
