"""Single sign-on from the laptop: authorization code with PKCE in the browser of the system (RFC 8252, RFC 7636).

The browser comes back to a listener on 127.0.0.1 that lives for one sign-in only: it takes one answer, and only one
that carries the state of this sign-in; anything else that knocks is turned away and changes nothing. What results is
an identity token, which the DIWI server checks (`POST /v1/sessions/oidc`).
"""

from __future__ import annotations

import base64
import hashlib
import secrets
import time
import webbrowser
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from hmac import compare_digest
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx

from diwi_desktop.model.finding import Cancelled, UserError
from diwi_desktop.model.work import CancelCheck

_PATH = "/callback"
_PATIENCE = 300.0  # seconds to sign in with a phone beside the keyboard
_SLICE = 0.2  # seconds between two looks at whether the user cancelled
_SLOWEST_BROWSER = 5.0  # seconds to send its one line
_SECONDS = 20.0
_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})

OpenBrowser = Callable[[str], bool]


class SignInTrouble(UserError):
    """The sign-in did not come about."""

    code = "sign_in"


@dataclass(frozen=True, slots=True)
class Identity:
    """What goes to the DIWI server: the provider's token, and the nonce it was asked with."""

    id_token: str
    nonce: str


def sign_in(
    issuer: str,
    client_id: str,
    scopes: str = "openid email profile",
    *,
    open_browser: OpenBrowser = webbrowser.open,
    client: httpx.Client | None = None,
    patience: float = _PATIENCE,
    cancelled: CancelCheck = lambda: False,
    again: bool = False,
) -> Identity:
    """Lets the user sign in at his organisation and gives what to show the DIWI server.

    `again`: also who is signed in there already, so that he proves who he is now (OpenID Connect Core 3.1.2.1).
    `open_browser` opens an address and says whether it could; `patience` is in seconds. Raises SignInTrouble, and
    Cancelled when `cancelled` says so.
    """
    with ExitStack() as stack:
        if client is None:
            client = stack.enter_context(httpx.Client(timeout=_SECONDS))
        provider = _discover(client, issuer)
        verifier, state, nonce = (secrets.token_urlsafe(48) for _ in range(3))
        listener = stack.enter_context(_Listener(state, issuer, provider))
        address = urlsplit(provider["authorization_endpoint"])
        question = urlencode(
            {
                "response_type": "code",
                "client_id": client_id,
                "redirect_uri": listener.redirect,
                "scope": scopes,
                "state": state,
                "nonce": nonce,
                "code_challenge": challenge(verifier),
                "code_challenge_method": "S256",
                **({"prompt": "login", "max_age": "0"} if again else {}),
            }
        )
        query = f"{address.query}&{question}" if address.query else question
        if not open_browser(address._replace(query=query).geturl()):
            raise SignInTrouble(
                "De browser kon niet worden geopend; meld u aan op een computer met een browser.",
                "The browser could not be opened; sign in on a computer with a browser.",
            )
        code = listener.wait(patience, cancelled)
        return Identity(_exchange(client, provider, client_id, code, verifier, listener.redirect), nonce)


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier (RFC 7636, 4.2)."""
    digest = hashlib.sha256(verifier.encode("ascii")).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")


def _discover(client: httpx.Client, issuer: str) -> dict[str, Any]:
    """What the provider says of itself, as far as it can be believed."""
    _must_be_private(issuer)
    try:
        found = client.get(f"{issuer.rstrip('/')}/.well-known/openid-configuration").raise_for_status().json()
        if not isinstance(found, dict) or found.get("issuer") != issuer:
            raise ValueError(issuer)
        for name in ("authorization_endpoint", "token_endpoint"):
            _must_be_private(str(found[name]))
        if "S256" not in found.get("code_challenge_methods_supported", ["S256"]):
            raise ValueError("S256")
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise _unreachable() from error
    return found


def _must_be_private(url: str) -> None:
    """Raises SignInTrouble for an address that others on the network could read along with."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        raise _unreachable()


