"""Around every request: where it comes from, whether there are too many, how long it took, a line for the audit log.

Plain ASGI, like `server.middleware`, and outside it.
"""

from __future__ import annotations

import json
import logging
import math
import re
import time
from typing import Any
from uuid import UUID

import psycopg
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diwi_desktop.server import audit
from diwi_desktop.server.accounts.base import Accounts
from diwi_desktop.server.accounts.sessions import SignedIn
from diwi_desktop.server.audit import Action, Actor, Result
from diwi_desktop.server.ops.limits import Buckets
from diwi_desktop.server.ops.metrics import Metrics
from diwi_desktop.server.problems import Busy, Problem, TooLarge
from diwi_desktop.server.session import Session

logger = logging.getLogger(__name__)

# These see to their own, larger, bounds.
_LARGE = re.compile(r"/v1/registers/[^/]+/(pushes|pulls|snapshots|digests|scope-logs|documents)(/.*)?")
_MOST_BYTES = 100_000
_FREE = ("/health/", "/metrics")

# What is written down after it was answered, by method and route; pushes write their own lines.
_TOLD = {
    ("POST", "/v1/registers/{register}/pulls"): Action.PULL,
    ("POST", "/v1/registers/{register}/snapshots"): Action.SNAPSHOT,
    ("POST", "/v1/registers/{register}/scope-logs"): Action.PULL,
    ("GET", "/v1/registers/{register}/snapshots/{id}/content"): Action.SNAPSHOT,
    ("GET", "/v1/registers/{register}/documents/{sha256}/content"): Action.DOCUMENT,
    ("GET", "/v1/registers/{register}/projects"): Action.EXPORT,
    ("GET", "/v1/registers/{register}/projects/{id}"): Action.EXPORT,
    ("GET", "/v1/registers/{register}/projects/{id}/history"): Action.EXPORT,
    ("GET", "/v1/registers/{register}/totals"): Action.EXPORT,
    ("GET", "/v1/registers/{register}/search"): Action.EXPORT,
}
_DENIED, _WRONG = 403, 400
# These have written down by themselves what they denied.
_OWN_LINES = re.compile(r"/v1/(registers/\{register\}/(people/.*|audit-entries)|sessions.*)")


class TooManyRequests(Problem):
    """429."""

    status, code, title = 429, "too-many-requests", "Too many requests; wait a moment"


class Around:
    """Outermost: nothing comes in or goes out past it."""

    def __init__(self, app: ASGIApp, *, state: Any, buckets: Buckets, metrics: Metrics) -> None:
        self._app = app
        self._state = state
        self._buckets = buckets
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        place = (scope.get("client") or ("",))[0]
        audit.origin.set(place)
        free = scope["path"].startswith(_FREE)
        wait = 0.0 if free else self._buckets.wait(place, time.monotonic())
        if wait:
            self._metrics.limited.inc()
            await _answer(TooManyRequests(headers={"Retry-After": str(math.ceil(wait))}), send)
            return
        if not _LARGE.fullmatch(scope["path"]):
            if _announced(scope) > _MOST_BYTES:
                await _answer(TooLarge(), send)
                return
            receive = _bounded(receive)
        status = 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        begun = time.perf_counter()
        self._metrics.running.inc()
        try:
            await self._app(scope, receive, answer)
        finally:
            self._metrics.running.dec()
            route = getattr(scope.get("route"), "path", "") or "unknown"
            self._metrics.requests.labels(_method(scope), route, str(status)).inc()
            self._metrics.seconds.labels(route).observe(time.perf_counter() - begun)
        await self._tell(scope, route, status)

    async def _tell(self, scope: Scope, route: str, status: int) -> None:
        who = scope.get("state", {}).get("session") or scope.get("state", {}).get("signed_in")
        action = _TOLD.get((scope["method"], route))
        if who is None or (action is None and status != _DENIED) or _OWN_LINES.fullmatch(route):
            return
        if status == _DENIED:
            action, about, result = Action.DENIED, f"{scope['method']} {route}", Result.DENIED
        else:
            about = scope.get("path_params", {}).get("sha256") or scope.get("path_params", {}).get("id") or ""
            result = Result.DONE if status < _WRONG else Result.FAILED
        if action is not None:
            await run_in_threadpool(_record, self._state.accounts, _actor(who, scope), action, str(about), result)


def _record(accounts: Accounts, actor: Actor, action: Action, about: str, result: Result) -> None:
    try:
        with accounts.transaction() as connection:
            audit.record(connection, actor, action, about, result, at=accounts.clock.now())
    except (psycopg.Error, Busy):
        logger.exception("a line of the audit log could not be written")


def _actor(who: Session | SignedIn, scope: Scope) -> Actor:
    if isinstance(who, Session):
        return Actor(who.name, who.account, who.register, who.person, who.device)
    try:
        register = str(UUID(scope.get("path_params", {}).get("register", "")))
    except ValueError:
        register = None
    return Actor(who.email, who.account, register, None, who.device.id)


def _method(scope: Scope) -> str:
    """The method, unless somebody made one up."""
    method = scope["method"]
    return method if method in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS") else "other"


def _announced(scope: Scope) -> int:
    for key, value in scope["headers"]:
        if key == b"content-length" and value.isdigit():
            return int(value)
    return 0


def _bounded(receive: Receive) -> Receive:
    """Lets no more than the bound through, however long a body that did not say its length goes on."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > _MOST_BYTES:
            raise TooLarge
        return message

    return bounded


async def _answer(problem: Problem, send: Send) -> None:
    body = json.dumps(problem.document("")).encode()
    headers = {"content-type": "application/problem+json", "cache-control": "no-store", **problem.headers}
    raw = [(key.lower().encode(), value.encode()) for key, value in headers.items()]
    await send({"type": "http.response.start", "status": problem.status, "headers": raw})
    await send({"type": "http.response.body", "body": body})
