"""How the archive is, for the data office."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse, Response

from verriere.serve.desk import AtDesk, Calling
from verriere.serve.portal.pages.keeping import keeping_page
from verriere.serve.portal.routes import GET, require_data_office

router = APIRouter(prefix="/{language}", default_response_class=HTMLResponse)


@router.api_route("/keeping", methods=GET)
def show(desk: AtDesk, caller: Calling) -> Response:
    """What was read again, and what is damaged."""
    require_data_office(caller)
    return desk.renderer.page(caller, "keeping.html", keeping_page(caller, desk.facility))
