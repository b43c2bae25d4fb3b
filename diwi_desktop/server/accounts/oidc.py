"""Single sign-on: is this identity token the provider's, for this program, for now, and whose is it?

OpenID Connect Core 3.1.3.7. The laptop does the authorization code flow with PKCE itself (`diwi_desktop.sync.signin`)
and hands over the identity token it got, with the nonce it had asked for. A token counts once.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from psycopg import Connection

from diwi_desktop.model.codes import PersonState
from diwi_desktop.server import audit
from diwi_desktop.server.accounts import sessions
from diwi_desktop.server.accounts.account import OIDC, Account, allow, begin, comes_in, find, is_anothers, make
from diwi_desktop.server.accounts.base import Accounts, SignInFailed, digest, normal_email
from diwi_desktop.server.accounts.sessions import Device, Tokens
from diwi_desktop.server.audit import Action, Actor, Result
from diwi_desktop.server.problems import Busy, NotFound

# Signatures with the provider's public key; never "none", never a shared secret.
ALGORITHMS = ("RS256", "PS256", "ES256")
SKEW = timedelta(minutes=5)
_KEEP_KEYS = timedelta(hours=1)
_ASK_AGAIN = timedelta(minutes=1)  # at the soonest, when a token names a key that is not known
_SECONDS = 10.0
_MOST_BYTES = 1_000_000
_LONGEST_TOKEN = 20_000


class BadToken(Exception):
    """Why an identity token is not believed: for the audit log, not for who sent it."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider says it is. `email` is empty unless the provider vouches for it.

    `signed_in_at`: when he last proved there who he is; None when the provider does not tell.
    """

    issuer: str
    subject: str
    email: str
    expires_at: datetime
    signed_in_at: datetime | None = None


@dataclass
class Provider:
    """The keys of a provider, kept for an hour. One per server; safe for threads."""

    issuer: str
    client_id: str
    email_claim: str = "email"
    verified_claim: str = "email_verified"
    transport: httpx.BaseTransport | None = None  # in place of the network, for tests
    _keys: KeySet | None = None
    _asked_at: datetime | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def identity(self, token: str, nonce: str, now: datetime) -> Identity:
        """Who it is. Raises BadToken, and Busy when the provider cannot be asked for its keys."""
        if len(token) > _LONGEST_TOKEN:
            raise BadToken("too long")
        claims = self._claims(token, now)
        self._check(claims, nonce, now)
        email = claims.get(self.email_claim)
        verified = claims.get(self.verified_claim) in (True, "true", 1, "1")
        return Identity(
            self.issuer,
            str(claims["sub"]),
            normal_email(email) if verified and isinstance(email, str) else "",
            datetime.fromtimestamp(float(claims["exp"]), UTC),
            _signed_in_at(claims),
        )

    def _claims(self, token: str, now: datetime) -> dict[str, Any]:
        try:
            name = jws.extract_compact(token.encode()).headers().get("kid")
            keys = self._known_keys(now, name if isinstance(name, str) else None)
            return dict(jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)
        except (JoseError, ValueError, TypeError, KeyError, UnicodeError) as error:
            raise BadToken(type(error).__name__) from error

    def _check(self, claims: dict[str, Any], nonce: str, now: datetime) -> None:
        """The rules of OpenID Connect Core 3.1.3.7, the ones that do not follow from the signature."""
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        party = claims.get("azp")
        if claims.get("iss") != self.issuer:
            raise BadToken("iss")
        if self.client_id not in audiences:
            raise BadToken("aud")
        if (len(audiences) > 1 or party is not None) and party != self.client_id:
            raise BadToken("azp")
        if not nonce or claims.get("nonce") != nonce:
            raise BadToken("nonce")
        if not isinstance(claims.get("sub"), str) or not claims["sub"]:
            raise BadToken("sub")
        seconds, skew = now.timestamp(), SKEW.total_seconds()
        if _moment(claims, "exp") + skew <= seconds:
            raise BadToken("exp")
        if max(_moment(claims, "iat"), _moment(claims, "nbf", 0)) - skew > seconds:
            raise BadToken("iat")

    def _known_keys(self, now: datetime, name: str | None) -> KeySet:
        with self._lock:
            asked = self._asked_at
            known = self._keys is not None and (name is None or any(key.kid == name for key in self._keys.keys))
            fresh = asked is not None and now - asked < (_KEEP_KEYS if known else _ASK_AGAIN)
            if self._keys is None or not fresh:
                self._keys = self._fetch()
                self._asked_at = now
            return self._keys

    def _fetch(self) -> KeySet:
        try:
            with httpx.Client(transport=self.transport, timeout=_SECONDS, follow_redirects=False) as client:
                about = _get(client, f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
                if about.get("issuer") != self.issuer:
                    raise Busy("The provider of single sign-on names another issuer.")
                found = _get(client, str(about["jwks_uri"]))
            return KeySet.import_key_set(found)  # type: ignore[arg-type]  # it checks by itself
        except (httpx.HTTPError, ValueError, KeyError, TypeError, JoseError) as error:
            raise Busy("The provider of single sign-on does not answer.") from error


def _get(client: httpx.Client, url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "localhost", "::1"):
        raise ValueError(url)
    answer = client.get(url).raise_for_status()
    if len(answer.content) > _MOST_BYTES:
        raise ValueError(url)
    found = answer.json()
    if not isinstance(found, dict):
        raise TypeError(url)
    return found


def _moment(claims: dict[str, Any], name: str, otherwise: float | None = None) -> float:
    value = claims.get(name, otherwise)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BadToken(name)
    return float(value)


def _signed_in_at(claims: dict[str, Any]) -> datetime | None:
    """When the provider says that he proved who he is; None when it does not say so in a way that is understood."""
    try:
        return datetime.fromtimestamp(_moment(claims, "auth_time"), UTC)
    except (BadToken, ValueError, OverflowError, OSError):
        return None


def sign_in(
    accounts: Accounts,
    provider: Provider | None,
    token: str,
    nonce: str,
    device: Device,
    activate: Callable[[str, str], None],
) -> tuple[str, Account, Tokens]:
    """A session for whom the provider vouches for; its id, the account and the tokens.

    `activate` is called with register and person where somebody was invited: the provider's word is as good as a link.
    Raises SignInFailed, NotFound (no single sign-on here), NoAccess, TagTaken and Busy.
    """
    if provider is None:
        raise NotFound
    now = accounts.clock.now()
    try:
        identity = provider.identity(token, nonce, now)
        with accounts.transaction() as connection:
            use_up(connection, token, identity, now)
            account = _account(connection, identity, now)
            found = sessions.memberships(connection, account.id, OIDC)
    except BadToken as error:
        with accounts.transaction() as connection:
            audit.record(connection, Actor(), Action.SIGN_IN, f"oidc {error}", Result.FAILED, at=now)
        raise SignInFailed from error
    for each in found:
        if each.open and each.state is PersonState.INVITED:
            activate(each.register, each.person)
    return begin(accounts, account, OIDC, device, now)


def use_up(connection: Connection[Any], token: str, identity: Identity, now: datetime) -> None:
    """Counts a token as used. Raises BadToken when it was already."""
    connection.execute("DELETE FROM used_token WHERE until <= %s", (now,))
    used = connection.execute(
        "INSERT INTO used_token (hash, until) VALUES (%s, %s) ON CONFLICT DO NOTHING",
        (digest(token), identity.expires_at + SKEW),
    )
    if used.rowcount != 1:
        raise BadToken("used before")


def _account(connection: Connection[Any], identity: Identity, now: datetime) -> Account:
    """The account bound to the provider's subject; the first time the one of the e-mail address it vouches for.

    An address opens only what nobody came in as yet. From then on it is the subject that counts, so that an address
    that is changed - in the register or at the provider - moves nobody's access to somebody else.
    """
    row = connection.execute(
        "SELECT a.email FROM account_identity i JOIN account a ON a.id = i.account"
        " WHERE i.issuer = %s AND i.subject = %s",
        (identity.issuer, identity.subject),
    ).fetchone()
    account = find(connection, row[0], lock=True) if row else None
    if account is None:
        account = _bound(connection, identity, now)
    elif identity.email not in ("", account.email):
        connection.execute(_MOVED, {"email": identity.email, "account": account.id})
    for register, person in connection.execute(_BY_ADDRESS, (identity.email, PersonState.LOCKED)).fetchall():
        if not is_anothers(connection, account.id, register, person) and not comes_in(
            connection, account.id, register, OIDC, but=person
        ):
            allow(connection, account.id, register, person, OIDC, now)
    return account


_BY_ADDRESS = """
SELECT register::text, person::text FROM membership WHERE email = %s AND email <> '' AND state <> %s
ORDER BY register, person
"""


# An address that was somebody's, and that a colleague has now. Who it was keeps his account, which his identity finds.
_LET_GO = """
UPDATE account a SET email = 'account ' || a.id WHERE a.email = %s AND a.password IS NULL
  AND EXISTS (SELECT FROM account_identity i WHERE i.account = a.id)
  AND EXISTS (SELECT FROM account_access x WHERE x.account = a.id)
  AND NOT EXISTS (SELECT FROM account_access x JOIN membership m ON m.register = x.register AND m.person = x.person
                  WHERE x.account = a.id AND m.email = a.email)
"""
# The provider has another address for who has no password, and so no name to sign in with here.
_MOVED = """
UPDATE account a SET email = %(email)s WHERE a.id = %(account)s AND a.password IS NULL
  AND NOT EXISTS (SELECT FROM account o WHERE o.email = %(email)s)
"""


def _bound(connection: Connection[Any], identity: Identity, now: datetime) -> Account:
    """The account of the address that the provider vouches for, bound to its subject. Raises BadToken."""
    if not identity.email:
        raise BadToken("e-mail address not verified")
    if connection.execute(_BY_ADDRESS, (identity.email, PersonState.LOCKED)).fetchone() is None:
        raise BadToken("nobody has this e-mail address")
    connection.execute(_LET_GO, (identity.email,))
    account = make(connection, identity.email, now)
    bound = connection.execute(
        "INSERT INTO account_identity (issuer, subject, account, bound_at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        (identity.issuer, identity.subject, account.id, now),
    )
    if bound.rowcount != 1:
        raise BadToken("the account belongs to another subject")
    connection.execute("UPDATE account SET active = true WHERE id = %s", (account.id,))
    return account
