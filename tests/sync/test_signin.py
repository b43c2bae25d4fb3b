"""Single sign-on from the laptop: against a real provider, and against everything else that may knock."""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from diwi_desktop.model.finding import Cancelled
from diwi_desktop.sync import signin
from diwi_desktop.sync.signin import SignInTrouble
from tests.server.oidc_provider.running import Browser, provider


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with provider({"anna": {"email": "anna@duinwijk.example", "email_verified": True}}) as running:
        yield running


def signed_in(issuer: str, browser: Browser, **more: Any) -> signin.Identity:
    try:
        return signin.sign_in(issuer, "diwi-rs", open_browser=browser.open, patience=30, **more)
    finally:
        browser.close()


def test_the_whole_way_round(issuer: str) -> None:
    browser = Browser("anna")
    identity = signed_in(issuer, browser)
    assert identity.id_token.count(".") == 2
    [(status, page)] = browser.pages
    assert status == 200
    assert "U bent herkend" in page


def test_the_question_has_what_it_must_have(issuer: str) -> None:
    asked: list[str] = []

    class Watching(Browser):
        def open(self, address: str) -> bool:
            asked.append(address)
            return super().open(address)

    identities = [signed_in(issuer, Watching("anna")) for _ in range(2)]
    first, second = ({k: v[0] for k, v in parse_qs(urlsplit(each).query).items()} for each in asked)
    assert first["response_type"] == "code"
    assert first["code_challenge_method"] == "S256"
    assert urlsplit(first["redirect_uri"]).hostname == "127.0.0.1"
    assert first["nonce"] == identities[0].nonce
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]
        assert len(first[name]) >= 43
    assert "code_verifier" not in first


def test_the_challenge_is_that_of_the_standard() -> None:
    assert signin.challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == (
        "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"  # RFC 7636, appendix B
    )


def test_who_presses_cancel_is_told_so(issuer: str) -> None:
    browser = Browser("anna", refuse=True)
    with pytest.raises(SignInTrouble, match="niet bevestigd"):
        signed_in(issuer, browser)
    assert "niet gelukt" in browser.pages[0][1]


def test_an_answer_that_is_not_ours_changes_nothing(issuer: str) -> None:
    strange: list[int] = []

    def knock(address: str) -> None:
        parts = urlsplit(address)
        base = f"http://{parts.netloc}"
        for path in ("/", "/favicon.ico", "/callback", "/callback?code=x&state=wrong", "/callback?error=access_denied",
                     f"/callback?{parts.query}&state=two"):  # fmt: skip
            strange.append(httpx.get(base + path).status_code)
        strange.append(httpx.get(address, headers={"Host": "evil.example"}).status_code)
        with socket.create_connection((parts.hostname or "", parts.port or 0)) as silent:
            silent.sendall(b"\x00\xff nonsense\r\n\r\n")

    browser = Browser("anna", before=knock)
    assert signed_in(issuer, browser).id_token
    assert strange == [404] * 7


def test_an_answer_in_the_name_of_another_provider_is_refused(issuer: str) -> None:
    def visit(address: str) -> bool:
        query = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        given = {"code": "x", "state": query["state"], "iss": "https://evil.example"}
        thread = threading.Thread(target=httpx.get, args=(query["redirect_uri"],), kwargs={"params": given})
        thread.start()
        return True

    with pytest.raises(SignInTrouble, match="niet bevestigd"):
        signin.sign_in(issuer, "diwi-rs", open_browser=visit, patience=20)


def test_a_code_of_another_is_refused_by_the_provider(issuer: str) -> None:
    def visit(address: str) -> bool:
        query = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        given = {"code": "stolen", "state": query["state"], "iss": issuer}
        threading.Thread(target=httpx.get, args=(query["redirect_uri"],), kwargs={"params": given}).start()
        return True

    with pytest.raises(SignInTrouble, match="niet bevestigd"):
        signin.sign_in(issuer, "diwi-rs", open_browser=visit, patience=20)


def test_to_prove_oneself_again_the_provider_is_asked_for_a_new_sign_in_and_its_time(issuer: str) -> None:
    asked: list[str] = []
    for again in (False, True):
        browser = Browser("anna")

        def visit(address: str, browser: Browser = browser) -> bool:
            asked.append(address)
            return browser.open(address)

        told = signin.sign_in(issuer, "diwi-rs", open_browser=visit, patience=30, again=again)
        browser.close()
        claims = json.loads(base64.urlsafe_b64decode(told.id_token.split(".")[1] + "=="))
        assert ("auth_time" in claims) is again
    plain, anew = (parse_qs(urlsplit(address).query) for address in asked)
    assert "prompt" not in plain
    assert (anew["prompt"], anew["max_age"]) == (["login"], ["0"])


def test_after_the_answer_nobody_listens_any_more(issuer: str) -> None:
    seen: list[str] = []
    browser = Browser("anna", before=seen.append)
    signed_in(issuer, browser)
    with pytest.raises(httpx.ConnectError):
        httpx.get(seen[0])


def test_waiting_ends(issuer: str) -> None:
    with pytest.raises(SignInTrouble, match="te lang"):
        signin.sign_in(issuer, "diwi-rs", open_browser=lambda _: True, patience=0.1)
    with pytest.raises(Cancelled):
        signin.sign_in(issuer, "diwi-rs", open_browser=lambda _: True, cancelled=lambda: True)
    with pytest.raises(SignInTrouble, match="browser"):
        signin.sign_in(issuer, "diwi-rs", open_browser=lambda _: False)


@contextmanager
def answering(body: bytes, status: int = 200) -> Iterator[str]:
    """A server that says the same to everybody; {issuer} in it is its own address."""

    class Same(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = f"http://127.0.0.1:{self.server.server_address[1]}".encode()
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.replace(b"{issuer}", address))

        def log_message(self, *_args: Any, **_named: Any) -> None:
            """Nothing."""

    server = HTTPServer(("127.0.0.1", 0), Same)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


_NO_S256 = """{"issuer": "{issuer}", "authorization_endpoint": "{issuer}/a", "token_endpoint": "{issuer}/t",
    "code_challenge_methods_supported": ["plain"]}"""


@pytest.mark.parametrize("body", [
    b"", b"[]", b"{}", b'{"issuer": "https://other.example"}', _NO_S256.encode(),
    b'{"issuer": "{issuer}", "authorization_endpoint": "http://plain.example/a", "token_endpoint": "{issuer}/t"}',
    b'{"issuer": "{issuer}", "authorization_endpoint": "{issuer}/a", "token_endpoint": "ftp://x/t"}',
])  # fmt: skip
def test_a_provider_that_is_not_set_up_well_is_said_in_a_sentence(body: bytes) -> None:
    opened: list[str] = []
    with answering(body) as url, pytest.raises(SignInTrouble, match="niet bereikbaar of niet goed ingesteld"):
        signin.sign_in(url, "diwi", open_browser=lambda address: bool(opened.append(address)) or True)
    assert opened == []


@pytest.mark.parametrize("issuer", ["http://login.example", "ftp://127.0.0.1", "file:///etc/passwd", "nonsense"])
def test_a_provider_without_encryption_is_not_asked(issuer: str) -> None:
    with pytest.raises(SignInTrouble):
        signin.sign_in(issuer, "diwi", open_browser=lambda _: True)


def test_no_provider_at_all() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(SignInTrouble, match="niet bereikbaar"):
        signin.sign_in(f"http://127.0.0.1:{port}", "diwi", open_browser=lambda _: True)
