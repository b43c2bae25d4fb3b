"""A bad network, by plan: inside the client's transport, or as a proxy between real sockets.

What goes wrong is said by `Faults`, from a seed or from a list, so that every run can be had again. Nothing sleeps: a
slow answer moves a clock of its own (`waited`) and becomes a timeout when the client would not have waited so long.
"""

from __future__ import annotations

import contextlib
import errno
import random
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import httpx


class Fault(StrEnum):
    """What happens to one request and its answer. The server has the request only where that is said."""

    REFUSED = "connection refused"
    REQUEST_HEAD = "cut inside the head of the request"
    REQUEST_BODY = "cut inside the body of the request"
    REQUEST_LAST = "cut before the last byte of the request"
    NO_ANSWER = "cut after the request: the server has it"
    ANSWER_FIRST = "cut after the first byte of the answer: the server has it"
    ANSWER_HEAD = "cut inside the head of the answer: the server has it"
    ANSWER_BODY = "cut inside the body of the answer: the server has it"
    ANSWER_LAST = "cut before the last byte of the answer: the server has it"
    SHORT = "a proxy shortens the answer, ends it well: the server has it"
    TWICE = "the request comes twice, the second answer counts: the server has it"
    LATE = "the request comes once more, after later ones: the server has it"
    SLOW = "the answer takes longer than the client waits: the server has it"
    BUSY = "503 from a proxy, with Retry-After"
    BROKEN = "500 from a proxy"
    GATEWAY = "502 after the server had it"


# Those that a pair of sockets can have; the rest would look the same to both sides.
AT_ANY_BYTE = tuple(
    fault for fault in Fault if fault.name.startswith(("REQUEST", "ANSWER", "NO_ANSWER", "REFUSED", "TWICE"))
)
_CLIENT_WAITS = 3_600.0  # seconds of the clock that SLOW moves


@dataclass
class Faults:
    """Which fault comes next. `rate` is the chance per request; `plan` is used up first; `on` turns all off."""

    rng: random.Random = field(default_factory=lambda: random.Random(0))
    rate: float = 0.0
    kinds: tuple[Fault, ...] = tuple(Fault)
    plan: list[Fault | None] = field(default_factory=list)
    on: bool = True
    happened: list[Fault] = field(default_factory=list)
    waited: float = 0.0

    def next(self) -> Fault | None:
        """What happens to the request that comes now."""
        if not self.on:
            return None
        if self.plan:
            fault = self.plan.pop(0)
        else:
            fault = self.rng.choice(self.kinds) if self.rng.random() < self.rate else None
        if fault is not None:
            self.happened.append(fault)
        return fault

    @contextlib.contextmanager
    def none(self) -> Iterator[None]:
        """A while of fair weather."""
        before, self.on = self.on, False
        try:
            yield
        finally:
            self.on = before


class FaultTransport(httpx.BaseTransport):
    """Stands between the client and a transport that works, `inner`.

    `meanwhile`: what is done while an answer is on its way, one for each request to come.
    """

    def __init__(self, inner: httpx.BaseTransport, faults: Faults) -> None:
        self.inner, self.faults = inner, faults
        self.meanwhile: list[Callable[[], object] | None] = []
        self._late: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        body = request.read()
        fault = self.faults.next()
        if fault is Fault.REFUSED:
            raise httpx.ConnectError(fault, request=request)
        if fault is Fault.BUSY:
            return httpx.Response(503, headers={"Retry-After": "1"}, request=request)
        if fault is Fault.BROKEN:
            return httpx.Response(500, text="<html>Oops</html>", request=request)
        if fault in (Fault.REQUEST_HEAD, Fault.REQUEST_BODY, Fault.REQUEST_LAST):
            raise httpx.WriteError(fault, request=request)
        response = self._send(request, body)
        happens = self.meanwhile.pop(0) if self.meanwhile else None
        if happens is not None:
            happens()
        if self._late and fault is None:
            late = self._late.pop()
            self._send(late, late.read())
        if fault is Fault.LATE:
            self._late.append(request)
        elif fault is Fault.TWICE:
            response = self._send(request, body)
        elif fault is Fault.GATEWAY:
            return httpx.Response(502, text="Bad gateway", request=request)
        elif fault is Fault.SLOW:
            self.faults.waited += _CLIENT_WAITS
            raise httpx.ReadTimeout(fault, request=request)
        elif fault in (Fault.NO_ANSWER, Fault.ANSWER_FIRST, Fault.ANSWER_HEAD):
            raise httpx.RemoteProtocolError(fault, request=request)
        elif fault in (Fault.ANSWER_BODY, Fault.ANSWER_LAST, Fault.SHORT):
            return self._shortened(response, fault)
        return response

    def _send(self, request: httpx.Request, body: bytes) -> httpx.Response:
        again = httpx.Request(
            request.method, request.url, headers=request.headers, content=body, extensions=request.extensions
        )
        response = self.inner.handle_request(again)
        raw = b"".join(response.stream)  # type: ignore[arg-type]  # a synchronous transport gives a synchronous stream
        response.close()
        return httpx.Response(response.status_code, headers=response.headers, stream=httpx.ByteStream(raw))

    def _shortened(self, response: httpx.Response, fault: Fault) -> httpx.Response:
        raw = b"".join(response.stream)  # type: ignore[arg-type]  # as above
        kept = raw[:-1] if fault is Fault.ANSWER_LAST else raw[: self.faults.rng.randint(0, max(0, len(raw) - 1))]
        headers = response.headers.copy()
        if fault is Fault.SHORT:
            if "Content-Length" in headers:
                headers["Content-Length"] = str(len(kept))
            return httpx.Response(response.status_code, headers=headers, stream=httpx.ByteStream(kept))
        return httpx.Response(response.status_code, headers=headers, stream=_Broken(kept))

    def close(self) -> None:
        self.inner.close()


