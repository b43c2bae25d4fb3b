"""Sessions: one per account and device, carried by opaque tokens that the database only has the hashes of.

An access token holds for ten minutes at most. A refresh token is exchanged for a new pair and stays good until the new
pair is first used, so that an answer that gets lost on the way signs nobody out; from that first use on all older ones
are dead, and a dead one that turns up again ends the session: somebody has copied it. Within half a minute it only
does not work, because a request may be delivered twice.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Any
from uuid import UUID, uuid4

from fastapi import Depends, Request
from psycopg import Connection

from diwi_desktop.model.codes import PersonState
from diwi_desktop.server import audit
from diwi_desktop.server.accounts.base import Accounts, TagTaken, digest
from diwi_desktop.server.audit import Action, Actor, Result
from diwi_desktop.server.problems import NoAccess, Problem, SignedOut
from diwi_desktop.server.session import Session

_TOKEN_BYTES = 32
_FORGIVEN = timedelta(seconds=30)  # a dead token that turns up so soon is a request delivered twice
_SEEN_EVERY = timedelta(minutes=5)


class TokenReplaced(Problem):
    """409: this refresh token has just been replaced; the newer one, which another process may have kept, works."""

    status, code, title = 409, "token-replaced", "This refresh token has been replaced"


@dataclass(frozen=True, slots=True)
class Device:
    """A laptop as it says it is: its id, the three letters of its project codes, and a name for the list of devices."""

    id: str
    tag: str
    name: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a client gets, once."""

    access: str
    access_until: datetime
    refresh: str
    refresh_until: datetime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The session of a request, above registers."""

    session: str
    account: str
    email: str
    method: str
    device: Device
    until: datetime  # the last moment to which it can be renewed

    @property
    def actor(self) -> Actor:
        return Actor(self.email, account=self.account, device=self.device.id)


@dataclass(frozen=True, slots=True)
class Membership:
    """A person that the account is, or may be, in a register; `open`: this way of signing in reaches it."""

    register: str
    code: str
    register_name: str
    person: str
    name: str
    role: str
    state: PersonState
    open: bool


# By its e-mail address; and as whom single sign-on let it in, whatever that person's address has become.
_MEMBERSHIPS = """
SELECT m.register::text, r.code, r.name, m.person::text, m.name, m.role, m.state, x.account IS NOT NULL
FROM account a JOIN membership m ON m.email = a.email JOIN register r ON r.id = m.register
LEFT JOIN account_access x
  ON x.account = a.id AND x.register = m.register AND x.person = m.person AND x.method = %(method)s
WHERE a.id = %(account)s
UNION
SELECT m.register::text, r.code, r.name, m.person::text, m.name, m.role, m.state, true
FROM account_access x JOIN membership m ON m.register = x.register AND m.person = x.person
JOIN register r ON r.id = m.register
WHERE x.account = %(account)s AND x.method = %(method)s AND x.method = 'oidc'
ORDER BY 3, 1, 4
"""


def memberships(connection: Connection[Any], account: str, method: str) -> list[Membership]:
    """All registers that have the account's e-mail address among their people, or that it opens."""
    rows = connection.execute(_MEMBERSHIPS, {"method": method, "account": account}).fetchall()
    return [
        Membership(register, code, register_name, person, name, role, PersonState(state), is_open)
        for register, code, register_name, person, name, role, state, is_open in rows
    ]


def reachable(found: Iterable[Membership]) -> list[Membership]:
    """Those that the session really opens."""
    return [each for each in found if each.open and each.state is PersonState.ACTIVE]


# -- beginning, renewing, ending ------------------------------------------------------------------------------------


def begin(
    accounts: Accounts, connection: Connection[Any], account: str, method: str, device: Device, now: datetime
) -> tuple[str, Tokens]:
    """A new session, in place of an older one of the same account on the same device; its id and its tokens.

    Raises NoAccess when the account opens no register, TagTaken when another device has the letters in one of them.
    """
    open_to = reachable(memberships(connection, account, method))
    if not open_to:
        raise NoAccess
    for each in open_to:
        claim_tag(connection, each.register, device, now)
    _end(connection, "account = %s AND device = %s", (account, device.id), "replaced", now)
    session = str(uuid4())
    connection.execute(
        "INSERT INTO session (id, account, method, device, device_name, tag, made_at, last_at, origin)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (session, account, method, device.id, device.name, device.tag, now, now, audit.origin.get()),
    )
    return session, _issue(accounts, connection, session, method, 1, now, now)


_REFRESH = """
SELECT s.id::text, s.generation, s.made_at, s.device::text, s.method, a.id::text, a.email, a.active,
       r.generation, r.until, r.used_at, r.dead_at, s.ended_at, s.ended_why
FROM refresh_token r JOIN session s ON s.id = r.session JOIN account a ON a.id = s.account
WHERE r.hash = %s FOR UPDATE OF s
"""
# Why a session ended of which the owner hears that he has no access any more, and not only that he is signed out.
_LOCKED, _NO_ACCESS = "locked", "no access"


