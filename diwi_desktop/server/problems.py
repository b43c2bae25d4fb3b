"""What the server says when it cannot do what was asked: problem documents of RFC 9457."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

TYPE = "urn:diwi:problem:"


class Problem(Exception):
    """An answer that is no success. `errors` has everything that is wrong at once, each with `detail` and a place."""

    status = 400
    code = "invalid"
    title = "The request is not right"

    def __init__(
        self,
        detail: str = "",
        *,
        errors: list[dict[str, Any]] | None = None,
        headers: Mapping[str, str] | None = None,
        **members: Any,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.errors = errors or []
        self.headers = dict(headers or {})
        self.members = members

    def document(self, instance: str) -> dict[str, Any]:
        """The members of the problem document; `instance` names the request."""
        found: dict[str, Any] = {"type": TYPE + self.code, "title": self.title, "status": self.status}
        if self.detail:
            found["detail"] = self.detail
        if self.errors:
            found["errors"] = self.errors
        return {**found, "instance": f"urn:request:{instance}", **self.members}


class Invalid(Problem):
    """400."""


class SignedOut(Problem):
    """401: no session, or one that has ended."""

    status, code, title = 401, "signed-out", "Sign in first"

    def __init__(self, detail: str = "", **more: Any) -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"}, **more)


class NoAccess(Problem):
    """403: signed in, but not for this."""

    status, code, title = 403, "no-access", "You have no right to do this"


class NotFound(Problem):
    """404: there is no such thing, or none that the viewer may know of."""

    status, code, title = 404, "not-found", "There is no such thing"


class SchemaTooNew(Problem):
    """409: the client is newer than the server."""

    status, code, title = 409, "schema-too-new", "This server is older than the program; it has to be upgraded first"


class PageUnknown(Problem):
    """409: a page of a pull that another pull of the same device has taken the place of."""

    status, code, title = 409, "page-unknown", "This pull has been replaced by another; begin again"


class CursorUnknown(Problem):
    """410: the server does not know what this device was given; it starts with a snapshot."""

    status, code, title = 410, "cursor-unknown", "What this device was given is not known any more"


class Restored(Problem):
    """410: the register was set back to an older state. `seq` is the last sequence that survived."""

    status, code, title = 410, "restored", "The register was restored from a backup"


class TooLarge(Problem):
    """413."""

    status, code, title = 413, "too-large", "This is more than is taken at once"


class RangeUnknown(Problem):
    """416: a piece that is not there, or does not follow what came before."""

    status, code, title = 416, "range", "This range does not fit"


class SchemaTooOld(Problem):
    """426: the client is too old."""

    status, code, title = 426, "schema-too-old", "This program is too old for the server; upgrade it first"


class Busy(Problem):
    """503: try again in a moment, or after so many seconds."""

    status, code, title = 503, "busy", "The server is busy"

    def __init__(self, detail: str = "", *, retry_after: float = 2.0, **more: Any) -> None:
        super().__init__(detail, headers={"Retry-After": str(math.ceil(retry_after))}, **more)


class NoRoom(Problem):
    """507: the disk is full."""

    status, code, title = 507, "no-room", "The server has no room left"
