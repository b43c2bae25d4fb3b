"""The server's addresses as methods. What goes wrong is a `Problem`; nothing of an answer is believed unseen.

Blocking; every call may be repeated. Bodies are msgspec JSON, gzipped both ways. Of an answer no more is read than its
kind can sensibly be: a server or proxy that has gone mad does not fill the memory.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import msgspec

from diwi_desktop.changes.messages import (
    DigestReply,
    DigestRequest,
    PullReply,
    PullRequest,
    Push,
    PushReply,
    ScopeReply,
    ScopeRequest,
    SnapshotReply,
)
from diwi_desktop.sync.problem import Obstacle, Problem

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
TYPE = "urn:diwi:problem:"
CONNECT_SECONDS, ANSWER_SECONDS = 10.0, 60.0
PIECE = 1_000_000  # bytes of a file per request
_WORTH_IT = 1_000

# Bytes of an answer, unpacked, by what was asked. A page has thousands of changes, each perhaps with a contour.
SMALL, LIST, PAGE = 1_000_000, 32_000_000, 128_000_000
_PACKED = ("", "gzip", "identity")  # unpacking twice would make millions of bytes of one

_BY_TYPE = {
    "schema-too-old": Obstacle.TOO_OLD,
    "schema-too-new": Obstacle.TOO_NEW,
    "cursor-unknown": Obstacle.CURSOR_UNKNOWN,
    "page-unknown": Obstacle.PAGE_UNKNOWN,
    "snapshot-unknown": Obstacle.RANGE,
    "restored": Obstacle.RESTORED,
    "signed-out": Obstacle.SIGNED_OUT,
    "no-access": Obstacle.NO_ACCESS,
    "not-found": Obstacle.NOT_FOUND,
    "busy": Obstacle.BUSY,
    "too-large": Obstacle.TOO_LARGE,
    "range": Obstacle.RANGE,
    "invalid": Obstacle.INVALID,
}
_BY_STATUS = {
    401: Obstacle.SIGNED_OUT,
    403: Obstacle.NO_ACCESS,
    404: Obstacle.NOT_FOUND,
    408: Obstacle.OFFLINE,
    413: Obstacle.TOO_LARGE,
    416: Obstacle.RANGE,
    426: Obstacle.TOO_OLD,
    429: Obstacle.BUSY,
}


class Tokens(Protocol):
    """Who holds the access token; `account.Account` does."""

    def access(self, *, renewed: bool = False) -> str:
        """The token to show; `renewed` after the server refused it. Raises Problem (SIGNED_OUT, OFFLINE)."""
        ...


def client(url: str) -> httpx.Client:
    """A client for a server; gzip, HTTP/1.1, bounded waiting, no redirects. `url` without /v1.

    Closing it ends a question that is under way in another thread.
    """
    import httpx

    from diwi_desktop.sync.wire import Wire

    return httpx.Client(
        transport=Wire(),
        base_url=url.rstrip("/"),
        timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
        headers={"Accept-Encoding": "gzip"},
        follow_redirects=False,
    )


class Server:
    """One register on one server. `wire` is an httpx client whose base is the server's address."""

    def __init__(self, register: str, tokens: Tokens, wire: httpx.Client) -> None:
        self._base = f"/v1/registers/{register}"
        self._tokens = tokens
        self._wire = wire

    def sign_in(self, *, renew: bool = False) -> None:
        """Have a token that is good for a while. Raises Problem (SIGNED_OUT) when the user must sign in."""
        self._tokens.access(renewed=renew)

    def push(self, push: Push) -> PushReply:
        return self._say("/pushes", push, PushReply, PAGE)

    def pull(self, request: PullRequest) -> PullReply:
        """Raises Problem (ANSWER_TOO_LARGE) for a page that is too large to take; a smaller `limit` may do."""
        return self._say("/pulls", request, PullReply, PAGE)

    def snapshot(self) -> SnapshotReply:
        return self._say("/snapshots", {}, SnapshotReply, SMALL)

    def digests(self, request: DigestRequest) -> DigestReply:
        return self._say("/digests", request, DigestReply, LIST)

    def scope_logs(self, request: ScopeRequest) -> ScopeReply:
        """Raises Problem (ANSWER_TOO_LARGE) when it is too much to take; fewer scopes at a time may do."""
        return self._say("/scope-logs", request, ScopeReply, PAGE)

    def snapshot_piece(self, snapshot: str, at: int, size: int) -> bytes:
        """Bytes of a snapshot from `at` on, at most PIECE."""
        return self._piece(f"/snapshots/{snapshot}/content", at, size)

    def file_piece(self, sha256: str, at: int, size: int) -> bytes:
        """Bytes of a document's file from `at` on, at most PIECE. Raises Problem (NOT_FOUND) when it is not there."""
        return self._piece(f"/documents/{sha256}/content", at, size)

    def file_offset(self, sha256: str) -> int:
        """How many bytes of a file the server has."""
        answer = self._ask("HEAD", f"/documents/{sha256}/content")
        return _natural(answer.headers.get("Upload-Offset"))

    def send_file(self, sha256: str, at: int, total: int, body: bytes) -> None:
        """Bytes of a file, which follow what the server has. Raises Problem (RANGE) when they do not."""
        span = f"bytes {at}-{at + len(body) - 1}/{total}" if body else f"bytes */{total}"
        headers = {"Content-Type": "application/octet-stream", "Content-Range": span}
        self._ask("PUT", f"/documents/{sha256}/content", body, headers)

    def say_presence(self, project: str | None, *, editing: bool) -> None:
        """That this user looks at a project, or edits it, or is at none; kept by the server for two minutes."""
        body = json.dumps({"project": project, "editing": editing}).encode()
        self._ask("PUT", "/presences", body, {"Content-Type": "application/json"})

    def presences(self) -> list[dict[str, Any]]:
        """Who looks at or edits what: project, person, name, since, editing."""
        found = _decode(self._ask("GET", "/presences", most=LIST).content, list[dict[str, Any]])
        return [one for one in found if {"project", "person", "name", "since", "editing"} <= one.keys()]

    def get(self, path: str) -> Any:
        """Anything else under the register, as JSON."""
        return _decode(self._ask("GET", path, most=LIST).content, Any)

    # -- underneath -------------------------------------------------------------------------------------------------

    def _say(self, path: str, message: Any, kind: type[T], most: int) -> T:
        body = msgspec.json.encode(message)
        headers = {"Content-Type": "application/json"}
        if len(body) > _WORTH_IT:
            body = gzip.compress(body, 1, mtime=0)
            headers["Content-Encoding"] = "gzip"
        found: T = _decode(self._ask("POST", path, body, headers, most).content, kind)
        return found

    def _piece(self, path: str, at: int, size: int) -> bytes:
        end = min(at + PIECE, size) - 1
        headers = {"Range": f"bytes={at}-{end}", "Accept-Encoding": "identity"}
        answer = self._ask("GET", path, headers=headers, most=end + 1, enough=True)
        body = bytes(answer.content)
        whole = answer.status_code == 200
        if whole:  # a server or proxy that does not know ranges
            body = body[at : end + 1]
        elif not str(answer.headers.get("Content-Range", "")).startswith(f"bytes {at}-"):
            raise Problem(Obstacle.RANGE)
        if len(body) != end + 1 - at:
            raise Problem(Obstacle.OFFLINE, detail="a piece came in part")
        return body

    def _ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        most: int = SMALL,
        *,
        enough: bool = False,
    ) -> httpx.Response:
        for renewed in (False, True):
            with_token = {**(headers or {}), "Authorization": f"Bearer {self._tokens.access(renewed=renewed)}"}
            answer = ask(self._wire, method, self._base + path, body, with_token, most=most, enough=enough)
            if answer.status_code != 401:
                break
        if not answer.is_success:
            raise problem_of(answer)
        return answer