def renew(accounts: Accounts, token: str, device: str, now: datetime) -> Tokens:
    """A new pair of tokens for a refresh token.

    Raises SignedOut when the session is over (and ends it when the token was copied), TokenReplaced when the token died
    a moment ago, NoAccess when the token is still good but its owner opens no register any more: only who holds it
    learns that.
    """
    with accounts.transaction() as connection:
        outcome = _renew(accounts, connection, token, device, now)
    # Only now, after the commit: what the refusal did to the session has to stay done.
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


def _renew(accounts: Accounts, connection: Connection[Any], token: str, device: str, now: datetime) -> Tokens | Problem:
    row = connection.execute(_REFRESH, (digest(token),)).fetchone()
    if row is None:
        return SignedOut()
    session, newest, made_at, its_device, method, account, email, active, generation, until, used_at, dead_at = row[:12]
    ended_at, ended_why = row[12:]
    over = until <= now or made_at + accounts.longest(method) <= now
    if ended_at is not None:
        told = ended_why in (_LOCKED, _NO_ACCESS) and dead_at is None and device == its_device and not over
        shut_out = told and not (active and reachable(memberships(connection, account, method)))
        return NoAccess() if shut_out else SignedOut()
    actor = Actor(email, account=account, device=its_device)
    if dead_at is not None and now - dead_at <= _FORGIVEN and device == its_device:
        return TokenReplaced()
    if dead_at is not None or device != its_device:
        _end(connection, "id = %s", (session,), "copied", now)
        audit.record(connection, actor, Action.REUSE, f"session {session}", Result.DENIED, at=now)
        return SignedOut()
    if over:
        _end(connection, "id = %s", (session,), "expired", now)
        return SignedOut()
    if not active or not reachable(memberships(connection, account, method)):
        _end(connection, "id = %s", (session,), _NO_ACCESS, now)
        audit.record(connection, actor, Action.SIGN_OUT, f"session {session}", at=now)
        return NoAccess()
    if used_at is None:
        _first_use(connection, session, digest(token), generation, now)
    if generation == newest:
        connection.execute("UPDATE session SET generation = generation + 1, last_at = %s WHERE id = %s", (now, session))
    return _issue(accounts, connection, session, method, generation + 1, made_at, now)


def _issue(
    accounts: Accounts,
    connection: Connection[Any],
    session: str,
    method: str,
    generation: int,
    made_at: datetime,
    now: datetime,
) -> Tokens:
    last = made_at + accounts.longest(method)
    tokens = Tokens(
        secrets.token_urlsafe(_TOKEN_BYTES),
        min(now + timedelta(minutes=accounts.settings.access_minutes), last),
        secrets.token_urlsafe(_TOKEN_BYTES),
        min(now + timedelta(days=accounts.settings.refresh_days), last),
    )
    connection.execute("DELETE FROM access_token WHERE session = %s AND until <= %s", (session, now))
    connection.execute(
        "INSERT INTO refresh_token (hash, session, generation, until) VALUES (%s, %s, %s, %s)",
        (digest(tokens.refresh), session, generation, tokens.refresh_until),
    )
    connection.execute(
        "INSERT INTO access_token (hash, session, refresh, until) VALUES (%s, %s, %s, %s)",
        (digest(tokens.access), session, digest(tokens.refresh), tokens.access_until),
    )
    return tokens


def _first_use(connection: Connection[Any], session: str, refresh: bytes, generation: int, now: datetime) -> None:
    """The client has this pair: nothing older, and nothing given beside it, is good any more."""
    connection.execute("UPDATE refresh_token SET used_at = %s WHERE hash = %s", (now, refresh))
    connection.execute(
        "UPDATE refresh_token SET dead_at = %s WHERE session = %s AND generation <= %s AND hash <> %s"
        " AND dead_at IS NULL",
        (now, session, generation, refresh),
    )


def end(connection: Connection[Any], account: str, session: str, why: str, now: datetime) -> bool:
    """Ends one session of an account; whether there was such a one."""
    return _end(connection, "account = %s AND id = %s", (account, session), why, now) > 0


def end_locked(connection: Connection[Any], account: str, now: datetime) -> int:
    """Ends all sessions of an account that opens no register any more; how many."""
    return end_all(connection, account, _LOCKED, now)


def end_all(connection: Connection[Any], account: str, why: str, now: datetime, *, but: str | None = None) -> int:
    """Ends all sessions of an account, or all but one; how many."""
    return _end(connection, "account = %s AND id IS DISTINCT FROM %s::uuid", (account, but), why, now)


