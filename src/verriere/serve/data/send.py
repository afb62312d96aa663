"""Bytes of a file, whole or in part, as they were when they were recorded."""

import base64
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import anyio
from starlette.responses import Response, StreamingResponse

from verriere.errors import FixityLost
from verriere.model import Datafile
from verriere.serve.data.disposition import attachment
from verriere.serve.data.ranges import Answer, Span, decide
from verriere.serve.headers import FILE_POLICY

_CHUNK = 1 << 20


def send(path: Path, file: Datafile, headers: Mapping[str, str], *, head: bool) -> Response:
    """The answer to a request for ``file``, whose bytes lie at ``path``.

    Parameters
    ----------
    headers
        Of the request, with lower-case names.
    head
        Whether only the headers are asked for.

    Raises
    ------
    FixityLost
        The file is missing, or its size is not the one that was recorded.
    """
    _require_unchanged(path, file)
    etag = f'"{file.sha256}"'
    common = {
        "ETag": etag,
        "Accept-Ranges": "bytes",
        "Repr-Digest": f"sha-256=:{base64.b64encode(bytes.fromhex(file.sha256)).decode()}:",
        "Content-Disposition": attachment(file.path),
        "Content-Security-Policy": FILE_POLICY,
        "Cache-Control": "private, no-cache",
    }
    decided = decide(headers, etag=etag, size=file.size)
    if decided is Answer.NOT_MODIFIED or decided is Answer.PRECONDITION_FAILED:
        return Response(status_code=decided.value, headers=common)
    if decided is Answer.UNSATISFIABLE:
        return Response(status_code=416, headers=common | {"Content-Range": f"bytes */{file.size}"})
    span = decided if isinstance(decided, Span) else Span(0, file.size)
    common["Content-Length"] = str(span.size)
    if isinstance(decided, Span):
        common["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{file.size}"
    status = 206 if isinstance(decided, Span) else 200
    if head:
        return Response(status_code=status, headers=common, media_type=file.media_type)
    return StreamingResponse(_bytes(path, span), status_code=status, headers=common, media_type=file.media_type)


def begins(answer: Response) -> bool:
    """Whether an answer has the first byte of a file: what makes it a download, and not the rest of one."""
    if answer.status_code == 200:
        return True
    return answer.status_code == 206 and answer.headers.get("Content-Range", "").startswith("bytes 0-")


def _require_unchanged(path: Path, file: Datafile) -> None:
    hint = "verriere verify says what is lost; --repair-from brings it back"
    try:
        status = path.stat()
    except OSError as error:
        raise FixityLost(f"the bytes of {file.path} cannot be read: {error.strerror}", hint=hint) from error
    if status.st_size != file.size:
        raise FixityLost(f"{file.path} has {status.st_size} bytes, not {file.size}", hint=hint)
    # What stays where it was recorded can still be written to by others.
    if file.location is not None and abs(status.st_mtime - file.modified_at.timestamp()) > 1:
        raise FixityLost(f"{file.path} was written to after it was recorded", hint=hint)


async def _bytes(path: Path, span: Span) -> AsyncIterator[bytes]:
    async with await anyio.open_file(path, "rb") as file:
        await file.seek(span.start)
        left = span.size
        while left > 0:
            chunk = await file.read(min(_CHUNK, left))
            if not chunk:
                raise FixityLost(f"{path.name} ended {left} bytes early")
            left -= len(chunk)
            yield chunk
