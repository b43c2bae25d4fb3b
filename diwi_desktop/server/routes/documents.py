"""The content of documents, by its hash."""

from __future__ import annotations

import re
from typing import Annotated

from fastapi import APIRouter, Header, Path, Request, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from diwi_desktop.server import documents
from diwi_desktop.server.documents import Blob, Piece
from diwi_desktop.server.problems import Invalid, NotFound, RangeUnknown, TooLarge
from diwi_desktop.server.session import Signed

router = APIRouter(prefix="/v1/registers/{register}/documents", tags=["documents"])

Hash = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the content")]
_RANGE = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15})")


@router.head("/{sha256}/content", response_class=Response)
def document_state(request: Request, session: Signed, sha256: Hash) -> Response:
    """How much the server has of it: `Upload-Offset` of `Upload-Length` bytes."""
    state = request.app.state
    blob = documents.look(state.database, state.settings, session, sha256, sending=True)
    return Response(status_code=200, headers=_headers(blob))


@router.get("/{sha256}/content", response_class=FileResponse)
def document_content(request: Request, session: Signed, sha256: Hash) -> FileResponse:
    """The content. Takes Range. 404 as long as it is not complete."""
    state = request.app.state
    blob = documents.look(state.database, state.settings, session, sha256)
    if blob.path is None:
        raise NotFound
    return FileResponse(blob.path, media_type="application/octet-stream", headers=_headers(blob), filename=sha256)


@router.put("/{sha256}/content", status_code=201, response_class=Response)
async def take_document(
    request: Request,
    session: Signed,
    sha256: Hash,
    content_range: Annotated[str, Header(description="bytes FIRST-LAST/SIZE; absent: all at once")] = "",
) -> Response:
    """Add a piece: 202 when more is to come, 201 when the document is complete."""
    state = request.app.state
    data = await _body(request, state.settings.document_piece)
    piece = _piece(content_range, data)
    blob = await run_in_threadpool(documents.take, state.database, state.settings, session, sha256, piece)
    return Response(status_code=201 if blob.path else 202, headers=_headers(blob))


def _headers(blob: Blob) -> dict[str, str]:
    return {"Upload-Offset": str(blob.offset), "Upload-Length": str(blob.size), "Accept-Ranges": "bytes"}


async def _body(request: Request, most: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        parts.append(part)
        size += len(part)
        if size > most:
            raise TooLarge(f"A piece has at most {most} bytes.")
    return b"".join(parts)


def _piece(content_range: str, data: bytes) -> Piece:
    """Raises Invalid for a header that is none, RangeUnknown when the body is not that long."""
    if not content_range:
        return Piece(0, len(data), data)
    match = _RANGE.fullmatch(content_range)
    if match is None:
        raise Invalid(errors=[{"detail": "not a range of bytes", "header": "Content-Range"}])
    first, last, total = (int(number) for number in match.groups())
    if last - first + 1 != len(data) or last >= total:
        raise RangeUnknown
    return Piece(first, total, data)
