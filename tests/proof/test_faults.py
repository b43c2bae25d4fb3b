"""The bad network itself: each fault is what it says, in the transport and between real sockets."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from tests.proof.faults import AT_ANY_BYTE, Fault, FaultProxy, Faults, FaultTransport


class _Echo(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 5

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = self.rfile.read(length)
        if len(body) < length:
            return
        self.server.bodies.append(body)  # type: ignore[attr-defined]  # the server below has it
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def echo() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    server.bodies = []  # type: ignore[attr-defined]  # what came whole
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # connections are cut here on purpose
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join(10)
    server.server_close()


REACHES = {fault for fault in Fault if "the server has" in fault or "the server had" in fault}
FAILS = {
    fault
    for fault in Fault
    if fault not in (Fault.TWICE, Fault.LATE, Fault.BUSY, Fault.BROKEN, Fault.GATEWAY, Fault.SHORT)
}


@pytest.mark.parametrize("fault", AT_ANY_BYTE)
def test_the_proxy_cuts_where_it_says(echo: ThreadingHTTPServer, fault: Fault) -> None:
    faults = Faults(random.Random(1), plan=[None, fault, None])
    with FaultProxy(echo.server_port, faults) as proxy, httpx.Client(base_url=proxy.url, timeout=10) as client:
        assert client.post("/", content=b"a" * 100).content == b"a" * 100
        if fault in FAILS:
            with pytest.raises(httpx.TransportError):
                client.post("/", content=b"b" * 100)
        else:
            assert client.post("/", content=b"b" * 100).content == b"b" * 100
        assert client.post("/", content=b"c" * 100).content == b"c" * 100
    came = [body[:1] for body in echo.bodies]  # type: ignore[attr-defined]  # see the fixture
    assert came.count(b"b") == (2 if fault is Fault.TWICE else int(fault in REACHES))
    assert faults.happened == [fault]


@pytest.mark.parametrize("fault", list(Fault))
def test_the_transport_fails_as_it_says(fault: Fault) -> None:
    came: list[bytes] = []

    def answer(request: httpx.Request) -> httpx.Response:
        came.append(request.content)
        return httpx.Response(200, content=b"x" * 50)

    faults = Faults(random.Random(1), plan=[fault, None, None])
    with httpx.Client(transport=FaultTransport(httpx.MockTransport(answer), faults), base_url="http://a") as client:
        if fault in FAILS:
            with pytest.raises(httpx.TransportError):
                client.post("/", content=b"1")
        else:
            assert (client.post("/", content=b"1").content == b"x" * 50) is (fault in (Fault.TWICE, Fault.LATE))
        assert client.post("/", content=b"2").content == b"x" * 50
        assert client.post("/", content=b"3").content == b"x" * 50
    expected = {Fault.TWICE: b"1123", Fault.LATE: b"1213"}.get(fault, b"123" if fault in REACHES else b"23")
    assert b"".join(came) == expected


def test_a_seed_gives_the_same_misfortune_again() -> None:
    def happened(seed: int) -> list[Fault | None]:
        faults = Faults(random.Random(seed), rate=0.5)
        return [faults.next() for _ in range(30)]

    assert happened(3) == happened(3) != happened(4)