def _exchange(
    client: httpx.Client, provider: dict[str, Any], client_id: str, code: str, verifier: str, redirect: str
) -> str:
    """The code for an identity token."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect,
        "client_id": client_id,
        "code_verifier": verifier,
    }
    try:
        answer = client.post(provider["token_endpoint"], data=form)
        token = answer.raise_for_status().json()["id_token"]
        if not isinstance(token, str):
            raise TypeError(token)
    except httpx.TransportError as error:
        raise _unreachable() from error
    except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
        raise _refused() from error
    return token


class _Listener(HTTPServer):
    """Waits for the browser to come back, on a free port of this computer only."""

    allow_reuse_address = False

    def __init__(self, state: str, issuer: str, provider: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self._state = state
        self._issuer = issuer
        self._names_issuer = provider.get("authorization_response_iss_parameter_supported") is True
        self.timeout = _SLICE
        self.code: str | None = None
        self.refused = False

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def redirect(self) -> str:
        return f"http://{self.host}{_PATH}"

    def wait(self, patience: float, cancelled: CancelCheck) -> str:
        """The code that the browser brings. Raises SignInTrouble and Cancelled."""
        until = time.monotonic() + patience
        while self.code is None and not self.refused:
            if cancelled():
                raise Cancelled
            if time.monotonic() > until:
                raise SignInTrouble(
                    "Het aanmelden duurde te lang; begin opnieuw.", "Signing in took too long; begin again."
                )
            self.handle_request()
        if self.code is None:
            raise _refused()
        return self.code

    def take(self, target: str, host: str) -> bool | None:
        """What a request is: our answer (True), a refusal of this sign-in (False), or none of our business (None)."""
        parts = urlsplit(target)
        given = {key: values[0] for key, values in parse_qs(parts.query).items() if len(values) == 1}
        if parts.path != _PATH or host != self.host or self.code is not None or self.refused:
            return None
        if not compare_digest(given.get("state", "").encode(), self._state.encode()):
            return None
        issuer = given.get("iss")
        if issuer != self._issuer and (issuer is not None or self._names_issuer):  # RFC 9207: another provider's answer
            self.refused = True
        elif given.get("code"):
            self.code = given["code"]
        else:
            self.refused = True
        return self.code is not None

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up or dawdles is no concern of ours; the next one may come."""


class _Answer(BaseHTTPRequestHandler):
    """One answer to one request, then the connection closes."""

    timeout = _SLOWEST_BROWSER
    server: _Listener

    def do_GET(self) -> None:
        taken = self.server.take(self.path, self.headers.get("Host", ""))
        status, nl, en = _PAGES[taken]
        body = _PAGE.format(nl=nl, en=en).encode()
        self.send_response(status)
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: Any, **_named: Any) -> None:
        """Nothing: the line would hold the code."""

    def version_string(self) -> str:
        return "DIWI"


_HEADERS = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Connection": "close",
}
_PAGE = """<!doctype html><html lang="nl"><meta charset="utf-8"><title>DIWI Desktop</title>
<style>body{{font:18px/1.5 sans-serif;max-width:32em;margin:4em auto;padding:0 1em;color:#1d2a35}}</style>
<h1>DIWI Desktop</h1><p>{nl}</p><p lang="en">{en}</p></html>"""
_PAGES: dict[bool | None, tuple[int, str, str]] = {
    True: (
        200,
        "U bent herkend. Ga terug naar het programma; dit venster kan dicht.",
        "You were recognised. Go back to the program; this window can be closed.",
    ),
    False: (
        200,
        "Het aanmelden is niet gelukt. Ga terug naar het programma en probeer het opnieuw.",
        "Signing in did not succeed. Go back to the program and try again.",
    ),
    None: (404, "Dit adres hoort niet bij een aanmelding.", "This address does not belong to a sign-in."),
}


def _unreachable() -> SignInTrouble:
    return SignInTrouble(
        "De aanmeldvoorziening van uw organisatie is niet bereikbaar of niet goed ingesteld; vraag uw beheerder.",
        "The sign-in service of your organisation cannot be reached or is not set up well; ask your administrator.",
    )


def _refused() -> SignInTrouble:
    return SignInTrouble(
        "Uw organisatie heeft de aanmelding niet bevestigd; probeer het opnieuw.",
        "Your organisation did not confirm the sign-in; try again.",
    )
