"""Downloads: the same address in every language, each byte through the policy."""

from fastapi import APIRouter, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response

from verriere.errors import NotFound
from verriere.policy import Access
from verriere.serve.conversions import forget
from verriere.serve.data.disposition import attachment
from verriere.serve.data.send import begins, send
from verriere.serve.desk import AtDesk, Calling
from verriere.serve.headers import FILE_POLICY
from verriere.serve.portal.known import may_have

router = APIRouter()


@router.api_route("/datasets/{dataset_id}/files/{path:path}", methods=["GET", "HEAD"])
def download(desk: AtDesk, caller: Calling, request: Request, dataset_id: str, path: str) -> Response:
    """The bytes of one file of a dataset.

    Raises
    ------
    NotFound
        No such dataset or file, or none that the caller may know of.
    AccessRefused
        The caller may know of the dataset, but not have its bytes; whether the file exists is not told.
    """
    dataset = may_have(desk, caller, dataset_id, Access.DATA)
    file = next((one for one in dataset.files if one.path == path), None)
    if file is None:
        raise NotFound(f"no file {path} in {dataset_id}")
    there = desk.facility.archive.path_of(dataset_id, path)
    answer = send(there, file, request.headers, head=request.method == "HEAD")
    if begins(answer):
        desk.meter.note(request, dataset_id, path, is_request=True)
    return answer


@router.get("/datasets/{dataset_id}/converted.nxs")
def converted(desk: AtDesk, caller: Calling, dataset_id: str) -> Response:
    """A dataset in a foreign format as NeXus, with every field of its headers.

    Raises
    ------
    NotFound, AccessRefused
        As for a download.
    NotConvertible
        It is HDF5 already, in a format that nobody can read here, or damaged.
    """
    dataset = may_have(desk, caller, dataset_id, Access.DATA)
    made = desk.conversions.make(dataset)
    headers = {
        "Content-Disposition": attachment(made.name),
        "Content-Security-Policy": FILE_POLICY,
        "Cache-Control": "private, no-cache",
    }
    done = BackgroundTask(forget, made)
    return FileResponse(made, media_type="application/x-hdf5", headers=headers, background=done)
