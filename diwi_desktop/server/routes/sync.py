"""Pushes and pulls."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from diwi_desktop.changes.messages import PullRequest, Push
from diwi_desktop.server import pull, push, wire
from diwi_desktop.server.session import Session, Signed

router = APIRouter(prefix="/v1/registers/{register}", tags=["sync"])


@router.post("/pushes")
async def pushes(request: Request, session: Signed) -> Response:
    """Take acts in. Pushing the same once more does nothing and is answered the same."""
    return await run_in_threadpool(_push, request, session, await wire.body(request))


def _push(request: Request, session: Session, data: bytes) -> Response:
    state = request.app.state
    message = wire.decode(data, Push)
    return wire.reply(request, push.run(state.database, state.intakes, session, message, state.clock.now()))


@router.post("/pulls")
async def pulls(request: Request, session: Signed) -> Response:
    """One page of what this device must get and forget."""
    return await run_in_threadpool(_pull, request, session, await wire.body(request))


def _pull(request: Request, session: Session, data: bytes) -> Response:
    state = request.app.state
    message = wire.decode(data, PullRequest)
    return wire.reply(request, pull.run(state.database, state.settings, session, message, state.clock.now()))