class _Broken(httpx.SyncByteStream):
    """Some bytes, and then nothing any more."""

    def __init__(self, kept: bytes) -> None:
        self._kept = kept

    def __iter__(self) -> Iterator[bytes]:
        yield self._kept
        raise httpx.ReadError("the connection broke inside the answer")


class FaultProxy:
    """A TCP proxy on 127.0.0.1 that understands HTTP/1.1 just well enough to cut at a chosen place.

    `port` is where clients connect, `behind` the port of the server; it may change (a server that comes back).
    """

    def __init__(self, behind: int, faults: Faults) -> None:
        self.behind, self.faults = behind, faults
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._ended = False
        self._start(self._accept)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def close(self) -> None:
        """Stop listening and cut what is open."""
        self._ended = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            left = list(self._open)
        for one in left:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)  # wakes the thread that reads from it
        for thread in self._threads:
            thread.join(10)

    def __enter__(self) -> FaultProxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def passed(self, message: bytes, *, request: bool) -> None:
        """Called with every whole message; for who wants to count them."""

    def _start(self, work: Callable[..., None], *given: object) -> None:
        thread = threading.Thread(target=work, args=given, daemon=True)
        self._threads = [one for one in self._threads if one.is_alive()] + [thread]
        thread.start()

    def _accept(self) -> None:
        while not self._ended:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self._open.add(client)
            self._start(self._serve, client)

    def _serve(self, client: socket.socket) -> None:
        server: socket.socket | None = None
        try:
            with client.makefile("rb") as source:
                while request := _message(source):
                    with self._lock:
                        fault = self.faults.next()
                    if fault is Fault.REFUSED:
                        return
                    if server is None:
                        server = socket.create_connection(("127.0.0.1", self.behind), timeout=60)
                    if not self._pass(request, fault, client, server):
                        return
                    if b"connection: close" in request.split(b"\r\n\r\n", 1)[0].lower():
                        return
        except (OSError, ValueError):
            return
        finally:
            _cut(client)
            if server is not None:
                _cut(server)
            with self._lock:
                self._open.discard(client)

    def _pass(self, request: bytes, fault: Fault | None, client: socket.socket, server: socket.socket) -> bool:
        """One request and its answer, as far as the fault lets them through; whether the connection goes on."""
        self.passed(request, request=True)
        place = self._place(request, fault, "REQUEST")
        server.sendall(request[:place])
        if place is not None:
            return False
        if fault is Fault.TWICE:
            with socket.create_connection(("127.0.0.1", self.behind), timeout=60) as other:
                other.sendall(request)
                with other.makefile("rb") as source:
                    _message(source, to=request)
        with server.makefile("rb") as source:
            answer = _message(source, to=request)
        if not answer or fault is Fault.NO_ANSWER:
            return False
        self.passed(answer, request=False)
        place = self._place(answer, fault, "ANSWER")
        client.sendall(answer[:place])
        return place is None

    def _place(self, message: bytes, fault: Fault | None, side: str) -> int | None:
        """How many bytes of a message come through; None: all."""
        if fault is None or not fault.name.startswith(side):
            return None
        head = message.index(b"\r\n\r\n") + 4
        with self._lock:
            if fault.name.endswith("FIRST"):
                return 1
            if fault.name.endswith("HEAD"):
                return self.faults.rng.randrange(2, head)
            if fault.name.endswith("BODY"):
                return self.faults.rng.randrange(head, max(head + 1, len(message)))
        return len(message) - 1


def _message(source: object, to: bytes = b"") -> bytes:
    """One HTTP message as it came, head and body; empty when the other side has gone. `to`: it answers this."""
    read: Callable[[int], bytes] = source.read  # type: ignore[attr-defined]  # a binary file
    line: Callable[[], bytes] = source.readline  # type: ignore[attr-defined]  # likewise
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        more = line()
        if not more:
            return b""
        head += more
    if to.startswith(b"HEAD ") or head[9:12] in (b"204", b"304"):
        return head
    length, chunked = 0, False
    for one in head.split(b"\r\n")[1:]:
        name, _, value = one.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
        elif name.lower() == b"transfer-encoding":
            chunked = b"chunked" in value.lower()
    if not chunked:
        body = read(length)
        return head + body if len(body) == length else b""
    body = b""
    while True:
        size = line()
        if not size:
            return b""
        body += size + read(int(size, 16) + 2)
        if int(size, 16) == 0:
            return head + body


def _cut(one: socket.socket) -> None:
    """Close at once and hard (RST), as when a cable is pulled and the other end finds out."""
    try:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        one.close()
    except OSError as error:
        if error.errno not in (errno.EBADF, errno.ENOTCONN):
            raise
