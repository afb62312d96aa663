"""``/sushi``: how the datasets are used."""

import json
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from verriere.errors import InputInvalid
from verriere.publish.usage.report import period, report
from verriere.serve.desk import AtDesk
from verriere.serve.machines.shared import PUBLIC

router = APIRouter(prefix="/sushi", tags=["Use (COUNTER, Make Data Count)"])

_REPORT = {
    "type": "object",
    "required": ["report-header", "report-datasets"],
    "properties": {"report-header": {"type": "object"}, "report-datasets": {"type": "array"}},
}
_WRONG = {"type": "object", "required": ["Code", "Message"], "properties": {"Code": {"type": "integer"}}}
_EXAMPLE = "A month or a day: 2026-01, 2026-01-31"


@router.get(
    "/reports/dsr",
    response_class=Response,
    summary="The dataset report",
    responses={
        200: {"content": {"application/json": {"schema": _REPORT}}, "description": "Report DSR, release rd1"},
        400: {"content": {"application/json": {"schema": _WRONG}}, "description": "The period cannot be understood"},
    },
)
def dataset_report(
    desk: AtDesk,
    begin_date: Annotated[str, Query(description=_EXAMPLE)] = "",
    end_date: Annotated[str, Query(description=_EXAMPLE)] = "",
) -> Response:
    """Looks at and downloads of every dataset that everybody may know of, by month and way of access.

    Without a period: the present month until now.
    """
    now = desk.facility.now()
    today = now.astimezone(desk.settings.facility.zone).date()
    try:
        first, last = period(begin_date or f"{today:%Y-%m}", end_date or begin_date or f"{today:%Y-%m}")
    except InputInvalid as error:
        # SUSHI's own code for a date that cannot be used.
        said = {"Code": 3020, "Severity": "Error", "Message": f"{error.message}: {error.hint}"}
        return _json(said, 400)
    return _json(report(desk.facility, first, last, now), 200)


def _json(content: object, status: int) -> Response:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "replace"), status, media_type="application/json", headers=PUBLIC)
