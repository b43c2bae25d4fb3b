"""Around every request: a name for it, the headers that browsers must hear, one line in the log without content."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from diwi_desktop import __version__

logger = logging.getLogger("diwi_desktop.server.requests")

_GIVEN_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
_HEADERS = {
    "API-Version": __version__,
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_NAMES = [(key.lower().encode(), value.encode()) for key, value in _HEADERS.items()]


class Surroundings:
    """Plain ASGI, because it costs next to nothing and does not come between a stream and its reader."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope.setdefault("state", {})["request_id"] = _request_id(scope)
        seen: dict[str, Any] = {"status": 500, "bytes": 0}

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                present = {key for key, _ in message.get("headers", [])}
                extra = [(key, value) for key, value in _NAMES if key not in present]
                message["headers"] = [*message.get("headers", []), *extra, (b"x-request-id", request_id.encode())]
            elif message["type"] == "http.response.body":
                seen["bytes"] += len(message.get("body", b""))
            await send(message)

        begun = time.perf_counter()
        try:
            await self._app(scope, receive, answer)
        finally:
            _log(scope, request_id, seen, time.perf_counter() - begun)


def _request_id(scope: MutableMapping[str, Any]) -> str:
    """The name a proxy gave the request, if it looks like one; else a new one."""
    for key, value in scope["headers"]:
        if key == b"x-request-id" and _GIVEN_ID.fullmatch(value.decode("latin-1")):
            return str(value.decode("latin-1"))
    return secrets.token_hex(8)


def _log(scope: Scope, request_id: str, seen: dict[str, Any], seconds: float) -> None:
    """The route, not the address: an address may hold what somebody searched for."""
    route = scope.get("route")
    logger.info(
        "%s",
        json.dumps(
            {
                "request": request_id,
                "method": scope["method"],
                "route": getattr(route, "path", ""),
                "status": seen["status"],
                "bytes": seen["bytes"],
                "ms": round(seconds * 1000, 1),
            }
        ),
    )
