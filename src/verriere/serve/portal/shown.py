"""The pages of what a DOI can stand for: at their own addresses, and at those of their DOIs."""

from dataclasses import replace

from starlette.responses import Response

from verriere.errors import NotFound
from verriere.model import PidKind, Publication
from verriere.policy import Access
from verriere.publish.landing import Landing
from verriere.serve.caller import Caller
from verriere.serve.desk import Desk
from verriere.serve.portal.known import is_team, known, opens, sample_of, visit_of
from verriere.serve.portal.pages import collections
from verriere.serve.portal.pages.completeness import completeness_part
from verriere.serve.portal.pages.dataset import dataset_page
from verriere.serve.portal.pages.figure import figure_of
from verriere.serve.portal.pages.landing import landing_page
from verriere.serve.portal.published import Published, landing_for, published
from verriere.serve.portal.publishing import may_decide


def show(desk: Desk, caller: Caller, kind: PidKind, identifier: str, *, is_kept: bool = False) -> Response:
    """The page of a thing, as the caller may know it.

    Parameters
    ----------
    is_kept
        Whether what the caller has just said of a dataset was kept, and is to be confirmed.

    Raises
    ------
    NotFound
        There is none, or the caller may not know that there is.
    """
    landing = landing_for(desk, caller, kind, identifier)
    match kind:
        case PidKind.DATASET:
            return _dataset(desk, caller, identifier, landing, is_kept=is_kept)
        case PidKind.VISIT:
            visit, proposal = visit_of(desk, caller, identifier)
            said = published(caller, landing)
            page = collections.visit_page(
                caller,
                desk.catalogue,
                visit,
                proposal,
                instrument=desk.catalogue.instrument(visit.instrument_id),
                opens=opens(desk, visit, proposal),
                is_team=is_team(caller, proposal, visit),
                published=said,
            )
        case PidKind.INSTRUMENT:
            said = published(caller, landing)
            found = desk.catalogue.instrument(identifier)
            page = collections.instrument_page(caller, desk.catalogue, found, said)
        case PidKind.SAMPLE:
            sample, proposal, around = sample_of(desk, caller, identifier)
            said = published(caller, landing)
            page = collections.sample_page(caller, sample, proposal, around, said)
        case _:
            if landing is None:
                raise NotFound(f"no {kind} {identifier}")
            return show_landing(desk, caller, landing)
    page = replace(page, publishing=_decided_at(desk, caller, kind, identifier))
    return desk.renderer.page(caller, "collection.html", page, headers=_headers(said))


def show_landing(desk: Desk, caller: Caller, landing: Landing) -> Response:
    """The page that a description makes by itself; of what was withdrawn, 410 with its metadata."""
    where = _decided_at(desk, caller, landing.kind, landing.identifier)
    page = replace(landing_page(caller, landing), publishing=where)
    status = 410 if landing.is_withdrawn else 200
    return desk.renderer.page(caller, "collection.html", page, status=status, headers=_headers(page.published))


def show_doi(desk: Desk, caller: Caller, publication: Publication, landing: Landing) -> Response:
    """The page of a DOI: that of what it stands for, where that is still what it was."""
    kind, identifier = publication.kind, publication.subject_id
    if landing.is_withdrawn or kind is PidKind.COLLECTION:
        return show_landing(desk, caller, landing)
    if kind is PidKind.DATASET:
        if publication.version not in (None, desk.catalogue.dataset(identifier).version):
            return show_landing(desk, caller, landing)
        return _dataset(desk, caller, identifier, landing)
    return show(desk, caller, kind, identifier)


def _dataset(
    desk: Desk, caller: Caller, identifier: str, landing: Landing | None, *, is_kept: bool = False
) -> Response:
    found = known(desk, caller, identifier)
    if landing is not None and landing.is_withdrawn and found.access < Access.TEAM:
        return show_landing(desk, caller, landing)
    said = published(caller, landing)
    completeness = completeness_part(caller, found.dataset, found.access, desk.profiles, is_kept=is_kept)
    figure = figure_of(caller, found, desk.previews)
    page = dataset_page(caller, found, desk.settings, figure, completeness=completeness, published=said)
    page = replace(page, publishing=_decided_at(desk, caller, PidKind.DATASET, identifier))
    return desk.renderer.page(caller, "dataset.html", page, headers=_headers(said))


def _decided_at(desk: Desk, caller: Caller, kind: PidKind, identifier: str) -> str:
    """Where the caller publishes it; empty for those who have nothing to decide about it."""
    return caller.urls.publishing(kind, identifier) if may_decide(desk, caller, kind, identifier) else ""


def _headers(said: Published | None) -> dict[str, str]:
    return dict(said.headers) if said else {}
