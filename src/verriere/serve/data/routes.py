"""Downloads: the same address in every language, each byte through the policy."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.background import BackgroundTask
from starlette.responses import FileResponse, Response, StreamingResponse

from verriere.errors import NotFound
from verriere.model import Dataset, PidKind
from verriere.policy import Access
from verriere.publish import export
from verriere.publish.citing.desk import version_of
from verriere.publish.describe import landing_of
from verriere.serve.conversions import forget
from verriere.serve.data.disposition import attachment
from verriere.serve.data.send import begins, send
from verriere.serve.desk import AtDesk, Calling, Desk
from verriere.serve.headers import FILE_POLICY
from verriere.serve.portal.known import may_have
from verriere.urls import Addresses

router = APIRouter()
Version = Annotated[int | None, Query(ge=1)]


@router.api_route("/datasets/{dataset_id}/files/{path:path}", methods=["GET", "HEAD"])
def download(  # noqa: PLR0917 - each is a part of the request
    desk: AtDesk, caller: Calling, request: Request, dataset_id: str, path: str, version: Version = None
) -> Response:
    """The bytes of one file of a dataset, as they are or as they were in a version.

    Raises
    ------
    NotFound
        No such dataset or file, or none that the caller may know of.
    AccessRefused
        The caller may know of the dataset, but not have its bytes; whether the file exists is not told.
    """
    dataset, revision = _in_version(desk, may_have(desk, caller, dataset_id, Access.DATA), version)
    file = next((one for one in dataset.files if one.path == path), None)
    if file is None:
        raise NotFound(f"no file {path} in {dataset_id}")
    there = desk.facility.archive.path_of(dataset_id, path, revision)
    sent = send(there, file, request.headers, head=request.method == "HEAD")
    page = Addresses(caller.origin).thing(PidKind.DATASET, dataset_id)
    sent.headers["Link"] = f'<{page}>; rel="collection"; type="text/html"'
    if begins(sent):
        desk.meter.note(request, dataset_id, path, is_request=True)
    return sent


@router.api_route("/datasets/{dataset_id}/download", methods=["GET", "HEAD"])
def everything(desk: AtDesk, caller: Calling, request: Request, dataset_id: str, version: Version = None) -> Response:
    """All files of a dataset in a bag, with their digests and what is public about them.

    Raises
    ------
    NotFound, AccessRefused
        As for a download of one file; proprietary data, of which nothing is public, are had file by file.
    """
    dataset, revision = _in_version(desk, may_have(desk, caller, dataset_id, Access.DATA), version)
    publication = desk.catalogue.publication_of(PidKind.DATASET, dataset_id, version)
    known = publication if publication is not None and publication.is_public else None
    landing = landing_of(desk.facility, known, PidKind.DATASET, dataset_id, origin=caller.origin)
    landing = export.with_files(landing, dataset, Addresses(caller.origin), 0 if revision is None else dataset.version)
    parts = export.parts(desk.facility.archive, landing, "bagit", revision=revision)
    headers = {
        "Content-Disposition": attachment(f"{dataset_id}.zip"),
        "Content-Security-Policy": FILE_POLICY,
        "Cache-Control": "private, no-cache",
        "Link": f'<{landing.url}>; rel="collection"; type="text/html"',
    }
    if request.method == "HEAD":
        return Response(media_type="application/zip", headers=headers)
    desk.meter.note(request, dataset_id, "download", is_request=True)
    pieces = export.zipped(parts, dataset_id)
    return StreamingResponse(pieces, media_type="application/zip", headers=headers)


def _in_version(desk: Desk, dataset: Dataset, version: int | None) -> tuple[Dataset, int | None]:
    """The dataset with the files that it had in a version, and the archive's revision of that, where it is another."""
    if version is None or version == dataset.version:
        return dataset, None
    then = version_of(desk.facility, dataset.id, version)
    return replace(dataset, version=then.version, files=then.files), then.revision


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
