"""Pushes, pulls, snapshots and what repairs.

Messages are megabytes: only their arrival is waited for here, unpacking, decoding and packing happen on threads, so
that nobody's message holds up everybody else.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from diwi_desktop.changes.messages import DigestRequest, PullRequest, ScopeRequest
from diwi_desktop.server import pull, push, repair, snapshots, wire
from diwi_desktop.server.session import Session, Signed

router = APIRouter(prefix="/v1/registers/{register}", tags=["sync"])
_MOST_OF_NAMES = 100_000  # bytes; 200 scopes and a cursor are a tenth of it


@router.post("/pushes")
async def pushes(request: Request, session: Signed) -> Response:
    """Take acts in. Pushing the same once more does nothing and is answered the same."""
    return await run_in_threadpool(_push, request, session, await wire.body(request))


def _push(request: Request, session: Session, data: bytes) -> Response:
    state = request.app.state
    message = wire.push(data)
    answer = push.run(state.database, state.intakes, session, message, state.clock.now())
    state.metrics.pushed(message, answer)
    return wire.reply(request, answer)


@router.post("/pulls")
async def pulls(request: Request, session: Signed) -> Response:
    """One page of what this device must get and forget."""
    return await run_in_threadpool(_pull, request, session, await wire.body(request))


def _pull(request: Request, session: Session, data: bytes) -> Response:
    state = request.app.state
    message = wire.decode(data, PullRequest)
    return wire.reply(request, pull.run(state.database, state.settings, session, message, state.clock.now()))


@router.post("/snapshots")
def make_snapshot(request: Request, session: Signed) -> Response:
    """All that this device's user sees as one file, and the cursor from which pulling goes on."""
    state = request.app.state
    return wire.reply(request, snapshots.make(state.database, state.settings, session, state.clock.now()))


@router.get("/snapshots/{id}/content", response_class=FileResponse)
def snapshot_content(request: Request, session: Signed, id: UUID) -> FileResponse:
    """The file: gzipped lines, each a WireAct. Takes Range."""
    path = snapshots.file(request.app.state.database, request.app.state.settings, session, str(id))
    return FileResponse(path, media_type="application/gzip")


@router.post("/digests")
async def digests(request: Request, session: Signed) -> Response:
    """Which scopes of this device are not as the server has them."""
    return await run_in_threadpool(_digests, request, session, await wire.body(request))


def _digests(request: Request, session: Session, data: bytes) -> Response:
    message = wire.decode(data, DigestRequest)
    return wire.reply(request, repair.compare(request.app.state.database, session, message))


@router.post("/scope-logs")
async def scope_logs(request: Request, session: Signed) -> Response:
    """The whole log of some scopes, up to the cursor."""
    return await run_in_threadpool(_scope_logs, request, session, await wire.body(request, _MOST_OF_NAMES))


def _scope_logs(request: Request, session: Session, data: bytes) -> Response:
    message = wire.decode(data, ScopeRequest)
    return wire.reply(request, repair.scope_log(request.app.state.database, session, message))