def _end(connection: Connection[Any], which: str, values: tuple[Any, ...], why: str, now: datetime) -> int:
    query = f"UPDATE session SET ended_at = %s, ended_why = %s WHERE ended_at IS NULL AND {which}"
    return connection.execute(query, (now, why, *values)).rowcount


# -- devices --------------------------------------------------------------------------------------------------------


def claim_tag(connection: Connection[Any], register: str, device: Device, now: datetime) -> None:
    """Writes down that a device has these letters in a register, for ever: project codes were made of them.

    Raises TagTaken when another device has them.
    """
    connection.execute(
        "INSERT INTO device_tag (register, tag, device, known_at) VALUES (%s, %s, %s, %s) ON CONFLICT DO NOTHING",
        (register, device.tag, device.id, now),
    )
    row = connection.execute(
        "SELECT device::text FROM device_tag WHERE register = %s AND tag = %s", (register, device.tag)
    ).fetchone()
    if row is None or row[0] != device.id:
        raise TagTaken(tag=device.tag, register=register)


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A session as its owner sees it in the list of his devices."""

    id: str
    name: str
    tag: str
    method: str
    made_at: datetime
    last_at: datetime
    origin: str
    current: bool


def devices(connection: Connection[Any], signed: SignedIn) -> list[KnownDevice]:
    """Where the account is signed in now, the latest first."""
    rows = connection.execute(
        "SELECT id::text, device_name, tag, method, made_at, last_at, origin FROM session"
        " WHERE account = %s AND ended_at IS NULL ORDER BY last_at DESC, id",
        (signed.account,),
    ).fetchall()
    return [
        KnownDevice(session, name, tag, method, made_at, last_at, origin, session == signed.session)
        for session, name, tag, method, made_at, last_at, origin in rows
    ]


# -- who asks -------------------------------------------------------------------------------------------------------

_ACCESS = """
SELECT s.id::text, s.account::text, a.email, s.method, s.device::text, s.tag, s.device_name, s.made_at, s.last_at,
       t.refresh, r.generation, r.used_at, r.dead_at, m.person::text, m.name, m.state, d.tag
FROM access_token t JOIN session s ON s.id = t.session JOIN account a ON a.id = s.account
JOIN refresh_token r ON r.hash = t.refresh
LEFT JOIN account_access x ON x.account = s.account AND x.method = s.method AND x.register = %s::uuid
LEFT JOIN membership m ON m.register = x.register AND m.person = x.person
  AND (m.email = a.email OR s.method = 'oidc')
LEFT JOIN device_tag d ON d.register = x.register AND d.device = s.device AND d.tag = s.tag
WHERE t.hash = %s AND t.until > %s AND s.ended_at IS NULL AND a.active
"""


def _bearer(request: Request) -> str:
    """The token of the request. Raises SignedOut."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise SignedOut
    return token.strip()


def _look_up(request: Request, register: str | None) -> tuple[SignedIn, Session | None]:
    accounts: Accounts = request.app.state.accounts
    now = accounts.clock.now()
    with accounts.transaction() as connection:
        row = connection.execute(_ACCESS, (register, digest(_bearer(request)), now)).fetchone()
        if row is None:
            raise SignedOut
        session, account, email, method, device, tag, device_name, made_at, last_at = row[:9]
        refresh, generation, used_at, dead_at, person, name, state, known_tag = row[9:]
        if dead_at is not None and used_at is None:  # given beside the pair that was used: an answer that got lost
            raise SignedOut
        signed = SignedIn(
            session, account, email, method, Device(device, tag, device_name),
            made_at + accounts.longest(method),
        )  # fmt: skip
        request.state.signed_in = signed
        if used_at is None:
            _first_use(connection, session, refresh, generation, now)
        if now - last_at > _SEEN_EVERY:
            connection.execute("UPDATE session SET last_at = %s WHERE id = %s", (now, session))
        if register is None or person is None or state != PersonState.ACTIVE:
            return signed, None
        if known_tag is None:
            claim_tag(connection, register, signed.device, now)
    return signed, Session(account, person, register, device, name or email)


def signed_in(request: Request) -> SignedIn:
    """Whose request this is, above registers. Raises SignedOut."""
    return _look_up(request, None)[0]


Signed = Annotated[SignedIn, Depends(signed_in)]


def authenticate(request: Request) -> Session:
    """The session for the register that the address names: what `app.state.authenticate` is.

    Looks at the database each time, so that a locked person is out at once. Raises SignedOut without a valid token,
    NoAccess when the account does not open the register, TagTaken when this device's letters are another's there.
    """
    try:
        register = str(UUID(request.path_params["register"]))
    except (KeyError, ValueError):
        signed_in(request)
        raise NoAccess from None
    session = _look_up(request, register)[1]
    if session is None:
        raise NoAccess
    return session