def ask(
    wire: httpx.Client,
    method: str,
    path: str,
    body: bytes = b"",
    headers: Mapping[str, str] | None = None,
    *,
    most: int = SMALL,
    enough: bool = False,
) -> httpx.Response:
    """One question; the answer has been read and unpacked, no more than `most` bytes of it.

    With `enough` what comes after those is left; without it more is a Problem (ANSWER_TOO_LARGE). Raises Problem
    (OFFLINE) when no whole answer comes.
    """
    import httpx

    try:
        with wire.stream(method, path, content=body or None, headers=dict(headers or {})) as answer:
            if answer.headers.get("Content-Encoding", "").strip().lower() not in _PACKED:
                raise Problem(Obstacle.OFFLINE, detail="the answer is packed in an unknown way")
            plain = [(name, value) for name, value in answer.headers.multi_items() if name not in _OF_THE_WIRE]
            # Of what went wrong only the beginning is looked at: a proxy's own page may be long.
            content = _read(answer, most if answer.is_success else SMALL, enough=enough or not answer.is_success)
            return httpx.Response(answer.status_code, headers=plain, content=content, request=answer.request)
    except (httpx.TransportError, httpx.DecodingError, httpx.InvalidURL) as error:
        raise Problem(Obstacle.OFFLINE, detail=type(error).__name__) from error
    except RuntimeError as error:
        if not wire.is_closed:
            raise
        raise Problem(Obstacle.OFFLINE, detail="hung up") from error


# Headers that tell how the body travelled; here it is unpacked.
_OF_THE_WIRE = frozenset({"content-encoding", "content-length", "transfer-encoding"})


def _read(answer: httpx.Response, most: int, *, enough: bool) -> bytes:
    parts: list[bytes] = []
    size = 0
    for part in answer.iter_bytes():  # 64 kB as it travelled, so 66 MB at most when it is unpacked
        parts.append(part)
        size += len(part)
        if size > most and not enough:
            raise Problem(Obstacle.ANSWER_TOO_LARGE, detail=f"{answer.status_code}, more than {most} bytes")
        if size > most:
            break
    return b"".join(parts)[:most]


def document(answer: httpx.Response) -> dict[str, Any]:
    """A JSON object. Raises Problem (OFFLINE) when the answer is none."""
    found = _decode(answer.content, Any)
    if not isinstance(found, dict):
        raise Problem(Obstacle.OFFLINE, detail="the answer is no message")
    return found


def problem_of(answer: httpx.Response) -> Problem:
    """What an answer that is no success means."""
    try:
        said = document(answer)
    except Problem:
        said = {}
    name = str(said.get("type", "")).removeprefix(TYPE)
    obstacle = _BY_TYPE.get(name) or _BY_STATUS.get(answer.status_code)
    if obstacle is None:
        obstacle = Obstacle.BUSY if answer.status_code >= 500 else Obstacle.INVALID
    return Problem(
        obstacle,
        retry_after=_seconds(answer.headers.get("Retry-After")),
        seq=_natural(said.get("seq")),
        detail=f"{answer.status_code} {name}".strip(),
    )


def _decode(body: bytes, kind: Any) -> Any:
    try:
        return msgspec.json.decode(body, type=kind)
    except (msgspec.MsgspecError, RecursionError) as error:  # half an answer, or a proxy's own page
        raise Problem(Obstacle.OFFLINE, detail="the answer is no message") from error


def _natural(value: Any) -> int:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _seconds(value: str | None) -> float | None:
    return float(min(_natural(value), 3600)) if value and value.isdecimal() else None
